//! Recognises a service over UDP by what it answers: one well-formed request of a protocol after the other, the best
//! guess first.
//!
//! What stays silent is [`Interrupted::Silent`]: it may be open and not understand us, filtered, or not there.

mod question;

use std::fmt::Write as _;

use auscult_facts::datagrams::WELL_KNOWN;
use auscult_facts::ports::PortState;
use auscult_facts::service::{ServiceFacts, protocol_word, word_means_tls};
use auscult_facts::{Interrupted, ServiceSubject, Subject};
use auscult_model::{Impact, Transport};

use crate::bench::{DATAGRAM, Replies};
use crate::{Bound, NodeBench, dtls};

pub use question::Reading;
pub use question::read;
use question::{Call, Question};
pub(crate) use question::{header, probe, search};

/// Datagrams that the recognition of one service may take.
const MOST: u64 = 30;

/// First bytes kept of a service that stays unknown.
const FIRST_BYTES: usize = 64;

/// How often the best guess is asked; whatever else is asked, is asked once.
const TRIES: u32 = 2;

/// Recognises one UDP service.
///
/// A service that is declared, or stands at a usual port, is asked in that protocol; only where neither says anything
/// every protocol is asked in turn; a fragile device is asked only what is declared. A port of which the node says that nothing listens there is closed.
///
/// # Errors
/// `Silent` when nothing came back; `NotAuthorised` below [`Impact::Safe`], because the least that can be said over UDP
/// is a request, and where a fragile device is not declared to speak anything; else what came in between.
pub async fn recognise(
    bench: &NodeBench,
    subject: &Subject,
    mark: &str,
) -> Result<ServiceFacts, Interrupted> {
    let service = subject.service.as_ref().ok_or(Interrupted::InstrumentFault)?;
    if service.transport != Transport::Udp {
        return Err(Interrupted::BeyondInstrument);
    }
    let mut asking = Asking { bench, port: service.port, mark, left: MOST, asked: Vec::new() };
    let order = order(service, bench.gentle());
    if order.is_empty() {
        // What it speaks is not declared, and a fragile device is asked nothing else.
        return Err(Interrupted::NotAuthorised);
    }
    let guessed = order.len() < Question::ALL.len();
    let mut strange = None;
    for question in order {
        for _ in 0..if guessed { TRIES } else { 1 } {
            match asking.ask(question).await {
                Ok(facts) if facts.protocol.is_none() && facts.tls.is_none() => {
                    strange.get_or_insert(facts);
                    break;
                }
                Ok(facts) => return Ok(asking.sign(facts)),
                Err(Interrupted::Silent) => {}
                Err(Interrupted::Closed) => return Ok(asking.sign(ServiceFacts::at(PortState::Closed))),
                Err(why) => return Err(why),
            }
        }
    }
    match strange {
        Some(facts) => Ok(asking.sign(facts)),
        None => Err(Interrupted::Silent),
    }
}

/// What the recognition of one service may cost at most.
pub fn bound(allowed: Impact) -> Bound {
    if allowed < Impact::Safe {
        return Bound::default();
    }
    Bound { connections: 0, packets: MOST * DATAGRAM }
}

/// The questions for a service, the best guess first; to a fragile device only those in a protocol that is declared.
fn order(service: &ServiceSubject, gentle: bool) -> Vec<Question> {
    let declared = service.declared.as_ref();
    let word = declared.and_then(|d| d.protocol.as_deref());
    let tls = declared.is_some_and(|d| d.tls) || word.is_some_and(word_means_tls);
    let usual = WELL_KNOWN.iter().find(|(port, _)| *port == service.port).map(|(_, word)| *word);
    let clear = word.filter(|_| !(gentle && tls)).map(protocol_word);
    let words = [tls.then_some("dtls"), clear, usual.filter(|_| !gentle)];
    let mut order: Vec<Question> = Vec::new();
    for word in words.into_iter().flatten() {
        for question in Question::ALL.into_iter().filter(|q| q.word() == word) {
            if !order.contains(&question) {
                order.push(question);
            }
        }
    }
    if order.is_empty() && !gentle { Question::ALL.into() } else { order }
}

struct Asking<'a> {
    bench: &'a NodeBench,
    port: u16,
    mark: &'a str,
    left: u64,
    asked: Vec<String>,
}

