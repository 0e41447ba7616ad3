//! A data store is served without TLS.

use auscult_facts::store::StoreFacts;
use auscult_facts::{Answer, FlowInto, NotAsked, ServiceSubject, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, interrupted, not_asked};

/// See the first line of the module.
#[derive(Debug)]
pub struct InClear;

impl Check for InClear {
    const META: Meta = Meta {
        id: CheckId::new("store-in-clear"),
        covers: &[Covers::new("AUT-05", "store-login"), Covers::new("NET-02", "stores")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = StoreFacts;

    fn judge(facts: &StoreFacts, subject: &Subject) -> Judgement {
        let message = |id: &str| Message::new(id).with("protocol", &facts.protocol);
        let local = |s: &ServiceSubject| !s.flows.is_empty() && s.flows.iter().all(FlowInto::is_local);
        match facts.serves_in_clear() {
            // That TLS is there is seen by an answer inside it, or by its demand for a certificate.
            Answer::Seen(false) if facts.tls => {
                if facts.client_certificate_demanded {
                    return Judgement::pass(message("tls"));
                }
                match &facts.inside_tls {
                    Answer::Seen(_) => Judgement::pass(message("tls")),
                    Answer::NotAsked(why) => Judgement::inconclusive(not_asked(*why)),
                    Answer::Interrupted(why) => Judgement::inconclusive(interrupted(*why)),
                }
            }
            Answer::Seen(false) => Judgement::pass(message("only-tls")),
            Answer::Seen(true) if subject.service.as_ref().is_some_and(local) => {
                Judgement::pass(message("local"))
            }
            Answer::Seen(true) if facts.offers_tls == Answer::Seen(true) => Judgement::fail(message("both")),
            Answer::Seen(true) => Judgement::fail(message("clear")),
            Answer::NotAsked(NotAsked::NoOccasion) => Judgement::inconclusive(message("refused")),
            Answer::NotAsked(why) => Judgement::inconclusive(not_asked(why)),
            Answer::Interrupted(why) => Judgement::inconclusive(interrupted(why)),
        }
    }
}
