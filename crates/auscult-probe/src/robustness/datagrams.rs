//! Treats a CoAP server badly over UDP: malformed and cut datagrams, with the well-formed question after each.
//!
//! Every datagram is broken or a GET, so that nothing can be stored by a server that reads it all the same.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use auscult_facts::robustness::{Came, DatagramRobustnessFacts, SPOKEN_OVER_UDP, Series, State, Step};
use auscult_facts::{Answer, Interrupted, NotAsked, Subject};
use auscult_model::{Impact, Pace, Transport};
use auscult_wire::coap::{Message, get, reset};
use tokio::time::Instant;

use super::RESERVE;
use super::rough::{AGAIN, Ask, state};
use crate::bench::{DATAGRAM, Replies};
use crate::datagram::number;
use crate::{Bound, Depth, Errand, NodeBench, Observer};

/// Most malformed datagrams.
const MOST: u64 = 24;

/// How often the well-formed question is asked before it counts as not answered.
const TRIES: u32 = 2;

/// How long an answer to malformed input is waited for: it is no miss if none comes.
const PATIENCE: Duration = Duration::from_millis(300);

/// Bytes of options or of a token that fill a datagram without leaving it.
const LONG: usize = 1_100;

/// The observer.
#[derive(Debug)]
pub struct OverUdp;

impl Observer for OverUdp {
    type Facts = DatagramRobustnessFacts;
    const NAME: &'static str = "datagram-robustness/1";
    const IMPACT: Impact = Impact::Disruptive;

    fn bound(_: Depth, _: Impact) -> Bound {
        // Each datagram, and what turns a late answer down.
        let question = u64::from(TRIES) * 2 * DATAGRAM;
        let step = 2 * DATAGRAM + (1 + AGAIN.len() as u64) * question;
        Bound { connections: 0, packets: 2 * question + MOST * step }
    }

    async fn look(
        bench: &NodeBench,
        subject: &Subject,
        errand: &Errand,
    ) -> Result<DatagramRobustnessFacts, Interrupted> {
        if bench.limits().pace == Pace::Ward {
            return Err(Interrupted::NotAuthorised);
        }
        let service = subject.service.as_ref().ok_or(Interrupted::InstrumentFault)?;
        if service.transport != Transport::Udp || service.speaks_tls() {
            return Err(Interrupted::BeyondInstrument);
        }
        let word = service.protocol().ok_or(Interrupted::InstrumentFault)?;
        let protocol = SPOKEN_OVER_UDP.iter().find(|p| **p == word).ok_or(Interrupted::InstrumentFault)?;
        let number = AtomicU32::new(number(&errand.mark));
        let mut rough = Rough { bench, port: service.port, number, before: String::new() };
        let first = rough.ask().await?;
        let second = rough.ask().await?;
        let healthy = errand.health.healthy(&subject.node).await;
        let mut facts = DatagramRobustnessFacts {
            protocol: (*protocol).to_owned(),
            before: (first == second).then(|| first.clone()),
            healthy_before: healthy,
            malformed: Answer::NotAsked(NotAsked::NoOccasion),
        };
        if first != second || healthy == Some(false) {
            return Ok(facts);
        }
        rough.before = first;
        let deadline = Instant::now() + bench.limits().observation.saturating_sub(RESERVE);
        let inputs = inputs(rough.next());
        let mut series = Series { of: u32::try_from(inputs.len()).unwrap_or(u32::MAX), steps: Vec::new() };
        for (input, bytes) in inputs {
            if Instant::now() >= deadline {
                break;
            }
            let came = rough.send(&bytes).await;
            let after = state(&rough, errand, subject).await;
            series.steps.push(Step { input: input.to_owned(), came, during: None, after });
            if after != State::AsBefore {
                break;
            }
        }
        facts.malformed = Answer::Seen(series);
        Ok(facts)
    }
}

struct Rough<'a> {
    bench: &'a NodeBench,
    port: u16,
    number: AtomicU32,
    before: String,
}

impl Rough<'_> {
    /// A number for the next message; its lower half is the message's id.
    fn next(&self) -> [u8; 4] {
        self.number.fetch_add(1, Relaxed).wrapping_add(1).to_be_bytes()
    }

    /// The word of the answer to the well-formed question.
    async fn ask(&self) -> Result<String, Interrupted> {
        let token = self.next();
        let [_, _, high, low] = token;
        let question = get(u16::from_be_bytes([high, low]), &token, "/.well-known/core", false);
        for _ in 0..TRIES {
            let mut talk = self.bench.datagrams(self.port, Impact::Disruptive, Replies::FromPort).await?;
            talk.send(&question).await?;
            let until = Instant::now() + self.bench.datagram_patience();
            loop {
                let heard = match talk.hear(until).await {
                    Ok(heard) => heard,
                    Err(Interrupted::Silent) => break,
                    Err(why) => return Err(why),
                };
                let message = Message::read(&heard).map_err(|_| Interrupted::NotUnderstood)?;
                if message.code < 0x40 || message.token != token {
                    continue;
                }
                if message.kind == 0 {
                    let _ = talk.send(&reset(message.id)).await;
                }
                return Ok(word(message.code));
            }
        }
        Err(Interrupted::Silent)
    }

    /// Sends what is malformed, and tells what came back.
    async fn send(&self, bytes: &[u8]) -> Came {
        let talk = self.bench.datagrams(self.port, Impact::Disruptive, Replies::FromPort).await;
        let Ok(mut talk) = talk else { return Came::Unsent };
        if talk.send(bytes).await.is_err() {
            return Came::Unsent;
        }
        let heard = match talk.hear(Instant::now() + PATIENCE).await {
            Ok(heard) => heard,
            Err(Interrupted::Silent) => return Came::Silence,
            Err(_) => return Came::Closed,
        };
        let Ok(message) = Message::read(&heard) else { return Came::Other };
        if message.kind == 0 {
            let _ = talk.send(&reset(message.id)).await;
        }
        match (message.kind, message.code) {
            // A reset is how CoAP rejects a message (RFC 7252, section 4.2).
            (3, _) | (_, 0x80..) => Came::Error,
            (_, 0x40..0x60) => Came::Accepted,
            _ => Came::Other,
        }
    }
}

