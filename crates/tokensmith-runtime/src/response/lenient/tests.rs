use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::read;
use crate::{Extra, Secret};

#[derive(Deserialize, Debug)]
struct Declared {
    access_token: Secret,
    expires_in: Option<i64>,
    ratio: Option<f64>,
    flag: Option<bool>,
    name: Option<String>,
    scope: Option<String>,
    scopes: Option<Vec<String>>,
    team: Option<Team>,
    limits: Option<HashMap<String, i64>>,
    #[serde(flatten)]
    extra: Extra,
}

#[derive(Deserialize, Debug, PartialEq)]
struct Team {
    id: String,
    size: Option<i64>,
}

fn declared(value: Value) -> (Declared, Vec<(String, Value)>) {
    let read = read::<Declared>(value, " ", Some("access_token")).unwrap();
    (read.value, read.set_aside)
}

#[test]
fn takes_values_for_what_they_were_meant_as() {
    let (read, set_aside) = declared(json!({
        "access_token": "t", "expires_in": "600", "ratio": "0.5", "flag": "True", "name": 7,
        "scope": ["a", "b"], "scopes": "c d", "team": {"id": 12, "size": 3.0}, "other": [1],
    }));
    assert!(set_aside.is_empty());
    assert_eq!(read.expires_in, Some(600));
    assert_eq!(read.ratio, Some(0.5));
    assert_eq!(read.flag, Some(true));
    assert_eq!(read.name.as_deref(), Some("7"));
    assert_eq!(read.scope.as_deref(), Some("a b"));
    assert_eq!(read.scopes, Some(vec!["c".to_owned(), "d".to_owned()]));
    assert_eq!(
        read.team,
        Some(Team {
            id: "12".to_owned(),
            size: Some(3)
        })
    );
    assert_eq!(read.extra.get("other"), Some(&json!([1])));
}

#[test]
fn sets_aside_what_cannot_be_read_and_keeps_the_rest() {
    let (read, set_aside) = declared(json!({
        "access_token": "t", "expires_in": {"a": 1}, "name": "n", "flag": "perhaps",
        "team": {"size": 1}, "scopes": [1, {}], "limits": {"a/b~c": [], "d": 1},
    }));
    assert_eq!(read.access_token.expose(), "t");
    assert_eq!(read.name.as_deref(), Some("n"));
    assert_eq!(
        (read.expires_in, read.flag, read.scopes),
        (None, None, None)
    );
    assert_eq!(read.team, None);
    assert_eq!(read.limits.unwrap().get("d"), Some(&1));
    let mut pointers: Vec<_> = set_aside
        .iter()
        .map(|(pointer, _)| pointer.as_str())
        .collect();
    pointers.sort_unstable();
    assert_eq!(
        pointers,
        [
            "/expires_in",
            "/flag",
            "/limits/a~1b~0c",
            "/scopes",
            "/team"
        ]
    );
    let flag = set_aside.iter().find(|(pointer, _)| pointer == "/flag");
    assert_eq!(
        flag.unwrap().1,
        json!("perhaps"),
        "the value is kept as it came"
    );
}

#[test]
fn whole_numbers_beyond_a_float_are_not_made_up() {
    let (read, set_aside) = declared(json!({"access_token": "t", "expires_in": 1e300}));
    assert_eq!(read.expires_in, None);
    assert_eq!(set_aside.len(), 1);
}

#[test]
fn the_work_is_bounded() {
    let limits: serde_json::Map<_, _> = (0..50_000)
        .map(|index| (index.to_string(), json!("x")))
        .collect();
    let (read, set_aside) = declared(json!({"access_token": "t", "limits": limits}));
    assert!(read.limits.is_none());
    assert!(set_aside.len() <= 34);
}

#[test]
fn without_the_token_there_is_nothing() {
    for value in [
        json!({"access_token": {}}),
        json!({}),
        json!([]),
        json!(null),
        json!("t"),
    ] {
        assert!(read::<Declared>(value, " ", Some("access_token")).is_err());
    }
}
