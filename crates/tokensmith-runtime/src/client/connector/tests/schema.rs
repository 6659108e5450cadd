//! The JSON Schema for editors says what the types read.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::ClientAuth;
use crate::connector::api_key::{ApiKeySettings, Key};
use crate::connector::jwt::{JwtCarrier, SignedJwt};
use crate::connector::read::{KINDS, fields};
use crate::connector::{Basic, Bearer, Connector, OAuth2};

fn schema() -> Value {
    serde_json::from_str(include_str!("../../../../connectors.schema.json")).unwrap()
}

fn definition(name: &str) -> Value {
    schema()["definitions"][name].clone()
}

fn texts(value: &Value) -> BTreeSet<String> {
    let items = value.as_array().into_iter().flatten();
    items
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

fn names(value: &Value) -> BTreeSet<String> {
    value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect()
}

#[test]
fn it_has_the_settings_of_the_types() {
    let jwt = [fields::<SignedJwt>(), fields::<JwtCarrier>()].concat();
    for (name, fields, has_kind) in [
        ("oauth2", fields::<OAuth2>(), true),
        ("bearer", fields::<Bearer>(), true),
        ("api_key", fields::<ApiKeySettings>(), true),
        ("basic", fields::<Basic>(), true),
        ("none", Vec::new(), true),
        ("jwt", jwt, true),
        ("signed_jwt", fields::<SignedJwt>(), false),
        ("key", fields::<Key>(), false),
    ] {
        let definition = definition(name);
        let mut expected: BTreeSet<String> = fields.into_iter().map(str::to_owned).collect();
        if has_kind {
            expected.insert("kind".to_owned());
        }
        assert_eq!(names(&definition["properties"]), expected, "{name}");
        assert_eq!(definition["additionalProperties"], false, "{name}");
    }
    let kinds = texts(&definition("connector")["properties"]["kind"]["enum"]);
    assert_eq!(kinds, KINDS.iter().map(|&kind| kind.to_owned()).collect());
}

/// The fewest settings of each kind.
fn least(kind: &str) -> Map<String, Value> {
    let settings = match kind {
        "oauth2" => json!({"token_url": "https://a.example/token", "client_id": "a"}),
        "jwt" | "api_key" => json!({"key": "k"}),
        "bearer" => json!({"token": "t"}),
        "basic" => json!({"username": "u", "password": "p"}),
        _ => json!({}),
    };
    let mut settings = settings.as_object().unwrap().clone();
    settings.insert("kind".to_owned(), kind.into());
    settings
}

fn reads(settings: &Map<String, Value>) -> bool {
    Connector::from_value(Value::Object(settings.clone())).is_ok()
}

#[test]
fn what_it_requires_is_what_is_missed() {
    for kind in KINDS {
        let settings = least(kind);
        assert!(reads(&settings), "{kind}");
        let mut required = BTreeSet::new();
        for name in settings.keys() {
            let mut without = settings.clone();
            without.remove(name);
            if !reads(&without) {
                required.insert(name.clone());
            }
        }
        let definition = definition(kind);
        // Of `key` and `keys`, one is required.
        let either = texts(&definition["else"]["required"]);
        let declared = &texts(&definition["required"]) | &either;
        assert_eq!(declared, required, "{kind}");
    }
}

#[test]
fn its_examples_are_read_and_other_types_are_not() {
    for kind in KINDS {
        for (name, property) in definition(kind)["properties"].as_object().unwrap() {
            assert!(property["description"].is_string(), "{kind}: {name}");
            if name == "kind" {
                continue;
            }
            let examples = property["examples"].as_array().unwrap();
            assert!(!examples.is_empty(), "{kind}: {name}");
            let mut settings = least(kind);
            match name.as_str() {
                "keys" => drop(settings.remove("key")),
                "custom_grant_type" => drop(settings.remove("grant_type")),
                _ => {}
            }
            for example in examples {
                settings.insert(name.clone(), example.clone());
                let read = Connector::from_value(Value::Object(settings.clone()));
                assert!(read.is_ok(), "{kind}: {name}: {example}: {read:?}");
            }
            for other in [json!(false), json!(-1.5)] {
                settings.insert(name.clone(), other);
                assert!(!reads(&settings), "{kind}: {name}");
            }
        }
    }
}

#[test]
fn its_lists_are_those_of_the_types() {
    let auth = &definition("oauth2")["properties"]["client_authentication"]["enum"];
    let mut names: BTreeSet<String> = ClientAuth::ALL.iter().map(ToString::to_string).collect();
    names.insert(String::new());
    assert_eq!(texts(auth), names);
    #[cfg(feature = "jwt")]
    {
        let algorithms = &definition("signed_jwt")["properties"]["algorithm"]["enum"];
        let all = crate::jwt::Algorithm::ALL.iter().map(ToString::to_string);
        assert_eq!(texts(algorithms), all.collect());
    }
}
