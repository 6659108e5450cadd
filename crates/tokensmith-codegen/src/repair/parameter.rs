//! Parameters and headers.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::media::Holds;
use super::{Repairs, scalar};
use crate::diagnostic::{Diagnostic, Rule};
use crate::pointer;
use crate::source::swagger;

/// How the values of a list are separated in a query or form.
pub(super) const QUERY_STYLES: [&str; 4] =
    ["form", "spaceDelimited", "pipeDelimited", "deepObject"];

/// Where parameters stand.
const PLACES: [&str; 4] = ["query", "header", "path", "cookie"];

impl Repairs<'_> {
    pub(super) fn header(&mut self, header: &mut Value, at: &str) {
        if !header.is_object() {
            *header = json!({});
        }
        if let Some(members) = header.as_object_mut() {
            // Said twice, and not by OpenAPI: the key is the name.
            members.remove("in");
            members.remove("name");
            if !members.contains_key("$ref") {
                self.style(members, "header", at);
            }
        }
        self.of_older_version(header, at);
        self.described(header, at);
        if let Some(members) = header.as_object_mut()
            && ["$ref", "schema", "content"]
                .iter()
                .all(|key| !members.contains_key(*key))
        {
            members.insert("schema".to_owned(), json!({"type": "string"}));
        }
    }

    /// The parameters of an operation or of a path.
    pub(super) fn parameters(&mut self, owner: &mut Value, path: &str, at: &str) {
        let at = pointer::join(at, "parameters");
        let Some(members) = owner.as_object_mut() else {
            return;
        };
        match members.get_mut("parameters") {
            Some(Value::Object(one)) if one.get("name").is_some_and(Value::is_string) => {
                let one = Value::Object(std::mem::take(one));
                members.insert("parameters".to_owned(), json!([one]));
                self.tell(&at, "`parameters` is a list", "put a `-` before it");
            }
            Some(Value::Object(named)) => {
                let named = std::mem::take(named)
                    .into_iter()
                    .map(|(name, mut parameter)| {
                        if let Some(members) = parameter
                            .as_object_mut()
                            .filter(|one| !one.contains_key("$ref"))
                        {
                            members.entry("name").or_insert_with(|| json!(name));
                        }
                        parameter
                    });
                let list: Value = named.collect();
                members.insert("parameters".to_owned(), list);
                self.tell(
                    &at,
                    "`parameters` is a list",
                    "write `- name: ...` for each",
                );
            }
            Some(Value::Array(_)) | None => {}
            Some(Value::Null) => {
                members.remove("parameters");
            }
            Some(_) => {
                members.remove("parameters");
                let message = "`parameters` is a list";
                self.refuse(&at, message, "write `- name: ...` for each", true);
            }
        }
        let Some(Value::Array(parameters)) = owner.get_mut("parameters") else {
            return;
        };
        let mut seen = BTreeSet::new();
        let mut index = 0;
        parameters.retain_mut(|parameter| {
            let at = pointer::join(&at, &index.to_string());
            index += 1;
            if !self.parameter(parameter, path, &at) {
                return false;
            }
            let [name, place] = ["name", "in"].map(|key| parameter.get(key).map(Value::to_string));
            if name.is_some() && !seen.insert((name, place)) {
                self.tell(
                    &at,
                    "the parameter is declared twice; the first one counts",
                    "remove one of them",
                );
                return false;
            }
            true
        });
    }

    /// Repairs a parameter; `path` is that of its operation, where it is known. Whether it can be sent.
    pub(super) fn parameter(&mut self, parameter: &mut Value, path: &str, at: &str) -> bool {
        if let Some(reference) = parameter.get("$ref").and_then(Value::as_str) {
            let is_other = reference.starts_with("#/components/")
                && !reference.starts_with("#/components/parameters/");
            if is_other {
                let message = "the `$ref` of a parameter does not lead to one";
                self.refuse(
                    at,
                    message,
                    "write `{name: ..., in: query, schema: ...}`",
                    false,
                );
            }
            return !is_other;
        }
        let Some(members) = parameter.as_object_mut() else {
            return false;
        };
        scalar::text(members, "name");
        self.parameter_name(members, at);
        scalar::boolean(members, "required");
        if !self.place(members, path, at) {
            return false;
        }
        if members.get("in") == Some(&json!("path")) {
            members.insert("required".to_owned(), json!(true));
        }
        let place = members
            .get("in")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        self.of_older_version(parameter, at);
        self.described(parameter, at);
        if let Some(members) = parameter.as_object_mut() {
            if !self.style(members, &place, at) {
                return false;
            }
            if !members.contains_key("schema") && !members.contains_key("content") {
                members.insert("schema".to_owned(), json!({"type": "string"}));
                self.tell(
                    at,
                    "the parameter has no schema; it is read as text",
                    "add:\nschema: {type: string}",
                );
            }
        }
        true
    }

    /// Where a parameter stands. Whether that is known; one that must be there stays as it is, and is refused.
    fn place(&mut self, members: &mut Map<String, Value>, path: &str, at: &str) -> bool {
        if let Some(Value::String(place)) = members.get_mut("in") {
            *place = place.trim().to_ascii_lowercase();
            if PLACES.contains(&place.as_str()) && members.get("name").is_some_and(Value::is_string)
            {
                return true;
            }
        }
        let is_required = members.get("required") == Some(&json!(true));
        let name = members.get("name").and_then(Value::as_str);
        let has_place = members.contains_key("in");
        if let Some(name) = name.filter(|_| !has_place)
            && path.contains(&format!("{{{name}}}"))
        {
            self.tell(
                at,
                "the parameter does not say where it stands; the path names it",
                "add `in: path`",
            );
            members.insert("in".to_owned(), json!("path"));
            return true;
        }
        let (message, help) = match (name, has_place) {
            (None, _) => ("the parameter has no name", "add `name:`"),
            (_, false) => (
                "the parameter does not say where it stands",
                "add `in: query`, or `in: header`",
            ),
            _ => (
                "the parameter is neither in the query, nor a header, nor in the path",
                "write `in: query`, `in: header` or `in: path`; a part of the body belongs below `requestBody`",
            ),
        };
        let is_needed = is_required && name.is_some();
        self.refuse(at, message, help, is_needed);
        false
    }

    /// A style that does not exist where the parameter stands. Whether the parameter can be sent.
    fn style(&mut self, members: &mut Map<String, Value>, place: &str, at: &str) -> bool {
        let known: &[&str] = match place {
            "query" => &QUERY_STYLES,
            "path" => &["simple", "label", "matrix"],
            "header" => &["simple"],
            _ => &["form"],
        };
        let Some(style) = members.get("style").and_then(Value::as_str) else {
            return true;
        };
        if known.contains(&style) {
            return true;
        }
        let message = format!(
            "`{}` is not a style of such a parameter",
            style.escape_debug()
        );
        let place = pointer::join(at, "style");
        let help = format!("write one of: {}", known.join(", "));
        let is_list = members
            .get("schema")
            .is_some_and(|schema| schema.get("type").is_some_and(|one| one == "array"));
        // Nobody knows what stands between the items.
        let is_open = is_list && !["form", "simple"].contains(&style);
        if is_open {
            let is_required = members.get("required") == Some(&json!(true));
            self.refuse(&place, &message, &help, is_required);
            return false;
        }
        self.tell(&place, message, help);
        members.remove("style");
        true
    }

    /// What cannot be sent is left out, unless it has to be sent.
    pub(super) fn refuse(&mut self, at: &str, message: &str, help: &str, is_required: bool) {
        let (rule, message) = if is_required {
            (Rule::Malformed, message.to_owned())
        } else {
            (Rule::LeftOut, format!("{message}; it is left out"))
        };
        self.diagnostics
            .push(Diagnostic::new(rule, at, message).help(help));
    }

    /// A type beside the name is Swagger's.
    fn of_older_version(&mut self, parameter: &mut Value, at: &str) {
        let is_older = parameter.get("type").is_some()
            && parameter.get("schema").is_none()
            && parameter.get("content").is_none();
        if is_older {
            // Where its parts stood is where the parameter stands.
            swagger::raise_parameter(parameter);
            self.tell_of_swagger(
                at,
                "the type stands beside the name",
                "put it in a schema:\nschema: {type: string}",
            );
        }
    }

    fn described(&mut self, parameter: &mut Value, at: &str) {
        if let Some(members) = parameter.as_object_mut() {
            for key in [
                "required",
                "deprecated",
                "explode",
                "allowEmptyValue",
                "allowReserved",
            ] {
                scalar::boolean(members, key);
            }
            scalar::text(members, "description");
            scalar::text(members, "style");
        }
        if let Some(schema) = parameter.get_mut("schema") {
            self.schema(schema, &pointer::join(at, "schema"));
        }
        self.content(parameter, at, Holds::Nothing);
    }
}
