//! Types that several fields have, of which one is named after a credential.
//!
//! A type is made when it is read first, perhaps for a field of another name. It is hidden wherever one of its fields is a credential.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::credential;
use crate::model::{FieldType, TypeDef};

/// What is known of types and fields when all of them are made.
#[derive(Debug, Clone, Default)]
pub(super) struct Credentials {
    /// Names of the types that a field named after a credential has.
    types: BTreeSet<String>,
    /// Type and member of the fields that the document wants to be shown.
    shown: BTreeSet<(String, String)>,
}

impl Credentials {
    /// Notes that a field named after a credential is of this type.
    pub(super) fn holds(&mut self, ident: &str) {
        self.types.insert(ident.to_owned());
    }

    /// Notes that the document says that a member of a type is not secret.
    pub(super) fn shows(&mut self, ident: &str, member: &str) {
        self.shown.insert((ident.to_owned(), member.to_owned()));
    }

    /// Whether the document says of some member of a type that it is not secret.
    pub(super) fn shows_some_of(&self, ident: &str) -> bool {
        self.shown.iter().any(|(shown, _)| shown == ident)
    }

    /// Hides the credential in each of these types, and in the types that it is part of.
    pub(super) fn hide(self, types: &mut [TypeDef]) {
        let numbers: BTreeMap<String, usize> = types
            .iter()
            .map(|def| def.ident().to_owned())
            .zip(0..)
            .collect();
        let mut known = self.types.clone();
        let mut open: Vec<String> = self.types.into_iter().collect();
        while let Some(ident) = open.pop() {
            let Some(TypeDef::Struct(def)) = numbers.get(&ident).map(|number| &mut types[*number])
            else {
                continue;
            };
            for field in &mut def.fields {
                let is_shown = self.shown.contains(&(ident.clone(), field.wire.clone()));
                if is_shown || !credential::is_its_value(&field.wire) {
                    continue;
                }
                if let Some(inner) = hidden(&mut field.ty)
                    && known.insert(inner.clone())
                {
                    open.push(inner);
                }
            }
        }
    }
}

/// Hides a text, or returns the type in which it is.
fn hidden(ty: &mut FieldType) -> Option<String> {
    match ty {
        FieldType::Text => {
            *ty = FieldType::Secret;
            None
        }
        FieldType::List(item) => hidden(item),
        FieldType::Named(inner) | FieldType::Boxed(inner) => Some(inner.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::model::{FieldType, TypeDef};
    use crate::{Source, read};

    /// The fields of the type that two members of a response share, whose names decide which is read first.
    fn shared(members: [&str; 2], schema: &Value) -> Vec<(String, FieldType)> {
        let mut properties = json!({"access_token": {"type": "string"}});
        for member in members {
            properties[member] = json!({"$ref": "#/components/schemas/Shared"});
        }
        let body = json!({"type": "object", "required": ["grant_type"], "properties": {
            "grant_type": {"type": "string", "enum": ["client_credentials"]}
        }});
        let document = json!({
            "openapi": "3.0.3",
            "info": {"title": "Example", "version": "1"},
            "servers": [{"url": "https://api.example.com"}],
            "paths": {"/oauth/token": {"post": {
                "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": body}}},
                "responses": {"200": {"description": "A token.", "content": {
                    "application/json": {"schema": {"type": "object", "properties": properties}}
                }}}
            }}},
            "components": {"schemas": {"Shared": schema}}
        });
        let text = document.to_string();
        let reading = read("example", Source::new("a.json", text.as_bytes()), None);
        let model = reading
            .model
            .unwrap_or_else(|| panic!("{:#?}", reading.diagnostics));
        let mut types = model.types.into_iter();
        let found = types.find_map(|def| match def {
            TypeDef::Struct(def) if def.ident == "Shared" => Some(def.fields),
            _ => None,
        });
        let fields = found.expect("is a type").into_iter();
        fields.map(|field| (field.wire, field.ty)).collect()
    }

    #[test]
    fn one_use_as_a_credential_hides_a_shared_type() {
        let text = || json!({"type": "string"});
        let schema = json!({"type": "object", "properties": {
            "value": text(),
            "data": {"type": "array", "items": {"type": "string"}},
            "key": {"type": "string", "x-tokensmith": {"secret": false}},
            "label": text()
        }});
        for members in [
            ["refresh_token", "about"],
            ["about", "zz_token"],
            ["zz_token", "a_token"],
        ] {
            let fields = shared(members, &schema);
            let of = |name: &str| {
                fields
                    .iter()
                    .find(|(wire, _)| wire == name)
                    .map(|(_, ty)| ty)
            };
            assert_eq!(of("value"), Some(&FieldType::Secret), "{members:?}");
            let list = FieldType::List(Box::new(FieldType::Secret));
            assert_eq!(of("data"), Some(&list), "{members:?}");
            assert_eq!(of("key"), Some(&FieldType::Text), "{members:?}");
            assert_eq!(of("label"), Some(&FieldType::Text), "{members:?}");
        }
        let fields = shared(["about", "more"], &schema);
        assert!(fields.iter().all(|(_, ty)| *ty != FieldType::Secret));
    }
}
