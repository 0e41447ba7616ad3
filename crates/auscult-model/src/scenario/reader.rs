//! Reads the values of one TOML table, noting every mistake instead of stopping at the first.

use std::ops::Range;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::mistake::Mistakes;
use crate::Message;

/// Longest text that any key takes, in characters.
const LONGEST: usize = 500;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) span: Range<usize>,
}

/// One table of the file.
#[derive(Clone, Copy)]
pub(super) struct Table<'t, 'i> {
    pub(super) table: &'t DeTable<'i>,
    /// What people call it, such as `[device.cuff]`.
    pub(super) name: &'t str,
    /// Where its heading stands.
    pub(super) at: usize,
}

impl<'t, 'i> Table<'t, 'i> {
    /// Notes keys that the table does not know, each with the nearest one that it does.
    pub(super) fn only(&self, known: &[&str], mistakes: &mut Mistakes<'_>) {
        for key in self.table.keys() {
            let word: &str = key.get_ref();
            if known.contains(&word) {
                continue;
            }
            // The nearest word costs more than all the rest; a file of a million wrong keys must not take minutes.
            if mistakes.is_full() {
                return;
            }
            let hint = match nearest(word, known.iter().copied()) {
                Some(nearest) => Message::new("scenario.hint-nearest").with("nearest", nearest),
                None => Message::new("scenario.hint-keys").with("where", self.name).with_list("keys", known),
            };
            let message = Message::new("scenario.unknown-key").with("key", word).with("where", self.name);
            mistakes.add(key.span(), message, Some(hint));
        }
    }

    fn raw(&self, key: &str) -> Option<&'t Spanned<DeValue<'i>>> {
        self.table.get(key)
    }

    /// Notes that a key is missing.
    pub(super) fn missing(&self, key: &str, mistakes: &mut Mistakes<'_>) {
        let message = Message::new("scenario.missing-key").with("where", self.name).with("key", key);
        mistakes.add(self.at..self.at + 1, message, None);
    }

    pub(super) fn text(&self, key: &str, mistakes: &mut Mistakes<'_>) -> Option<At<String>> {
        text(key, self.raw(key)?, mistakes)
    }

    pub(super) fn needed_text(&self, key: &str, mistakes: &mut Mistakes<'_>) -> Option<At<String>> {
        if self.raw(key).is_none() {
            self.missing(key, mistakes);
        }
        self.text(key, mistakes)
    }

    pub(super) fn truth(&self, key: &str, mistakes: &mut Mistakes<'_>) -> bool {
        match self.raw(key) {
            None => false,
            Some(value) => match value.get_ref() {
                DeValue::Boolean(truth) => *truth,
                _ => {
                    wrong_type(key, "true or false", value, mistakes);
                    false
                }
            },
        }
    }

    pub(super) fn number(&self, key: &str, mistakes: &mut Mistakes<'_>) -> Option<At<String>> {
        let value = self.raw(key)?;
        match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => {
                Some(At { value: number.as_str().to_owned(), span: value.span() })
            }
            _ => {
                wrong_type(key, "a whole number", value, mistakes);
                None
            }
        }
    }

    pub(super) fn date(&self, key: &str, mistakes: &mut Mistakes<'_>) -> Option<Date> {
        let value = self.raw(key)?;
        let written = match value.get_ref() {
            DeValue::Datetime(moment) if moment.time.is_none() => moment.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => {
                wrong_type(key, "a date", value, mistakes);
                return None;
            }
        };
        let date = written.parse().ok();
        if date.is_none() {
            let message = Message::new("scenario.bad-date").with("date", written);
            mistakes.add(value.span(), message, Some(Message::new("scenario.hint-date")));
        }
        date
    }

    /// One word out of a closed list.
    pub(super) fn word<T: Copy>(
        &self,
        key: &str,
        what: &str,
        of: impl Fn(&str) -> Option<T>,
        words: &[&str],
        mistakes: &mut Mistakes<'_>,
    ) -> Option<T> {
        let text = self.text(key, mistakes)?;
        word(&text, what, of, words, mistakes)
    }

    /// A list of texts; at most 1,000.
    pub(super) fn texts(&self, key: &str, mistakes: &mut Mistakes<'_>) -> Vec<At<String>> {
        let items = self.list(key, "a list of texts", 1_000, mistakes);
        items.iter().filter_map(|item| text(key, item, mistakes)).collect()
    }

    /// The items of a list of at most `most`.
    pub(super) fn list(
        &self,
        key: &str,
        wanted: &str,
        most: usize,
        mistakes: &mut Mistakes<'_>,
    ) -> Vec<&'t Spanned<DeValue<'i>>> {
        let Some(value) = self.raw(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            wrong_type(key, wanted, value, mistakes);
            return Vec::new();
        };
        if items.len() > most {
            let message = Message::new("scenario.too-many").with("what", key);
            mistakes.add(value.span(), message.with("count", items.len()).with("most", most), None);
        }
        items.iter().take(most).collect()
    }

    /// A table within this one.
    pub(super) fn table(&self, key: &str, mistakes: &mut Mistakes<'_>) -> Option<(&'t DeTable<'i>, usize)> {
        let value = self.raw(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some((table, value.span().start)),
            _ => {
                wrong_type(key, "a table", value, mistakes);
                None
            }
        }
    }
}

/// One word out of a closed list.
pub(super) fn word<T>(
    text: &At<String>,
    what: &str,
    of: impl Fn(&str) -> Option<T>,
    words: &[&str],
    mistakes: &mut Mistakes<'_>,
) -> Option<T> {
    let found = of(&text.value);
    if found.is_none() {
        let hint = match nearest(&text.value, words.iter().copied()) {
            Some(nearest) => Message::new("scenario.hint-nearest").with("nearest", nearest),
            None => Message::new("scenario.hint-words").with_list("words", words),
        };
        let message = Message::new("scenario.unknown-word").with("word", &text.value).with("what", what);
        mistakes.add(text.span.clone(), message, Some(hint));
    }
    found
}

fn text(key: &str, value: &Spanned<DeValue<'_>>, mistakes: &mut Mistakes<'_>) -> Option<At<String>> {
    let DeValue::String(text) = value.get_ref() else {
        wrong_type(key, "a text in quotes", value, mistakes);
        return None;
    };
    let count = text.chars().count();
    if text.trim().is_empty() {
        mistakes.add(value.span(), Message::new("scenario.empty-text").with("key", key), None);
        return None;
    }
    if count > LONGEST {
        let message =
            Message::new("scenario.long-text").with("key", key).with("count", count).with("most", LONGEST);
        mistakes.add(value.span(), message, None);
        return None;
    }
    Some(At { value: text.to_string(), span: value.span() })
}

pub(super) fn wrong_type(key: &str, wanted: &str, value: &Spanned<DeValue<'_>>, mistakes: &mut Mistakes<'_>) {
    let found = match value.get_ref() {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    let message =
        Message::new("scenario.wrong-type").with("key", key).with("wanted", wanted).with("found", found);
    mistakes.add(value.span(), message, None);
}

/// The nearest of some words, if it is near enough to have been meant.
pub(super) fn nearest<'w>(word: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    if word.len() > 40 {
        return None;
    }
    words
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 4)
        .min()
        .map(|(_, candidate)| candidate)
}
