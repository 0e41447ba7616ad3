//! Looks at an HL7 v2 receiver as a stranger, over MLLP or within HTTP.
//!
//! The one message sent is a query for the demographics of a patient (QRY^A19, HL7 v2.3.1 chapter 3) whose id says
//! that there is none. A query stores nothing and changes nothing, whoever answers it; an observation or an
//! admission would, and a receiver that takes them from anybody would file ours. Its processing id is `T`
//! (training), so that nobody takes it for care. What comes back is read for codes and for the kind of reason;
//! its text may hold patient data and is forgotten.

mod web;

use auscult_facts::hl7::{AckCode, Hl7Facts, Reason, Reply, WITHIN_HTTP};
use auscult_facts::{Answer, Interrupted, NotAsked, Subject};
use auscult_model::Impact;
use auscult_wire::mllp::{self, Frames, Message, Segment};

use crate::mqtt::door::{OPENING_PACKETS, Shut, Talk, inside_tls};
use crate::{Bound, Depth, Errand, NodeBench, Observer};

/// Packets that the query and its answer may cost.
const ALLOWANCE: u64 = 250;

/// What the last read and the goodbye may add to the allowance.
const SLACK: u64 = 30;

/// Messages without an acknowledgement that are let pass before one is given up.
const MAX_OTHERS: usize = 4;

/// The observer of HL7 receivers.
#[derive(Debug)]
pub struct Hl7;

impl Observer for Hl7 {
    type Facts = Hl7Facts;
    const NAME: &'static str = "hl7/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, _: Impact) -> Bound {
        let packets = (OPENING_PACKETS + ALLOWANCE + SLACK).max(web::bound().packets);
        Bound { connections: web::bound().connections.max(1), packets }
    }

    async fn look(bench: &NodeBench, subject: &Subject, errand: &Errand) -> Result<Hl7Facts, Interrupted> {
        let tls = inside_tls(subject);
        if subject.service.as_ref().and_then(|s| s.protocol()) == Some(WITHIN_HTTP) {
            return web::look(bench, subject, errand).await;
        }
        let mut talk = match Talk::open(bench, subject, Impact::Safe, ALLOWANCE).await {
            Ok(talk) => talk,
            Err(Shut::Other(why)) => return Err(why),
            Err(Shut::CertificateDemanded) => {
                return Ok(Hl7Facts {
                    tls,
                    client_certificate_demanded: true,
                    credentials_demanded: false,
                    stranger: Answer::NotAsked(NotAsked::NoOccasion),
                });
            }
        };
        let id = errand.mark.as_str();
        let asked = talk.send(&mllp::frame(query(id, errand).as_bytes())).await;
        let reply = match asked {
            Ok(()) => hear(&mut talk, id).await,
            Err(why) => Err(why),
        };
        talk.close().await;
        // Without one HL7 message nothing was seen, not even that HL7 is spoken here.
        Ok(Hl7Facts {
            tls,
            client_certificate_demanded: false,
            credentials_demanded: false,
            stranger: Answer::Seen(reply?),
        })
    }
}

/// The query; every name in it is visibly invented.
fn query(id: &str, errand: &Errand) -> String {
    let now = errand.at.strftime("%Y%m%d%H%M%S");
    format!(
        "MSH|^~\\&|AUSCULT|AUSCULT-STRANGER|||{now}||QRY^A19|{id}|T|2.3.1\r\
         QRD|{now}|R|I|{id}|||1^RD|AUSCULT-NO-SUCH-PATIENT|DEM\r"
    )
}

async fn hear(talk: &mut Talk, id: &str) -> Result<Reply, Interrupted> {
    let until = talk.deadline();
    let mut frames = Frames::default();
    let mut others = 0;
    loop {
        let bytes = match talk.hear(until).await {
            Ok(Some(bytes)) => bytes,
            Ok(None) | Err(Interrupted::TimedOut) if others > 0 => break,
            Ok(None) => return Err(Interrupted::AccessRefused),
            Err(why) => return Err(why),
        };
        let mut fresh = bytes.as_slice();
        while let Some(message) = frames.take(fresh).map_err(|_| Interrupted::NotUnderstood)? {
            if let Some(reply) = read(&message, id).map_err(|_| Interrupted::NotUnderstood)? {
                return Ok(reply);
            }
            others += 1;
            fresh = &[];
        }
        if others > MAX_OTHERS {
            break;
        }
    }
    Ok(Reply { code: None, reason: Reason::Unsaid, answers_query: false })
}

