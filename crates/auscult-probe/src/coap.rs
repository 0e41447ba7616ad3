//! Looks at a CoAP server as somebody who has not said who he is: its list of resources, and the first of these.
//!
//! GET alone is used, which changes nothing (RFC 7252, section 5.1); of what is given only the code is kept.

use auscult_facts::coap::{CoapFacts, Core, Resource, is_given};
use auscult_facts::{Answer, Interrupted, Subject};
use auscult_model::{Impact, Transport};
use auscult_wire::coap::{Message, get, links, reset};
use tokio::time::Instant;

use crate::bench::{DATAGRAM, Replies};
use crate::datagram::number;
use crate::{Bound, Depth, Errand, NodeBench, Observer};

/// Resources that are asked for.
const RESOURCES: usize = 4;

/// Links of the list that are looked at.
const LINKS: usize = 64;

/// How often one question is asked.
const TRIES: u64 = 2;

/// Longest path that is asked for and kept.
const LONGEST_PATH: usize = 80;

/// The observer of CoAP servers.
#[derive(Debug)]
pub struct Coap;

impl Observer for Coap {
    type Facts = CoapFacts;
    const NAME: &'static str = "coap/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, _: Impact) -> Bound {
        // Each question, and what turns a late answer down.
        Bound { connections: 0, packets: (1 + RESOURCES as u64) * TRIES * 2 * DATAGRAM }
    }

    async fn look(bench: &NodeBench, subject: &Subject, errand: &Errand) -> Result<CoapFacts, Interrupted> {
        let service = subject.service.as_ref().ok_or(Interrupted::InstrumentFault)?;
        if service.transport != Transport::Udp || service.speaks_tls() {
            return Err(Interrupted::BeyondInstrument);
        }
        let mut client = Client { bench, port: service.port, number: number(&errand.mark) };
        let (answer, asked, answered) = client.get("/.well-known/core", false).await?;
        let listed = if is_given(answer.code) { links(&answer.payload, LINKS) } else { Vec::new() };
        let core = Core {
            code: answer.code,
            links: u32::try_from(listed.len()).unwrap_or(u32::MAX),
            observable: u32::try_from(listed.iter().filter(|l| l.observable).count()).unwrap_or(u32::MAX),
            more: answer.more,
            asked,
            answered,
        };
        let mut resources = Vec::new();
        let own = |path: &str| {
            path.starts_with('/')
                && path.len() > 1
                && path.len() <= LONGEST_PATH
                && !path.contains(['?', '{', '%'])
        };
        let asked = listed.iter().filter(|l| own(&l.path) && !l.path.starts_with("/.well-known/"));
        for link in asked.take(RESOURCES) {
            let answer = match client.get(&link.path, true).await {
                Ok((message, ..)) => Answer::Seen(message.code),
                Err(why @ (Interrupted::Silent | Interrupted::NotUnderstood)) => Answer::Interrupted(why),
                Err(why) => return Err(why),
            };
            resources.push(Resource { path: link.path.clone(), answer });
        }
        Ok(CoapFacts { core: Answer::Seen(core), resources })
    }
}

struct Client<'a> {
    bench: &'a NodeBench,
    port: u16,
    number: u32,
}

impl Client<'_> {
    /// The answer to a GET, which may come after an empty acknowledgement, and the bytes of question and answer.
    async fn get(&mut self, path: &str, block: bool) -> Result<(Message, u64, u64), Interrupted> {
        self.number = self.number.wrapping_add(1);
        let token = self.number.to_be_bytes();
        let [_, _, high, low] = token;
        let question = get(u16::from_be_bytes([high, low]), &token, path, block);
        for _ in 0..TRIES {
            let mut talk = self.bench.datagrams(self.port, Impact::Safe, Replies::FromPort).await?;
            talk.send(&question).await?;
            let until = Instant::now() + self.bench.datagram_patience();
            loop {
                let heard = match talk.hear(until).await {
                    Ok(heard) => heard,
                    Err(Interrupted::Silent) => break,
                    Err(why) => return Err(why),
                };
                let Ok(message) = Message::read(&heard) else { return Err(Interrupted::NotUnderstood) };
                if message.code < 0x40 || message.token != token {
                    continue;
                }
                // A confirmable answer is repeated until somebody says that he does not want it.
                if message.kind == 0 {
                    let _ = talk.send(&reset(message.id)).await;
                }
                return Ok((message, question.len() as u64, heard.len() as u64));
            }
        }
        Err(Interrupted::Silent)
    }
}
