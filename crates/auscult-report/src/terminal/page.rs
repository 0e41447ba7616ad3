//! A page of fixed width: wraps words, hangs indents, and adds colour where it is wanted.

/// How a piece of text is set off; never the only carrier of a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Plain,
    Strong,
    Faint,
    Fail,
    Open,
    Pass,
}

impl Ink {
    const fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Strong => "1",
            Self::Faint => "2",
            Self::Fail => "1;31",
            Self::Open => "33",
            Self::Pass => "32",
        }
    }
}

/// Narrower pages are laid out as if they had this width.
const NARROWEST: usize = 40;
/// Wider pages leave the rest empty: longer lines are hard to read.
const WIDEST: usize = 120;

/// Text that grows line by line.
#[derive(Debug)]
pub(super) struct Page {
    out: String,
    width: usize,
    color: bool,
}

impl Page {
    pub(super) fn new(width: usize, color: bool) -> Self {
        Self { out: String::new(), width: width.clamp(NARROWEST, WIDEST), color }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    pub(super) fn gap(&mut self) {
        self.out.push('\n');
    }

    /// A line across the page.
    pub(super) fn rule(&mut self) {
        let rule = "─".repeat(self.width);
        self.paragraph(&[], 0, &[(Ink::Faint, &rule)]);
    }

    /// A heading with a line under it.
    pub(super) fn heading(&mut self, title: &str, aside: &str) {
        self.gap();
        let title = title.to_uppercase();
        let dot = if aside.is_empty() { "" } else { "·" };
        self.paragraph(&[], 0, &[(Ink::Strong, &title), (Ink::Faint, dot), (Ink::Faint, aside)]);
        self.rule();
    }

    /// A paragraph: `lead` stands in front of its first line, the other lines begin at column `hang`.
    ///
    /// Pieces are joined by a space. A lead that reaches beyond `hang` shortens the first line only.
    pub(super) fn paragraph(&mut self, lead: &[(Ink, &str)], hang: usize, pieces: &[(Ink, &str)]) {
        self.bounded(lead, hang, pieces, usize::MAX);
    }

    /// The same, but at most `most` lines, the last one ending with an ellipsis where something was left out.
    pub(super) fn bounded(&mut self, lead: &[(Ink, &str)], hang: usize, pieces: &[(Ink, &str)], most: usize) {
        let mut at = 0;
        for (ink, text) in lead {
            self.ink(*ink, text);
            at += width(text);
        }
        if at < hang {
            self.pad(hang - at);
            at = hang;
        }
        // A word longer than a line is cut into pieces that fit.
        let room = self.width.saturating_sub(hang).max(1);
        let words: Vec<(Ink, String)> = pieces
            .iter()
            .flat_map(|(ink, text)| text.split(' ').filter(|w| !w.is_empty()).map(move |w| (*ink, w)))
            .flat_map(|(ink, word)| chunks(word, room).into_iter().map(move |c| (ink, c)))
            .collect();
        let (mut fresh, mut lines) = (true, 1);
        let mut words = words.iter().peekable();
        while let Some((ink, word)) = words.next() {
            let needed = width(word) + usize::from(!fresh);
            if at + needed > self.width && !(fresh && at <= hang) {
                lines += 1;
                self.out.push('\n');
                self.pad(hang);
                (at, fresh) = (hang, true);
            }
            let last_line_full = lines == most
                && words.peek().is_some_and(|(_, next)| at + needed + 1 + width(next) + 2 > self.width);
            if !fresh {
                self.out.push(' ');
            }
            self.ink(*ink, word);
            at += width(word) + usize::from(!fresh);
            fresh = false;
            if last_line_full {
                if at + 2 <= self.width {
                    self.out.push_str(" …");
                }
                break;
            }
        }
        self.out.push('\n');
    }

    /// A line whose spaces count, such as a row of a table; made to fit by [`Page::width`] and [`cell`].
    pub(super) fn row(&mut self, ink: Ink, line: &str) {
        self.ink(ink, line.trim_end());
        self.out.push('\n');
    }

    /// Columns of the page.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    fn ink(&mut self, ink: Ink, text: &str) {
        if self.color && ink != Ink::Plain && !text.trim().is_empty() {
            self.out.push_str("\u{1b}[");
            self.out.push_str(ink.code());
            self.out.push('m');
            self.out.push_str(text);
            self.out.push_str("\u{1b}[0m");
        } else {
            self.out.push_str(text);
        }
    }

