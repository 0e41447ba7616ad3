//! DTLS hellos over the datagram door: what a server says before keys are agreed.

use std::collections::BTreeMap;

use auscult_facts::dtls::{DtlsFacts, Proof, Reply, Version};
use auscult_facts::{Answer, Interrupted, NotAsked, Subject};
use auscult_model::{Impact, Transport};
use auscult_wire::tls::{
    Alert, DTLS10, DTLS12, DtlsAnswer, DtlsHello, ServerHello, dtls_goodbye, offer, suite, usual_offer,
    version,
};
use tokio::time::Instant;

use crate::bench::{DATAGRAM, Replies};
use crate::datagram::number;
use crate::{Bound, Depth, Errand, NodeBench, Observer};

/// What came of a hello.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Greeting {
    /// It answered in DTLS.
    Answered {
        /// Whether it wanted a cookie back before it did any work.
        cookie: bool,
        /// Its hello.
        hello: Option<ServerHello>,
        /// Its alert.
        alert: Option<Alert>,
        /// Bytes that it sent before it had seen a cookie.
        unproven: usize,
    },
    /// It answered something else.
    Strange(Vec<u8>),
}

/// Datagrams that one greeting may take: two hellos and a goodbye.
const GREETING: u64 = 3;

/// Suites of one hello that stays below 512 bytes.
const LONGEST_OFFER: usize = 180;

/// Groups that are offered.
const GROUPS: [u16; 4] = [29, 23, 24, 25];

/// A hello as an ordinary client of DTLS 1.2 says it, with the older suites and those for shared keys that small devices use.
pub(crate) fn usual_hello(mark: &str) -> DtlsHello {
    let mut suites = usual_offer(version::TLS12, true);
    suites.truncate(60);
    // With a shared key: AES in CCM and GCM mode, which is what RFC 7252 asks of CoAP.
    suites.extend([0xc0a8, 0xc0a4, 0x00a8, 0xd001, 0xc0ac, 0xc0ae]);
    hello(mark, DTLS12, suites)
}

/// A hello that offers one version and these suites.
pub(crate) fn hello(mark: &str, version: u16, suites: Vec<u16>) -> DtlsHello {
    let mut random = [0u8; 32];
    let mut state = number(mark);
    for byte in &mut random {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *byte = state.to_be_bytes()[0];
    }
    DtlsHello { version, random, suites, groups: GROUPS.into() }
}

/// Says hello, gives back the cookie if one is asked for, and takes leave.
///
/// # Errors
/// `Silent` when nothing came back; else what came in between.
pub(crate) async fn greet(bench: &NodeBench, port: u16, hello: &DtlsHello) -> Result<Greeting, Interrupted> {
    let mut talk = bench.datagrams(port, Impact::Safe, Replies::FromPort).await?;
    talk.send(&hello.encode(0, &[])).await?;
    let until = Instant::now() + bench.datagram_patience();
    let first = talk.hear(until).await?;
    let Some(mut answer) = DtlsAnswer::read(&first) else { return Ok(Greeting::Strange(first)) };
    let mut unproven = first.len();
    let cookie = answer.cookie.take();
    if let Some(cookie) = &cookie {
        talk.send(&hello.encode(1, cookie)).await?;
        let until = Instant::now() + bench.datagram_patience();
        while answer.hello.is_none() && answer.alert.is_none() {
            match talk.hear(until).await {
                Ok(heard) => {
                    if let Some(more) = DtlsAnswer::read(&heard) {
                        answer.hello = answer.hello.or(more.hello);
                        answer.alert = answer.alert.or(more.alert);
                    }
                }
                Err(Interrupted::Silent | Interrupted::Closed) => break,
                Err(why) => return Err(why),
            }
        }
    } else {
        // What else belongs to the flight of a server that asks for no proof of the address.
        let until = Instant::now() + bench.datagram_patience() / 4;
        while let Ok(heard) = talk.hear(until).await {
            unproven = unproven.saturating_add(heard.len());
            if let Some(more) = DtlsAnswer::read(&heard) {
                answer.hello = answer.hello.or(more.hello);
                answer.alert = answer.alert.or(more.alert);
            }
        }
    }
    if answer.hello.is_some() {
        // So that it does not repeat its flight to nobody.
        let _ = talk.send(&dtls_goodbye(2)).await;
    }
    Ok(Greeting::Answered { cookie: cookie.is_some(), hello: answer.hello, alert: answer.alert, unproven })
}

