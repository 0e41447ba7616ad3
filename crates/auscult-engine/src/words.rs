//! Reasons in words: the texts of this crate and of the checks, found by message.

use std::sync::LazyLock;

use auscult_model::Message;
use auscult_model::assessment::Reason;
use auscult_text::Catalogue;

/// The texts of this crate, under the room `engine`.
pub fn texts() -> impl Iterator<Item = (&'static str, &'static str)> {
    std::iter::once(("engine", include_str!("../text/en.ftl")))
}

static WORDS: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::english(&texts().chain(auscult_checks::texts()).collect::<Vec<_>>()));

/// A reason: the message and what it says in English.
pub(crate) fn reason(message: Message) -> Reason {
    Reason { because: WORDS.say(&message), message }
}

/// What a message says in English.
pub(crate) fn say(message: &Message) -> String {
    WORDS.say(message)
}

/// A message of this crate.
pub(crate) fn own(id: &str) -> Message {
    Message::new(format!("engine.{id}"))
}
