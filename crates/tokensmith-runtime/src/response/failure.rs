//! What makes a response a failure although its status says otherwise.

use serde_json::Value;

use crate::{FailureMark, response::pointer};

/// Returns whether the response has the mark. What is absent, null, a list or an object does not
/// count.
pub(crate) fn is_marked(response: &Value, mark: &FailureMark<'_>) -> bool {
    let found = match pointer::find(response, mark.pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(value @ (Value::Bool(_) | Value::Number(_))) => value.to_string(),
        _ => return false,
    };
    mark.values.contains(&found.as_str()) != mark.negated
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_mark_is_on_a_response_that_has_the_value() {
        let ok = FailureMark::when("/ok", &["false"]);
        assert!(is_marked(&json!({"ok": false}), &ok));
        assert!(is_marked(&json!({"ok": "false"}), &ok));
        assert!(!is_marked(&json!({"ok": true}), &ok));
        assert!(!is_marked(&json!({}), &ok));
        let code = FailureMark::unless("/data/code", &["0", "200"]);
        assert!(is_marked(&json!({"data": {"code": 20024}}), &code));
        assert!(!is_marked(&json!({"data": {"code": 0}}), &code));
        assert!(!is_marked(&json!({"data": {"code": "200"}}), &code));
        assert!(!is_marked(&json!({"data": {"code": null}}), &code));
        assert!(!is_marked(&json!({"data": {}}), &code));
    }
}
