//! Message catalogues: turns a message and its arguments into words a person reads.
//!
//! Each crate that speaks keeps its texts in Fluent files under `text/` and names its messages `room.message`;
//! a check's texts are named `check-id.message`. English is complete; other languages come beside it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use auscult_model::Message;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

/// The words of one language, by room.
pub struct Catalogue {
    rooms: HashMap<String, FluentBundle<FluentResource>>,
    missing: AtomicU64,
}

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalogue").field("rooms", &self.rooms.len()).finish_non_exhaustive()
    }
}

impl Catalogue {
    /// The English catalogue made of `(room, Fluent text)` pairs.
    ///
    /// Lines that are not Fluent are left out; a test of each speaking crate finds them.
    pub fn english(texts: &[(&str, &str)]) -> Self {
        let english: LanguageIdentifier = "en".parse().unwrap_or_default();
        let rooms = texts
            .iter()
            .map(|(room, text)| {
                let mut bundle = FluentBundle::new_concurrent(vec![english.clone()]);
                // Direction marks around arguments would be seen as rubbish in terminals and files.
                bundle.set_use_isolating(false);
                let resource = match FluentResource::try_new((*text).to_owned()) {
                    Ok(resource) | Err((resource, _)) => resource,
                };
                bundle.add_resource_overriding(resource);
                ((*room).to_owned(), bundle)
            })
            .collect();
        Self { rooms, missing: AtomicU64::new(0) }
    }

    /// The words for a message; its id in brackets where the catalogue has none.
    pub fn say(&self, message: &Message) -> String {
        self.words(message).unwrap_or_else(|| {
            self.missing.fetch_add(1, Ordering::Relaxed);
            format!("[{}]", message.id)
        })
    }

    /// The words for a message without arguments.
    pub fn word(&self, id: &str) -> String {
        self.say(&Message::new(id))
    }

    /// Whether there are words for a message id.
    pub fn has(&self, id: &str) -> bool {
        id.split_once('.')
            .is_some_and(|(room, local)| self.rooms.get(room).is_some_and(|b| b.has_message(local)))
    }

    /// How often words were asked for that the catalogue does not have.
    pub fn missing(&self) -> u64 {
        self.missing.load(Ordering::Relaxed)
    }

    fn words(&self, message: &Message) -> Option<String> {
        let (room, local) = message.id.split_once('.')?;
        let bundle = self.rooms.get(room)?;
        let pattern = bundle.get_message(local)?.value()?;
        let mut args = FluentArgs::new();
        for (name, value) in &message.args {
            // Whole numbers choose plural forms; anything else, also one with leading zeros, is kept as it is written.
            match value.parse::<u32>() {
                Ok(number) if number.to_string() == *value => args.set(name.as_str(), number),
                _ => args.set(name.as_str(), value.as_str()),
            }
        }
        let mut errors = Vec::new();
        let said = bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
        errors.is_empty().then_some(said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Catalogue {
        Catalogue::english(&[(
            "demo",
            "seen = { $n ->\n    [one] one port\n   *[other] { $n } ports\n}\nsaid = it said { $what }\n",
        )])
    }

    #[test]
    fn numbers_choose_the_plural() {
        assert_eq!(words().say(&Message::new("demo.seen").with("n", 1)), "one port");
        assert_eq!(words().say(&Message::new("demo.seen").with("n", 65535)), "65535 ports");
    }

    #[test]
    fn arguments_stay_as_they_are() {
        assert_eq!(words().say(&Message::new("demo.said").with("what", "{ $n } 007")), "it said { $n } 007");
    }

    #[test]
    fn what_has_no_words_is_counted_and_named() {
        let words = words();
        assert_eq!(words.say(&Message::new("demo.absent")), "[demo.absent]");
        assert_eq!(words.say(&Message::new("demo.said")), "[demo.said]");
        assert_eq!(words.missing(), 2);
    }
}
