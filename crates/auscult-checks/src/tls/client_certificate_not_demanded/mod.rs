//! A service that shall know its clients by certificate lets one in that shows none.

use auscult_facts::Subject;
use auscult_facts::tls::{ClientCertificate, TlsFacts};
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct ClientCertificateNotDemanded;

impl Check for ClientCertificateNotDemanded {
    const META: Meta = Meta {
        id: CheckId::new("tls-client-certificate-not-demanded"),
        covers: &[Covers::new("TLS-06", "client-certificate")],
        severity: Severity::High,
        impact: Impact::Touch,
        text: include_str!("en.ftl"),
    };
    type Facts = TlsFacts;

    fn judge(facts: &TlsFacts, subject: &Subject) -> Judgement {
        let declared =
            subject.service.as_ref().and_then(|s| s.declared.as_ref()).is_some_and(|d| d.client_certificate);
        match said(&facts.client_certificate) {
            Err(unknown) => unknown,
            Ok(ClientCertificate::Demanded) => Judgement::pass(Message::new("demanded")),
            Ok(ClientCertificate::Asked) if declared => Judgement::fail(Message::new("asked")),
            Ok(ClientCertificate::NotAsked) if declared => Judgement::fail(Message::new("not-asked")),
            Ok(_) => Judgement::inconclusive(Message::new("undeclared")),
        }
    }
}
