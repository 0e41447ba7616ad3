//! A client goes on with an impostor of its update server.

use auscult_facts::Subject;
use auscult_facts::client::{ClientFacts, Play};
use auscult_model::{CheckId, Impact, Judgement, Severity};

use crate::towards::{is_client, refuses, shared, worst_of};
use crate::{Check, Covers, Meta};

/// Those that stand in for the update server.
const IMPOSTORS: [Play; 4] = [Play::SelfSigned, Play::UnknownAuthority, Play::WrongName, Play::Expired];

/// See the first line of the module.
pub struct UpdateServerUnchecked;

impl Check for UpdateServerUnchecked {
    const META: Meta = Meta {
        id: CheckId::new("client-update-server-unchecked"),
        covers: &[Covers::new("UPD-03", "impostor-refused")],
        severity: Severity::High,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = ClientFacts;

    fn concerns(subject: &Subject) -> bool {
        is_client(subject)
    }

    fn judge(facts: &ClientFacts, _: &Subject) -> Judgement {
        if !facts.ends.is_empty() && !facts.ends.iter().any(|end| end.firmware) {
            return Judgement::inconclusive(shared("client-no-update-server"));
        }
        let facts = ClientFacts { ends: facts.ends.iter().filter(|end| end.firmware).cloned().collect() };
        worst_of(&facts, |end| refuses(end, &IMPOSTORS))
    }
}
