//! What a device does with the updates that it is offered.

use serde::{Deserialize, Serialize};

use crate::client::Kept;
use crate::{Facts, Scope};

/// What a device did with each offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateFacts {
    /// The update server that auscult played, `node/service` of the scenario.
    pub far: String,
    /// Why nothing could be offered.
    #[serde(default)]
    pub kept: Option<Kept>,
    /// What was offered, in order; the genuine one comes last.
    #[serde(default)]
    pub offers: Vec<Offered>,
}

impl Facts for UpdateFacts {
    const KIND: &'static str = "update";
    const SCOPE: Scope = Scope::Node;
}

/// What is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Image {
    /// Without any signature.
    Unsigned,
    /// Signed with a key that the device does not know.
    ForeignKey,
    /// A genuine one of which one bit was turned.
    Altered,
    /// A genuine one without its end.
    CutOff,
    /// Genuine, for another model.
    ForeignModel,
    /// Genuine, and older than what is installed.
    Older,
    /// Genuine, for this model, and newer.
    Genuine,
}

impl Image {
    /// Every kind, in the order of the offers.
    pub const ALL: [Self; 7] = [
        Self::Unsigned,
        Self::ForeignKey,
        Self::Altered,
        Self::CutOff,
        Self::ForeignModel,
        Self::Older,
        Self::Genuine,
    ];

    /// The word used in files, and the name of its folder.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::ForeignKey => "foreign-key",
            Self::Altered => "altered",
            Self::CutOff => "cut-off",
            Self::ForeignModel => "foreign-model",
            Self::Older => "older",
            Self::Genuine => "genuine",
        }
    }
}

/// One offer, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offered {
    /// What was offered.
    pub image: Image,
    /// Digest over the files of the offer.
    pub digest: String,
    /// Number of its files.
    pub files: u32,
    /// How many of them the device asked for, each counted once.
    pub fetched: u32,
    /// Requests of the device, also for what is not there.
    pub requests: u32,
    /// Digest of what the device said was installed before.
    #[serde(default)]
    pub before: Option<String>,
    /// The same afterwards.
    #[serde(default)]
    pub after: Option<String>,
    /// How long it was waited for, in milliseconds.
    pub waited_millis: u64,
}

/// What became of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Another version is installed now.
    Installed,
    /// The device fetched it, and the same version is installed.
    Refused,
    /// The device fetched nothing of it.
    NotFetched,
    /// The device did not tell what is installed.
    Untold,
    /// It was not offered.
    NotOffered,
    /// One that was installed before it may be the same, so that nothing shows.
    Covered,
}

impl UpdateFacts {
    /// What became of an offer.
    pub fn taken(&self, image: Image) -> Taken {
        let Some(place) = self.offers.iter().position(|o| o.image == image) else { return Taken::NotOffered };
        let Some(offer) = self.offers.get(place) else { return Taken::NotOffered };
        let changed = |o: &Offered| matches!((&o.before, &o.after), (Some(b), Some(a)) if b != a);
        match (&offer.before, &offer.after) {
            (Some(_), Some(_)) if changed(offer) => Taken::Installed,
            (Some(_), Some(_)) if offer.fetched == 0 => Taken::NotFetched,
            (Some(_), Some(_)) if self.offers.iter().take(place).any(changed) => Taken::Covered,
            (Some(_), Some(_)) => Taken::Refused,
            _ => Taken::Untold,
        }
    }
}
