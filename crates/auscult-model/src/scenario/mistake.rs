//! A mistake in a scenario file: where it is, what is wrong, and what to write instead.

use std::ops::Range;

use crate::Message;
use crate::scenario::Place;

/// One mistake; a file is read to its end, so that all of them are told at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Bytes of the file that are wrong.
    pub span: Range<usize>,
    /// Where they begin.
    pub place: Place,
    /// What is wrong, in the room `scenario`.
    pub message: Message,
    /// What to write instead, in the room `scenario`.
    pub hint: Option<Message>,
}

/// Most mistakes told of one file.
const MOST: usize = 100;

/// Gathers mistakes and knows the lines of the file.
#[derive(Debug)]
pub(super) struct Mistakes<'a> {
    text: &'a str,
    lines: Vec<usize>,
    list: Vec<Mistake>,
}

impl<'a> Mistakes<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, lines, list: Vec::new() }
    }

    /// Line and column of a byte.
    pub(super) fn place(&self, at: usize) -> Place {
        let line = self.lines.partition_point(|start| *start <= at).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or(0);
        let before = self.text.get(start..at).unwrap_or_default().chars().count();
        Place {
            line: line.try_into().unwrap_or(u32::MAX),
            column: (before + 1).try_into().unwrap_or(u32::MAX),
        }
    }

    pub(super) fn add(&mut self, span: Range<usize>, message: Message, hint: Option<Message>) {
        if self.is_full() {
            return;
        }
        let place = self.place(span.start);
        if self.list.len() == MOST {
            let message = Message::new("scenario.too-many-mistakes").with("most", MOST);
            self.list.push(Mistake { span, place, message, hint: None });
            return;
        }
        self.list.push(Mistake { span, place, message, hint });
    }

    /// Whether further ones would not be told.
    pub(super) fn is_full(&self) -> bool {
        self.list.len() > MOST
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All of them in the order of the file.
    pub(super) fn into_list(mut self) -> Vec<Mistake> {
        self.list.sort_by_key(|m| (m.span.start, m.span.end));
        self.list
    }
}
