//! The well-formed question of each protocol, and what an answer to it, or to anything else, says.

use std::time::Duration;

use auscult_facts::{Interrupted, Subject};
use auscult_model::Impact;
use auscult_wire::dicom::{self, AssociateRq, ContextOffer, Pdu};
use auscult_wire::mllp::{self, Frames, Message};
use tokio::time::Instant;

use crate::mqtt::door::{Shut, Talk};
use crate::{Errand, NodeBench};

/// Most reads of one conversation.
const READS: usize = 12;

/// Packets that one conversation can cost: opening and closing, a TLS handshake, the longest input, and the reads.
pub(super) const PACKETS: u64 = 60 + 80 + READS as u64 * 10;

/// More than any conversation here costs: they end by [`READS`].
const ALLOWANCE: u64 = 1 << 30;

/// What an answer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    /// `status 400`, `CONNACK 5`, `AR`, `accepted` …
    pub(super) word: String,
    /// Whether it is an error of the protocol.
    pub(super) error: bool,
}

/// How one service is spoken to.
pub(super) struct Speech<'a> {
    bench: &'a NodeBench,
    subject: &'a Subject,
    pub(super) protocol: &'static str,
    question: Vec<u8>,
}

impl<'a> Speech<'a> {
    pub(super) fn of(
        bench: &'a NodeBench,
        subject: &'a Subject,
        errand: &Errand,
        protocol: &'static str,
    ) -> Self {
        Self { bench, subject, protocol, question: question(bench, subject, errand, protocol) }
    }

    /// Asks the well-formed question on a connection of its own; gives the word of the answer.
    pub(super) async fn ask(&self) -> Result<String, Interrupted> {
        let mut talk = self.open().await?;
        talk.send(&self.question).await?;
        let said = self.hear(&mut talk, self.bench.patience()).await;
        self.part(talk).await;
        match said? {
            Some(said) => Ok(said.word),
            None => Err(Interrupted::AccessRefused),
        }
    }

    pub(super) async fn open(&self) -> Result<Talk, Interrupted> {
        match Talk::open(self.bench, self.subject, Impact::Disruptive, ALLOWANCE).await {
            Ok(talk) => Ok(talk),
            Err(Shut::CertificateDemanded) => Err(Interrupted::AccessRefused),
            Err(Shut::Other(why)) => Err(why),
        }
    }

    /// Hears until an answer is whole; `None` when the other end closed before.
    pub(super) async fn hear(
        &self,
        talk: &mut Talk,
        patience: Duration,
    ) -> Result<Option<Said>, Interrupted> {
        let until = Instant::now() + patience;
        let mut held = Vec::new();
        for _ in 0..READS {
            match talk.hear(until).await? {
                Some(bytes) => held.extend(bytes),
                None if held.is_empty() => return Ok(None),
                None => break,
            }
            if let Some(said) = read(self.protocol, &held) {
                return Ok(Some(said));
            }
        }
        Err(Interrupted::NotUnderstood)
    }

    /// Takes its leave as the protocol does.
    pub(super) async fn part(&self, mut talk: Talk) {
        let farewell: &[u8] = match self.protocol {
            "mqtt" => &[0xe0, 0],
            "dicom" => &[7, 0, 0, 0, 0, 4, 0, 0, 0, 0],
            _ => &[],
        };
        if !farewell.is_empty() {
            let _ = talk.send(farewell).await;
        }
        talk.close().await;
    }

    /// How the path of a web service begins.
    pub(super) fn base(&self) -> String {
        base(self.subject)
    }

    /// The name of the host in a request.
    pub(super) fn host(&self) -> String {
        host(self.bench, self.subject)
    }
}

fn base(subject: &Subject) -> String {
    let declared = subject.service.as_ref().and_then(|s| s.declared.as_ref());
    declared.and_then(|d| d.base.clone()).unwrap_or_default().trim_end_matches('/').to_owned()
}

fn host(bench: &NodeBench, subject: &Subject) -> String {
    subject.host_names.first().cloned().unwrap_or_else(|| bench.address().to_string())
}

fn question(bench: &NodeBench, subject: &Subject, errand: &Errand, protocol: &str) -> Vec<u8> {
    match protocol {
        "mqtt" => connect(&format!("auscult-{}-rob", errand.mark)),
        "hl7-mllp" => mllp::frame(query(errand).as_bytes()),
        "dicom" => Pdu::AssociateRq(association(subject, errand)).write(),
        _ => {
            let path = if protocol == "fhir" { base(subject) + "/metadata" } else { "/".to_owned() };
            let host = host(bench, subject);
            format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\nConnection: close\r\n\r\n")
                .into_bytes()
        }
    }
}

