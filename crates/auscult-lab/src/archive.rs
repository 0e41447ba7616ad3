//! The practice's image archive: opens DICOM associations, answers echoes and queries, and never stores anything.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_encoding::TransferSyntax;
use dicom_object::InMemDicomObject;
use dicom_transfer_syntax_registry::entries;
use dicom_ul::pdu::{
    AbortRQServiceProviderReason, AbortRQSource, AssociationAC, AssociationRJ, AssociationRJResult,
    AssociationRJServiceUserReason, AssociationRJSource, AssociationRQ, PDataValue, PDataValueType, Pdu,
    PresentationContextResult, PresentationContextResultReason as Reason, UserVariableItem,
};
use dicom_ul::{read_pdu, write_pdu};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::serve::{Handler, Stream, within};

/// Longest PDU that is read and announced, in bytes (PS3.8 section 9.3.1).
const PDU: u32 = 16 << 10;
/// Longest message that is put together from PDUs, in bytes.
const MESSAGE: usize = 256 << 10;
/// How long a peer may pause (PS3.8 section 9.1.5, ARTIM).
const PATIENCE: Duration = Duration::from_secs(30);
/// PDUs that one association may bring.
const PDUS: usize = 10_000;

/// The archive's own AE title.
pub(crate) const TITLE: &str = "PRACTICE";
/// The one peer that the archive knows: the platform.
pub(crate) const PEER: &str = "PLATFORM";

/// Storage classes that the archive takes (PS3.4 annex B).
const STORAGE: [&str; 4] = [
    uids::CT_IMAGE_STORAGE,
    uids::ULTRASOUND_IMAGE_STORAGE,
    uids::TWELVE_LEAD_ECG_WAVEFORM_STORAGE,
    uids::SECONDARY_CAPTURE_IMAGE_STORAGE,
];
/// Query classes that it answers (PS3.4 annex C).
const QUERY: [&str; 2] = [
    uids::PATIENT_ROOT_QUERY_RETRIEVE_INFORMATION_MODEL_FIND,
    uids::STUDY_ROOT_QUERY_RETRIEVE_INFORMATION_MODEL_FIND,
];

/// What the archive grants to a peer that it does not know.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Archive {
    /// Opens an association.
    pub(crate) any_peer: bool,
    /// Answers its queries.
    pub(crate) open_query: bool,
    /// Takes its images.
    pub(crate) open_store: bool,
}

impl Archive {
    /// Serves an association on each connection.
    pub(crate) fn handler(self) -> Handler {
        Arc::new(move |stream: Stream| {
            Box::pin(async move {
                let mut line = Line { stream, heard: Vec::new() };
                // A peer that breaks off has said all that it will.
                let _ = self.serve(&mut line).await;
            })
        })
    }

    async fn serve(self, line: &mut Line) -> io::Result<()> {
        let Some(Pdu::AssociationRQ(request)) = line.read().await? else {
            return line.abort(AbortRQServiceProviderReason::UnexpectedPdu).await;
        };
        let known = request.calling_ae_title.trim() == PEER;
        if !known && !self.any_peer && !self.open_query && !self.open_store {
            return line.end(&reject(AssociationRJServiceUserReason::CallingAETitleNotRecognized)).await;
        }
        if known && request.called_ae_title.trim() != TITLE {
            return line.end(&reject(AssociationRJServiceUserReason::CalledAETitleNotRecognized)).await;
        }
        let contexts = self.contexts(&request, known);
        line.write(&accept(&request, &contexts)).await?;
        self.associated(line, &contexts).await
    }

