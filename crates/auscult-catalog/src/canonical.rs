//! One text for one value: JSON with sorted keys and no space between tokens.

use serde_json::Value;

/// Writes a value; keys are sorted here because the order of a map depends on how `serde_json` was built.
pub(crate) fn write(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(key, _)| *key);
            out.push('{');
            for (n, (key, field)) in fields.into_iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write(field, out);
            }
            out.push('}');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn keys_are_sorted_and_nothing_is_lost() {
        let value = serde_json::json!({"b": [1, {"d": null, "c": "ü \" \n"}], "a": true});
        let mut text = String::new();
        super::write(&value, &mut text);
        assert_eq!(text, r#"{"a":true,"b":[1,{"c":"ü \" \n","d":null}]}"#);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
