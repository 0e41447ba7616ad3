//! The conversation with one port: which question comes next, over which connection, and when to leave it at that.

mod line;

use std::time::Duration;

use auscult_facts::ports::PortState;
use auscult_facts::service::{OVER_HTTP, ServiceFacts, protocol_word, word_means_tls};
use auscult_facts::{Interrupted, ServiceSubject, Subject};
use auscult_model::Impact;
use tokio::time::{Instant, sleep};

use crate::bench::{NodeBench, Session};

use super::question::{self, Call, Question};
use super::tell::{Told, http_status, tell};

/// Connections of one interview: all questions in clear, a TLS hello, and the last one that waits longest.
pub(super) const CONNECTIONS: u64 = question::MOST + 8;

/// Reads from one connection; each is answered by an acknowledgement.
const READS: u32 = 40;

/// Bytes taken in from one connection: a TLS handshake with a long chain fits.
const BYTES: usize = 24 << 10;

/// Packets that one connection can cost: opening and closing, the flights of a handshake and a question with its
/// farewell, an acknowledgement for each read and each 500 bytes (the last read may bring 8192 more).
pub(super) const PACKETS: u64 = 4 + 12 + READS as u64 + (BYTES as u64 + 8192) / 500;

/// Longest answer listened to, in bytes.
const ANSWER: usize = 4096;

/// Bytes kept of an answer that nobody understands.
const FIRST_BYTES: usize = 64;

/// Time between two attempts to connect, and between two connections that were closed at once.
const PAUSE: Duration = Duration::from_millis(400);

/// Of the time for one observation, this much is left for the last question.
const RESERVE: Duration = Duration::from_secs(10);

/// How a connection stood after listening to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Open and silent.
    Open,
    /// Closed by the other side, in order, by a reset or by a TLS alert.
    Closed,
}

/// What came back.
struct Heard {
    bytes: Vec<u8>,
    end: End,
}

/// What a TLS hello brought about.
enum Hello {
    /// A session, and whether a client certificate was asked for.
    Inside(Box<Session>, bool),
    /// TLS, but no session.
    Refused { demanded: bool },
    /// Something that is not TLS, or nothing.
    Clear(Heard),
}

/// One port under questions.
pub(super) struct Interview<'a> {
    bench: &'a NodeBench,
    subject: &'a Subject,
    port: u16,
    call: Call<'a>,
    /// Declared protocol, as recognition calls it.
    declared: Option<&'a str>,
    /// TLS is declared, by flag or by word.
    declared_tls: bool,
    facts: ServiceFacts,
    connections: u64,
    deadline: Instant,
    /// How long the fastest connect took.
    round_trip: Duration,
    /// Whether it ever said anything, in the layer that is asked now.
    spoke: bool,
    /// It greeted with `220` when it had been asked something already.
    greets: bool,
    /// Status of its HTTP answer.
    status: Option<u16>,
}

impl<'a> Interview<'a> {
    pub(super) fn new(
        bench: &'a NodeBench,
        subject: &'a Subject,
        service: &'a ServiceSubject,
        mark: &'a str,
    ) -> Self {
        let declared = service.declared.as_ref();
        let word = declared.and_then(|d| d.protocol.as_deref());
        Self {
            bench,
            subject,
            port: service.port,
            call: Call {
                address: bench.address(),
                port: service.port,
                host_name: subject.host_names.first().map(String::as_str),
                ae_title: declared.and_then(|d| d.ae_title.as_deref()),
                base: declared.and_then(|d| d.base.as_deref()),
                mark,
            },
            declared: word.map(protocol_word),
            declared_tls: declared.is_some_and(|d| d.tls) || word.is_some_and(word_means_tls),
            facts: ServiceFacts::at(PortState::Open),
            connections: 0,
            deadline: Instant::now() + bench.limits().observation.saturating_sub(RESERVE),
            round_trip: Duration::ZERO,
            spoke: false,
            greets: false,
            status: None,
        }
    }

    /// Asks until it is known or nothing is left to ask.
    pub(super) async fn hold(mut self) -> Result<ServiceFacts, Interrupted> {
        let asked =
            if self.bench.allowed() < Impact::Safe { self.touch().await } else { self.ask_all().await };
        match asked {
            Ok(()) => {}
            // What was learnt stands, unless the work was stopped or it was never spoken to.
            Err(Interrupted::Closed | Interrupted::Unreachable | Interrupted::AccessRefused)
                if !self.facts.asked.is_empty() => {}
            Err(why) => return Err(why),
        }
        if self.facts.protocol.is_some() || self.facts.tls == Some(true) {
            self.facts.first_bytes = None;
        }
        Ok(self.facts)
    }

