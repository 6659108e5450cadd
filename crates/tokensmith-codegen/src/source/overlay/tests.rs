//! Overlays on small trees.

use serde_json::json;

use super::*;

fn beside() -> Files<'static> {
    Files::new(None, "a.yaml", false)
}

fn applied(mut tree: Value, actions: Value) -> (Value, Vec<&'static str>) {
    let overlay =
        json!({"overlay": "1.0.0", "info": {"title": "a", "version": "1"}, "actions": actions})
            .to_string();
    let overlay = load::load("a.overlay.yaml", overlay.as_bytes()).expect("loads");
    let mut diagnostics = Diagnostics::default();
    let mut origins = Origins::default();
    apply(
        &mut tree,
        &beside(),
        &overlay,
        &mut origins,
        &mut diagnostics,
    );
    (
        tree,
        diagnostics
            .into_vec()
            .iter()
            .map(|diagnostic| diagnostic.rule.code())
            .collect(),
    )
}

#[test]
fn updates_are_merged_and_lists_appended_to() {
    let (tree, codes) = applied(
        json!({"a": {"b": 1, "list": [1]}}),
        json!([{"target": "$.a", "update": {"c": 2, "list": [2]}}, {"target": "$", "update": {"servers": []}}]),
    );
    assert_eq!(
        tree,
        json!({"a": {"b": 1, "c": 2, "list": [1, 2]}, "servers": []})
    );
    assert!(codes.is_empty());
}

#[test]
fn removal_keeps_the_indices_of_a_list_right() {
    let list: Vec<usize> = (0..12).collect();
    let (tree, _) = applied(
        json!({"a": list}),
        json!([{"target": "$.a[?@ > 0]", "remove": true}]),
    );
    assert_eq!(tree, json!({"a": [0]}));
}

#[test]
fn what_an_overlay_wrote_is_found_there() {
    let overlay = json!({"overlay": "1.0.0", "info": {"title": "a", "version": "1"}, "actions": [
        {"target": "$.a", "update": {"b": {"c": 1}, "list": [2]}}
    ]});
    let overlay = load::load("a.overlay.yaml", overlay.to_string().as_bytes()).expect("loads");
    let mut origins = Origins::default();
    let mut tree = json!({"a": {"list": [1]}});
    apply(
        &mut tree,
        &beside(),
        &overlay,
        &mut origins,
        &mut Diagnostics::default(),
    );
    let from = |pointer: &str| origins.of(pointer).map(|place| place.pointer);
    assert_eq!(from("/a/b/c").as_deref(), Some("/actions/0/update/b/c"));
    assert_eq!(
        from("/a/list/1").as_deref(),
        Some("/actions/0/update/list/0")
    );
    assert_eq!(from("/a/list/0"), None);
}

#[test]
fn what_does_not_fit_is_reported() {
    let (_, codes) = applied(
        json!({}),
        json!([{"target": "$.a", "remove": true}, {"target": "a["}, {"target": "$"}]),
    );
    assert_eq!(codes, ["TS014", "TS015", "TS015"]);
}

#[test]
fn an_overlay_cannot_grow_a_document_without_end() {
    let update = json!({"target": "$..*", "update": {"a": {}, "b": {}, "c": {}}});
    let (_, codes) = applied(json!({"a": {}}), json!(vec![update; 100]));
    assert_eq!(codes, ["TS022"]);
    let deep = (0..60).fold(json!({}), |inner, _| json!({ "a": inner }));
    let target = format!("${}", ".a".repeat(60));
    let update = json!({"target": target, "update": deep});
    let again = json!({"target": format!("{target}{}", ".a".repeat(60)), "update": deep});
    let (_, codes) = applied(deep.clone(), json!([update, again]));
    assert_eq!(codes, ["TS022"]);
}

#[test]
fn a_plain_value_is_not_updated() {
    let (tree, codes) = applied(json!({"a": 1}), json!([{"target": "$.a", "update": 2}]));
    assert_eq!((tree, codes), (json!({"a": 1}), vec!["TS014"]));
}

#[test]
fn what_a_document_cannot_be_without_stays() {
    let document = json!({"openapi": "3.0.3", "info": {"a": 1}});
    for target in ["$", "$.openapi"] {
        let (tree, codes) = applied(
            document.clone(),
            json!([{"target": target, "remove": true}]),
        );
        assert_eq!((&tree, codes), (&document, vec!["TS014"]), "{target}");
    }
    let (tree, codes) = applied(document.clone(), json!([{"target": "$.*", "remove": true}]));
    assert_eq!((tree, codes), (json!({"openapi": "3.0.3"}), vec!["TS014"]));
    let (_, codes) = applied(
        document,
        json!([{"target": "$", "update": {"openapi": null}}]),
    );
    assert_eq!(codes, ["TS014"]);
}

