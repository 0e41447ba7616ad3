//! Reads values out of a TOML file and notes every mistake with its place, rather than stopping at the first.

use std::ops::Range;

use auscult_model::Message;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::mistake::{CatalogMistake, Mistakes};

/// Longest name that is compared with known names for a hint.
const MAX_GUESS: usize = 60;

/// Most syntax mistakes told of one file: after some, the rest only follow from them.
const MAX_SYNTAX: usize = 20;

/// A file under the reader's eyes.
pub(crate) struct Source<'a> {
    /// What the caller calls it.
    pub(crate) name: &'a str,
    text: &'a str,
    mistakes: &'a mut Mistakes,
}

impl<'a> Source<'a> {
    /// A file that will be read.
    pub(crate) fn new(name: &'a str, text: &'a str, mistakes: &'a mut Mistakes) -> Self {
        Self { name, text, mistakes }
    }

    /// The syntax tree, or `None` after noting why there is none.
    pub(crate) fn tree(&mut self) -> Option<Spanned<DeTable<'a>>> {
        let (tree, faults) = DeTable::parse_recoverable(self.text);
        for fault in faults.iter().take(MAX_SYNTAX) {
            let detail = fault.message().lines().next().unwrap_or_default();
            let at = fault.span().map_or(0, |span| span.start);
            self.note(at, Message::new("catalog.syntax").with("detail", detail), None);
        }
        faults.is_empty().then_some(tree)
    }

    /// Notes a mistake at an offset.
    pub(crate) fn note(&mut self, at: usize, message: Message, hint: Option<Message>) {
        let mistake = self.mistake(at, message, hint);
        self.mistakes.push(mistake);
    }

    /// A mistake at an offset that the caller may note later.
    pub(crate) fn mistake(&self, at: usize, message: Message, hint: Option<Message>) -> CatalogMistake {
        let (line, column) = place(self.text, at);
        CatalogMistake { file: self.name.to_owned(), line, column, message, hint }
    }

    /// How many mistakes there are in all files so far.
    pub(crate) fn mistakes(&self) -> usize {
        self.mistakes.len()
    }
}

/// Line and column, both from 1, of a byte offset.
fn place(text: &str, at: usize) -> (u32, u32) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}

/// A hint that names the nearest of the known names, if one is near.
pub(crate) fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<Message> {
    if name.len() > MAX_GUESS {
        return None;
    }
    known
        .into_iter()
        .map(|k| (strsim::jaro_winkler(name, k), k))
        .filter(|(alike, _)| *alike > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, k)| Message::new("catalog.hint-nearest").with("name", k))
}

/// Text as one line: a line break in a file is only there for its editor.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// A value with its place.
pub(crate) struct At<T> {
    /// The value.
    pub(crate) value: T,
    /// Where it begins.
    pub(crate) at: usize,
}

/// A table of a file.
#[derive(Clone)]
pub(crate) struct Table<'t, 'i> {
    fields: &'t DeTable<'i>,
    span: Range<usize>,
}

impl<'t, 'i> Table<'t, 'i> {
    /// The table, after noting each key that it does not know.
    pub(crate) fn new(
        fields: &'t DeTable<'i>,
        span: Range<usize>,
        known: &[&str],
        source: &mut Source<'_>,
    ) -> Self {
        for (key, _) in fields {
            let name: &str = key.as_ref();
            if !known.contains(&name) {
                let hint = nearest(name, known.iter().copied());
                let message = Message::new("catalog.unknown-key").with("key", name);
                source.note(key.span().start, message, hint);
            }
        }
        Self { fields, span }
    }

    /// Where the table begins.
    pub(crate) fn at(&self) -> usize {
        self.span.start
    }

    /// Prose that must be there: not empty, on one line.
    pub(crate) fn text(&self, source: &mut Source<'_>, key: &str) -> Option<At<String>> {
        let value = self.needed(source, key)?;
        string(source, key, value)
    }

    /// Prose that may be absent.
    pub(crate) fn text_if_any(&self, source: &mut Source<'_>, key: &str) -> Option<At<String>> {
        string(source, key, self.fields.get(key)?)
    }

    /// A flag; `None` when it is absent or wrong.
    pub(crate) fn flag_if_any(&self, source: &mut Source<'_>, key: &str) -> Option<bool> {
        let value = self.fields.get(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            wrong_kind(source, key, value, "boolean");
        }
        flag
    }

    /// A flag that must be there.
    pub(crate) fn flag(&self, source: &mut Source<'_>, key: &str) -> Option<bool> {
        self.needed(source, key)?;
        self.flag_if_any(source, key)
    }

