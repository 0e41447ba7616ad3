//! A device does a second time what a message of its far end says that it was sent before.

use auscult_facts::Subject;
use auscult_facts::client::Kept;
use auscult_facts::replay::{ReplayFacts, Replayed};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::towards::{is_client, shared};
use crate::{Check, Covers, Meta};

/// See the first line of the module.
pub struct CommandTaken;

impl Check for CommandTaken {
    const META: Meta = Meta {
        id: CheckId::new("replay-command-taken"),
        covers: &[Covers::new("MSG-04", "declared-command")],
        severity: Severity::Medium,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = ReplayFacts;

    fn concerns(subject: &Subject) -> bool {
        is_client(subject)
    }

    fn judge(facts: &ReplayFacts, _: &Subject) -> Judgement {
        let own = |id: &'static str| Message::new(id).with("far", &facts.far);
        let undecided = |id: &'static str, sent: &str| Judgement::inconclusive(own(id).with("sent", sent));
        match facts.kept {
            Some(Kept::CannotListen) => {
                return Judgement::inconclusive(shared("client-cannot-listen").with("far", &facts.far));
            }
            Some(Kept::AuthorityUnusable) => {
                return Judgement::inconclusive(shared("client-authority-unusable").with("far", &facts.far));
            }
            None => {}
        }
        match facts.replayed() {
            Replayed::TookEffect => Judgement::fail(own("took-effect")),
            Replayed::NoEffect => Judgement::pass(own("no-effect")),
            Replayed::Otherwise => Judgement::inconclusive(own("otherwise")),
            Replayed::Restless => Judgement::inconclusive(own("restless")),
            Replayed::NotFetched(sent) => undecided("not-fetched", sent.word()),
            Replayed::Untold(sent) => undecided("untold", sent.word()),
            Replayed::NotTaken(sent) => undecided("not-taken", sent.word()),
        }
    }
}