impl Asking<'_> {
    async fn ask(&mut self, question: Question) -> Result<ServiceFacts, Interrupted> {
        let name = question.name().to_owned();
        if !self.asked.contains(&name) {
            self.asked.push(name);
        }
        self.take(1)?;
        if question == Question::Dtls {
            return self.greet().await;
        }
        let call = Call { address: self.bench.address(), port: self.port, mark: self.mark };
        let sent = question.bytes(&call);
        match self.exchange(question, &sent, question.replies()).await {
            // A closed port shows only to a socket that hears this port alone.
            Err(Interrupted::Silent) if question.replies() == Replies::FromNode => {
                self.take(1)?;
                self.exchange(question, &sent, Replies::FromPort).await
            }
            done => done,
        }
    }

    async fn exchange(
        &mut self,
        question: Question,
        sent: &[u8],
        replies: Replies,
    ) -> Result<ServiceFacts, Interrupted> {
        let mut talk = self.bench.datagrams(self.port, Impact::Safe, replies).await?;
        let mut first = None;
        let told = talk
            .ask(sent, |heard| {
                first.get_or_insert_with(|| heard.to_vec());
                question.tell(sent, heard)
            })
            .await;
        let open = ServiceFacts::at(PortState::Open);
        match (told, first) {
            (Ok(told), _) => Ok(ServiceFacts {
                tls: Some(false),
                protocol: Some(told.word.to_owned()),
                by: Some(question.name().to_owned()),
                product: told.product,
                ..open
            }),
            (Err(Interrupted::NotUnderstood), Some(first)) => {
                Ok(ServiceFacts { first_bytes: Some(hex(&first)), ..open })
            }
            (Err(why), _) => Err(why),
        }
    }

    async fn greet(&mut self) -> Result<ServiceFacts, Interrupted> {
        self.take(2)?;
        let greeting = dtls::greet(self.bench, self.port, &dtls::usual_hello(self.mark)).await?;
        let open = ServiceFacts::at(PortState::Open);
        let by = Some(Question::Dtls.name().to_owned());
        Ok(match greeting {
            dtls::Greeting::Strange(first) => ServiceFacts { first_bytes: Some(hex(&first)), ..open },
            dtls::Greeting::Answered { hello, .. } => {
                ServiceFacts { tls: Some(true), tls_unfinished: hello.is_none(), by, ..open }
            }
        })
    }

    fn take(&mut self, datagrams: u64) -> Result<(), Interrupted> {
        self.left = self.left.checked_sub(datagrams).ok_or(Interrupted::Silent)?;
        Ok(())
    }

    fn sign(&self, facts: ServiceFacts) -> ServiceFacts {
        ServiceFacts { asked: self.asked.clone(), ..facts }
    }
}

/// A whole number of this run below 2^31, for ids of our own.
pub(crate) fn number(mark: &str) -> u32 {
    mark.bytes().fold(0x0115_c017u32, |n, b| n.rotate_left(5) ^ u32::from(b)) & 0x7fff_ffff
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(FIRST_BYTES).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use auscult_facts::Declared;

    fn service(port: u16, protocol: Option<&str>, tls: bool) -> ServiceSubject {
        ServiceSubject {
            name: "s".into(),
            port,
            transport: Transport::Udp,
            declared: Some(Declared { protocol: protocol.map(str::to_owned), tls, ..Declared::default() }),
            recognised: None,
            tls_seen: None,
            flows: Vec::new(),
            pages: Vec::new(),
        }
    }

    #[test]
    fn the_declaration_is_asked_before_the_port_and_all_only_without_both() {
        let snmp = [Question::SnmpV3, Question::SnmpV2c, Question::SnmpV1];
        assert_eq!(order(&service(9161, Some("snmp"), false), false), snmp);
        assert_eq!(order(&service(161, Some("coap"), false), false), [&[Question::Coap][..], &snmp].concat());
        assert_eq!(order(&service(5684, Some("coaps"), false), false), [Question::Dtls, Question::Coap]);
        assert_eq!(order(&service(4000, Some("homegrown"), false), false), Question::ALL);
    }

    #[test]
    fn a_fragile_device_is_asked_what_it_is_declared_to_speak_and_nothing_else() {
        assert_eq!(order(&service(161, Some("coap"), false), true), [Question::Coap]);
        assert_eq!(order(&service(5684, Some("coap"), true), true), [Question::Dtls]);
        assert_eq!(order(&service(161, Some("homegrown"), false), true), []);
        assert_eq!(order(&service(161, None, false), true), []);
    }

    #[test]
    fn no_order_of_questions_is_longer_than_what_was_announced() {
        let datagrams = |q: &Question| match q {
            Question::Dtls => 3,
            q if q.replies() == Replies::FromNode => 2,
            _ => 1,
        };
        for port in [1, 161, 5684] {
            for (word, tls) in
                [(None, false), (Some("snmp"), true), (Some("tftp"), true), (Some("ssdp"), false)]
            {
                let order = order(&service(port, word, tls), false);
                let tries = if order.len() < Question::ALL.len() { TRIES.into() } else { 1 };
                let most: u64 = order.iter().map(datagrams).sum::<u64>() * tries;
                assert!(most <= MOST, "{port} {word:?}: {most}");
            }
        }
    }
}
