//! What differs within schemas, and where references lead. Both are alike wherever they stand.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::openapi::grammar::{Part, walk_mut};

/// Sections that have moved, as references name them.
const SECTIONS: [(&str, &str); 3] = [
    ("/definitions/", "/components/schemas/"),
    ("/responses/", "/components/responses/"),
    ("/parameters/", "/components/parameters/"),
];

/// Raises every schema and every reference below a part.
pub(crate) fn raise(value: &mut Value, part: Part) {
    walk_mut(value, part, &mut |part, members| {
        // Swagger 2.0 has values there.
        if part == Part::Example {
            return;
        }
        if let Some(Value::String(reference)) = members.get_mut("$ref") {
            reference_to_section(reference);
        }
        if let Some(Value::String(name)) = members.get("discriminator") {
            let discriminator = json!({ "propertyName": name });
            members.insert("discriminator".to_owned(), discriminator);
        }
        if members.get("type") == Some(&json!("file")) {
            members.insert("type".to_owned(), json!("string"));
            members.insert("format".to_owned(), json!("binary"));
        }
        if let Some(Value::Bool(nullable)) = members.get("x-nullable") {
            let nullable = json!(nullable);
            members.entry("nullable").or_insert(nullable);
        }
    });
}

/// A file beside the document keeps its sections: only references into the document itself change.
fn reference_to_section(reference: &mut String) {
    let Some(fragment) = reference.strip_prefix('#') else {
        return;
    };
    for (before, after) in SECTIONS {
        if let Some(rest) = fragment.strip_prefix(before) {
            *reference = format!("#{after}{rest}");
            return;
        }
    }
}

/// A reference to a section that has moved, as the document has it.
pub(crate) fn reference_as_written(reference: &str) -> Cow<'_, str> {
    let fragment = reference.strip_prefix('#').unwrap_or_default();
    let moved = SECTIONS
        .iter()
        .find_map(|(before, after)| Some((before, fragment.strip_prefix(after)?)));
    moved.map_or(Cow::Borrowed(reference), |(before, rest)| {
        Cow::Owned(format!("#{before}{rest}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys below which names stand that the document chose, such as a property or a response called `default`.
    const NAMED: [&str; 9] = [
        "definitions",
        "schemas",
        "properties",
        "patternProperties",
        "responses",
        "parameters",
        "headers",
        "paths",
        "securityDefinitions",
    ];

    #[test]
    fn names_are_not_taken_for_keywords() {
        let reference = json!({"$ref": "#/definitions/A"});
        let raised = json!({"$ref": "#/components/schemas/A"});
        for key in ["default", "example", "examples", "enum"] {
            for named in NAMED {
                let mut value = json!({named: {key: reference}});
                raise(&mut value, Part::Unknown);
                assert_eq!(value[named][key], raised, "{named} {key}");
            }
            let mut value = json!({"properties": {"a": {key: reference}}});
            raise(&mut value, Part::Unknown);
            assert_eq!(value["properties"]["a"][key], reference);
        }
        assert_eq!(
            reference_as_written("#/components/responses/A"),
            "#/responses/A"
        );
        assert_eq!(
            reference_as_written("a.yaml#/components/responses/A"),
            "a.yaml#/components/responses/A"
        );
    }
}
