//! A DNS server that is no gateway asks others on behalf of strangers.

use auscult_facts::Subject;
use auscult_facts::dns::DnsFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, NodeKind, Severity, Transport};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct OpenRecursion;

impl Check for OpenRecursion {
    const META: Meta = Meta {
        id: CheckId::new("dns-open-recursion"),
        covers: &[Covers::new("NET-07", "amplification")],
        severity: Severity::Medium,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = DnsFacts;

    fn concerns(subject: &Subject) -> bool {
        subject.service.as_ref().is_some_and(|s| s.transport == Transport::Udp)
    }

    fn judge(facts: &DnsFacts, subject: &Subject) -> Judgement {
        let recursion = match said(&facts.recursion) {
            Ok(recursion) => recursion,
            Err(judgement) => return judgement,
        };
        match (recursion.available, recursion.code) {
            (_, REFUSED) => Judgement::pass(Message::new("refused")),
            (false, _) => Judgement::pass(Message::new("not-available")),
            // For its own network that is what a router is for.
            (true, _) if subject.kind == NodeKind::Gateway => {
                Judgement::inconclusive(Message::new("gateway"))
            }
            (true, NO_ERROR | NO_SUCH_NAME) => Judgement::fail(Message::new("answered")),
            (true, code) => Judgement::inconclusive(Message::new("unclear").with("code", code)),
        }
    }
}

/// Answer codes of RFC 1035, section 4.1.1.
const NO_ERROR: u8 = 0;
/// See above.
const NO_SUCH_NAME: u8 = 3;
/// See above.
const REFUSED: u8 = 5;
