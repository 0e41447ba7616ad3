//! The assessment as JSON: the contract `auscult/assessment/v1`, for other tools and for `auscult judge`.

use std::io::{self, Write};

use auscult_model::assessment::Assessment;

use crate::escape::is_unseen;

/// Writes the whole assessment, indented, fields and lists in the order of the assessment, ending with a line break.
///
/// Equal assessments give equal bytes. Characters that a terminal would obey or hide are written as `\u` escapes,
/// which a parser reads back to the same text.
///
/// # Errors
/// When it cannot be written.
pub fn write_to(assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    let mut safe = Visible { out, rest: Vec::new() };
    serde_json::to_writer_pretty(&mut safe, assessment)?;
    safe.write_all(b"\n")
}

/// As [`write_to`], as a text.
pub fn write(assessment: &Assessment) -> String {
    let mut bytes = Vec::new();
    write_to(assessment, &mut bytes)
        .expect("an assessment has only keys that are strings and numbers that are whole");
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

/// Writes JSON with escapes for everything that could not be seen.
struct Visible<'a> {
    out: &'a mut dyn Write,
    /// A character of which only the first bytes have come in.
    rest: Vec<u8>,
}

impl Visible<'_> {
    fn text(&mut self, text: &str) -> io::Result<()> {
        let mut seen = 0;
        for (at, c) in text.char_indices() {
            // What is below DEL is either layout or was escaped already; beyond it, characters only occur inside
            // strings.
            if c >= '\u{7f}' && is_unseen(c) {
                self.out.write_all(&text.as_bytes()[seen..at])?;
                seen = at + c.len_utf8();
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(self.out, "\\u{unit:04x}")?;
                }
            }
        }
        self.out.write_all(&text.as_bytes()[seen..])
    }
}

impl Write for Visible<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut whole = std::mem::take(&mut self.rest);
        let held = !whole.is_empty();
        if held {
            whole.extend_from_slice(bytes);
        }
        let all = if held { &whole } else { bytes };
        let good = match std::str::from_utf8(all) {
            Ok(text) => {
                self.text(text)?;
                all.len()
            }
            Err(e) if e.error_len().is_none() => {
                self.text(std::str::from_utf8(&all[..e.valid_up_to()]).unwrap_or_default())?;
                e.valid_up_to()
            }
            Err(e) => return Err(io::Error::new(io::ErrorKind::InvalidData, e)),
        };
        self.rest = all[good..].to_vec();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_escaped_wherever_the_bytes_are_cut() {
        let text = "\"Pump \u{202e}gnp.exe \u{9b}31m \u{e0041} Grüße\"";
        let expected = "\"Pump \\u202egnp.exe \\u009b31m \\udb40\\udc41 Grüße\"";
        for cut in 0..=text.len() {
            let mut out = Vec::new();
            let mut safe = Visible { out: &mut out, rest: Vec::new() };
            safe.write_all(&text.as_bytes()[..cut]).unwrap();
            safe.write_all(&text.as_bytes()[cut..]).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
