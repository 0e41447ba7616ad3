//! What stands on the pages where a maker publishes what it owes to everybody.
//!
//! Pages are free text. Facts say which words of a list were found, and never repeat the text itself.

use std::collections::BTreeSet;
use std::fmt;

use auscult_model::NodeId;
use auscult_model::scenario::PageKind;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Answer, Facts, Scope};

/// What one web service answered at each path where a page is declared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PagesFacts {
    /// The pages, in the order of the scenario, at most 32.
    pub pages: Vec<PageFacts>,
}

impl Facts for PagesFacts {
    const KIND: &'static str = "pages";
    const SCOPE: Scope = Scope::Pages;
}

/// One declared page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageFacts {
    /// The node whose maker owes it.
    pub of: NodeId,
    /// What it is about.
    pub kind: PageKind,
    /// Its path as declared.
    pub path: String,
    /// What was answered to somebody whom nobody knows, without scripts and without cookies.
    pub page: Answer<Page>,
}

/// What was answered, redirects within the service followed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Status code; 0 where a certificate was demanded before any answer.
    pub status: u16,
    /// Redirects that were followed, at most 3.
    #[serde(default)]
    pub hops: u32,
    /// Scheme, host and port of another service to which it sends the reader; not visited. At most 120 characters.
    #[serde(default)]
    pub elsewhere: Option<String>,
    /// What can be read of it.
    #[serde(default)]
    pub form: Form,
    /// Letters and digits that a reader sees without scripts.
    #[serde(default)]
    pub letters: u32,
    /// Whether all of it was read.
    #[serde(default)]
    pub whole: bool,
    /// What stands between a stranger and what it says, or beside it.
    #[serde(default)]
    pub barriers: BTreeSet<Barrier>,
    /// Whether the service answers the same text at a path that nobody can have made; `None` when that is not known.
    #[serde(default)]
    pub everywhere: Option<bool>,
    /// Whether title or headline say that there is no such page.
    #[serde(default)]
    pub says_missing: bool,
    /// Whether a sentence about its subject says that it will be told later.
    #[serde(default)]
    pub later: bool,
    /// What was recognised of its subject; `None` where nothing could be read.
    #[serde(default)]
    pub said: Option<Said>,
}

/// What can be read of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// No body, or nothing but spaces.
    #[default]
    Empty,
    /// HTML.
    Html,
    /// Text.
    Text,
    /// Something that is not read here, such as PDF or a compressed body.
    Other,
}

/// What stands between a stranger and a page, or beside its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Barrier {
    /// Status 401, 403, 407 or 451.
    Refused,
    /// Status 402.
    Payment,
    /// A client certificate is demanded.
    ClientCertificate,
    /// The reader is sent to a page that is named as a login.
    LoginPage,
    /// A field for a password, or words that ask to log in.
    LoginForm,
    /// A form to register.
    Registration,
    /// A test that the reader is human.
    Captcha,
    /// A request to accept cookies.
    Consent,
    /// Scripts, and next to nothing to read without them.
    Script,
}

impl Barrier {
    /// Whether nothing of the page is shown behind it; the others can also stand beside the text.
    pub const fn is_shut(self) -> bool {
        matches!(self, Self::Refused | Self::Payment | Self::ClientCertificate | Self::LoginPage)
    }

    /// The word used in files and messages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Payment => "payment",
            Self::ClientCertificate => "client-certificate",
            Self::LoginPage => "login-page",
            Self::LoginForm => "login-form",
            Self::Registration => "registration",
            Self::Captcha => "captcha",
            Self::Consent => "consent",
            Self::Script => "script",
        }
    }
}

/// What was recognised of the subject of a page, by words in English and German.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Said {
    /// Of a disclosure policy.
    Policy(Policy),
    /// Of a support period.
    Support(Support),
    /// Of a replacement plan.
    Replacement(Replacement),
    /// Of sensors.
    Sensors(Sensors),
}

/// What was recognised of a disclosure policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// It speaks of vulnerabilities.
    #[serde(default)]
    pub topic: bool,
    /// Mail addresses, telephone numbers and forms for a message, at most 20.
    #[serde(default)]
    pub contacts: u32,
    /// Hours within which a report is acknowledged.
    #[serde(default)]
    pub acknowledged_within: Option<u32>,
    /// Hours between two words on the state.
    #[serde(default)]
    pub told_every: Option<u32>,
}

/// What was recognised of a support period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Support {
    /// It speaks of support or updates.
    #[serde(default)]
    pub topic: bool,
    /// It names the declared model anywhere.
    #[serde(default)]
    pub names_model: bool,
    /// Ends and lengths of support that it gives, at most 50.
    #[serde(default)]
    pub periods: Vec<Period>,
}

/// An end or a length of support.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// When it ends.
    #[serde(default)]
    pub until: Option<Until>,
    /// How long it lasts, in months.
    #[serde(default)]
    pub months: Option<u32>,
    /// At least so long.
    #[serde(default)]
    pub least: bool,
    /// It stands in a sentence, row or section that names the declared model.
    #[serde(default)]
    pub of_model: bool,
}

/// A day, a month or a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Until {
    /// The year, 1990 to 2099.
    pub year: i16,
    /// The month, 1 to 12.
    #[serde(default)]
    pub month: Option<i8>,
    /// The day, 1 to 31.
    #[serde(default)]
    pub day: Option<i8>,
}

impl Until {
    /// Whether it names a day, as exactly as it is given.
    pub fn names(self, date: Date) -> bool {
        self.year == date.year()
            && self.month.is_none_or(|month| month == date.month())
            && self.day.is_none_or(|day| day == date.day())
    }

    /// Whether all of it lies behind a day.
    pub fn is_after(self, date: Date) -> bool {
        let begin = (self.year, self.month.unwrap_or(1), self.day.unwrap_or(1));
        begin > (date.year(), date.month(), date.day())
    }
}

impl fmt::Display for Until {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
            if let Some(day) = self.day {
                write!(f, "-{day:02}")?;
            }
        }
        Ok(())
    }
}

/// What was recognised of a replacement plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replacement {
    /// It says that something cannot be updated.
    #[serde(default)]
    pub not_updatable: bool,
    /// It gives a reason for that.
    #[serde(default)]
    pub reason: bool,
    /// It speaks of replacement.
    #[serde(default)]
    pub topic: bool,
    /// It says what to do for it.
    #[serde(default)]
    pub how: bool,
    /// It says how long, by a day or a length of time.
    #[serde(default)]
    pub how_long: bool,
}

/// What was recognised of sensors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sensors {
    /// It speaks of sensors, or says that there are none.
    #[serde(default)]
    pub topic: bool,
    /// Kinds of sensor that it names, in words of our own list.
    #[serde(default)]
    pub kinds: BTreeSet<String>,
    /// It says that there are none.
    #[serde(default)]
    pub none: bool,
}
