//! The assessment as JSON: the contract `auscult/assessment/v1`, for other tools and for `auscult judge`.

use std::fmt::Write as _;

use auscult_model::assessment::Assessment;

use crate::escape::is_unseen;

/// The whole assessment, indented, fields and lists in the order of the assessment, ending with a line break.
///
/// Equal assessments give equal bytes. Characters that a terminal would obey or hide are written as `\u` escapes,
/// which a parser reads back to the same text.
pub fn write(assessment: &Assessment) -> String {
    let text = serde_json::to_string_pretty(assessment)
        .expect("an assessment has only keys that are strings and numbers that are whole");
    let mut safe = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        // What is below DEL is either layout or was escaped already; beyond it, characters only occur inside strings.
        if c >= '\u{7f}' && is_unseen(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(c);
        }
    }
    safe.push('\n');
    safe
}
