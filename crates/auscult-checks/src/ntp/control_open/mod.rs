//! An NTP server tells strangers of itself or of its clients.

use auscult_facts::ntp::{NtpFacts, Told};
use auscult_facts::{Answer, Interrupted, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, interrupted};

/// See the first line of the module.
pub struct ControlOpen;

impl Check for ControlOpen {
    const META: Meta = Meta {
        id: CheckId::new("ntp-control-open"),
        covers: &[Covers::new("NET-07", "amplification"), Covers::new("SRV-03", "ntp-control")],
        severity: Severity::Medium,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = NtpFacts;

    fn judge(facts: &NtpFacts, _: &Subject) -> Judgement {
        let told = |answer: &Answer<Told>| answer.seen().copied().filter(|t| t.error == 0);
        let message =
            |id: &str, t: Told| Message::new(id).with("asked", t.asked).with("answered", t.answered);
        if let Some(clients) = told(&facts.clients) {
            return Judgement::fail(message("clients", clients));
        }
        if let Some(variables) = told(&facts.variables) {
            return Judgement::fail(message("variables", variables));
        }
        for answer in [&facts.variables, &facts.clients] {
            match answer {
                Answer::Interrupted(why) if *why != Interrupted::Silent => {
                    return Judgement::inconclusive(interrupted(*why));
                }
                Answer::NotAsked(why) => return Judgement::inconclusive(crate::not_asked(*why)),
                Answer::Seen(_) | Answer::Interrupted(_) => {}
            }
        }
        let refused = |answer: &Answer<Told>| answer.seen().is_some();
        if facts.stratum.seen().is_none() && !refused(&facts.variables) && !refused(&facts.clients) {
            return Judgement::inconclusive(interrupted(Interrupted::Silent));
        }
        Judgement::pass(Message::new("silent"))
    }
}
