//! Bodies and responses: their media types, and what stands in them.

use serde_json::{Map, Value, json};

use super::parameter::QUERY_STYLES;
use super::{Repairs, scalar};
use crate::pointer;

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// What `content` is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Request,
    Response,
    /// A parameter or a header.
    Nothing,
}

impl Repairs<'_> {
    /// The body of a request.
    pub(super) fn body(&mut self, body: &mut Value, at: &str) {
        self.of_schema(body, FORM, at);
        if let Some(members) = body.as_object_mut() {
            scalar::boolean(members, "required");
            scalar::text(members, "description");
        }
        self.content(body, at, Holds::Request);
    }

    /// A body without a media type that could be sent is none, where all that is sent stands elsewhere.
    pub(super) fn unsent_body(&mut self, operation: &mut Map<String, Value>, at: &str) {
        let content = operation
            .get("requestBody")
            .and_then(|body| body.get("content"));
        let Some(content) = content.and_then(Value::as_object) else {
            return;
        };
        let is_sent = |media: &String| {
            let media = media.to_ascii_lowercase();
            ["form", "json", "*", "xml"]
                .iter()
                .any(|word| media.contains(word))
        };
        let is_empty = content.is_empty();
        let says_more = content.values().any(|media| {
            media
                .get("schema")
                .is_some_and(|schema| schema.get("properties").is_some())
        });
        let is_required = operation
            .get("requestBody")
            .is_some_and(|body| body.get("required") == Some(&json!(true)));
        if content.keys().any(is_sent) || says_more || is_required && !is_empty {
            return;
        }
        let parameters = operation.get("parameters").and_then(Value::as_array);
        let in_query = |parameter: &Value| {
            parameter.get("in").is_some_and(|place| place == "query")
                && parameter
                    .get("name")
                    .is_some_and(|name| name == "grant_type")
        };
        if !parameters.is_some_and(|parameters| parameters.iter().any(in_query)) {
            return;
        }
        operation.remove("requestBody");
        let message =
            "the body has no media type of a token request, and `grant_type` is in the query";
        let help = "remove it, or declare `application/x-www-form-urlencoded`";
        let place = pointer::join(at, "requestBody");
        self.refuse(&place, message, help, false);
    }

    pub(super) fn response(&mut self, response: &mut Value, at: &str) {
        if !response.is_object() {
            *response = json!({});
        }
        self.of_schema(response, JSON, at);
        if let Some(members) = response.as_object_mut() {
            scalar::text(members, "description");
            for key in ["headers", "content"] {
                if members.get(key).is_some_and(|value| !value.is_object()) {
                    members.remove(key);
                }
            }
        }
        let place = pointer::join(at, "headers");
        for (name, header) in super::members(response, "headers") {
            self.header(header, &pointer::join(&place, name));
        }
        self.content(response, at, Holds::Response);
    }

    /// A body or a response that is a schema, points at one, or has one without a media type.
    fn of_schema(&mut self, owner: &mut Value, media: &str, at: &str) {
        let Some(members) = owner.as_object_mut() else {
            return;
        };
        let reference = members.get("$ref").and_then(Value::as_str);
        let is_reference = reference.is_some_and(|one| one.starts_with("#/components/schemas/"));
        let has = |key: &str| members.contains_key(key);
        let is_schema = !has("content")
            && !has("$ref")
            && (has("properties")
                || ["allOf", "oneOf", "anyOf"].iter().any(|key| has(key))
                || members.get("type").is_some_and(Value::is_string));
        let schema = if is_reference || is_schema {
            Some(Value::Object(std::mem::take(members)))
        } else if !has("content") {
            members.remove("schema")
        } else {
            None
        };
        if let Some(schema) = schema {
            members.insert("content".to_owned(), json!({ media: { "schema": schema } }));
            let message =
                format!("there is a schema in the place of `content`; it is read as `{media}`");
            let help = format!("write:\ncontent: {{{media}: {{schema: ...}}}}");
            if !self.is_swagger || is_reference || is_schema {
                self.tell(at, message, help);
            }
        }
    }

    pub(super) fn content(&mut self, owner: &mut Value, at: &str, holds: Holds) {
        let at = pointer::join(at, "content");
        let list = owner.get("content").and_then(Value::as_array);
        let named = list
            .filter(|list| list.iter().all(Value::is_string))
            .map(|list| {
                let names = list.iter().filter_map(Value::as_str);
                names.map(|name| (name.to_owned(), json!({}))).collect()
            });
        if let Some(named) = named {
            owner["content"] = Value::Object(named);
            self.tell(
                &at,
                "`content` is an object",
                "write one media type as a key each",
            );
        }
        if let Some(Value::Object(content)) = owner.get_mut("content") {
            self.media_types(content, &at);
        }
        for (media, value) in super::members(owner, "content") {
            let at = pointer::join(&at, media);
            if !value.is_object() {
                *value = json!({});
            }
            if holds != Holds::Nothing {
                self.example(media, value, holds, &at);
            }
            if let Some(schema) = value.get_mut("schema") {
                self.schema(schema, &pointer::join(&at, "schema"));
            }
            if let Some(value) = value.as_object_mut() {
                self.encodings(value, &at);
            }
        }
    }

    /// The names of media types, where it is clear which are meant.
    fn media_types(&mut self, content: &mut Map<String, Value>, at: &str) {
        let odd: Vec<(String, Vec<String>)> = content
            .keys()
            .filter_map(|written| Some((written.clone(), meant(written)?)))
            .collect();
        for (written, meant) in odd {
            let Some(value) = content.remove(&written) else {
                continue;
            };
            // A range beside the media type that is meant, with the same in it, says nothing more.
            let says_more = |media: &String| content.get(media) != Some(&value);
            if written.contains('*') && !meant.iter().any(says_more) {
                continue;
            }
            let place = pointer::join(at, &written);
            let message = format!("`{}` is not a media type", written.escape_debug());
            self.tell(
                &place,
                message,
                format!("write `{}`", meant.join("` and `")),
            );
            for media in meant {
                content.entry(media).or_insert_with(|| value.clone());
            }
        }
    }

    fn encodings(&mut self, media: &mut Map<String, Value>, at: &str) {
        let at = pointer::join(at, "encoding");
        let Some(encodings) = media.get_mut("encoding") else {
            return;
        };
        let Some(encodings) = encodings.as_object_mut() else {
            media.remove("encoding");
            return self.tell(
                &at,
                "`encoding` is an object",
                "write one under the name of each property",
            );
        };
        let mut open = Vec::new();
        encodings.retain(|name, encoding| {
            let at = pointer::join(&at, name);
            let Some(members) = encoding.as_object_mut() else {
                self.tell(
                    &at,
                    "an encoding is an object",
                    "write `{style: form}`, or remove it",
                );
                return false;
            };
            scalar::boolean(members, "explode");
            scalar::text(members, "style");
            let style = members.get("style").and_then(Value::as_str);
            if style.is_some_and(|style| !QUERY_STYLES.contains(&style)) {
                open.push((name.clone(), style.unwrap_or_default().to_owned()));
                return false;
            }
            true
        });
        for (name, style) in open {
            let at = pointer::join(&at, &name);
            let message = format!("`{}` is not a style of a form", style.escape_debug());
            let help = format!("write one of: {}", QUERY_STYLES.join(", "));
            let Some(schema) = media.get_mut("schema").and_then(Value::as_object_mut) else {
                continue;
            };
            let required = schema.get("required").and_then(Value::as_array);
            let is_required = required.is_some_and(|names| names.iter().any(|one| *one == name));
            self.refuse(&at, &message, &help, is_required);
            schema
                .get_mut("properties")
                .and_then(Value::as_object_mut)
                .map(|properties| properties.remove(&name));
        }
    }
}

