//! The report's own words, and the reasons of others, in the reader's language and safe to show.

use std::fmt::Display;

use auscult_model::Message;
use auscult_model::assessment::Reason;
use auscult_text::Catalogue;

use crate::escape::{Shown, visible};

/// A message catalogue as reports use it: ids are those of the room `report`, arguments are escaped.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words<'a> {
    catalogue: &'a Catalogue,
}

impl<'a> Words<'a> {
    /// Speaks with the words of this catalogue.
    pub(crate) fn new(catalogue: &'a Catalogue) -> Self {
        Self { catalogue }
    }

    /// Words without arguments.
    pub(crate) fn word(&self, id: &str) -> Shown {
        self.say(id, &[])
    }

    /// Words with a count `n`.
    pub(crate) fn count(&self, id: &str, n: impl Harmless) -> Shown {
        self.say(id, &[("n", &n)])
    }

    /// Words with one argument of that name.
    pub(crate) fn with(&self, id: &str, name: &str, value: impl Harmless) -> Shown {
        self.say(id, &[(name, &value)])
    }

    /// Words with arguments, which are harmless already.
    pub(crate) fn say(&self, id: &str, args: &[(&str, &dyn Harmless)]) -> Shown {
        let args = args.iter().map(|(name, value)| ((*name).to_owned(), value.to_string())).collect();
        Shown::words(&self.catalogue.say(&Message { id: format!("report.{id}"), args }))
    }

    /// Words for a value that a file names by a word of its own, such as a severity; the word itself where none are known.
    pub(crate) fn value(&self, kind: &str, word: &str) -> Shown {
        let id = format!("report.{kind}-{word}");
        if self.catalogue.has(&id) { Shown::words(&self.catalogue.word(&id)) } else { Shown::line(word) }
    }

    /// Words for a reason: in the reader's language where the catalogue has it, else as it was recorded.
    pub(crate) fn reason(&self, reason: &Reason) -> Shown {
        let id = &reason.message.id;
        if self.catalogue.has(id) {
            let said = self.catalogue.say(&escaped(&reason.message));
            if said != format!("[{id}]") {
                return Shown::words(&said);
            }
        }
        Shown::line(&reason.because)
    }
}

/// What may stand in a sentence as it is.
pub(crate) trait Harmless: Display {}

impl Harmless for Shown {}
impl Harmless for u64 {}
impl Harmless for usize {}
impl<T: Harmless + ?Sized> Harmless for &T {}

/// The message with arguments that can be shown.
fn escaped(message: &Message) -> Message {
    let args = message.args.iter().map(|(name, value)| (name.clone(), visible(value).into_owned())).collect();
    Message { id: message.id.clone(), args }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(id: &str, value: &str) -> Reason {
        Reason { because: "as recorded\u{7}".to_owned(), message: Message::new(id).with("what", value) }
    }

    #[test]
    fn reasons_are_said_or_else_shown_as_recorded() {
        let catalogue =
            Catalogue::english(&[("demo", "seen = it said { $what }\n    twice\nother = { $absent }\n")]);
        let words = Words::new(&catalogue);
        assert_eq!(words.reason(&reason("demo.seen", "\u{1b}[2J")).as_str(), "it said \\u{1b}[2J twice");
        assert_eq!(words.reason(&reason("demo.other", "x")).as_str(), "as recorded\\u{7}");
        assert_eq!(words.reason(&reason("nowhere.seen", "x")).as_str(), "as recorded\\u{7}");
    }
}
