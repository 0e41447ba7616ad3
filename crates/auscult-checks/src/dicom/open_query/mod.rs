//! A DICOM node answers a query of a peer that it does not know.

use auscult_facts::dicom::{Context, ContextResult, DicomFacts};
use auscult_facts::{Answer, Interrupted, Subject};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, interrupted, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct OpenQuery;

impl Check for OpenQuery {
    const META: Meta = Meta {
        id: CheckId::new("dicom-open-query"),
        covers: &[Covers::new("MED-01", "query")],
        severity: Severity::Critical,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = DicomFacts;

    fn judge(facts: &DicomFacts, _: &Subject) -> Judgement {
        match facts.admits_strangers() {
            Answer::Seen(true) => {}
            Answer::Seen(false) if facts.client_certificate_demanded => {
                return Judgement::pass(Message::new("no-certificate"));
            }
            Answer::Seen(false) => return Judgement::pass(Message::new("no-association")),
            Answer::NotAsked(_) => return Judgement::inconclusive(Message::new("unclear")),
            Answer::Interrupted(why) => return Judgement::inconclusive(interrupted(why)),
        }
        let finders =
            || facts.contexts.iter().filter(|(context, _)| context.finds()).map(|(_, result)| *result);
        if !finders().any(|result| result == ContextResult::Granted) {
            return ungranted(finders());
        }
        match said(&facts.find) {
            Err(_) if facts.find == Answer::Interrupted(Interrupted::AccessRefused) => {
                Judgement::inconclusive(Message::new("ended"))
            }
            Err(judgement) => judgement,
            Ok(find) if find.pending > 0 => {
                Judgement::fail(Message::new("matched").with("pending", find.pending))
            }
            Ok(find) => match find.status {
                0x0000 | 0xff00 | 0xff01 => Judgement::fail(Message::new("answered")),
                // PS3.7 annex C: not authorised; SOP class not supported.
                0x0124 | 0x0122 => {
                    Judgement::pass(Message::new("refused").with("status", format!("{:#06x}", find.status)))
                }
                status => {
                    Judgement::inconclusive(Message::new("failed").with("status", format!("{status:#06x}")))
                }
            },
        }
    }
}

/// No query context was granted: refused as such (PS3.8 table 9-18, results 1 to 3), or for how it was offered?
fn ungranted(results: impl Iterator<Item = ContextResult>) -> Judgement {
    let results: Vec<ContextResult> = results.collect();
    let refused = |r: &ContextResult| matches!(r, ContextResult::Refused { result: 1..=3 });
    let asked = Context::ALL.iter().filter(|context| context.finds()).count();
    if results.len() == asked && results.iter().all(refused) {
        Judgement::pass(Message::new("no-finder"))
    } else {
        Judgement::inconclusive(Message::new("ungranted"))
    }
}