/// A CONNECT of MQTT 3.1.1 with a clean session and nothing else.
fn connect(id: &str) -> Vec<u8> {
    let id = id.as_bytes();
    let mut body = b"\0\x04MQTT\x04\x02\0\x05\0".to_vec();
    body.push(u8::try_from(id.len()).unwrap_or(u8::MAX));
    body.extend_from_slice(id);
    let mut packet = vec![0x10, u8::try_from(body.len()).unwrap_or(u8::MAX)];
    packet.extend(body);
    packet
}

/// A query for a patient who does not exist, for training: it stores nothing.
pub(super) fn query(errand: &Errand) -> String {
    let now = errand.at.strftime("%Y%m%d%H%M%S");
    let id = &errand.mark;
    format!(
        "MSH|^~\\&|AUSCULT|AUSCULT-STRANGER|||{now}||QRY^A19|{id}|T|2.3.1\r\
         QRD|{now}|R|I|{id}|||1^RD|AUSCULT-NO-SUCH-PATIENT|DEM\r"
    )
}

/// Asks for nothing but verification.
pub(super) fn association(subject: &Subject, errand: &Errand) -> AssociateRq {
    let declared = subject.service.as_ref().and_then(|s| s.declared.as_ref());
    AssociateRq {
        called: declared.and_then(|d| d.ae_title.clone()).unwrap_or_else(|| "ANY-SCP".to_owned()),
        calling: format!("AUSCULT-{}", errand.mark.to_ascii_uppercase()),
        max_pdu: 16 << 10,
        contexts: vec![ContextOffer {
            id: 1,
            abstract_syntax: "1.2.840.10008.1.1".to_owned(),
            transfer_syntaxes: vec![dicom::IMPLICIT_LITTLE_ENDIAN.to_owned()],
        }],
    }
}

/// Reads an answer; `None` while it is not whole, or where it is none.
pub(super) fn read(protocol: &str, held: &[u8]) -> Option<Said> {
    let said = |word: String, error| Some(Said { word, error });
    match protocol {
        "mqtt" => match held {
            [0x20, 2 | 3, _, code, ..] => said(format!("CONNACK {code}"), *code != 0),
            [0xe0, ..] => said("DISCONNECT".to_owned(), true),
            _ => None,
        },
        "hl7-mllp" => {
            let frame = Frames::default().take(held).ok()??;
            let message = Message::read(&frame).ok()?;
            let code = String::from_utf8_lossy(message.segment("MSA")?.field(1)).into_owned();
            ["AA", "AE", "AR", "CA", "CE", "CR"].contains(&code.as_str()).then_some(())?;
            let error = !code.ends_with('A');
            said(code, error)
        }
        "dicom" => match Pdu::read(held).ok()??.0 {
            Pdu::AssociateAc(_) => said("accepted".to_owned(), false),
            Pdu::AssociateRj { result, source, reason } => {
                said(format!("rejected {result}/{source}/{reason}"), true)
            }
            Pdu::Abort { .. } => said("aborted".to_owned(), true),
            _ => None,
        },
        _ => {
            let line = held.split(|b| *b == b'\n').next()?;
            let line = std::str::from_utf8(line).ok()?.strip_prefix("HTTP/1.")?;
            let status: u16 = line.get(2..5)?.parse().ok()?;
            said(format!("status {status}"), status >= 400)
        }
    }
}

/// Whether an answer says that it has enough of us for now, and not that anything is broken.
pub(super) fn refuses(word: &str) -> bool {
    ["status 403", "status 429", "status 503", "CONNACK 3"].contains(&word) || word.starts_with("rejected 2/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_as_words() {
        let said = |protocol, bytes: &[u8]| read(protocol, bytes).map(|s| (s.word, s.error));
        assert_eq!(said("http", b"HTTP/1.1 404 Not Found\r\n"), Some(("status 404".to_owned(), true)));
        assert_eq!(said("fhir", b"HTTP/1.0 200 OK\r\n"), Some(("status 200".to_owned(), false)));
        assert_eq!(said("mqtt", &[0x20, 2, 0, 5]), Some(("CONNACK 5".to_owned(), true)));
        assert_eq!(said("mqtt", &[0x20, 2, 0]), None);
        assert_eq!(said("dicom", &[3, 0, 0, 0, 0, 4, 0, 1, 1, 7]), Some(("rejected 1/1/7".to_owned(), true)));
        let ack = mllp::frame(b"MSH|^~\\&|A|B|C|D|1||ACK|1|T|2.3.1\rMSA|AE|1\r");
        assert_eq!(said("hl7-mllp", &ack), Some(("AE".to_owned(), true)));
        for protocol in ["http", "fhir", "mqtt", "hl7-mllp", "dicom"] {
            assert_eq!(said(protocol, b"220 something else\r\n"), None, "{protocol}");
        }
    }
}