    /// A word out of a fixed set that must be there.
    pub(crate) fn word<T>(&self, source: &mut Source<'_>, key: &str, words: &[(&str, T)]) -> Option<T>
    where
        T: Clone,
    {
        let said = self.text(source, key)?;
        known_word(source, key, &said, words)
    }

    /// A word out of a fixed set that may be absent.
    pub(crate) fn word_if_any<T: Clone>(
        &self,
        source: &mut Source<'_>,
        key: &str,
        words: &[(&str, T)],
    ) -> Option<T> {
        let said = self.text_if_any(source, key)?;
        known_word(source, key, &said, words)
    }

    /// Texts of a list that must be there and hold at least one.
    pub(crate) fn texts(&self, source: &mut Source<'_>, key: &str) -> Option<Vec<At<String>>> {
        let value = self.needed(source, key)?;
        let texts = strings(source, key, value)?;
        if texts.is_empty() {
            source.note(value.span().start, Message::new("catalog.empty-list").with("key", key), None);
            return None;
        }
        Some(texts)
    }

    /// Texts of a list that may be absent.
    pub(crate) fn texts_if_any(&self, source: &mut Source<'_>, key: &str) -> Vec<At<String>> {
        self.fields.get(key).and_then(|value| strings(source, key, value)).unwrap_or_default()
    }

    /// Words of a list, each out of a fixed set and said once.
    pub(crate) fn words<T: Clone + PartialEq>(
        &self,
        source: &mut Source<'_>,
        key: &str,
        words: &[(&str, T)],
    ) -> Option<Vec<T>> {
        let mut found = Vec::new();
        for said in self.texts(source, key)? {
            let Some(word) = known_word(source, key, &said, words) else { continue };
            if found.contains(&word) {
                source.note(said.at, Message::new("catalog.said-twice").with("word", said.value), None);
            } else {
                found.push(word);
            }
        }
        Some(found)
    }

    /// A table that must be there.
    pub(crate) fn table(&self, source: &mut Source<'_>, key: &str, known: &[&str]) -> Option<Table<'t, 'i>> {
        self.needed(source, key)?;
        self.table_if_any(source, key, known)
    }

    /// A table that may be absent.
    pub(crate) fn table_if_any(
        &self,
        source: &mut Source<'_>,
        key: &str,
        known: &[&str],
    ) -> Option<Table<'t, 'i>> {
        let value = self.fields.get(key)?;
        let Some(fields) = value.get_ref().as_table() else {
            wrong_kind(source, key, value, "table");
            return None;
        };
        Some(Table::new(fields, value.span(), known, source))
    }

    /// The tables of a list; empty when it is absent.
    pub(crate) fn tables(&self, source: &mut Source<'_>, key: &str, known: &[&str]) -> Vec<Table<'t, 'i>> {
        let Some(value) = self.fields.get(key) else { return Vec::new() };
        let Some(items) = value.get_ref().as_array() else {
            wrong_kind(source, key, value, "list");
            return Vec::new();
        };
        let mut tables = Vec::with_capacity(items.len());
        for item in items {
            match item.get_ref().as_table() {
                Some(fields) => tables.push(Table::new(fields, item.span(), known, source)),
                None => wrong_kind(source, key, item, "table"),
            }
        }
        tables
    }

    fn needed(&self, source: &mut Source<'_>, key: &str) -> Option<&'t Spanned<DeValue<'i>>> {
        let value = self.fields.get(key);
        if value.is_none() {
            source.note(self.span.start, Message::new("catalog.missing-key").with("key", key), None);
        }
        value
    }
}

fn string(source: &mut Source<'_>, key: &str, value: &Spanned<DeValue<'_>>) -> Option<At<String>> {
    let at = value.span().start;
    let Some(text) = value.get_ref().as_str() else {
        wrong_kind(source, key, value, "string");
        return None;
    };
    let text = fold(text);
    if text.is_empty() {
        source.note(at, Message::new("catalog.empty-text").with("key", key), None);
        return None;
    }
    Some(At { value: text, at })
}

fn strings(source: &mut Source<'_>, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Vec<At<String>>> {
    let Some(items) = value.get_ref().as_array() else {
        wrong_kind(source, key, value, "list");
        return None;
    };
    Some(items.iter().filter_map(|item| string(source, key, item)).collect())
}

fn known_word<T: Clone>(
    source: &mut Source<'_>,
    key: &str,
    said: &At<String>,
    words: &[(&str, T)],
) -> Option<T> {
    let found = words.iter().find(|(word, _)| *word == said.value).map(|(_, value)| value.clone());
    if found.is_none() {
        let names = words.iter().map(|(word, _)| *word);
        let hint = nearest(&said.value, names.clone())
            .unwrap_or_else(|| Message::new("catalog.hint-one-of").with_list("words", names));
        let message = Message::new("catalog.unknown-word").with("key", key).with("word", &said.value);
        source.note(said.at, message, Some(hint));
    }
    found
}

fn wrong_kind(source: &mut Source<'_>, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
    let message = Message::new("catalog.wrong-kind")
        .with("key", key)
        .with("wanted", wanted)
        .with("found", value.get_ref().type_str());
    source.note(value.span().start, message, None);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_from_one() {
        assert_eq!(place("", 0), (1, 1));
        assert_eq!(place("a = 1\nü = 2", 9), (2, 3));
        assert_eq!(place("short", 99), (1, 6));
    }

    #[test]
    fn a_hint_needs_some_likeness() {
        assert!(nearest("remdy", ["remedy", "title"]).is_some());
        assert!(nearest("xyzzy", ["remedy", "title"]).is_none());
        assert!(nearest(&"r".repeat(10_000), ["remedy"]).is_none());
    }

    #[test]
    fn line_breaks_become_spaces() {
        assert_eq!(fold("\n  one\n  two three \n"), "one two three");
    }
}
