//! Types that are the same in all that is generated of them: one stands for all of them.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::model::{Endpoint, EnumDef, FieldType, StructDef, Success, TypeDef};

/// Names of types that schemas without a name gave, by a digest of what is generated of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Shared {
    known: BTreeMap<u64, Vec<String>>,
}

impl Shared {
    /// Returns the name of the same type among these, if there is one; else notes this one.
    pub(super) fn same(
        &mut self,
        def: &TypeDef,
        types: &BTreeMap<String, (TypeDef, String)>,
    ) -> Option<String> {
        let known = self.known.entry(digest(def)).or_default();
        let mut others = known.iter();
        let same = others.find(|name| {
            let other = types.get(*name);
            let is_same = other.is_some_and(|(other, _)| is_same(def, other));
            is_same && are_alike(def.ident(), name)
        });
        if let Some(same) = same {
            return Some(same.clone());
        }
        known.push(def.ident().to_owned());
        None
    }
}

/// Gives endpoints whose token types are the same the one with the shortest name, and leaves out the others. What a token has is known
/// when all types are made.
pub(crate) fn one_type_of_tokens(types: &mut Vec<TypeDef>, endpoints: &mut [Endpoint]) {
    let is_token = |def: &&TypeDef| matches!(def, TypeDef::Struct(def) if def.is_token);
    let mut tokens: Vec<&TypeDef> = types.iter().filter(is_token).collect();
    tokens.sort_by_key(|def| (def.ident().len(), def.ident()));
    let mut kept: BTreeMap<u64, Vec<&TypeDef>> = BTreeMap::new();
    let mut others: BTreeMap<String, String> = BTreeMap::new();
    for def in tokens {
        let known = kept.entry(digest(def)).or_default();
        let is_same = |one: &&&TypeDef| is_same(one, def) && are_alike(one.ident(), def.ident());
        match known.iter().find(is_same) {
            Some(same) => {
                others.insert(def.ident().to_owned(), same.ident().to_owned());
            }
            None => known.push(def),
        }
    }
    if others.is_empty() {
        return;
    }
    types.retain(|def| !others.contains_key(def.ident()));
    for def in types {
        if let TypeDef::Struct(def) = def {
            let types = def.fields.iter_mut().map(|field| &mut field.ty);
            types.for_each(|ty| rename(ty, &others));
        }
    }
    for endpoint in endpoints {
        if let Success::Token(ident) = &mut endpoint.response
            && let Some(same) = others.get(ident)
        {
            ident.clone_from(same);
        }
    }
}

fn rename(ty: &mut FieldType, others: &BTreeMap<String, String>) {
    match ty {
        FieldType::Named(ident) | FieldType::Boxed(ident) => {
            if let Some(same) = others.get(ident) {
                ident.clone_from(same);
            }
        }
        FieldType::List(item) => rename(item, others),
        _ => {}
    }
}

fn digest(def: &TypeDef) -> u64 {
    let mut hasher = DefaultHasher::new();
    match def {
        TypeDef::Struct(def) => (&def.description, &def.fields).hash(&mut hasher),
        TypeDef::Enum(def) => (&def.description, &def.variants).hash(&mut hasher),
    }
    hasher.finish()
}

/// Whether two names say the same but for the endpoint or the object at their beginning: the body of one status is not called after
/// another.
fn are_alike(one: &str, other: &str) -> bool {
    let end = |name: &str| {
        let words = name.rmatch_indices(char::is_uppercase);
        let start = words.map(|(start, _)| start).take(2).last();
        name[start.unwrap_or_default()..].to_owned()
    };
    one.ends_with(&end(other)) || other.ends_with(&end(one))
}

/// Whether two types differ in nothing but their names.
fn is_same(one: &TypeDef, other: &TypeDef) -> bool {
    match (one, other) {
        (TypeDef::Struct(one), TypeDef::Struct(other)) => {
            let ident = one.ident.clone();
            let other = StructDef {
                ident,
                ..other.clone()
            };
            *one == other
        }
        (TypeDef::Enum(one), TypeDef::Enum(other)) => {
            let ident = one.ident.clone();
            let other = EnumDef {
                ident,
                ..other.clone()
            };
            *one == other
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::model::TypeDef;
    use crate::{Source, read};

    /// The names of the types of two endpoints, whose responses have a user like these.
    fn types(users: [&Value; 2]) -> Vec<String> {
        let operation = |user: &Value| {
            let body = json!({"type": "object", "required": ["grant_type"], "properties": {
                "grant_type": {"type": "string", "enum": ["client_credentials"]}
            }});
            let refusal = json!({"type": "object", "properties": {"error": {"type": "string"}}});
            let token = json!({"type": "object", "properties": {
                "access_token": {"type": "string"}, "user": user
            }});
            json!({"post": {
                "security": [{"basic": []}],
                "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": body}}},
                "responses": {
                    "200": {"description": "A token.", "content": {"application/json": {"schema": token}}},
                    "400": {"description": "Refused.", "content": {"application/json": {"schema": refusal}}}
                }
            }})
        };
        let document = json!({
            "openapi": "3.0.3",
            "info": {"title": "Example", "version": "1"},
            "servers": [{"url": "https://api.example.com"}],
            "paths": {"/token": operation(users[0]), "/v2/token": operation(users[1])},
            "components": {"securitySchemes": {"basic": {"type": "http", "scheme": "basic"}}}
        });
        let text = document.to_string();
        let reading = read("example", Source::new("a.json", text.as_bytes()), None);
        let model = reading
            .model
            .unwrap_or_else(|| panic!("{:#?}", reading.diagnostics));
        let types = model.types.iter();
        types.map(TypeDef::ident).map(str::to_owned).collect()
    }

    #[test]
    fn one_type_has_one_meaning() {
        for (one, other) in [
            ("TokenUser", "V2TokenTokenUser"),
            ("Kind", "TokenKind"),
            ("RevocationUnauthorizedBody", "DeviceUnauthorizedBody"),
        ] {
            assert!(super::are_alike(one, other), "{one} {other}");
            assert!(super::are_alike(other, one), "{one} {other}");
        }
        assert!(!super::are_alike("UnauthorizedBody", "TooManyRequestsBody"));
        assert!(!super::are_alike("TokenUser", "TokenPlan"));
    }

    #[test]
    fn what_is_the_same_is_one_type() {
        let user = |more: &str| {
            json!({"type": "object", "properties": {
                "kind": {"type": "string", "enum": ["a", "b"]}, more: {"type": "string"}
            }})
        };
        let found = types([&user("name"), &user("name")]);
        assert_eq!(found, ["BadRequestBody", "Kind", "Token", "TokenUser"]);
        let found = types([&user("name"), &user("mail")]);
        assert!(found.contains(&"V2TokenTokenUser".to_owned()), "{found:?}");
        assert!(found.contains(&"V2TokenToken".to_owned()), "{found:?}");
        let shown = json!({"type": "object", "properties": {
            "kind": {"type": "string", "x-tokensmith": {"secret": false}}
        }});
        let hidden = json!({"type": "object", "properties": {"kind": {"type": "string"}}});
        let found = types([&hidden, &shown]);
        assert!(found.contains(&"V2TokenTokenUser".to_owned()), "{found:?}");
    }
}