    /// The contexts with what became of them, in the order of the request.
    fn contexts(self, request: &AssociationRQ, known: bool) -> Vec<Context> {
        request
            .presentation_contexts
            .iter()
            .map(|proposed| {
                let class = trimmed(&proposed.abstract_syntax);
                let granted = match class {
                    uids::VERIFICATION => true,
                    class if QUERY.contains(&class) => known || self.open_query,
                    class if STORAGE.contains(&class) => known || self.open_store,
                    _ => {
                        return Context {
                            id: proposed.id,
                            syntax: None,
                            reason: Reason::AbstractSyntaxNotSupported,
                        };
                    }
                };
                let syntaxes = [
                    entries::EXPLICIT_VR_LITTLE_ENDIAN.erased(),
                    entries::IMPLICIT_VR_LITTLE_ENDIAN.erased(),
                ];
                let syntax = syntaxes
                    .into_iter()
                    .find(|s| proposed.transfer_syntaxes.iter().any(|p| trimmed(p) == s.uid()));
                match syntax {
                    _ if !granted => Context { id: proposed.id, syntax: None, reason: Reason::UserRejection },
                    None => Context {
                        id: proposed.id,
                        syntax: None,
                        reason: Reason::TransferSyntaxesNotSupported,
                    },
                    syntax => Context { id: proposed.id, syntax, reason: Reason::Acceptance },
                }
            })
            .collect()
    }

    async fn associated(self, line: &mut Line, contexts: &[Context]) -> io::Result<()> {
        let mut message = Incoming::default();
        for _ in 0..PDUS {
            match line.read().await? {
                Some(Pdu::PData { data }) => {
                    for value in data {
                        let Some(context) = contexts.iter().find(|c| c.id == value.presentation_context_id)
                        else {
                            return line.abort(AbortRQServiceProviderReason::InvalidPduParameter).await;
                        };
                        if !message.take(value) {
                            return line.abort(AbortRQServiceProviderReason::ReasonNotSpecified).await;
                        }
                        if let Some((command, data)) = message.whole() {
                            for answer in answers(&command, &data, context) {
                                line.write(&answer).await?;
                            }
                        }
                    }
                }
                Some(Pdu::ReleaseRQ) => return line.end(&Pdu::ReleaseRP).await,
                Some(Pdu::AbortRQ { .. }) | None => return Ok(()),
                Some(_) => return line.abort(AbortRQServiceProviderReason::UnexpectedPdu).await,
            }
        }
        line.abort(AbortRQServiceProviderReason::ReasonNotSpecified).await
    }
}

struct Context {
    id: u8,
    /// Set when the context is granted.
    syntax: Option<TransferSyntax>,
    reason: Reason,
}

/// A message that comes in pieces.
#[derive(Default)]
struct Incoming {
    command: Vec<u8>,
    /// Set once the command is whole.
    parsed: Option<InMemDicomObject>,
    data: Vec<u8>,
    data_whole: bool,
}

impl Incoming {
    /// Adds a piece; false when the message is too long or its command is none.
    fn take(&mut self, value: PDataValue) -> bool {
        if self.command.len() + self.data.len() + value.data.len() > MESSAGE {
            return false;
        }
        match value.value_type {
            PDataValueType::Command => {
                self.command.extend(value.data);
                if value.is_last {
                    let syntax = entries::IMPLICIT_VR_LITTLE_ENDIAN.erased();
                    self.parsed =
                        InMemDicomObject::read_dataset_with_ts(self.command.as_slice(), &syntax).ok();
                    return self.parsed.is_some();
                }
            }
            PDataValueType::Data => {
                self.data.extend(value.data);
                self.data_whole = value.is_last;
            }
        }
        true
    }

    /// The command and its data set, once both are whole; begins anew then.
    fn whole(&mut self) -> Option<(InMemDicomObject, Vec<u8>)> {
        let has_data = number(self.parsed.as_ref()?, tags::COMMAND_DATA_SET_TYPE)? != NO_DATA;
        if has_data && !self.data_whole {
            return None;
        }
        let whole = std::mem::take(self);
        Some((whole.parsed?, whole.data))
    }
}

/// Command data set type that says that none follows (PS3.7 section E.1).
const NO_DATA: u16 = 0x0101;
/// Command data set type that says that one follows.
const SOME_DATA: u16 = 0x0001;
/// Success (PS3.7 annex C).
const SUCCESS: u16 = 0x0000;
/// A match follows, all keys supported (PS3.4 section C.4.1.1.4).
const PENDING: u16 = 0xff00;
/// Out of resources: nothing is ever stored (PS3.4 section B.2.3).
const NO_ROOM: u16 = 0xa700;
/// SOP class not supported (PS3.7 annex C).
const NOT_SUPPORTED: u16 = 0x0122;
/// Unable to process: the query could not be read (PS3.4 section C.4.1.1.4).
const NOT_UNDERSTOOD: u16 = 0xc000;
/// Unrecognised operation (PS3.7 annex C).
const UNKNOWN: u16 = 0x0211;