    /// One connection: a greeting, or a TLS hello where TLS is declared.
    async fn touch(&mut self) -> Result<(), Interrupted> {
        if self.declared_tls {
            match self.hello(Duration::ZERO).await? {
                Hello::Inside(mut session, asked) => {
                    let greeting = self.listen(&mut session, self.bench.patience() / 4).await;
                    self.inside_silence(&greeting, asked);
                    self.learn(Question::Banner, &[], &greeting);
                    session.part().await;
                }
                Hello::Refused { demanded } => self.facts.client_certificate_demanded = demanded,
                Hello::Clear(heard) => {
                    self.learn(Question::TlsHello, &[], &heard);
                }
            }
            return Ok(());
        }
        let mut session = self.connect().await?;
        self.facts.asked.push(Question::Banner.name().to_owned());
        let greeting = self.listen(&mut session, self.bench.patience() / 2).await;
        self.facts.closes_at_once = greeting.end == End::Closed && greeting.bytes.is_empty();
        self.learn(Question::Banner, &[], &greeting);
        session.part().await;
        Ok(())
    }

    /// What a device is asked that may fall over everything it does not know, and what is on a port that prints: what
    /// is declared, and nothing else.
    async fn ask_declared(&mut self) -> Result<(), Interrupted> {
        let declared = self.declared.filter(|word| question::client_speaks_first(word));
        let first = declared.and_then(|word| question::order(Some(word), self.port).into_iter().next());
        // A caller that it does not know is one of the things that devices fall over.
        let first = first.filter(|question| *question != Question::DicomAssociate);
        if self.declared_tls {
            let old = self.bench.offers_old_tls_only(self.port);
            self.try_tls(Duration::ZERO).await?;
            if old && !self.bench.offers_old_tls_only(self.port) {
                self.forget();
                self.try_tls(Duration::ZERO).await?;
            }
            return Ok(());
        }
        match first {
            Some(first) => self.ask_in_clear(first).await.map(drop),
            None => {
                let mut session = self.connect().await?;
                self.note(Question::Banner, false);
                let greeting = self.listen(&mut session, self.bench.patience()).await;
                self.facts.closes_at_once = greeting.end == End::Closed && greeting.bytes.is_empty();
                self.learn(Question::Banner, &[], &greeting);
                session.part().await;
                Ok(())
            }
        }
    }

    async fn ask_all(&mut self) -> Result<(), Interrupted> {
        if self.spares() {
            return self.ask_declared().await;
        }
        let speaks_first = self.declared.is_some_and(question::client_speaks_first);
        if !self.declared_tls && speaks_first {
            // What is declared is asked at once: usually that is all.
            let first = question::order(self.declared, self.port).into_iter().next();
            if let Some(first) = first
                && self.ask_in_clear(first).await?
            {
                return Ok(());
            }
        }
        let listen = if self.declared_tls { Duration::ZERO } else { self.quick() };
        let known = self.try_tls(listen).await?;
        // Who speaks first is known by the greeting or not at all: the questions are for servers that wait for one.
        if known || self.facts.closes_at_once || (self.spoke && self.last_asked(Question::Banner)) {
            return Ok(());
        }
        let mut questions = question::order(self.declared, self.port);
        questions.retain(|q| !self.facts.asked.iter().any(|asked| asked == q.name()));
        for next in questions {
            if self.is_spared(next) {
                continue;
            }
            if Instant::now() >= self.deadline || self.connections + 3 >= CONNECTIONS {
                break;
            }
            if self.ask_in_clear(next).await? {
                return Ok(());
            }
        }
        self.wait_longest().await
    }

    /// Asks one question over a connection of its own; whether the service is known now.
    async fn ask_in_clear(&mut self, next: Question) -> Result<bool, Interrupted> {
        let mut session = self.connect().await?;
        let known = self.exchange(&mut session, next, self.quick()).await?;
        session.part().await;
        if !known {
            return if self.greets { self.mail_or_file_again().await } else { Ok(false) };
        }
        // Web servers answer in clear, with an error, what is not TLS on their TLS port; others send an alert.
        let doubtful = self.facts.tls == Some(true) || self.status == Some(400);
        if doubtful
            && !self.spares()
            && !self.facts.asked.iter().any(|asked| asked == Question::TlsHello.name())
        {
            let in_clear = self.facts.clone();
            self.forget();
            self.try_tls(Duration::ZERO).await?;
            if self.facts.tls != Some(true) {
                let asked = std::mem::take(&mut self.facts.asked);
                self.facts = ServiceFacts { asked, ..in_clear };
            }
        }
        Ok(true)
    }

