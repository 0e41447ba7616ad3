//! An FTP server lets strangers in.

use auscult_facts::Subject;
use auscult_facts::ftp::FtpFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct Anonymous;

impl Check for Anonymous {
    const META: Meta = Meta {
        id: CheckId::new("ftp-anonymous"),
        covers: &[Covers::new("AUT-03", "ftp")],
        severity: Severity::High,
        impact: Impact::Intrusive,
        text: include_str!("en.ftl"),
    };
    type Facts = FtpFacts;

    fn judge(facts: &FtpFacts, _: &Subject) -> Judgement {
        let answer = match said(&facts.anonymous) {
            Ok(answer) => *answer,
            Err(unknown) => return unknown,
        };
        let others_want_tls = facts.user_in_clear.seen().is_some_and(|name| name.wants_tls);
        let message = |id: &str| Message::new(id).with("code", answer.code);
        match answer.code {
            230 | 232 => Judgement::fail(message("open")),
            // Where names are taken inside TLS only, what is refused in clear may be let in there.
            430 | 530 if !facts.tls && (answer.wants_tls || others_want_tls) => {
                Judgement::inconclusive(message("wants-tls"))
            }
            430 | 530 => Judgement::pass(message("refused")),
            _ => Judgement::inconclusive(message("unclear")),
        }
    }
}
