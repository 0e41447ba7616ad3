//! How a service bears malformed input, slow connections and bounded load.

use serde::{Deserialize, Serialize};

use crate::{Answer, Facts, Scope};

/// Protocols that malformed input is made for.
pub const SPOKEN: &[&str] = &["http", "fhir", "mqtt", "hl7-mllp", "dicom"];

/// What one service did when it was treated badly, and how it was afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RobustnessFacts {
    /// Protocol that was spoken, a word of [`SPOKEN`].
    pub protocol: String,
    /// Whether it was spoken to inside TLS.
    pub tls: bool,
    /// How the well-formed question was answered before, twice alike: `status 200`, `CONNACK 5`, `AA`, `accepted`.
    /// `None` where it was answered in two ways.
    pub before: Option<String>,
    /// Whether the tester's own program said before that the node is healthy; `None` where there is no such program.
    #[serde(default)]
    pub healthy_before: Option<bool>,
    /// Malformed and cut messages of the protocol.
    pub malformed: Answer<Series>,
    /// Malformed and cut records of TLS, where it is spoken.
    pub tls_malformed: Answer<Series>,
    /// Marks that would reach an interpreter behind a web server.
    pub marks: Answer<Marks>,
    /// Connections that are held open unfinished.
    pub slow: Answer<Series>,
    /// As many good questions as a few clients can ask.
    pub load: Answer<Load>,
}

impl Facts for RobustnessFacts {
    const KIND: &'static str = "robustness";
    const SCOPE: Scope = Scope::Protocols(SPOKEN);
}

/// Protocols over UDP that malformed input is made for.
pub const SPOKEN_OVER_UDP: &[&str] = &["coap"];

/// What one service over UDP did when it was sent malformed datagrams, and how it was afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatagramRobustnessFacts {
    /// Protocol that was spoken, a word of [`SPOKEN_OVER_UDP`].
    pub protocol: String,
    /// How the well-formed question was answered before, twice alike: `code 2.05`. `None` where it was answered in two
    /// ways.
    #[serde(default)]
    pub before: Option<String>,
    /// Whether the tester's own program said before that the node is healthy; `None` where there is no such program.
    #[serde(default)]
    pub healthy_before: Option<bool>,
    /// Malformed and cut datagrams of the protocol.
    pub malformed: Answer<Series>,
}

impl Facts for DatagramRobustnessFacts {
    const KIND: &'static str = "datagram-robustness";
    const SCOPE: Scope = Scope::Protocols(SPOKEN_OVER_UDP);
}

/// Steps in their order; the first one that was not borne well is the last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// How many steps there are in all.
    pub of: u32,
    /// Those that were taken.
    pub steps: Vec<Step>,
}

impl Series {
    /// The step after which the service was not as before.
    pub fn missed(&self) -> Option<&Step> {
        self.steps.iter().find(|s| s.state() != State::AsBefore)
    }

    /// Whether every step was taken.
    pub fn complete(&self) -> bool {
        self.of > 0 && self.steps.len() as u64 == u64::from(self.of)
    }
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Kind of input, a word of the instrument.
    pub input: String,
    /// What came back.
    pub came: Came,
    /// How the well-formed question was answered while the step lasted; only for steps that last.
    #[serde(default)]
    pub during: Option<State>,
    /// How it was answered afterwards.
    pub after: State,
}

impl Step {
    /// The worse of what was seen during the step and after it.
    pub fn state(&self) -> State {
        match self.during {
            Some(during) if self.after == State::AsBefore => during,
            _ => self.after,
        }
    }
}

/// What came back to malformed input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Came {
    /// An error of the protocol.
    Error,
    /// An answer as to good input.
    Accepted,
    /// Bytes that are neither.
    Other,
    /// The end of the connection.
    Closed,
    /// Nothing in time.
    Silence,
    /// It could not be sent.
    Unsent,
}

/// How a service is, told by the well-formed question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It answers as before.
    AsBefore,
    /// It did not, and did again within seconds.
    CameBack,
    /// It says that it has enough of us for now.
    Refuses,
    /// It answers otherwise.
    Otherwise,
    /// It accepts connections and does not answer.
    Hangs,
    /// It accepts no connection any more.
    Gone,
    /// The tester's own program says that the node is not healthy.
    Unhealthy,
    /// It was not asked: the work was stopped, or its budget was spent.
    Unknown,
}

impl State {
    /// The word used in files and messages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::AsBefore => "as-before",
            Self::CameBack => "came-back",
            Self::Refuses => "refuses",
            Self::Otherwise => "otherwise",
            Self::Hangs => "hangs",
            Self::Gone => "gone",
            Self::Unhealthy => "unhealthy",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the service was harmed.
    pub const fn harmed(self) -> bool {
        matches!(self, Self::Otherwise | Self::Hangs | Self::Gone | Self::Unhealthy)
    }
}

/// What became of marks in paths and queries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marks {
    /// How many were sent in all.
    pub asked: u32,
    /// How many were answered in HTTP.
    pub answered: u32,
    /// Kinds of marks that gave a file from outside the pages.
    pub read_files: Vec<String>,
    /// Kinds of marks that became a header of the answer.
    pub became_headers: Vec<String>,
    /// How the service was afterwards.
    pub after: State,
}

/// Bounded load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Load {
    /// Connections at once.
    pub at_once: u32,
    /// Seconds.
    pub seconds: u32,
    /// Good questions asked.
    pub asked: u32,
    /// Of them those that were answered as before.
    pub as_before: u32,
    /// How the service was afterwards.
    pub after: State,
}
