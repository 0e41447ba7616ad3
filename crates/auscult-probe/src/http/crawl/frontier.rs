//! The paths that wait to be asked, each once.

use std::collections::{BTreeSet, VecDeque};

/// Most paths that are remembered.
const KNOWN: usize = 1_000;

/// Paths in the order in which they became known.
#[derive(Debug, Default)]
pub(super) struct Frontier {
    waiting: VecDeque<(String, u8)>,
    known: BTreeSet<String>,
}

impl Frontier {
    /// Lays out a path that is new; `false` where no more can be remembered.
    pub(super) fn add(&mut self, path: &str, depth: u8) -> bool {
        // What stands behind `#` never reaches a server.
        let path = path.split('#').next().unwrap_or_default();
        if self.known.contains(path) {
            return true;
        }
        if self.known.len() == KNOWN {
            return false;
        }
        self.known.insert(path.to_owned());
        self.waiting.push_back((path.to_owned(), depth));
        true
    }

    /// Whether a path was laid out before.
    pub(super) fn knows(&self, path: &str) -> bool {
        self.known.contains(path)
    }

    /// The next one, with the steps that led to it.
    pub(super) fn next(&mut self) -> Option<(String, u8)> {
        self.waiting.pop_front()
    }

    /// How many wait.
    pub(super) fn waiting(&self) -> u32 {
        u32::try_from(self.waiting.len()).unwrap_or(u32::MAX)
    }
}
