//! The telnet server accepts an account that products are shipped with.

use auscult_facts::Subject;
use auscult_facts::credentials::{Accounts, Stopped};
use auscult_facts::telnet::TelnetFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct DefaultCredentials;

impl Check for DefaultCredentials {
    const META: Meta = Meta {
        id: CheckId::new("telnet-default-credentials"),
        covers: &[Covers::new("AUT-01", "telnet-login")],
        severity: Severity::Critical,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = TelnetFacts;

    fn judge(facts: &TelnetFacts, _: &Subject) -> Judgement {
        match said(&facts.accounts) {
            Ok(accounts) => judged(accounts),
            Err(unknown) => unknown,
        }
    }
}

/// Judges what came of well-known accounts, at a login of any protocol.
pub(crate) fn judged(accounts: &Accounts) -> Judgement {
    let count = |id: &str| Message::new(id).with("tried", accounts.tried).with("listed", accounts.listed);
    if accounts.opens_to_anything {
        return Judgement::fail(Message::new("anything"));
    }
    if let Some(name) = &accounts.opened {
        return Judgement::fail(Message::new("opened").with("name", name));
    }
    match accounts.stopped {
        None if accounts.tried > 0 => Judgement::pass(Message::new("refused").with("tried", accounts.tried)),
        None | Some(Stopped::Silent) => Judgement::inconclusive(count("stopped-silent")),
        Some(Stopped::Locked) => Judgement::inconclusive(count("stopped-locked")),
        Some(Stopped::Undecidable) => Judgement::inconclusive(count("stopped-undecidable")),
        Some(Stopped::Spared) => Judgement::inconclusive(Message::new("checks.accounts-spared")),
        Some(Stopped::OutOfTime) => Judgement::inconclusive(count("stopped-out-of-time")),
    }
}
