//! A file server does not demand that messages are signed.

use auscult_facts::Subject;
use auscult_facts::smb::{Negotiated, SmbFacts};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct SigningOptional;

impl Check for SigningOptional {
    const META: Meta = Meta {
        id: CheckId::new("smb-signing-optional"),
        covers: &[Covers::new("SRV-02", "smb-signing")],
        severity: Severity::Medium,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = SmbFacts;

    fn judge(facts: &SmbFacts, _: &Subject) -> Judgement {
        match said(&facts.newer) {
            Ok(Negotiated::Chose { dialect, signing_required }) => {
                let message = |id: &str| Message::new(id).with("dialect", version(*dialect));
                if *signing_required {
                    Judgement::pass(message("required"))
                } else {
                    Judgement::fail(message("optional"))
                }
            }
            Ok(Negotiated::Refused { .. }) => Judgement::inconclusive(Message::new("refused")),
            Err(unknown) => unknown,
        }
    }
}

/// A dialect as people write it.
fn version(dialect: u16) -> String {
    let [major, minor] = dialect.to_be_bytes();
    match minor & 0x0f {
        0 => format!("{major}.{}", minor >> 4),
        patch => format!("{major}.{}.{patch}", minor >> 4),
    }
}
