//! Looks at a DICOM node as an unknown peer.
//!
//! One association from a calling AE title that nobody can have configured; then an echo and one query, where they
//! are granted; then its release. The query asks for a patient id that cannot exist, so that no patient is named in
//! any answer, and answers are counted and forgotten. Nothing is ever stored: storage contexts are proposed to see
//! whether they are granted, and stay unused.

use std::collections::{BTreeMap, VecDeque};

use auscult_facts::dicom::{Association, Context, ContextResult, DicomFacts, Find};
use auscult_facts::{Answer, Interrupted, NotAsked, Subject};
use auscult_model::Impact;
use auscult_wire::dicom::{
    AssociateAc, AssociateRq, ContextOffer, EXPLICIT_LITTLE_ENDIAN, Fragment, IMPLICIT_LITTLE_ENDIAN,
    Identifier, MAX_PDU, Pdu, Response, echo_request, find_request,
};
use tokio::time::Instant;

use crate::mqtt::door::{OPENING_PACKETS, Shut, Talk, answer, inside_tls};
use crate::{Bound, Depth, Errand, NodeBench, Observer};

/// Called where the scenario declares no AE title; many nodes answer to it or do not look.
const ANY: &str = "ANY-SCP";

/// The patient id that cannot exist.
const NO_SUCH: &str = "AUSCULT-NO-SUCH";

/// Longest data unit that we take, in bytes.
const OUR_PDU: u32 = 16 << 10;

/// Packets that the association may cost.
const ALLOWANCE: u64 = 400;

/// What the last read and the goodbye may add to the allowance.
const SLACK: u64 = 40;

/// Matches after which a query is broken off: to a patient id that does not exist there should be none.
const MAX_PENDING: u32 = 20;

/// Longest command set that is put together; real ones have a few hundred bytes.
const MAX_COMMAND: usize = 8 << 10;

/// A-ABORT of a service user.
const ABORT: Pdu = Pdu::Abort { source: 0, reason: 0 };

/// The observer of DICOM nodes.
#[derive(Debug)]
pub struct Dicom;

impl Observer for Dicom {
    type Facts = DicomFacts;
    const NAME: &'static str = "dicom/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, _: Impact) -> Bound {
        Bound { connections: 1, packets: OPENING_PACKETS + ALLOWANCE + SLACK }
    }

    async fn look(bench: &NodeBench, subject: &Subject, errand: &Errand) -> Result<DicomFacts, Interrupted> {
        // Some devices fall over a caller that they do not know.
        if bench.gentle() {
            return Err(Interrupted::NotAuthorised);
        }
        let declared =
            subject.service.as_ref().and_then(|s| s.declared.as_ref()).and_then(|d| d.ae_title.as_deref());
        let mut facts = DicomFacts {
            tls: inside_tls(subject),
            client_certificate_demanded: false,
            called_declared: declared.is_some(),
            association: Answer::NotAsked(NotAsked::NoOccasion),
            contexts: BTreeMap::new(),
            echo: Answer::NotAsked(NotAsked::NoOccasion),
            find: Answer::NotAsked(NotAsked::NoOccasion),
            released: Answer::NotAsked(NotAsked::NoOccasion),
        };
        let talk = match Talk::open(bench, subject, Impact::Safe, ALLOWANCE).await {
            Ok(talk) => talk,
            Err(Shut::Other(why)) => return Err(why),
            Err(Shut::CertificateDemanded) => {
                facts.client_certificate_demanded = true;
                return Ok(facts);
            }
        };
        let mut peer = Peer { talk, held: Vec::new(), fragments: VecDeque::new() };
        // Without one data unit nothing was seen, not even that DICOM is spoken here.
        let asked = peer.associate(declared.unwrap_or(ANY), &errand.mark).await;
        if let Ok((association, contexts)) = &asked {
            facts.association = Answer::Seen(*association);
            facts.contexts = contexts.clone();
            if *association == Association::Accepted {
                peer.use_association(&mut facts).await;
            }
        }
        peer.talk.close().await;
        asked.map(|_| facts)
    }
}

/// The association, bytes that are no whole unit yet, and fragments that were not looked at yet.
struct Peer {
    talk: Talk,
    held: Vec<u8>,
    fragments: VecDeque<Fragment>,
}

/// Number of a context on the wire: odd, from 1.
fn number(context: Context) -> u8 {
    let place = Context::ALL.iter().position(|c| *c == context).unwrap_or_default();
    u8::try_from(place * 2 + 1).unwrap_or(u8::MAX)
}

fn offer(context: Context) -> ContextOffer {
    // What is asked is written in implicit VR; a store may prefer the other form.
    let mut transfer_syntaxes = vec![IMPLICIT_LITTLE_ENDIAN.to_owned()];
    if context.stores() {
        transfer_syntaxes.push(EXPLICIT_LITTLE_ENDIAN.to_owned());
    }
    ContextOffer { id: number(context), abstract_syntax: context.sop_class().to_owned(), transfer_syntaxes }
}

fn results(answer: &AssociateAc) -> BTreeMap<Context, ContextResult> {
    let result = |context: &Context| {
        let id = number(*context);
        match answer.contexts.iter().find(|c| c.id == id).map(|c| c.result) {
            Some(0) => ContextResult::Granted,
            Some(result) => ContextResult::Refused { result },
            None => ContextResult::Unmentioned,
        }
    };
    Context::ALL.iter().map(|context| (*context, result(context))).collect()
}

