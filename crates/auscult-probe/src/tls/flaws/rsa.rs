//! Whether answers tell well padded secrets from badly padded ones (Bleichenbacher's attack; ROBOT).
//!
//! Five secrets are encrypted for the server's key, four of them with a fault. A sound server goes on with a secret of its
//! own in each case and stumbles over the same record behind it. Nothing is deciphered: what is sent is known to us.

use std::time::Duration;

use auscult_facts::Interrupted;
use auscult_facts::tls_flaws::RsaAnswers;
use auscult_wire::tls::{SuiteInfo, change_cipher_spec, client_key_exchange, encrypted_noise, version};
use num_bigint::BigUint;
use tokio::time::Instant;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;
use x509_parser::public_key::PublicKey;

use super::super::ask::{Asker, Outcome, random};
use super::super::question::Question;
use super::talk::{Reaction, SILENCE, Talk, hello};
use super::why;

/// How a secret is padded (RFC 8017, section 7.2.1; RFC 5246, section 7.4.7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Padded {
    /// As it should be.
    Well,
    /// It does not begin with 0 and 2.
    WrongStart,
    /// The zero that ends the padding stands where the secret is too short.
    ZeroTooLate,
    /// No zero ends the padding.
    NoZero,
    /// The secret names another version than was offered.
    WrongVersion,
}

const ALL: [Padded; 5] =
    [Padded::Well, Padded::WrongStart, Padded::ZeroTooLate, Padded::NoZero, Padded::WrongVersion];

/// Length of the secret in bytes.
const SECRET: usize = 48;

/// Sizes of a modulus in bytes that are worth a question: 512 to 8192 bits.
const MODULUS: std::ops::RangeInclusive<usize> = 64..=1024;

/// Longest exponent in bits, so that a hostile one costs no time.
const LONGEST_EXPONENT: u64 = 64;

/// Alerts of a server that has gone on to the record behind the secret: `bad_record_mac`, `decryption_failed` and
/// `decrypt_error`.
const STUMBLED: [u8; 3] = [20, 21, 51];

/// How often a difference is looked at before it counts.
const ROUNDS: usize = 3;

/// How many messages follow the hello.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flow {
    /// The secret, the change of cipher, and a record that cannot be decrypted.
    Whole,
    /// The secret alone: a sound server waits for more.
    SecretAlone,
}

/// What the five secrets were answered with, in the order of [`ALL`].
type Answers = [Reaction; ALL.len()];

/// Asks whether RSA is accepted, and then with all five secrets.
pub(super) async fn ask(asker: &Asker) -> Result<RsaAnswers, Interrupted> {
    match asker.ask(&Question::with(version::TLS12, SuiteInfo::is_static_rsa)).await {
        Outcome::Accepted(_) => {}
        Outcome::Refused(_) => return Ok(RsaAnswers::NoRsa),
        // The same server has served us before and is asked once more: then the silent end was its refusal.
        Outcome::Cut(cut) => {
            asker.ask(&Question::only(version::TLS12)).await;
            return if asker.proves(cut) { Ok(RsaAnswers::NoRsa) } else { Err(Interrupted::AccessRefused) };
        }
        other => return Err(why(&other)),
    }
    let begun = Instant::now();
    let whole = round(asker, Flow::Whole, 0, asker.bench().patience()).await?;
    // A server is slow by itself; the answers to come may be as slow.
    let usual = begun.elapsed() / u32::try_from(ALL.len()).unwrap_or(1);
    if differ(&whole) {
        return confirmed(asker, Flow::Whole, whole, asker.bench().patience()).await;
    }
    // Alike is an answer only if the server came as far as the record behind the secret.
    if !matches!(whole[0], Reaction::Alert(alert) if STUMBLED.contains(&alert)) {
        return Err(match whole[0] {
            Reaction::Silent => Interrupted::TimedOut,
            Reaction::Closed | Reaction::Reset | Reaction::Alert(_) => Interrupted::AccessRefused,
            _ => Interrupted::NotUnderstood,
        });
    }
    let wait = SILENCE.max(usual * 3).min(asker.bench().patience());
    let alone = round(asker, Flow::SecretAlone, 0, wait).await?;
    if differ(&alone) {
        return confirmed(asker, Flow::SecretAlone, alone, wait).await;
    }
    Ok(RsaAnswers::Alike)
}

/// Looks at a difference again, in another order; it counts only if it stays what it was.
async fn confirmed(
    asker: &Asker,
    flow: Flow,
    first: Answers,
    wait: Duration,
) -> Result<RsaAnswers, Interrupted> {
    for nth in 1..ROUNDS {
        if round(asker, flow, nth, wait).await? != first {
            return Err(Interrupted::NotUnderstood);
        }
    }
    let [_, start, late, none, _] = first;
    Ok(if start == late && late == none { RsaAnswers::TellRight } else { RsaAnswers::TellFaults })
}

fn differ(answers: &Answers) -> bool {
    answers.iter().any(|answer| *answer != answers[0])
}

/// Sends each secret once over a connection of its own; each round begins with another one, so that a server that treats
/// every so many-th connection differently is not mistaken.
async fn round(asker: &Asker, flow: Flow, nth: usize, wait: Duration) -> Result<Answers, Interrupted> {
    let mut answers = [Reaction::Silent; ALL.len()];
    for step in 0..ALL.len() {
        let at = (step + 2 * nth) % ALL.len();
        answers[at] = answer(asker, flow, ALL[at], wait).await?;
    }
    Ok(answers)
}

