//! A name server for a test network: the far end's names lead to auscult, and no other name leads anywhere.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use auscult_facts::client::Asked;
use hickory_proto::op::{Message, MessageType, OpCode, ResponseCode};
use hickory_proto::rr::rdata::{A, AAAA};
use hickory_proto::rr::{RData, Record, RecordType};
use tokio::net::UdpSocket;
use tokio::task::JoinHandle;

use crate::wire::Meter;

/// Most questions that are answered.
pub(crate) const MOST_ANSWERS: u64 = 400;
/// Longest question that is read, in bytes: more does not come over UDP without an agreement (RFC 1035, 2.3.4).
const LONGEST: usize = 1_500;
/// How long an answer may be kept, in seconds; the device shall ask again when the bench is over.
const LIFETIME: u32 = 5;

/// A name server that runs until it is dropped.
#[derive(Debug)]
pub(crate) struct NameServer {
    asked: Arc<Counts>,
    serving: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Counts {
    far_end: AtomicU32,
    others: AtomicU32,
}

impl NameServer {
    /// Takes the address.
    pub(crate) async fn start(
        at: SocketAddr,
        device: IpAddr,
        names: Vec<String>,
        leads_to: IpAddr,
        meter: Arc<Meter>,
    ) -> std::io::Result<Self> {
        let socket = UdpSocket::bind(at).await?;
        let asked = Arc::new(Counts::default());
        let counts = Arc::clone(&asked);
        let serving = tokio::spawn(async move {
            let mut question = [0; LONGEST];
            let mut answered = 0;
            while answered < MOST_ANSWERS {
                let Ok((n, from)) = socket.recv_from(&mut question).await else {
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                    continue;
                };
                if from.ip().to_canonical() != device {
                    continue;
                }
                let question = question.get(..n).unwrap_or_default();
                let Some((ours, answer)) = answer(question, &names, leads_to) else { continue };
                let count = if ours { &counts.far_end } else { &counts.others };
                count.fetch_add(1, Relaxed);
                answered += 1;
                meter.datagram(n, answer.len());
                let _ = socket.send_to(&answer, from).await;
            }
        });
        Ok(Self { asked, serving })
    }

    /// How often it was asked.
    pub(crate) fn asked(&self) -> Asked {
        Asked { far_end: self.asked.far_end.load(Relaxed), others: self.asked.others.load(Relaxed) }
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// The answer to a question, and whether it was for a name of the far end.
fn answer(question: &[u8], names: &[String], leads_to: IpAddr) -> Option<(bool, Vec<u8>)> {
    let asked = Message::from_vec(question).ok()?;
    if asked.metadata.message_type != MessageType::Query || asked.metadata.op_code != OpCode::Query {
        return None;
    }
    let query = asked.queries.first()?.clone();
    let name = query.name().to_ascii();
    let name = name.trim_end_matches('.');
    let ours = names.iter().any(|n| n.eq_ignore_ascii_case(name));
    let mut answer = Message::response(asked.metadata.id, OpCode::Query);
    answer.metadata.recursion_desired = asked.metadata.recursion_desired;
    answer.metadata.recursion_available = true;
    if ours {
        let data = match (query.query_type(), leads_to) {
            (RecordType::A, IpAddr::V4(v4)) => Some(RData::A(A(v4))),
            (RecordType::AAAA, IpAddr::V6(v6)) => Some(RData::AAAA(AAAA(v6))),
            _ => None,
        };
        if let Some(data) = data {
            answer.add_answer(Record::from_rdata(query.name().clone(), LIFETIME, data));
        }
    } else {
        // No other name leads anywhere: nothing of the device leaves the bench.
        answer.metadata.response_code = ResponseCode::NXDomain;
    }
    answer.add_query(query);
    Some((ours, answer.to_vec().ok()?))
}

#[cfg(test)]
mod tests {
    use hickory_proto::op::Query;
    use hickory_proto::rr::Name;

    use super::*;

    fn ask(name: &str, kind: RecordType) -> (bool, Message) {
        let mut question = Message::query();
        question.add_query(Query::query(Name::from_ascii(name).unwrap(), kind));
        let names = ["platform.test".to_owned()];
        let (ours, bytes) =
            answer(&question.to_vec().unwrap(), &names, "192.0.2.1".parse().unwrap()).unwrap();
        let answer = Message::from_vec(&bytes).unwrap();
        assert_eq!(answer.metadata.id, question.metadata.id);
        (ours, answer)
    }

    #[test]
    fn only_the_far_end_leads_here() {
        let (ours, answer) = ask("PLATFORM.test.", RecordType::A);
        assert!(ours);
        assert_eq!(answer.answers[0].data, RData::A(A("192.0.2.1".parse().unwrap())));
        let (ours, answer) = ask("platform.test.", RecordType::AAAA);
        assert!(ours && answer.answers.is_empty());
        assert_eq!(answer.metadata.response_code, ResponseCode::NoError);
        let (ours, answer) = ask("elsewhere.test.", RecordType::A);
        assert!(!ours && answer.answers.is_empty());
        assert_eq!(answer.metadata.response_code, ResponseCode::NXDomain);
    }

    #[test]
    fn what_is_no_question_is_not_answered() {
        let mut answer_to_nobody = Message::response(7, OpCode::Query);
        answer_to_nobody.add_query(Query::query(Name::from_ascii("platform.test.").unwrap(), RecordType::A));
        for bytes in [&b""[..], b"\0\0", &[0xff; 40], &answer_to_nobody.to_vec().unwrap()] {
            assert!(answer(bytes, &["platform.test".to_owned()], "192.0.2.1".parse().unwrap()).is_none());
        }
    }
}