/// The media types that a name means which is none.
fn meant(written: &str) -> Option<Vec<String>> {
    let parts = written.split(',').map(|part| {
        let part = part.trim();
        let (essence, parameters) = part.split_at(part.find(';').unwrap_or(part.len()));
        let known = known(essence.trim());
        known.map_or_else(|| part.to_owned(), |known| known.to_owned() + parameters)
    });
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    let is_same = matches!(parts.as_slice(), [only] if only == written);
    (!is_same && !parts.is_empty()).then_some(parts)
}

/// The media type that a word means, or a name with a slip in it.
fn known(essence: &str) -> Option<&'static str> {
    let letters: String = essence
        .chars()
        .filter(char::is_ascii_alphabetic)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    if essence.eq_ignore_ascii_case(FORM) || essence.eq_ignore_ascii_case(JSON) {
        return None;
    }
    let is_form = letters.contains("formurlencode") || letters.contains("formencoded");
    match letters.as_str() {
        "json" | "applicationjson" => Some(JSON),
        "form" | "urlencoded" => Some(FORM),
        _ if is_form => Some(FORM),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_are_known_with_slips() {
        let is = |written: &str| meant(written).unwrap_or_default().join(" ");
        for form in [
            "application/x-www-form-urlencode",
            "x-www-form-urlencoded",
            "application/form-urlencoded",
            "application/x-www-form-url-encoded",
            "application/x-www-form-encoded",
            "application/x-form-urlencoded",
        ] {
            assert_eq!(is(form), FORM, "{form}");
        }
        assert_eq!(is("json"), JSON);
        assert_eq!(is("application/ json"), JSON);
        assert_eq!(
            is("application/form-urlencoded; charset=utf-8"),
            format!("{FORM}; charset=utf-8")
        );
        assert_eq!(
            is("application/json, application/xml"),
            "application/json application/xml"
        );
        for plain in [
            FORM,
            JSON,
            "Application/JSON",
            "text/json",
            "application/vnd.a+json",
            "*/*",
            "application/json; charset=utf-8",
        ] {
            assert_eq!(meant(plain), None, "{plain}");
        }
    }
}