    /// Says a TLS hello after having listened for a greeting, and asks inside; whether the service is known now.
    async fn try_tls(&mut self, listen: Duration) -> Result<bool, Interrupted> {
        let mut hello = self.hello(listen).await?;
        if self.facts.closes_at_once {
            // Twice, since a server that serves one at a time may have been busy with our last connection.
            sleep(PAUSE).await;
            self.facts.closes_at_once = false;
            hello = self.hello(listen.max(self.quick())).await?;
        }
        match hello {
            Hello::Inside(session, asked) => {
                self.inside(*session, asked).await?;
                Ok(true)
            }
            Hello::Refused { demanded } => {
                self.facts.client_certificate_demanded = demanded;
                Ok(true)
            }
            Hello::Clear(heard) => {
                let asked =
                    if self.last_asked(Question::Banner) { Question::Banner } else { Question::TlsHello };
                if tell(asked, &[], &heard.bytes) == Some(Told::Greeting220) {
                    return self.mail_or_file_again().await;
                }
                Ok(self.learn(asked, &[], &heard))
            }
        }
    }

    /// Asks inside TLS, over the session that is there and then over new ones.
    async fn inside(&mut self, session: Session, asked_for_certificate: bool) -> Result<(), Interrupted> {
        self.spoke = false;
        let mut session = Some(session);
        let speaks_first = self.declared.is_some_and(question::client_speaks_first);
        if let Some(open) = session.as_mut()
            && (!speaks_first || asked_for_certificate)
        {
            // With TLS 1.3 a certificate that is missing is complained about only now.
            let greeting = self.listen(open, self.quick()).await;
            if self.inside_silence(&greeting, asked_for_certificate) {
                return Ok(());
            }
            if tell(Question::Banner, &[], &greeting.bytes) == Some(Told::Greeting220) {
                self.mail_or_file(open, &greeting).await;
                return Ok(());
            }
            if self.learn(Question::Banner, &[], &greeting) {
                return Ok(());
            }
            if greeting.end != End::Open {
                session = None;
            }
        }
        let mut questions = question::order(self.declared, self.port);
        if self.spares() {
            questions.truncate(usize::from(speaks_first));
            questions.retain(|question| *question != Question::DicomAssociate);
        }
        for next in questions {
            if self.is_spared(next) {
                continue;
            }
            if Instant::now() >= self.deadline || self.connections + 1 >= CONNECTIONS {
                break;
            }
            let mut open = match session.take() {
                Some(open) => open,
                None => match self.hello(Duration::ZERO).await? {
                    Hello::Inside(open, _) => *open,
                    Hello::Refused { .. } | Hello::Clear(_) => break,
                },
            };
            let known = self.exchange(&mut open, next, self.quick()).await?;
            open.part().await;
            if known {
                break;
            }
        }
        Ok(())
    }

    /// One more connection with all patience: for greetings that take seconds, and for slow web servers.
    async fn wait_longest(&mut self) -> Result<(), Interrupted> {
        let patience = self.bench.patience();
        let mut session = self.connect().await?;
        let begun = Instant::now();
        let greeting = self.listen(&mut session, patience).await;
        let at_once = begun.elapsed() < PAUSE && greeting.bytes.is_empty();
        self.facts.closes_at_once = greeting.end == End::Closed && at_once && !self.spoke;
        if !self.learn(Question::Banner, &[], &greeting) && greeting.end == End::Open && !self.spoke {
            let declared = self.declared.filter(|word| question::client_speaks_first(word));
            let first = question::order(declared, self.port).into_iter().next();
            let last = first.filter(|_| declared.is_some()).unwrap_or(Question::HttpGet);
            self.exchange(&mut session, last, patience).await?;
        }
        session.part().await;
        Ok(())
    }

    /// Says one question and listens; whether the service is known now.
    async fn exchange(
        &mut self,
        session: &mut Session,
        next: Question,
        patience: Duration,
    ) -> Result<bool, Interrupted> {
        let inside = matches!(session, Session::Tls(_));
        self.note(next, inside);
        let sent = next.bytes(&self.call);
        let sending = session.send(&sent, self.bench.patience()).await;
        // Where it hung up meanwhile, what it said before is heard below.
        if let Err(why @ (Interrupted::SafetyStop | Interrupted::BudgetSpent)) = sending {
            return Err(why);
        }
        let heard = self.hear(session, next, &sent, patience).await;
        self.greets = tell(next, &sent, &heard.bytes) == Some(Told::Greeting220);
        let known = self.learn(next, &sent, &heard);
        if known && !next.farewell().is_empty() && heard.end == End::Open {
            let farewell = next.farewell();
            let _ = session.send(farewell, self.quick()).await;
            if next == Question::DicomAssociate {
                // The answer to the release ends the association properly.
                let _ = self.hear(session, Question::Banner, &[], self.quick()).await;
            }
        }
        Ok(known)
    }

