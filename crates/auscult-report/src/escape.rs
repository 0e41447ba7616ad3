//! Makes foreign text visible and harmless: nothing a device says can move a cursor, turn a line round or hide.
//!
//! Whatever a reader could not see is written as `\u{1b}`. Markup is the business of each format, and comes after.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// Most characters of one text that a report shows; the full text stays in the JSON report.
const MAX_SHOWN: usize = 1_000;

/// Most combining marks on one letter; more is an attempt to paint over the neighbouring lines.
const MAX_MARKS: usize = 2;

/// Text that may be shown: there is no other way to make one than through the escapes of this module.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Shown(String);

impl Shown {
    /// One line from anywhere: line breaks become visible too.
    pub(crate) fn line(text: &str) -> Self {
        Self(visible(text).into_owned())
    }

    /// Running text of the catalog: line breaks are only where its file was folded, and become spaces.
    pub(crate) fn prose(text: &str) -> Self {
        Self::line(&text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Words of a message catalogue whose arguments went through [`visible`] before.
    pub(crate) fn words(said: &str) -> Self {
        Self(said.split(['\n', '\r']).map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>().join(" "))
    }

    /// A digest, short enough to compare by eye: `sha256:` and twelve digits.
    pub(crate) fn digest(digest: &str) -> Self {
        const SHOWN: usize = 12;
        match digest.split_once(':') {
            Some((name, value)) if value.chars().count() > SHOWN => {
                Self::line(&format!("{name}:{}", value.chars().take(SHOWN).collect::<String>()))
            }
            _ => Self::line(digest),
        }
    }

    /// At most this many characters, the last one an ellipsis where something was left out.
    pub(crate) fn cut(&self, most: usize) -> Self {
        if self.0.chars().count() <= most {
            return self.clone();
        }
        let kept: String = self.0.chars().take(most.saturating_sub(1)).collect();
        Self(format!("{}…", kept.trim_end()))
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to show.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The text with everything that cannot be seen written as `\u{…}`, cut to a length that fits a page.
///
/// A backslash that would read as such an escape is escaped itself, so the original can be told from the result.
/// In a word that mixes Latin letters with look-alikes of other scripts, the others are escaped.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if text.len() <= MAX_SHOWN && text.bytes().all(|b| matches!(b, b' '..=b'~') && b != b'\\') {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len().min(4 * MAX_SHOWN));
    let mut left = MAX_SHOWN;
    for token in text.split_inclusive(char::is_whitespace) {
        let disguised = is_disguised(token);
        let mut marks = 0;
        for (at, letter) in token.char_indices() {
            if left == 0 {
                shown.push('…');
                return Cow::Owned(shown);
            }
            left -= 1;
            marks = if is_mark(letter) { marks + 1 } else { 0 };
            let looks_escaped = letter == '\\' && token[at..].starts_with("\\u{");
            let hidden = is_unseen(letter)
                || looks_escaped
                || marks > MAX_MARKS
                || (disguised && is_look_alike(letter));
            if hidden {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(letter));
            } else {
                shown.push(letter);
            }
        }
    }
    Cow::Owned(shown)
}

/// Whether a reader would not see the character, or see others differently for it.
pub(crate) const fn is_unseen(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'       // control characters, C1 with its one-byte CSI among them
        | '\u{a0}' | '\u{ad}' | '\u{34f}' | '\u{61c}'
        | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{1680}' | '\u{2000}'..='\u{200f}'      // spaces of other widths, zero-width, direction marks
        | '\u{2028}'..='\u{202f}'                   // line and paragraph separators, direction overrides
        | '\u{205f}'..='\u{206f}'                   // word joiner, invisible operators, direction isolates
        | '\u{2800}' | '\u{3000}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}'                 // tags, which carry whole hidden sentences
    )
}

/// Whether the character is drawn onto the one before it.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Whether Latin letters and look-alikes stand in one word.
fn is_disguised(token: &str) -> bool {
    !token.is_ascii() && token.chars().any(|c| c.is_ascii_alphabetic()) && token.chars().any(is_look_alike)
}

/// Letters of scripts whose shapes pass for Latin; μ and Ω are left out because they are units.
const fn is_look_alike(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}' | '\u{530}'..='\u{58f}'
        | '\u{13a0}'..='\u{13ff}' | '\u{ff01}'..='\u{ff5e}' | '\u{1d400}'..='\u{1d7ff}')
        && !matches!(c, 'μ' | 'Ω')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What hostile devices are known to put into names, banners and certificates.
    const PAYLOADS: &[(&str, &str)] = &[
        ("\u{1b}[2J\u{1b}[H", "\\u{1b}[2J\\u{1b}[H"),
        ("\u{1b}]0;owned\u{7}", "\\u{1b}]0;owned\\u{7}"),
        ("\u{1b}]8;;https://evil.example\u{1b}\\x", "\\u{1b}]8;;https://evil.example\\u{1b}\\x"),
        ("\u{9b}31m", "\\u{9b}31m"),
        ("a\r\nb", "a\\u{d}\\u{a}b"),
        ("a\0b", "a\\u{0}b"),
        ("a\tb", "a\\u{9}b"),
        ("\u{fffd}", "\u{fffd}"),
        ("\u{202e}gnp.exe", "\\u{202e}gnp.exe"),
        ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
        ("pass\u{200b}word", "pass\\u{200b}word"),
        ("\u{feff}bom", "\\u{feff}bom"),
        ("a\u{2028}b", "a\\u{2028}b"),
        ("\u{e0041}\u{e0042}", "\\u{e0041}\\u{e0042}"),
        ("p\u{430}ypal.example", "p\\u{430}ypal.example"),
        ("\u{430}\u{440}\u{440}\u{4cf}\u{435}.com", "\\u{430}\\u{440}\\u{440}\\u{4cf}\\u{435}.com"),
        ("\\u{1b}[2J", "\\u{5c}u{1b}[2J"),
        ("e\u{301}\u{302}\u{303}\u{304}", "e\u{301}\u{302}\\u{303}\\u{304}"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("${jndi:ldap://x}", "${jndi:ldap://x}"),
        ("{{7*7}}", "{{7*7}}"),
        ("=HYPERLINK(\"x\")", "=HYPERLINK(\"x\")"),
        ("]]>", "]]>"),
    ];

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        for (payload, shown) in PAYLOADS {
            assert_eq!(Shown::line(payload).as_str(), *shown);
        }
    }

    #[test]
    fn honest_words_stay() {
        for honest in [
            "Blutdruckmessgerät",
            "Πίεση",
            "Давление",
            "37.2 °C",
            "5 μg",
            "10 kΩ",
            "C:\\fw\\update",
            "日本語",
        ] {
            assert_eq!(visible(honest), honest);
        }
    }

    #[test]
    fn a_long_line_is_cut() {
        let shown = Shown::line(&"A".repeat(1 << 20));
        assert_eq!(shown.as_str().chars().count(), MAX_SHOWN + 1);
        assert!(shown.as_str().ends_with('…'));
    }

    #[test]
    fn prose_folds_and_lines_do_not() {
        assert_eq!(Shown::prose("one\n  two").as_str(), "one two");
        assert_eq!(Shown::line("one\ntwo").as_str(), "one\\u{a}two");
    }

    #[test]
    fn a_digest_is_short_and_safe() {
        assert_eq!(Shown::digest(&format!("sha256:{}", "ab".repeat(32))).as_str(), "sha256:abababababab");
        assert_eq!(Shown::digest("\u{1b}[2J").as_str(), "\\u{1b}[2J");
    }

    #[test]
    fn a_cut_says_so() {
        assert_eq!(Shown::line("Blood pressure cuff").cut(8).as_str(), "Blood p…");
        assert_eq!(Shown::line("Cuff").cut(8).as_str(), "Cuff");
    }
}
