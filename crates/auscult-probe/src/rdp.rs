//! Looks at an RDP server as a stranger.
//!
//! Three connections, each with the first message alone: a client that speaks nothing but RDP's own security, one that
//! speaks TLS, and one that logs in before the session. What the server chooses is noted, and the connection is ended:
//! no session begins and no name is sent.

use auscult_facts::rdp::{Choice, RdpFacts};
use auscult_facts::{Answer, Interrupted, Subject};
use auscult_model::Impact;
use auscult_wire::rdp::{self, Confirm, MAX_ANSWER};

use crate::mqtt::door::{OPENING_PACKETS, Shut, Talk, answer};
use crate::{Bound, Depth, Errand, NodeBench, Observer};

/// Packets that one conversation may cost after it is opened.
const ALLOWANCE: u64 = 20;

/// What the last read and the goodbye may add to an allowance.
const SLACK: u64 = 20;

/// The observer of RDP servers.
#[derive(Debug)]
pub struct Rdp;

impl Observer for Rdp {
    type Facts = RdpFacts;
    const NAME: &'static str = "rdp/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, _: Impact) -> Bound {
        Bound { connections: 3, packets: 3 * (OPENING_PACKETS + ALLOWANCE + SLACK) }
    }

    async fn look(bench: &NodeBench, subject: &Subject, _: &Errand) -> Result<RdpFacts, Interrupted> {
        // The one that every server understands comes first.
        let nla = ask(bench, subject, rdp::TLS | rdp::HYBRID).await;
        let tls = ask(bench, subject, rdp::TLS).await;
        let standard = ask(bench, subject, rdp::STANDARD).await;
        if let (Err(why), Err(_), Err(_)) = (&nla, &tls, &standard) {
            return Err(*why);
        }
        let answers: [Answer<Choice>; 3] = [standard, tls, nla].map(answer);
        let [standard, tls, nla] = answers;
        Ok(RdpFacts { standard, tls, nla })
    }
}

async fn ask(bench: &NodeBench, subject: &Subject, protocols: u32) -> Result<Choice, Interrupted> {
    let mut talk = match Talk::open(bench, subject, Impact::Safe, ALLOWANCE).await {
        Ok(talk) => talk,
        Err(Shut::Other(why)) => return Err(why),
        Err(Shut::CertificateDemanded) => return Err(Interrupted::AccessRefused),
    };
    let asked = async {
        talk.send(&rdp::request(protocols)).await?;
        let until = talk.deadline();
        let mut held = Vec::new();
        loop {
            match Confirm::read(&held).map_err(|_| Interrupted::NotUnderstood)? {
                Some(Confirm::Selected(protocol)) => return Ok(Choice::Chose(protocol)),
                Some(Confirm::Failure(code)) => return Ok(Choice::Refused(code)),
                Some(Confirm::Bare) => return Ok(Choice::Unnamed),
                None if held.len() > MAX_ANSWER => return Err(Interrupted::NotUnderstood),
                None => {}
            }
            match talk.hear(until).await? {
                Some(bytes) => held.extend(bytes),
                None => return Err(Interrupted::AccessRefused),
            }
        }
    };
    let asked = asked.await;
    talk.close().await;
    asked
}
