//! The nouns of the laboratory and the algebra of verdicts; parses a scenario.
//!
//! Nothing here opens a file, a socket or a clock.

pub mod assessment;
mod id;
mod judgement;
mod message;
mod risk;
pub mod scenario;
mod verdict;

pub use id::{AspectId, CheckId, FindingId, NodeId, RequirementId, ServiceName};
pub use judgement::Judgement;
pub use message::Message;
pub use risk::{DataClass, Force, Impact, NodeKind, Pace, RiskClass, Setting, Stage, Transport};
pub use verdict::{Severity, Verdict};
