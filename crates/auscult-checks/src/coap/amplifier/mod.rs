//! A CoAP server answers strangers with far more than they ask.

use auscult_facts::Subject;
use auscult_facts::coap::CoapFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct Amplifier;

impl Check for Amplifier {
    const META: Meta = Meta {
        id: CheckId::new("coap-amplifier"),
        covers: &[Covers::new("MSG-03", "core-small"), Covers::new("NET-07", "amplification")],
        severity: Severity::Medium,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = CoapFacts;

    fn judge(facts: &CoapFacts, _: &Subject) -> Judgement {
        let core = match said(&facts.core) {
            Ok(core) => core,
            Err(judgement) => return judgement,
        };
        let message = |id: &str| Message::new(id).with("asked", core.asked).with("answered", core.answered);
        if core.asked == 0 || core.answered == 0 {
            return Judgement::inconclusive(Message::new("unmeasured"));
        }
        if core.answered > core.asked.saturating_mul(MOST) {
            Judgement::fail(message("large"))
        } else {
            Judgement::pass(message("small"))
        }
    }
}

/// How many times as long as the question an answer to somebody unproven may be.
const MOST: u64 = 3;
