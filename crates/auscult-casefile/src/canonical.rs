//! Canonical JSON: one value, one sequence of bytes (RFC 8785 without floats).

use serde_json::Value;

/// A value that has no canonical form here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotCanonical {
    /// Floats print differently from one program to the next.
    #[error("a number is not whole; write it as a whole number of a smaller unit or as a string")]
    Float,
    /// Deeper than 64 levels.
    #[error("it nests deeper than 64 levels; flatten it")]
    Deep,
    /// The type does not serialise to JSON at all.
    #[error("it cannot be written as JSON")]
    Unwritable,
}

/// Deepest nesting; far beyond any facts, far below what could exhaust a stack.
const MAX_DEPTH: usize = 64;

/// The canonical bytes of a value: no white space, keys sorted by UTF-16 code units, whole numbers only.
///
/// # Errors
/// When the value holds a float or nests too deep.
pub fn canonical(value: &Value) -> Result<Vec<u8>, NotCanonical> {
    let mut out = Vec::with_capacity(256);
    write(value, &mut out, 0)?;
    Ok(out)
}

fn write(value: &Value, out: &mut Vec<u8>, depth: usize) -> Result<(), NotCanonical> {
    if depth > MAX_DEPTH {
        return Err(NotCanonical::Deep);
    }
    match value {
        Value::Number(number) if !number.is_i64() && !number.is_u64() => return Err(NotCanonical::Float),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            serde_json::to_writer(&mut *out, value).map_err(|_| NotCanonical::Unwritable)?;
        }
        Value::Array(items) => {
            out.push(b'[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push(b',');
                }
                write(item, out, depth + 1)?;
            }
            out.push(b']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push(b'{');
            for (n, (key, item)) in sorted.into_iter().enumerate() {
                if n > 0 {
                    out.push(b',');
                }
                serde_json::to_writer(&mut *out, key).map_err(|_| NotCanonical::Unwritable)?;
                out.push(b':');
                write(item, out, depth + 1)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(value: &Value) -> String {
        String::from_utf8(canonical(value).unwrap()).unwrap()
    }

    #[test]
    fn keys_are_sorted_at_every_level() {
        assert_eq!(
            text(&json!({"b": [{"z": 1, "a": null}], "a": "\n"})),
            r#"{"a":"\n","b":[{"a":null,"z":1}]}"#
        );
    }

    #[test]
    fn keys_are_sorted_as_rfc_8785_sorts_them() {
        // U+10000 is written with surrogates, which come before U+FB33 in UTF-16 and after it in UTF-8.
        assert_eq!(text(&json!({"\u{fb33}": 1, "\u{10000}": 2})), "{\"\u{10000}\":2,\"\u{fb33}\":1}");
    }

    #[test]
    fn floats_are_refused() {
        assert_eq!(canonical(&json!([1.5])), Err(NotCanonical::Float));
        let minus_zero: Value = serde_json::from_str("-0").unwrap();
        assert_eq!(canonical(&minus_zero), Err(NotCanonical::Float));
        assert_eq!(text(&json!([u64::MAX, i64::MIN])), "[18446744073709551615,-9223372036854775808]");
    }

    #[test]
    fn depth_is_bounded() {
        let mut deep = json!(1);
        for _ in 0..100 {
            deep = Value::Array(vec![deep]);
        }
        assert_eq!(canonical(&deep), Err(NotCanonical::Deep));
    }
}
