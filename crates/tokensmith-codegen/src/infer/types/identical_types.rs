//! Types that are the same in all that is generated of them: one stands for all of them.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::model::{Endpoint, EnumDef, FieldType, StructDef, Success, TypeDef};

/// Types that are told apart by a digest of what is generated of them and by the end of their names, so that each is found at once.
#[derive(Debug, Clone, Default)]
pub(super) struct Shared {
    by_end: BTreeMap<(u64, String), String>,
    by_last_word: BTreeMap<(u64, String), String>,
}

impl Shared {
    /// Returns the name of the same type among these, if there is one; else notes this one.
    ///
    /// Names have to say the same but for the endpoint or the object at their beginning: the body of one status is not called after
    /// another.
    pub(super) fn same<'t>(
        &mut self,
        def: &TypeDef,
        types: impl Fn(&str) -> Option<&'t TypeDef>,
    ) -> Option<String> {
        let digest = digest(def);
        let end = |words| (digest, end(def.ident(), words).to_owned());
        let (two_words, last_word) = (end(2), end(1));
        let found = match two_words == last_word {
            true => self.by_last_word.get(&last_word),
            false => self
                .by_end
                .get(&two_words)
                .or_else(|| self.by_end.get(&last_word)),
        };
        let is_same = |name: &&String| types(name).is_some_and(|other| is_same(def, other));
        if let Some(same) = found.filter(is_same) {
            return Some(same.clone());
        }
        let ident = || def.ident().to_owned();
        self.by_end.entry(two_words).or_insert_with(ident);
        self.by_last_word.entry(last_word).or_insert_with(ident);
        None
    }
}

/// Gives endpoints whose token types are the same the one with the shortest name, and leaves out the others. What a token has is known
/// when all types are made.
pub(crate) fn one_type_of_tokens(types: &mut Vec<TypeDef>, endpoints: &mut [Endpoint]) {
    let is_token = |def: &&TypeDef| matches!(def, TypeDef::Struct(def) if def.is_token);
    let mut tokens: Vec<&TypeDef> = types.iter().filter(is_token).collect();
    tokens.sort_by_key(|def| (def.ident().len(), def.ident()));
    let by_name: BTreeMap<&str, &TypeDef> = tokens.iter().map(|def| (def.ident(), *def)).collect();
    let mut shared = Shared::default();
    let same = tokens.iter().filter_map(|def| {
        let same = shared.same(def, |name| by_name.get(name).copied())?;
        Some((def.ident().to_owned(), same))
    });
    let others: BTreeMap<String, String> = same.collect();
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

/// The last words of a name, each of which begins with a capital letter.
fn end(name: &str, words: usize) -> &str {
    let starts = name.rmatch_indices(char::is_uppercase);
    let start = starts.map(|(start, _)| start).take(words).last();
    &name[start.unwrap_or_default()..]
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

    use super::Shared;
    use crate::model::{EnumDef, TypeDef};
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
        let def = |ident: &str| {
            TypeDef::Enum(EnumDef {
                ident: ident.to_owned(),
                description: None,
                variants: Vec::new(),
                ignore_case: false,
            })
        };
        let is_found = |one: &str, other: &str| {
            let (one, mut shared) = (def(one), Shared::default());
            assert_eq!(shared.same(&one, |_| None), None);
            shared.same(&def(other), |_| Some(&one)).is_some()
        };
        for (one, other) in [
            ("TokenUser", "V2TokenTokenUser"),
            ("Kind", "TokenKind"),
            ("RevocationUnauthorizedBody", "DeviceUnauthorizedBody"),
        ] {
            assert!(is_found(one, other), "{one} {other}");
            assert!(is_found(other, one), "{one} {other}");
        }
        assert!(!is_found("UnauthorizedBody", "TooManyRequestsBody"));
        assert!(!is_found("TokenUser", "TokenPlan"));
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