#[test]
fn an_object_is_updated_by_an_object_only() {
    let document = json!({"a": {"b": 1}});
    for update in [json!([1]), json!(1)] {
        let action = json!([{"target": "$.a", "update": update}]);
        let (tree, codes) = applied(document.clone(), action);
        assert_eq!((&tree, codes), (&document, vec!["TS014"]));
    }
    // What is below it may become something else.
    let (tree, codes) = applied(document, json!([{"target": "$", "update": {"a": false}}]));
    assert_eq!((tree, codes), (json!({"a": false}), vec![]));
}

#[test]
fn an_action_that_does_both_removes_and_is_told() {
    let (tree, codes) = applied(
        json!({"a": {}, "b": 1}),
        json!([{"target": "$.a", "update": {"c": 1}, "remove": true}]),
    );
    assert_eq!((tree, codes), (json!({"b": 1}), vec!["TS015"]));
}

#[test]
fn an_overlay_of_another_document_is_told() {
    let codes = |extends: Value| {
        let overlay = json!({"overlay": "1.0.0", "info": {"title": "a", "version": "1"}, "extends": extends, "actions": [{"target": "$", "update": {"x": 1}}]});
        let overlay = load::load("a.overlay.yaml", overlay.to_string().as_bytes()).expect("loads");
        let mut diagnostics = Diagnostics::default();
        let origins = &mut Origins::default();
        apply(
            &mut json!({}),
            &Files::new(None, "specs/a b.yaml", false),
            &overlay,
            origins,
            &mut diagnostics,
        );
        let codes = diagnostics.into_vec().into_iter();
        codes.map(|one| one.rule.code()).collect::<Vec<_>>()
    };
    for own in ["a b.yaml", "./a%20b.yaml", "https://a.example/other.yaml"] {
        assert!(codes(json!(own)).is_empty(), "{own}");
    }
    for other in [json!("a.yaml"), json!(""), json!(1)] {
        assert_eq!(codes(other), ["TS015"]);
    }
}

#[test]
fn what_is_wrong_with_a_file_is_told_of_an_overlay() {
    for text in ["", "a: [", "a: {b", "{"] {
        let fault = super::load(Source::new("a.overlay.yaml", text.as_bytes()));
        let help = fault.err().and_then(|diagnostic| diagnostic.help);
        let help = help.unwrap_or_default().to_lowercase();
        assert!(help.contains("overlay"), "{text}: {help}");
    }
}

#[test]
fn text_that_turns_round_is_refused_wherever_it_is() {
    let (_, codes) = applied(
        json!({"a": {}}),
        json!([{"target": "$.a", "description": "a\u{202e}b", "update": {"c": 1}}]),
    );
    assert_eq!(codes, ["TS048"]);
}

#[test]
fn what_no_overlay_has_is_told() {
    let overlay = json!({"overlay": "1.0.0", "actions": [], "action": []}).to_string();
    let overlay = load::load("a.overlay.yaml", overlay.as_bytes()).expect("loads");
    let mut diagnostics = Diagnostics::default();
    apply(
        &mut json!({}),
        &beside(),
        &overlay,
        &mut Origins::default(),
        &mut diagnostics,
    );
    let places: Vec<String> = diagnostics
        .into_vec()
        .into_iter()
        .map(|diagnostic| diagnostic.pointer)
        .collect();
    assert_eq!(places, ["/info", "/actions", "/action"]);
}

#[test]
fn what_fits_a_newer_document_less_well_is_told() {
    let overlay = json!({"overlay": "1.0.0", "info": {"title": "a", "version": "1"}, "actions": [
        {"target": "$.gone", "update": {"x": 1}},
        {"target": "$.same", "update": {"x": 1}},
        {"target": "$.other", "update": {"x": 1}},
        {"target": "$.fine", "update": {"x": 1, "list": [2]}},
        {"target": "$.out", "remove": true}
    ]});
    let overlay = load::load("a.overlay.yaml", overlay.to_string().as_bytes()).expect("loads");
    let old = json!({"gone": {}, "same": {"x": 0}, "other": {"x": 5}, "fine": {"y": 1, "list": [1]}, "out": 1});
    let new =
        json!({"same": {"x": 1}, "other": {"x": 6}, "fine": {"y": 2, "list": [1, 3]}, "out": 2});
    let found: Vec<(String, Misfit)> = fits(old, new, &overlay)
        .into_iter()
        .map(|fit| (fit.target, fit.misfit))
        .collect();
    assert_eq!(
        found,
        [
            ("$.gone".to_owned(), Misfit::Gone),
            ("$.same".to_owned(), Misfit::Needless),
            ("$.other".to_owned(), Misfit::Changed),
            ("$.out".to_owned(), Misfit::Changed),
        ]
    );
}
