//! Something to tell a person, before it is put into words: a message id and its arguments.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A message of a catalogue with its arguments.
///
/// Code never writes prose: it names a message, and `auscult-text` finds the words in the reader's language.
/// Arguments may come from a hostile device; whoever prints them escapes them for the place they go to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Message {
    /// Id of the message; for a check it is local to the check's own catalogue.
    pub id: String,
    /// Values by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, String>,
}

/// Longest argument kept, in characters: enough for a certificate subject, too little to flood a report.
const MAX_ARGUMENT: usize = 300;

impl Message {
    /// A message without arguments.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), args: BTreeMap::new() }
    }

    /// The same message with one more argument, cut to 300 characters.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        let mut value = value.to_string();
        if value.chars().count() > MAX_ARGUMENT {
            value = value.chars().take(MAX_ARGUMENT).chain(['…']).collect();
        }
        self.args.insert(name.to_owned(), value);
        self
    }

    /// The same message with a list as argument, joined by commas.
    #[must_use]
    pub fn with_list<T: ToString>(self, name: &str, values: impl IntoIterator<Item = T>) -> Self {
        let joined = values.into_iter().map(|v| v.to_string()).collect::<Vec<_>>().join(", ");
        self.with(name, joined)
    }
}
