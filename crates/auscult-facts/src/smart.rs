//! What a FHIR API says about its authorisation server (SMART App Launch, "Conformance").

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Answer, Facts, Scope};

/// What one FHIR API answered at `.well-known/smart-configuration`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmartFacts {
    /// Base path of the API.
    pub base: String,
    /// Status code.
    pub status: Answer<u16>,
    /// The document, where the answer is one.
    #[serde(default)]
    pub configuration: Option<SmartConfiguration>,
}

impl Facts for SmartFacts {
    const KIND: &'static str = "smart";
    const SCOPE: Scope = Scope::Protocols(&["fhir"]);
}

/// What the document says; strings are hostile and cut to 120 characters, lists to 50.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmartConfiguration {
    /// `code_challenge_methods_supported` (RFC 7636); `None` when it is not said.
    #[serde(default)]
    pub code_challenge_methods: Option<Vec<String>>,
    /// `capabilities`.
    #[serde(default)]
    pub capabilities: Vec<String>,
    /// Scheme of each address in it, by the name of its field, such as `token_endpoint`: `http`, `https` or another.
    #[serde(default)]
    pub endpoints: BTreeMap<String, String>,
}