impl Peer {
    async fn associate(
        &mut self,
        called: &str,
        mark: &str,
    ) -> Result<(Association, BTreeMap<Context, ContextResult>), Interrupted> {
        let request = Pdu::AssociateRq(AssociateRq {
            called: called.to_owned(),
            calling: format!("AUSCULT-{}", mark.to_ascii_uppercase()),
            max_pdu: OUR_PDU,
            contexts: Context::ALL.map(offer).into(),
        });
        self.talk.send(&request.write()).await?;
        let until = self.talk.deadline();
        match self.next(until).await? {
            Some(Pdu::AssociateAc(answer)) => Ok((Association::Accepted, results(&answer))),
            Some(Pdu::AssociateRj { result, source, reason }) => {
                Ok((Association::Rejected { result, source, reason }, BTreeMap::new()))
            }
            Some(Pdu::Abort { source, reason }) => {
                Ok((Association::Aborted { source, reason }, BTreeMap::new()))
            }
            Some(_) => Err(Interrupted::NotUnderstood),
            None => Err(Interrupted::AccessRefused),
        }
    }

    /// Asks what was granted, and ends the association: by a release while both agree, else by an abort.
    async fn use_association(&mut self, facts: &mut DicomFacts) {
        let granted = |context| facts.contexts.get(&context) == Some(&ContextResult::Granted);
        let finder = [Context::StudyRootFind, Context::PatientRootFind].into_iter().find(|c| granted(*c));
        if granted(Context::Verification) {
            facts.echo = answer(self.echo().await);
        }
        if let Some(context) = finder {
            facts.find = match facts.echo {
                Answer::Interrupted(why) => Answer::Interrupted(why),
                _ => answer(self.find(context).await),
            };
        }
        let broken = matches!(facts.echo, Answer::Interrupted(_))
            || matches!(facts.find, Answer::Interrupted(_))
            || facts.find.seen().is_some_and(|f| f.pending >= MAX_PENDING);
        if broken {
            let _ = self.talk.send(&ABORT.write()).await;
        } else {
            facts.released = answer(self.release().await);
        }
    }

    async fn echo(&mut self) -> Result<u16, Interrupted> {
        let context = number(Context::Verification);
        self.send(context, echo_request(1), None).await?;
        let until = self.talk.deadline();
        let response = self.response(until).await?;
        if response.field == Response::ECHO { Ok(response.status) } else { Err(Interrupted::NotUnderstood) }
    }

    async fn find(&mut self, context: Context) -> Result<Find, Interrupted> {
        let keys = Identifier::default()
            .text(0x0008, 0x0052, "STUDY")
            .text(0x0010, 0x0020, NO_SUCH)
            .uid(0x0020, 0x000d, "")
            .write();
        self.send(number(context), find_request(2, context.sop_class()), Some(keys)).await?;
        let until = self.talk.deadline();
        let mut pending = 0;
        loop {
            let response = match self.response(until).await {
                // What was announced before is an answer, whatever ended it.
                Err(_) if pending > 0 => return Ok(Find { status: 0xff00, pending }),
                response => response?,
            };
            if response.field != Response::FIND {
                return Err(Interrupted::NotUnderstood);
            }
            pending += u32::from(response.pending());
            if !response.pending() || pending >= MAX_PENDING {
                return Ok(Find { status: response.status, pending });
            }
        }
    }

    async fn release(&mut self) -> Result<bool, Interrupted> {
        self.talk.send(&Pdu::ReleaseRq.write()).await?;
        let until = self.talk.deadline();
        Ok(self.next(until).await? == Some(Pdu::ReleaseRp))
    }

    async fn send(
        &mut self,
        context: u8,
        command: Vec<u8>,
        data: Option<Vec<u8>>,
    ) -> Result<(), Interrupted> {
        let mut bytes =
            Pdu::Data(vec![Fragment { context, command: true, last: true, data: command }]).write();
        if let Some(data) = data {
            bytes.extend(Pdu::Data(vec![Fragment { context, command: false, last: true, data }]).write());
        }
        self.talk.send(&bytes).await
    }

    /// The next command set; data sets in between are dropped unread.
    async fn response(&mut self, until: Instant) -> Result<Response, Interrupted> {
        let mut command = Vec::new();
        loop {
            while let Some(fragment) = self.fragments.pop_front() {
                if !fragment.command {
                    continue;
                }
                command.extend_from_slice(&fragment.data);
                if command.len() > MAX_COMMAND {
                    return Err(Interrupted::NotUnderstood);
                }
                if fragment.last {
                    return Response::read(&command).map_err(|_| Interrupted::NotUnderstood);
                }
            }
            match self.next(until).await? {
                Some(Pdu::Data(fragments)) => self.fragments.extend(fragments),
                Some(Pdu::Abort { .. }) | None => return Err(Interrupted::AccessRefused),
                Some(_) => return Err(Interrupted::NotUnderstood),
            }
        }
    }

    /// The next unit; `None` when the other end closed.
    async fn next(&mut self, until: Instant) -> Result<Option<Pdu>, Interrupted> {
        loop {
            match Pdu::read(&self.held) {
                Err(_) => return Err(Interrupted::NotUnderstood),
                Ok(Some((unit, used))) => {
                    self.held.drain(..used);
                    return Ok(Some(unit));
                }
                Ok(None) => {}
            }
            if self.held.len() > MAX_PDU as usize + 6 {
                return Err(Interrupted::NotUnderstood);
            }
            match self.talk.hear(until).await? {
                Some(bytes) => self.held.extend_from_slice(&bytes),
                None => return Ok(None),
            }
        }
    }
}
