//! What makes an answer a failure although its status says otherwise.

use serde_json::Value;

use crate::pointer;

/// A member of the answer that tells a failure from a success: `ok` that is false, `errcode` that is not 0.
///
/// ```
/// use tokensmith_runtime::FailureMark;
///
/// // Slack: {"ok": false, "error": "invalid_code"}; Lark: {"code": 20024, "msg": "..."}.
/// const SLACK: FailureMark<'static> = FailureMark::when("/ok", &["false"]);
/// const LARK: FailureMark<'static> = FailureMark::unless("/code", &["0"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailureMark<'a> {
    pointer: &'a str,
    values: &'a [&'a str],
    negated: bool,
}

impl<'a> FailureMark<'a> {
    /// The answer is a failure when the value at the JSON Pointer is one of these, written as in JSON but without quotes.
    pub const fn when(pointer: &'a str, values: &'a [&'a str]) -> Self {
        Self {
            pointer,
            values,
            negated: false,
        }
    }

    /// The answer is a failure when there is a value at the JSON Pointer and it is none of these.
    pub const fn unless(pointer: &'a str, values: &'a [&'a str]) -> Self {
        Self {
            pointer,
            values,
            negated: true,
        }
    }

    /// Where the value is.
    pub const fn pointer(&self) -> &'a str {
        self.pointer
    }

    /// The values that matter.
    pub const fn values(&self) -> &'a [&'a str] {
        self.values
    }

    /// Whether it is the other values that mean failure.
    pub const fn is_negated(&self) -> bool {
        self.negated
    }

    /// Whether the answer bears the mark. What is absent, null, a list or an object is none.
    pub(crate) fn is_on(&self, answer: &Value) -> bool {
        let found = match pointer::find(answer, self.pointer) {
            Some(Value::String(text)) => text.clone(),
            Some(value @ (Value::Bool(_) | Value::Number(_))) => value.to_string(),
            _ => return false,
        };
        self.values.contains(&found.as_str()) != self.negated
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_mark_is_on_an_answer_that_has_the_value() {
        let ok = FailureMark::when("/ok", &["false"]);
        assert!(ok.is_on(&json!({"ok": false})));
        assert!(ok.is_on(&json!({"ok": "false"})));
        assert!(!ok.is_on(&json!({"ok": true})));
        assert!(!ok.is_on(&json!({})));
        let code = FailureMark::unless("/data/code", &["0", "200"]);
        assert!(code.is_on(&json!({"data": {"code": 20024}})));
        assert!(!code.is_on(&json!({"data": {"code": 0}})));
        assert!(!code.is_on(&json!({"data": {"code": "200"}})));
        assert!(!code.is_on(&json!({"data": {"code": null}})));
        assert!(!code.is_on(&json!({"data": {}})));
    }
}
