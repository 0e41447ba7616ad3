//! What a CoAP server gives somebody who has not said who he is, outside DTLS.

use serde::{Deserialize, Serialize};

use crate::{Answer, Facts, Scope};

/// What one server showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoapFacts {
    /// What it said to a GET of its list of resources.
    pub core: Answer<Core>,
    /// What it said to a GET of the first resources of that list; no contents are kept.
    pub resources: Vec<Resource>,
}

impl Facts for CoapFacts {
    const KIND: &'static str = "coap";
    const SCOPE: Scope = Scope::Protocols(&["coap"]);
}

/// The list of resources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Core {
    /// Code of the answer, such as 0x45 for content.
    pub code: u8,
    /// Resources in the part that was read.
    pub links: u32,
    /// Those among them that say that they can be observed.
    pub observable: u32,
    /// Whether there is more than was read.
    pub more: bool,
    /// Bytes of the question.
    pub asked: u64,
    /// Bytes of the first datagram of the answer.
    pub answered: u64,
}

/// One resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// Its path, at most 80 characters, without control characters.
    pub path: String,
    /// Code of the answer.
    pub answer: Answer<u8>,
}

/// Whether a code says that the resource was given.
pub const fn is_given(code: u8) -> bool {
    code >> 5 == 2
}

/// Whether a code says that a stranger is not served: unauthorized or forbidden.
pub const fn is_refused(code: u8) -> bool {
    matches!(code, 0x81 | 0x83)
}
