//! Reads bytes as the answer to each question, without asking: for bytes that come from elsewhere than a service.

use std::net::{IpAddr, Ipv4Addr};

use super::question::{Call, Question, order};
use super::tell::{Told, http_status, tell, whole};

/// What bytes show as the answer to one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Name of the question.
    pub asked: &'static str,
    /// Protocol that the answer proves.
    pub protocol: Option<&'static str>,
    /// Product as it states it, at most 120 characters.
    pub product: Option<String>,
    /// Whether the answer is TLS.
    pub tls: bool,
    /// Whether no more would be waited for.
    pub whole: bool,
    /// Status, where it is an answer of HTTP.
    pub status: Option<u16>,
}

/// Reads bytes as the answer to every question that there is.
pub fn read(heard: &[u8]) -> Vec<Reading> {
    let call = Call {
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        port: 0,
        host_name: None,
        ae_title: None,
        base: None,
        mark: "auscult",
    };
    let others =
        [Question::Banner, Question::TlsHello, Question::SmtpEhlo, Question::FhirMetadata, Question::Hl7Http];
    let questions = order(Some("mqtt"), 0).into_iter().chain(others);
    questions
        .map(|question| {
            let sent = question.bytes(&call);
            let (protocol, product, tls) = match tell(question, &sent, heard) {
                Some(Told::Protocol { word, product }) => (Some(word), product, false),
                Some(Told::Tls) => (None, None, true),
                Some(Told::Greeting220) | None => (None, None, false),
            };
            let whole = whole(question, &sent, heard);
            Reading { asked: question.name(), protocol, product, tls, whole, status: http_status(heard) }
        })
        .collect()
}
