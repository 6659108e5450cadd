//! Names with white space around them, which a sheet or a clipboard leaves there: nobody sends that.

use serde_json::{Map, Value};

use super::Repairs;
use crate::pointer;

impl Repairs<'_> {
    /// The names of a schema's properties, and those that it requires.
    pub(super) fn property_names(&mut self, members: &mut Map<String, Value>, at: &str) {
        let place = pointer::join(at, "properties");
        if let Some(Value::Object(properties)) = members.get_mut("properties") {
            let odd: Vec<String> = properties
                .keys()
                .filter(|name| name.trim() != name.as_str() && !name.trim().is_empty())
                .cloned()
                .collect();
            for name in odd {
                let trimmed = name.trim();
                if properties.contains_key(trimmed) {
                    continue;
                }
                if let Some(property) = properties.remove(&name) {
                    self.trimmed(&name, &pointer::join(&place, &name));
                    properties.insert(trimmed.to_owned(), property);
                }
            }
        }
        let known = |name: &str| {
            let properties = members.get("properties");
            properties.is_some_and(|properties| properties.get(name).is_some())
        };
        let Some(Value::Array(required)) = members.get("required") else {
            return;
        };
        let trim = |name: &Value| match name.as_str() {
            Some(text) if !known(text) && known(text.trim()) => Value::from(text.trim()),
            _ => name.clone(),
        };
        let required: Vec<Value> = required.iter().map(trim).collect();
        members.insert("required".to_owned(), Value::Array(required));
    }

    /// The name of a parameter.
    pub(super) fn parameter_name(&mut self, members: &mut Map<String, Value>, at: &str) {
        let Some(Value::String(name)) = members.get_mut("name") else {
            return;
        };
        let trimmed = name.trim();
        if trimmed != name && !trimmed.is_empty() {
            let odd = std::mem::replace(name, trimmed.to_owned());
            self.trimmed(&odd, &pointer::join(at, "name"));
        }
    }

    fn trimmed(&mut self, name: &str, at: &str) {
        let message = format!(
            "the name `{}` has white space around it; it is read without",
            name.escape_debug()
        );
        self.tell(
            at,
            message,
            format!("write `{}`", name.trim().escape_debug()),
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::diagnostic::Diagnostics;

    #[test]
    fn white_space_around_names_is_not_sent() {
        let mut tree = json!({"paths": {"/token": {"post": {
            "parameters": [{"name": "tenant ", "in": "query", "schema": {"type": "string"}}],
            "requestBody": {"content": {"application/json": {"schema": {
                "properties": {"secret\t": {"type": "string"}, "a": {}, " a": {}},
                "required": ["secret\t", " a"]
            }}}},
            "responses": {}
        }}}});
        let mut diagnostics = Diagnostics::default();
        super::super::repair(&mut tree, false, &mut diagnostics);
        let operation = &tree["paths"]["/token"]["post"];
        assert_eq!(operation["parameters"][0]["name"], "tenant");
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        assert!(schema["properties"].get("secret").is_some());
        assert_eq!(schema["required"][0], "secret");
        assert!(schema["properties"].get(" a").is_some());
        let messages = diagnostics.into_vec();
        let about_names = messages
            .iter()
            .filter(|diagnostic| diagnostic.message.contains("white space"));
        assert_eq!(about_names.count(), 2);
    }
}
