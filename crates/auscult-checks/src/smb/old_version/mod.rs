//! A file server speaks SMB 1.

use auscult_facts::Subject;
use auscult_facts::smb::{FirstVersion, SmbFacts};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct OldVersion;

impl Check for OldVersion {
    const META: Meta = Meta {
        id: CheckId::new("smb-old-version"),
        covers: &[Covers::new("SRV-02", "smb-1")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = SmbFacts;

    fn judge(facts: &SmbFacts, _: &Subject) -> Judgement {
        match said(&facts.first_version) {
            Ok(FirstVersion::Accepted) => Judgement::fail(Message::new("accepted")),
            Ok(FirstVersion::Refused) => Judgement::pass(Message::new("refused")),
            Ok(FirstVersion::HungUp) if facts.newer.seen().is_some() => {
                Judgement::pass(Message::new("hung-up"))
            }
            Ok(FirstVersion::HungUp) => Judgement::inconclusive(Message::new("hung-up-on-all")),
            Err(unknown) => unknown,
        }
    }
}