    fn pad(&mut self, columns: usize) {
        self.out.extend(std::iter::repeat_n(' ', columns));
    }
}

/// Columns that a text takes; too many rather than too few where terminals differ.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// The text in exactly this many columns, the last of them empty: filled up with spaces, or cut.
pub(super) fn cell(text: &str, columns: usize) -> String {
    let most = columns.saturating_sub(1);
    let mut cell = text.to_owned();
    if width(text) > most {
        cell = chunks(text, most.saturating_sub(1)).swap_remove(0);
        cell.push('…');
    }
    let filled = width(&cell);
    cell.extend(std::iter::repeat_n(' ', columns.saturating_sub(filled)));
    cell
}

const fn columns(c: char) -> usize {
    match c {
        '\u{1100}'..='\u{115f}'
        | '\u{231a}'..='\u{231b}'
        | '\u{2329}'..='\u{232a}'
        | '\u{23e9}'..='\u{23f3}'
        | '\u{2600}'..='\u{27bf}'
        | '\u{2b1b}'..='\u{2b55}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{a960}'..='\u{a97c}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe10}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{16fe0}'..='\u{18cff}'
        | '\u{1aff0}'..='\u{1b2ff}'
        | '\u{1f000}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => match c {
            // Our own signs are narrow everywhere.
            '✓' | '✗' => 1,
            _ => 2,
        },
        _ => 1,
    }
}

/// Cuts a word into pieces of at most `room` columns.
fn chunks(word: &str, room: usize) -> Vec<String> {
    if width(word) <= room {
        return vec![word.to_owned()];
    }
    let mut pieces = vec![String::new()];
    let mut used = 0;
    for c in word.chars() {
        if used + columns(c) > room && used > 0 {
            pieces.push(String::new());
            used = 0;
        }
        used += columns(c);
        if let Some(piece) = pieces.last_mut() {
            piece.push(c);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str, lead: &str, hang: usize) -> String {
        let mut page = Page::new(40, false);
        page.paragraph(&[(Ink::Plain, lead)], hang, &[(Ink::Plain, text)]);
        page.finish()
    }

    #[test]
    fn words_wrap_and_hang() {
        let text = "The MQTT broker lets anonymous clients in and shows them every topic";
        assert_eq!(
            page(text, " 1 ", 4),
            " 1  The MQTT broker lets anonymous\n    clients in and shows them every\n    topic\n"
        );
    }

    #[test]
    fn no_line_is_longer_than_the_page() {
        let words = ["a".repeat(200), "字".repeat(70), "kurz".to_owned(), "🏥".repeat(33)].join(" ");
        for hang in [0, 7, 30] {
            for line in page(&words, "lead", hang).lines() {
                assert!(width(line) <= 40, "{line}");
            }
        }
    }

    #[test]
    fn a_bounded_paragraph_says_that_it_goes_on() {
        let mut page = Page::new(40, false);
        page.bounded(&[], 2, &[(Ink::Plain, &"word ".repeat(60))], 2);
        let text = page.finish();
        assert_eq!(text.lines().count(), 2);
        assert!(text.ends_with(" …\n"));
    }

    #[test]
    fn a_cell_has_its_columns() {
        assert_eq!(cell("TLS", 6), "TLS   ");
        assert_eq!(cell("Protected transport", 8), "Protec… ");
        assert_eq!(width(&cell("字字字字字字", 8)), 8);
    }

    #[test]
    fn colour_is_added_only_on_demand() {
        let mut page = Page::new(80, true);
        page.paragraph(&[], 0, &[(Ink::Fail, "failed")]);
        assert_eq!(page.finish(), "\u{1b}[1;31mfailed\u{1b}[0m\n");
        let mut page = Page::new(80, false);
        page.paragraph(&[], 0, &[(Ink::Fail, "failed")]);
        assert_eq!(page.finish(), "failed\n");
    }
}
