//! A mistake in a catalog file: where it is, what it is, and what was probably meant.

use auscult_model::Message;

/// One mistake; all of them are reported at once, up to a thousand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogMistake {
    /// Name of the file, as the caller named it.
    pub file: String,
    /// Line, from 1; of a mistake that concerns the whole file, the first.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong.
    pub message: Message,
    /// What was probably meant.
    pub hint: Option<Message>,
}

/// Most mistakes collected: more than a person reads, too few to fill memory with.
pub(crate) const MAX_MISTAKES: usize = 1000;

/// The mistakes found so far, bounded.
#[derive(Debug, Default)]
pub(crate) struct Mistakes(Vec<CatalogMistake>);

impl Mistakes {
    /// Notes one more; beyond the bound it is dropped, and the last one kept says so.
    pub(crate) fn push(&mut self, mistake: CatalogMistake) {
        match self.0.len() {
            n if n < MAX_MISTAKES => self.0.push(mistake),
            MAX_MISTAKES => self.0.push(CatalogMistake {
                message: Message::new("catalog.more-mistakes").with("shown", MAX_MISTAKES),
                hint: None,
                ..mistake
            }),
            _ => {}
        }
    }

    /// Whether more of them would be dropped.
    pub(crate) fn full(&self) -> bool {
        self.0.len() > MAX_MISTAKES
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// In the order of files and places.
    pub(crate) fn sorted(mut self) -> Vec<CatalogMistake> {
        self.0.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
        self.0
    }
}
