//! The certificate of a service is not issued for servers.

use auscult_facts::Subject;
use auscult_facts::tls::TlsFacts;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct WrongPurpose;

impl Check for WrongPurpose {
    const META: Meta = Meta {
        id: CheckId::new("certificate-wrong-purpose"),
        covers: &[Covers::new("PKI-01", "purpose")],
        severity: Severity::Low,
        impact: Impact::Touch,
        text: include_str!("en.ftl"),
    };
    type Facts = TlsFacts;

    fn judge(facts: &TlsFacts, _: &Subject) -> Judgement {
        let chain = match said(&facts.chain) {
            Ok(chain) => chain,
            Err(unknown) => return unknown,
        };
        let Some(own) = chain.first() else {
            return Judgement::inconclusive(Message::new("no-certificate"));
        };
        match own.server_auth {
            Some(true) => Judgement::pass(Message::new("server")),
            Some(false) => Judgement::fail(Message::new("other")),
            None => Judgement::pass(Message::new("unlimited")),
        }
    }
}
