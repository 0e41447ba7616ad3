//! An FTP server takes names and passwords in clear.

use auscult_facts::Subject;
use auscult_facts::ftp::FtpFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
#[derive(Debug)]
pub struct LoginInClear;

impl Check for LoginInClear {
    const META: Meta = Meta {
        id: CheckId::new("ftp-login-in-clear"),
        covers: &[Covers::new("AUT-05", "ftp-login")],
        severity: Severity::High,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = FtpFacts;

    fn judge(facts: &FtpFacts, _: &Subject) -> Judgement {
        if facts.tls {
            return Judgement::pass(Message::new("tls"));
        }
        let name = match said(&facts.user_in_clear) {
            Ok(name) => name,
            Err(unknown) => return unknown,
        };
        let message = |id: &str| Message::new(id).with("code", name.code);
        let offers_tls = facts.auth_tls.seen() == Some(&234);
        match name.code {
            331 | 332 if offers_tls => Judgement::fail(message("beside-tls")),
            331 | 332 => Judgement::fail(message("clear")),
            230 | 232 => Judgement::fail(message("no-password")),
            _ if name.wants_tls && offers_tls => Judgement::pass(message("wants-tls")),
            _ => Judgement::inconclusive(message("unclear")),
        }
    }
}
