//! Looks at an SMB server as a stranger.
//!
//! Two connections, each with the first message alone: one offers the dialect of SMB 1 and no other, one the dialects
//! of SMB 2 and 3. What the server chooses is noted, and the connection is ended: no session begins, no name is sent,
//! and no share is asked for.

use auscult_facts::smb::{FirstVersion, Negotiated, SmbFacts};
use auscult_facts::{Answer, Interrupted, Subject};
use auscult_model::Impact;
use auscult_wire::smb::{self, MAX_ANSWER};

use crate::mqtt::door::{OPENING_PACKETS, Shut, Talk, answer};
use crate::{Bound, Depth, Errand, NodeBench, Observer};

/// Packets that one conversation may cost after it is opened.
const ALLOWANCE: u64 = 40;

/// What the last read and the goodbye may add to an allowance.
const SLACK: u64 = 40;

/// The number by which an SMB 1 server says that it speaks none of the dialects.
const NONE_OF_THEM: u16 = 0xffff;

/// The observer of SMB servers.
#[derive(Debug)]
pub struct Smb;

impl Observer for Smb {
    type Facts = SmbFacts;
    const NAME: &'static str = "smb/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, _: Impact) -> Bound {
        Bound { connections: 2, packets: 2 * (OPENING_PACKETS + ALLOWANCE + SLACK) }
    }

    async fn look(bench: &NodeBench, subject: &Subject, _: &Errand) -> Result<SmbFacts, Interrupted> {
        let mut client = [0u8; 16];
        aws_lc_rs::rand::fill(&mut client).map_err(|_| Interrupted::InstrumentFault)?;
        let newer = match ask(bench, subject, &smb::offer_newer(client)).await {
            Ok(Some(smb::Answer::Newer { dialect, signing_required })) => {
                Ok(Negotiated::Chose { dialect, signing_required })
            }
            Ok(Some(smb::Answer::NewerError { status })) => Ok(Negotiated::Refused { status }),
            Ok(Some(_)) => Err(Interrupted::NotUnderstood),
            Ok(None) => Err(Interrupted::AccessRefused),
            Err(why) => Err(why),
        };
        let first = match ask(bench, subject, &smb::offer_first_version()).await {
            Ok(Some(smb::Answer::First { dialect: 0 })) => Ok(FirstVersion::Accepted),
            Ok(Some(smb::Answer::First { dialect: NONE_OF_THEM } | smb::Answer::FirstError { .. })) => {
                Ok(FirstVersion::Refused)
            }
            Ok(Some(_)) => Err(Interrupted::NotUnderstood),
            Ok(None) => Ok(FirstVersion::HungUp),
            Err(why) => Err(why),
        };
        if let (Err(why), Err(_) | Ok(FirstVersion::HungUp)) = (&newer, &first) {
            return Err(*why);
        }
        let first_version: Answer<FirstVersion> = answer(first);
        Ok(SmbFacts { first_version, newer: answer(newer) })
    }
}

/// The answer to one message, over a connection of its own; `None` where the server ended the connection in its place.
async fn ask(bench: &NodeBench, subject: &Subject, offer: &[u8]) -> Result<Option<smb::Answer>, Interrupted> {
    let mut talk = match Talk::open(bench, subject, Impact::Safe, ALLOWANCE).await {
        Ok(talk) => talk,
        Err(Shut::Other(why)) => return Err(why),
        Err(Shut::CertificateDemanded) => return Err(Interrupted::AccessRefused),
    };
    let asked = async {
        talk.send(offer).await?;
        let until = talk.deadline();
        let mut held = Vec::new();
        loop {
            if let Some(seen) = smb::Answer::read(&held).map_err(|_| Interrupted::NotUnderstood)? {
                return Ok(Some(seen));
            }
            if held.len() > MAX_ANSWER + 4 {
                return Err(Interrupted::NotUnderstood);
            }
            match talk.hear(until).await? {
                Some(bytes) => held.extend(bytes),
                None if held.is_empty() => return Ok(None),
                None => return Err(Interrupted::AccessRefused),
            }
        }
    };
    let asked = asked.await;
    talk.close().await;
    asked
}