/// Reads an acknowledgement; `None` when the message is none.
///
/// # Errors
/// When the bytes are no HL7 message.
pub fn read(message: &[u8], id: &str) -> Result<Option<Reply>, mllp::Error> {
    let message = Message::read(message)?;
    let Some(told) = message.segment("MSA") else { return Ok(None) };
    let answered = told.field(2);
    Ok(Some(Reply {
        code: AckCode::from_word(told.field(1)),
        reason: reason(&message, told),
        // Careless receivers leave the id out; on a fresh connection there is nothing else to answer.
        answers_query: answered.is_empty() || answered == id.as_bytes(),
    }))
}

fn reason(message: &Message<'_>, told: Segment<'_>) -> Reason {
    let errors: Vec<Segment<'_>> = message.segments().filter(|s| s.name() == b"ERR").take(16).collect();
    // Where the error lies: ERR-2 since v2.5, ERR-1 before; segment, sequence, field.
    for error in &errors {
        for place in [2, 1] {
            if error.component(place, 1) == b"MSH" {
                match error.component(place, 3) {
                    b"3" | b"4" => return Reason::Sender,
                    b"5" | b"6" => return Reason::Receiver,
                    b"9" | b"11" | b"12" => return Reason::Message,
                    _ => {}
                }
            }
        }
    }
    // HL7 table 0357: 200 message type, 201 event, 202 processing id, 203 version.
    let unsupported = |code: &[u8]| matches!(code.get(..3), Some(b"200" | b"201" | b"202" | b"203"));
    if errors.iter().any(|e| unsupported(e.component(3, 1)) || unsupported(e.component(1, 4)))
        || unsupported(told.component(6, 1))
    {
        return Reason::Message;
    }
    let mut words = String::new();
    for field in [told.field(3), told.field(6)] {
        words.push(' ');
        words.push_str(&String::from_utf8_lossy(field).to_lowercase());
    }
    for error in &errors {
        words.push(' ');
        words.push_str(&String::from_utf8_lossy(error.rest()).to_lowercase());
    }
    let says = |signs: &[&str]| signs.iter().any(|sign| words.contains(sign));
    if says(&[
        "sending",
        "sender",
        "msh-3",
        "msh-4",
        "msh.3",
        "msh.4",
        "not authori",
        "unauthori",
        "untrusted",
    ]) {
        Reason::Sender
    } else if says(&["receiving", "receiver", "msh-5", "msh-6", "msh.5", "msh.6"]) {
        Reason::Receiver
    } else if says(&[
        "message type",
        "unsupported",
        "not supported",
        "trigger",
        "event",
        "version",
        "processing",
    ]) {
        Reason::Message
    } else if words.chars().any(char::is_alphanumeric) {
        Reason::Other
    } else {
        Reason::Unsaid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "MSH|^~\\&|PUMP|WARD|AUSCULT|AUSCULT-STRANGER|20260101||ACK^A19|7|T|2.3.1\r";

    fn reply(rest: &str) -> Reply {
        read(format!("{HEAD}{rest}").as_bytes(), "abcd1234").unwrap().unwrap()
    }

    #[test]
    fn an_accept_is_read() {
        let reply = reply("MSA|AA|abcd1234\r");
        assert_eq!((reply.code, reply.reason), (Some(AckCode::ApplicationAccept), Reason::Unsaid));
        assert!(reply.answers_query);
    }

    #[test]
    fn a_reject_tells_why_by_place_code_or_words() {
        for (rest, reason) in [
            ("MSA|AR|abcd1234|unknown sending application\r", Reason::Sender),
            ("MSA|AR|abcd1234\rERR|MSH^1^3^103\r", Reason::Sender),
            ("MSA|AR|abcd1234\rERR||MSH^1^4|103\r", Reason::Sender),
            ("MSA|AR|abcd1234|sender ok\rERR||MSH^1^9|200\r", Reason::Message),
            ("MSA|AR|abcd1234\rERR|||201^Unsupported event\r", Reason::Message),
            ("MSA|AR|abcd1234|Unsupported message type\r", Reason::Message),
            ("MSA|AR|abcd1234\rERR||MSH^1^5|103\r", Reason::Receiver),
            ("MSA|AE|abcd1234|disk full\r", Reason::Other),
            ("MSA|AR|abcd1234\r", Reason::Unsaid),
            ("MSA|AR|abcd1234|||\r", Reason::Unsaid),
        ] {
            assert_eq!(reply(rest).reason, reason, "{rest}");
        }
    }

    #[test]
    fn an_answer_to_something_else_is_seen_as_such() {
        assert!(!reply("MSA|AA|other\r").answers_query);
        assert!(reply("MSA|AA\r").answers_query);
        assert_eq!(reply("MSA|OK|abcd1234\r").code, None);
        assert_eq!(read(HEAD.as_bytes(), "abcd1234"), Ok(None));
        assert!(read(b"HTTP/1.1 400", "abcd1234").is_err());
    }
}