    /// Asks a server that has greeted with `220`: of FTP and SMTP only one knows EHLO.
    async fn mail_or_file(&mut self, session: &mut Session, greeting: &Heard) -> bool {
        self.keep_first(&greeting.bytes);
        let inside = matches!(session, Session::Tls(_));
        self.note(Question::SmtpEhlo, inside);
        let sent = Question::SmtpEhlo.bytes(&self.call);
        let _ = session.send(&sent, self.quick()).await;
        let heard = self.hear(session, Question::SmtpEhlo, &sent, self.bench.patience()).await;
        let known = self.learn(Question::SmtpEhlo, &sent, &heard);
        let _ = session.send(Question::SmtpEhlo.farewell(), self.quick()).await;
        known
    }

    /// As [`mail_or_file`](Self::mail_or_file), over a new connection on which nothing was said yet.
    async fn mail_or_file_again(&mut self) -> Result<bool, Interrupted> {
        let mut session = self.connect().await?;
        let greeting = self.listen(&mut session, self.bench.patience()).await;
        let known = self.mail_or_file(&mut session, &greeting).await;
        session.part().await;
        Ok(known)
    }

    /// Writes down what an answer proves; whether it proves anything.
    fn learn(&mut self, asked: Question, sent: &[u8], heard: &Heard) -> bool {
        match tell(asked, sent, &heard.bytes) {
            Some(Told::Protocol { word, product }) => {
                let over_http = word == "http" && self.declared.is_some_and(|d| OVER_HTTP.contains(&d));
                let word = if over_http { self.declared.unwrap_or(word) } else { word };
                self.status = http_status(&heard.bytes);
                self.facts.protocol = Some(word.to_owned());
                self.facts.product = product;
                // Whatever was asked, an answer that shows no more than HTTP is one to HTTP.
                let asked = if over_http { Question::HttpGet } else { asked };
                self.facts.by = Some(asked.name().to_owned());
                self.facts.tls = Some(self.facts.tls.unwrap_or(false));
                self.facts.closes_at_once = false;
                true
            }
            Some(Told::Tls) => {
                self.facts.tls_unfinished = self.facts.tls != Some(true);
                self.facts.tls = Some(true);
                true
            }
            Some(Told::Greeting220) | None => {
                self.keep_first(&heard.bytes);
                if !heard.bytes.is_empty() && self.facts.tls.is_none() {
                    // It said something that is not TLS.
                    self.facts.tls = Some(false);
                }
                false
            }
        }
    }

    /// Notes that nothing can be asked inside TLS without a client certificate; whether that is so.
    fn inside_silence(&mut self, greeting: &Heard, asked_for_certificate: bool) -> bool {
        let refused = asked_for_certificate && greeting.end != End::Open && greeting.bytes.is_empty();
        self.facts.client_certificate_demanded |= refused;
        refused
    }

    fn keep_first(&mut self, bytes: &[u8]) {
        if self.facts.first_bytes.is_none() && !bytes.is_empty() {
            let hex = bytes.iter().take(FIRST_BYTES).map(|b| format!("{b:02x}")).collect();
            self.facts.first_bytes = Some(hex);
        }
    }

    fn note(&mut self, asked: Question, inside: bool) {
        let name = if inside { format!("tls:{}", asked.name()) } else { asked.name().to_owned() };
        self.facts.asked.push(name);
    }

    fn last_asked(&self, question: Question) -> bool {
        self.facts.asked.last().is_some_and(|asked| asked == question.name())
    }

    /// Keeps only which questions were asked.
    fn forget(&mut self) {
        let asked = std::mem::take(&mut self.facts.asked);
        self.facts = ServiceFacts { asked, ..ServiceFacts::at(PortState::Open) };
    }

    /// Whether it is asked only what is declared.
    fn spares(&self) -> bool {
        self.bench.gentle() || question::prints(self.port)
    }

    /// An HL7 message goes only to who is declared to take them, or answers nothing else.
    fn is_spared(&self, next: Question) -> bool {
        next == Question::MllpMessage && self.declared != Some("hl7-mllp") && self.spoke
    }
}
