//! The style sheet, with the running head of the printed page.

use std::fmt::Write as _;

use crate::escape::Shown;

/// Longest text on either side of the running head, in characters.
const HEAD_LENGTH: usize = 60;

/// The sheet for a report, with what stands at the head of each printed page: on the left and on the right.
pub(super) fn sheet(left: &Shown, right: &Shown) -> String {
    let mut sheet = String::from(include_str!("../../templates/style.css"));
    let (left, right) = (left.cut(HEAD_LENGTH), right.cut(HEAD_LENGTH));
    let (left, right) = (quoted(left.as_str()), quoted(right.as_str()));
    let _ = writeln!(sheet, "@page{{@top-left{{content:\"{left}\"}}@top-right{{content:\"{right}\"}}}}");
    sheet
}

/// The inside of a CSS string: every character that could end it, or the sheet, is written by its number.
fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | '-' | ':') {
            quoted.push(c);
        } else {
            // The space ends the number and is not shown.
            let _ = write!(quoted, "\\{:06x} ", u32::from(c));
        }
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHEET: &str = include_str!("../../templates/style.css");

    #[test]
    fn nothing_ends_the_string_or_the_sheet() {
        let sheet = sheet(&Shown::line("a\"}</style><script>\\"), &Shown::line("sha256:00"));
        let running = &sheet[SHEET.len()..];
        assert!(!running.contains('<') && running.matches('"').count() == 4, "{running}");
        assert!(running.contains("a\\000022 \\00007d \\00003c "), "{running}");
    }

    #[test]
    fn the_sheet_asks_for_nothing() {
        for word in ["url(", "@import", "http", "</"] {
            assert!(!SHEET.contains(word), "{word}");
        }
    }

    /// Value of a token in the light block (the first) or the dark one (the second).
    fn token(name: &str, dark: bool) -> [f64; 3] {
        let at = SHEET.match_indices(&format!("--{name}: #")).nth(usize::from(dark)).unwrap().0;
        let hex = &SHEET[at + name.len() + 5..][..6];
        [0, 2, 4].map(|i| f64::from(u8::from_str_radix(&hex[i..i + 2], 16).unwrap()) / 255.0)
    }

    fn luminance(rgb: [f64; 3]) -> f64 {
        let [r, g, b] = rgb.map(|c| if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    #[test]
    fn every_ink_is_legible_on_every_ground() {
        for dark in [false, true] {
            for (inks, grounds) in [
                (
                    &["ink", "soft", "accent"][..],
                    &["paper", "ground", "fail-ground", "open-ground", "pass-ground"][..],
                ),
                (&["fail"], &["paper", "ground", "fail-ground"]),
                (&["open"], &["paper", "ground", "open-ground"]),
                (&["pass"], &["paper", "ground", "pass-ground"]),
                (&["on-solid"], &["fail-solid", "open-solid", "pass-solid", "soft-solid"]),
            ] {
                for (ink, ground) in inks.iter().flat_map(|i| grounds.iter().map(move |g| (i, g))) {
                    let (a, b) = (luminance(token(ink, dark)), luminance(token(ground, dark)));
                    let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
                    assert!(contrast >= 4.5, "{ink} on {ground}, dark {dark}: {contrast:.2}");
                }
            }
        }
    }
}