async fn answer(asker: &Asker, flow: Flow, padded: Padded, wait: Duration) -> Result<Reaction, Interrupted> {
    let mut offer = hello(asker, SuiteInfo::is_static_rsa);
    if offer.suites.is_empty() {
        return Err(Interrupted::InstrumentFault);
    }
    offer.groups = Vec::new();
    let mut talk = Talk::begin_whole(asker, &offer).await?;
    // What a server says to a client without a certificate would hide what it says to the secret.
    if talk.flight.certificate_asked {
        talk.end().await;
        return Err(Interrupted::BeyondInstrument);
    }
    let key = talk.flight.certificates.as_ref().and_then(|chain| chain.first()).and_then(|der| key(der));
    let Some((modulus, exponent)) = key else {
        talk.end().await;
        return Err(Interrupted::BeyondInstrument);
    };
    let version = talk.version();
    let mut bytes = client_key_exchange(version, &encrypted(padded, &modulus, &exponent)?);
    if flow == Flow::Whole {
        bytes.extend(change_cipher_spec(version));
        let mut noise = [0; 64];
        let (one, other) = noise.split_at_mut(32);
        one.copy_from_slice(&random());
        other.copy_from_slice(&random());
        bytes.extend(encrypted_noise(version, &noise));
    }
    let told = match talk.send(&bytes).await {
        Ok(()) => talk.reaction(wait).await,
        Err(why) => Err(why),
    };
    talk.end().await;
    told
}

/// Modulus and exponent of an RSA certificate.
fn key(der: &[u8]) -> Option<(BigUint, BigUint)> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let PublicKey::RSA(rsa) = certificate.public_key().parsed().ok()? else { return None };
    let number = |bytes: &[u8]| BigUint::from_bytes_be(bytes);
    let (modulus, exponent) = (number(rsa.modulus), number(rsa.exponent));
    let sound = MODULUS.contains(&length(&modulus)) && exponent.bits() <= LONGEST_EXPONENT;
    (sound && modulus.bit(0)).then_some((modulus, exponent))
}

/// Length of a number in bytes.
fn length(number: &BigUint) -> usize {
    usize::try_from(number.bits().div_ceil(8)).unwrap_or(usize::MAX)
}

/// A secret that is padded in a way, encrypted.
fn encrypted(padded: Padded, modulus: &BigUint, exponent: &BigUint) -> Result<Vec<u8>, Interrupted> {
    let size = length(modulus);
    let mut block = vec![0; size];
    aws_lc_rs::rand::fill(&mut block).map_err(|_| Interrupted::InstrumentFault)?;
    // Padding has no zero in it.
    block.iter_mut().filter(|byte| **byte == 0).for_each(|byte| *byte = 0x5a);
    let mut put = |at: usize, byte: u8| {
        if let Some(place) = block.get_mut(at) {
            *place = byte;
        }
    };
    let secret = size - SECRET;
    let [major, minor] = version::TLS12.to_be_bytes();
    put(0, 0);
    put(1, 2);
    put(secret - 1, 0);
    put(secret, major);
    put(secret + 1, minor);
    match padded {
        Padded::Well => {}
        Padded::WrongStart => put(1, 0x17),
        Padded::ZeroTooLate => {
            put(secret - 1, 0x11);
            put(size - 2, 0);
        }
        Padded::NoZero => put(secret - 1, 0x11),
        Padded::WrongVersion => {
            put(secret, 2);
            put(secret + 1, 2);
        }
    }
    let number = BigUint::from_bytes_be(&block).modpow(exponent, modulus).to_bytes_be();
    let mut out = vec![0; size.saturating_sub(number.len())];
    out.extend(number);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With one as exponent a block comes out as it went in.
    fn block(padded: Padded) -> Vec<u8> {
        let modulus = (BigUint::from(1u8) << 1024) - 1u8;
        encrypted(padded, &modulus, &BigUint::from(1u8)).unwrap()
    }

    #[test]
    fn each_secret_has_its_own_fault_and_no_other() {
        for padded in ALL {
            let block = block(padded);
            assert_eq!(block.len(), 128);
            assert_eq!(block[..2] == [0, 2], padded != Padded::WrongStart, "{padded:?}");
            let zero = block[2..].iter().position(|byte| *byte == 0).map(|at| at + 2);
            let expected = match padded {
                Padded::ZeroTooLate => Some(126),
                Padded::NoZero => None,
                _ => Some(79),
            };
            assert_eq!(zero, expected, "{padded:?}");
            assert_eq!(block[80..82] == [3, 3], padded != Padded::WrongVersion, "{padded:?}");
        }
    }

    #[test]
    fn differences_are_weighed() {
        let (same, other) = (Reaction::Alert(20), Reaction::Alert(51));
        assert!(!differ(&[same; 5]));
        assert!(differ(&[other, same, same, same, same]));
    }

    #[test]
    fn keys_that_cost_too_much_are_left_alone() {
        let key_pair = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(vec!["a".to_owned()]).unwrap();
        let der = params.self_signed(&key_pair).unwrap().der().to_vec();
        assert!(key(&der).is_none(), "no RSA");
        assert!(key(b"nonsense").is_none());
    }
}
