//! JSON Pointers (RFC 6901), followed without a copy of each step.

use serde_json::Value;

/// The value that a pointer leads to.
pub(crate) fn find<'v>(value: &'v Value, pointer: &str) -> Option<&'v Value> {
    // An escape in a pointer is rare, and needs the copy.
    if pointer.contains('~') {
        return value.pointer(pointer);
    }
    let Some(steps) = pointer.strip_prefix('/') else {
        return pointer.is_empty().then_some(value);
    };
    steps.split('/').try_fold(value, |value, step| match value {
        Value::Object(members) => members.get(step),
        Value::Array(_) => value.pointer(&format!("/{step}")),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn leads_where_serde_jsons_own_does() {
        let value = json!({"a": {"b": [1, {"c": null}], "": 7, "m~n": 8, "x/y": 9}, "0": "zero"});
        for pointer in [
            "", "/", "/a", "/a/b", "/a/b/0", "/a/b/1/c", "/a/b/01", "/a/b/2", "/a/b/-", "/a/",
            "/0", "/a/m~0n", "/a/x~1y", "/a/m~n", "a", "/b/c", "/0/x",
        ] {
            assert_eq!(
                super::find(&value, pointer),
                value.pointer(pointer),
                "{pointer}"
            );
        }
    }
}
