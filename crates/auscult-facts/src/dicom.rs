//! What a DICOM node grants to an unknown peer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Answer, Facts, NotAsked, Scope};

/// What one DICOM service showed to a calling AE title that it cannot know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DicomFacts {
    /// Whether it was spoken to inside TLS.
    pub tls: bool,
    /// Whether the TLS session was ended because no client certificate was shown.
    #[serde(default)]
    pub client_certificate_demanded: bool,
    /// Whether the called AE title was the declared one; else `ANY-SCP` was called.
    pub called_declared: bool,
    /// What it said to the association request.
    pub association: Answer<Association>,
    /// What became of each presentation context of an accepted association.
    #[serde(default)]
    pub contexts: BTreeMap<Context, ContextResult>,
    /// Status of a C-ECHO (PS3.7 annex C); 0 is success.
    pub echo: Answer<u16>,
    /// What came of a C-FIND for a patient id that cannot exist.
    pub find: Answer<Find>,
    /// Whether the release was confirmed.
    pub released: Answer<bool>,
}

impl DicomFacts {
    /// Whether an unknown calling AE title is given an association.
    ///
    /// `Seen(false)` only for a permanent rejection by the service user that names the calling title or nothing, or
    /// for a refusal by TLS. A called title that is not recognised, a busy node and an abort leave it open.
    pub fn admits_strangers(&self) -> Answer<bool> {
        if self.client_certificate_demanded && self.tls {
            return Answer::Seen(false);
        }
        match &self.association {
            Answer::Seen(Association::Accepted) => Answer::Seen(true),
            Answer::Seen(Association::Rejected { result: 1, source: 1, reason: 1 | 3 })
                if self.contexts.is_empty() =>
            {
                Answer::Seen(false)
            }
            Answer::Seen(_) => Answer::NotAsked(NotAsked::NoOccasion),
            Answer::NotAsked(why) => Answer::NotAsked(*why),
            Answer::Interrupted(why) => Answer::Interrupted(*why),
        }
    }
}

impl Facts for DicomFacts {
    const KIND: &'static str = "dicom";
    const SCOPE: Scope = Scope::Protocols(&["dicom"]);
}

/// What was said to an association request (PS3.8 section 9.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Association {
    /// A-ASSOCIATE-AC.
    Accepted,
    /// A-ASSOCIATE-RJ (PS3.8 table 9-21).
    Rejected {
        /// 1 permanent, 2 transient.
        result: u8,
        /// 1 service user, 2 service provider (ACSE), 3 service provider (presentation).
        source: u8,
        /// Meaning depends on the source.
        reason: u8,
    },
    /// A-ABORT.
    Aborted {
        /// 0 service user, 2 service provider.
        source: u8,
        /// Meaning depends on the source.
        reason: u8,
    },
}

/// A presentation context that was proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Context {
    /// Verification.
    Verification,
    /// Patient Root Query/Retrieve, FIND.
    PatientRootFind,
    /// Study Root Query/Retrieve, FIND.
    StudyRootFind,
    /// CT Image Storage.
    StoreCt,
    /// Ultrasound Image Storage.
    StoreUltrasound,
    /// 12-lead ECG Waveform Storage.
    StoreEcg,
    /// Secondary Capture Image Storage.
    StoreSecondaryCapture,
}

impl Context {
    /// Every context, in the order in which they are proposed.
    pub const ALL: [Self; 7] = [
        Self::Verification,
        Self::PatientRootFind,
        Self::StudyRootFind,
        Self::StoreCt,
        Self::StoreUltrasound,
        Self::StoreEcg,
        Self::StoreSecondaryCapture,
    ];

    /// Its SOP class (PS3.4 annexes A, B and C).
    pub const fn sop_class(self) -> &'static str {
        match self {
            Self::Verification => "1.2.840.10008.1.1",
            Self::PatientRootFind => "1.2.840.10008.5.1.4.1.2.1.1",
            Self::StudyRootFind => "1.2.840.10008.5.1.4.1.2.2.1",
            Self::StoreCt => "1.2.840.10008.5.1.4.1.1.2",
            Self::StoreUltrasound => "1.2.840.10008.5.1.4.1.1.6.1",
            Self::StoreEcg => "1.2.840.10008.5.1.4.1.1.9.1.1",
            Self::StoreSecondaryCapture => "1.2.840.10008.5.1.4.1.1.7",
        }
    }

    /// As people write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verification => "Verification",
            Self::PatientRootFind => "Patient Root FIND",
            Self::StudyRootFind => "Study Root FIND",
            Self::StoreCt => "CT Image Storage",
            Self::StoreUltrasound => "Ultrasound Image Storage",
            Self::StoreEcg => "12-lead ECG Waveform Storage",
            Self::StoreSecondaryCapture => "Secondary Capture Image Storage",
        }
    }

    /// Whether objects would be stored through it.
    pub const fn stores(self) -> bool {
        matches!(self, Self::StoreCt | Self::StoreUltrasound | Self::StoreEcg | Self::StoreSecondaryCapture)
    }

    /// Whether patients and studies are searched through it.
    pub const fn finds(self) -> bool {
        matches!(self, Self::PatientRootFind | Self::StudyRootFind)
    }
}

/// What became of a presentation context (PS3.8 table 9-18).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContextResult {
    /// Acceptance.
    Granted,
    /// Any other result: 1 user, 2 no reason, 3 abstract syntax, 4 transfer syntaxes not supported.
    Refused {
        /// The result.
        result: u8,
    },
    /// The answer does not mention it.
    Unmentioned,
}

/// What came of one C-FIND; no identifier is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Find {
    /// Status of the last response.
    pub status: u16,
    /// Responses that announced a match.
    pub pending: u32,
}