/// What is answered to a command (PS3.7 sections 9.1 and 9.3).
fn answers(command: &InMemDicomObject, data: &[u8], context: &Context) -> Vec<Pdu> {
    let Some(field) = number(command, tags::COMMAND_FIELD) else { return Vec::new() };
    let Some(id) = number(command, tags::MESSAGE_ID) else { return Vec::new() };
    let class = text(command, tags::AFFECTED_SOP_CLASS_UID);
    let last = |status| response(context.id, field, id, &class, status, None);
    let Some(syntax) = &context.syntax else { return vec![last(NOT_SUPPORTED)] };
    match field {
        C_ECHO => vec![last(SUCCESS)],
        C_STORE => vec![last(NO_ROOM)],
        C_FIND => {
            let Ok(query) = InMemDicomObject::read_dataset_with_ts(data, syntax) else {
                return vec![last(NOT_UNDERSTOOD)];
            };
            let found = found(&query, syntax)
                .map(|data| response(context.id, field, id, &class, PENDING, Some(data)));
            found.into_iter().chain([last(SUCCESS)]).collect()
        }
        _ => vec![last(UNKNOWN)],
    }
}

/// The invented patient, where a query asks for all patients or for this one.
fn found(query: &InMemDicomObject, syntax: &TransferSyntax) -> Option<Vec<u8>> {
    let asked = text(query, tags::PATIENT_ID);
    if !matches!(asked.as_str(), "" | "*" | "TEST-0001") {
        return None;
    }
    let level = text(query, tags::QUERY_RETRIEVE_LEVEL);
    let string = |tag, vr, value: &str| DataElement::new(tag, vr, PrimitiveValue::from(value));
    let mut patient = InMemDicomObject::from_element_iter([
        string(tags::QUERY_RETRIEVE_LEVEL, VR::CS, &level),
        string(tags::RETRIEVE_AE_TITLE, VR::AE, TITLE),
        string(tags::PATIENT_NAME, VR::PN, "TESTPATIENT^EDITH"),
        string(tags::PATIENT_ID, VR::LO, "TEST-0001"),
    ]);
    if level == "STUDY" {
        patient.put(string(tags::STUDY_INSTANCE_UID, VR::UI, "2.25.207184930176235119"));
    }
    let mut bytes = Vec::new();
    patient.write_dataset_with_ts(&mut bytes, syntax).ok()?;
    Some(bytes)
}

const C_STORE: u16 = 0x0001;
const C_FIND: u16 = 0x0020;
const C_ECHO: u16 = 0x0030;
/// Set in the command field of an answer.
const RESPONSE: u16 = 0x8000;

fn response(context: u8, field: u16, id: u16, class: &str, status: u16, data: Option<Vec<u8>>) -> Pdu {
    let short = |tag: Tag, value: u16| DataElement::new(tag, VR::US, PrimitiveValue::from(value));
    let command = InMemDicomObject::command_from_element_iter([
        DataElement::new(tags::AFFECTED_SOP_CLASS_UID, VR::UI, PrimitiveValue::from(class)),
        short(tags::COMMAND_FIELD, field | RESPONSE),
        short(tags::MESSAGE_ID_BEING_RESPONDED_TO, id),
        short(tags::COMMAND_DATA_SET_TYPE, if data.is_some() { SOME_DATA } else { NO_DATA }),
        short(tags::STATUS, status),
    ]);
    let mut bytes = Vec::new();
    // A command of short numbers and one UID can always be written to memory; if not, the peer gets none.
    let _ = command.write_dataset_with_ts(&mut bytes, &entries::IMPLICIT_VR_LITTLE_ENDIAN.erased());
    let value =
        |value_type, data| PDataValue { presentation_context_id: context, value_type, is_last: true, data };
    let command = value(PDataValueType::Command, bytes);
    let data = data.map(|data| value(PDataValueType::Data, data));
    Pdu::PData { data: std::iter::once(command).chain(data).collect() }
}