impl Ask for Rough<'_> {
    async fn asked(&self) -> State {
        match self.ask().await {
            Ok(word) if word == self.before => State::AsBefore,
            // Too many requests (RFC 8516), and "service unavailable".
            Ok(word) if ["code 4.29", "code 5.03"].contains(&word.as_str()) => State::Refuses,
            Ok(_) => State::Otherwise,
            Err(Interrupted::Closed | Interrupted::Unreachable) => State::Gone,
            Err(Interrupted::Silent | Interrupted::NotUnderstood) => State::Hangs,
            Err(_) => State::Unknown,
        }
    }
}

/// A code as people write it: class and detail.
fn word(code: u8) -> String {
    format!("code {}.{:02}", code >> 5, code & 31)
}

/// What is malformed: always the same, but for ids, which lie behind this one.
fn inputs(number: [u8; 4]) -> Vec<(&'static str, Vec<u8>)> {
    let [_, _, high, low] = number;
    // A confirmable GET without a token, up to its options.
    let with = |options: &[u8]| [&[0x40, 0x01, high, low][..], options].concat();
    let head = |first: u8, code: u8, rest: &[u8]| [&[first, code, high, low][..], rest].concat();
    let core = b"\xbb.well-known\x04core";
    vec![
        ("empty", Vec::new()),
        ("header-of-one-byte", vec![0x40]),
        ("header-cut", vec![0x40, 0x01, high]),
        ("version-zero", head(0x00, 0x01, core)),
        ("version-three", head(0xc0, 0x01, core)),
        ("token-length-nine", head(0x49, 0x01, &[7; 9])),
        ("token-length-fifteen", head(0x4f, 0x01, &[7; 15])),
        ("token-longer-than-message", head(0x48, 0x01, &[7])),
        ("code-of-class-seven", head(0x40, 0xff, core)),
        ("empty-message-with-options", head(0x40, 0x00, core)),
        ("answer-to-nothing", head(0x60, 0x45, b"\xffnothing")),
        ("option-delta-fifteen", with(&[0xf1, 0x61])),
        ("option-length-fifteen", with(&[0xbf, 0x61])),
        ("option-extension-missing", with(&[0xbd])),
        ("option-longer-than-message", with(&[0xbe, 0xff, 0xff, 0x61])),
        ("option-numbers-beyond-65535", with(&[0xe0, 0xff, 0xff, 0xe0, 0xff, 0xff, 0xe0, 0xff, 0xff])),
        ("options-too-many", with(&[&[0xb0][..], &[0x00; LONG]].concat())),
        // Number 2049 is critical, and nobody has it.
        ("critical-option-unknown", with(&[0xe0, 0x06, 0xf4])),
        ("path-of-noise", with(b"\xb4\xff\xfe\xc0\x00")),
        ("path-up", with(b"\xb2..\x02..\x03etc")),
        ("path-too-long", with(&[&[0xbe, 0x03, 0x3f][..], &[b'a'; LONG]].concat())),
        ("block-of-reserved-size", with(&[core.as_slice(), &[0xc1, 0x07]].concat())),
        ("block-number-too-great", with(&[core.as_slice(), &[0xc3, 0xff, 0xff, 0xf6]].concat())),
        ("payload-mark-alone", with(&[core.as_slice(), &[0xff]].concat())),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_datagram_fits_and_is_named_once() {
        let inputs = inputs([0, 0, 1, 2]);
        assert_eq!(inputs.len() as u64, MOST);
        let mut names: Vec<_> = inputs.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), inputs.len());
        assert!(inputs.iter().all(|(_, bytes)| bytes.len() <= 1_200));
    }

    #[test]
    fn nothing_but_a_get_can_be_taken_for_a_request() {
        for (name, bytes) in inputs([0, 0, 1, 2]) {
            let code = Message::read(&bytes).map(|m| m.code);
            // POST, PUT, DELETE and their like are 0.02 to 0.31.
            assert!(!code.is_ok_and(|c| (0x02..0x20).contains(&c)), "{name}");
            assert!(!bytes.get(1).is_some_and(|c| (0x02..0x20).contains(c)), "{name}");
        }
    }

    #[test]
    fn a_code_is_written_as_people_do() {
        assert_eq!((word(0x45).as_str(), word(0x84).as_str()), ("code 2.05", "code 4.04"));
    }
}