/// The observer of DTLS servers.
#[derive(Debug)]
pub struct Dtls;

/// How often a hello is said that nobody answers.
const TRIES: u64 = 2;

/// Hellos of one observation: each version, and the broken suites in both.
const HELLOS: u64 = 4;

impl Observer for Dtls {
    type Facts = DtlsFacts;
    const NAME: &'static str = "dtls/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, _: Impact) -> Bound {
        Bound { connections: 0, packets: HELLOS * TRIES * GREETING * DATAGRAM }
    }

    async fn look(bench: &NodeBench, subject: &Subject, errand: &Errand) -> Result<DtlsFacts, Interrupted> {
        let service = subject.service.as_ref().ok_or(Interrupted::InstrumentFault)?;
        if service.transport != Transport::Udp {
            return Err(Interrupted::BeyondInstrument);
        }
        let (port, mark) = (service.port, errand.mark.as_str());
        let mut facts = DtlsFacts {
            proof: Answer::NotAsked(NotAsked::NoOccasion),
            versions: BTreeMap::new(),
            broken: Answer::NotAsked(NotAsked::NoOccasion),
        };
        for (name, wire) in VERSIONS {
            let mut hello = usual_hello(mark);
            hello.version = wire;
            let (reply, proof) = say(bench, port, &hello).await?;
            // What it does without a proof of the address shows most where it agrees to the hello.
            if let Some(proof) = proof
                && (facts.proof.seen().is_none() || matches!(reply.seen(), Some(Reply::Agreed { .. })))
            {
                facts.proof = Answer::Seen(proof);
            }
            facts.versions.insert(name, reply);
        }
        if facts.versions.values().all(|v| v.seen().is_none()) {
            return Err(Interrupted::Silent);
        }
        for (name, wire) in VERSIONS {
            // A version that is refused with good suites is refused with bad ones.
            if !matches!(facts.versions.get(&name).and_then(|v| v.seen()), Some(Reply::Agreed { .. })) {
                continue;
            }
            let as_tls = if wire == DTLS10 { version::TLS11 } else { version::TLS12 };
            // RC4 does not exist in datagrams, and a hello of more than 512 bytes is too long for some small devices.
            let mut suites = offer(as_tls, |s| s.is_broken() && !s.name.contains("RC4"));
            suites.truncate(LONGEST_OFFER);
            let (reply, _) = say(bench, port, &hello(mark, wire, suites)).await?;
            let agreed = matches!(reply.seen(), Some(Reply::Agreed { .. }));
            if agreed || facts.broken.seen().is_none() {
                facts.broken = reply;
            }
            if agreed {
                break;
            }
        }
        Ok(facts)
    }
}

const VERSIONS: [(Version, u16); 2] = [(Version::V12, DTLS12), (Version::V10, DTLS10)];

/// Says one hello and gives what came of it, and what the server did before it had a proof of our address.
async fn say(
    bench: &NodeBench,
    port: u16,
    hello: &DtlsHello,
) -> Result<(Answer<Reply>, Option<Proof>), Interrupted> {
    for _ in 0..TRIES {
        let (cookie, unproven, said, alert) = match greet(bench, port, hello).await {
            Ok(Greeting::Answered { cookie, hello, alert, unproven }) => (cookie, unproven, hello, alert),
            Ok(Greeting::Strange(_)) => return Ok((Answer::Interrupted(Interrupted::NotUnderstood), None)),
            Err(Interrupted::Silent) => continue,
            Err(why) => return Err(why),
        };
        let asked = hello.encode(0, &[]).len() as u64;
        let proof = Proof { cookie, asked, answered: unproven as u64 };
        let offered = |suite: u16| hello.suites.contains(&suite);
        let reply = match (said, alert) {
            (Some(said), _) if said.version == hello.version && offered(said.suite) => Reply::Agreed {
                version: said.version,
                suite: said.suite,
                name: suite(said.suite).map_or_else(|| format!("{:#06x}", said.suite), |s| s.name.to_owned()),
            },
            // It chose what was not offered: another version, as old clients are told, or nothing that exists.
            (Some(_), _) => return Ok((Answer::Interrupted(Interrupted::NotUnderstood), Some(proof))),
            (None, Some(alert)) => Reply::Refused { alert: alert.description },
            (None, None) => Reply::Dropped,
        };
        return Ok((Answer::Seen(reply), Some(proof)));
    }
    Ok((Answer::Interrupted(Interrupted::Silent), None))
}