/// A text without the padding that makes its length even; empty where there is none.
fn text(object: &InMemDicomObject, tag: Tag) -> String {
    let found = object
        .element(tag)
        .ok()
        .and_then(|element| element.to_str().ok().map(|text| trimmed(&text).to_owned()));
    found.unwrap_or_default()
}

fn number(command: &InMemDicomObject, tag: Tag) -> Option<u16> {
    command.element(tag).ok()?.to_int().ok()
}

/// A UID without the zero byte that makes its length even.
fn trimmed(uid: &str) -> &str {
    uid.trim_end_matches(['\0', ' '])
}

fn reject(reason: AssociationRJServiceUserReason) -> Pdu {
    Pdu::AssociationRJ(AssociationRJ {
        result: AssociationRJResult::Permanent,
        source: AssociationRJSource::ServiceUser(reason),
    })
}

fn accept(request: &AssociationRQ, contexts: &[Context]) -> Pdu {
    Pdu::AssociationAC(AssociationAC {
        protocol_version: 1,
        calling_ae_title: request.calling_ae_title.clone(),
        called_ae_title: request.called_ae_title.clone(),
        application_context_name: uids::DICOM_APPLICATION_CONTEXT.to_owned(),
        presentation_contexts: contexts
            .iter()
            .map(|c| PresentationContextResult {
                id: c.id,
                reason: c.reason.clone(),
                transfer_syntax: c
                    .syntax
                    .as_ref()
                    .map_or(uids::IMPLICIT_VR_LITTLE_ENDIAN, |s| s.uid())
                    .to_owned(),
            })
            .collect(),
        user_variables: vec![
            UserVariableItem::MaxLength(PDU),
            // Below 2.25: made of a random number, as PS3.5 annex B.2 allows to anyone.
            UserVariableItem::ImplementationClassUID("2.25.207184930176235118".to_owned()),
            UserVariableItem::ImplementationVersionName("AUSCULT_LAB".to_owned()),
        ],
    })
}

/// A connection that reads and writes PDUs.
struct Line {
    stream: Stream,
    heard: Vec<u8>,
}

impl Line {
    /// The next PDU; `None` when the peer has closed.
    async fn read(&mut self) -> io::Result<Option<Pdu>> {
        within(PATIENCE, async {
            loop {
                if let Some((whole, rest)) = self.first() {
                    let pdu = read_pdu(whole, PDU, true)
                        .map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e))?;
                    self.heard = rest.to_vec();
                    return Ok(pdu);
                }
                if self.heard.len() > PDU as usize + 6 {
                    return Err(io::ErrorKind::InvalidData.into());
                }
                let mut chunk = [0; 4096];
                match self.stream.read(&mut chunk).await? {
                    0 => return Ok(None),
                    n => self.heard.extend(chunk.iter().take(n)),
                }
            }
        })
        .await
    }

    /// The first whole PDU among the bytes heard, and what follows it (PS3.8 section 9.3.1: type, reserved, length).
    fn first(&self) -> Option<(&[u8], &[u8])> {
        let length = self.heard.get(2..6)?.first_chunk().map(|l| u32::from_be_bytes(*l))?;
        self.heard.split_at_checked(length as usize + 6)
    }

    async fn write(&mut self, pdu: &Pdu) -> io::Result<()> {
        let mut bytes = Vec::new();
        write_pdu(&mut bytes, pdu).map_err(io::Error::other)?;
        within(PATIENCE, async {
            self.stream.write_all(&bytes).await?;
            self.stream.flush().await
        })
        .await
    }

    /// Says the last word; the peer is to close (PS3.8 section 9.2, Sta13).
    async fn end(&mut self, pdu: &Pdu) -> io::Result<()> {
        self.write(pdu).await?;
        within(PATIENCE, self.stream.shutdown()).await
    }

    async fn abort(&mut self, reason: AbortRQServiceProviderReason) -> io::Result<()> {
        self.end(&Pdu::AbortRQ { source: AbortRQSource::ServiceProvider(reason) }).await
    }
}
