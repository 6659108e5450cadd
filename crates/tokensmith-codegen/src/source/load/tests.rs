use serde_json::json;

use super::*;

fn tree(text: &str) -> Value {
    load("a.yaml", text.as_bytes()).expect("loads").tree
}

fn error(text: &str) -> Diagnostic {
    load("a.yaml", text.as_bytes()).expect_err("does not load")
}

#[test]
fn keys_that_are_no_strings_become_strings() {
    assert_eq!(
        tree("responses:\n  200: {}\n  true: 1\n  null: 2\n  2024-01-02: 3\n  1.10: 4\n"),
        json!({"responses": {"200": {}, "true": 1, "null": 2, "2024-01-02": 3, "1.10": 4}})
    );
}

#[test]
fn anchors_and_merge_keys_apply() {
    assert_eq!(
        tree("a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\n"),
        json!({"a": {"x": 1, "y": 2}, "b": {"x": 1, "y": 3}})
    );
}

#[test]
fn merges_may_be_lists_repeated_and_chained() {
    let anchors = "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: &c {<<: *b, z: 3}\n";
    let merged = |text: &str| tree(&format!("{anchors}d:\n{text}"))["d"].clone();
    assert_eq!(merged("  <<: [*a, *b]\n"), json!({"x": 1, "y": 2}));
    assert_eq!(merged("  <<: *a\n  <<: *b\n"), json!({"x": 1, "y": 2}));
    assert_eq!(merged("  <<: *c\n"), json!({"x": 2, "y": 2, "z": 3}));
}

#[test]
fn a_key_of_json_is_no_merge() {
    assert_eq!(tree(r#"{"<<": {"a": 1}}"#), json!({"<<": {"a": 1}}));
}

#[test]
fn a_byte_order_mark_and_crlf_are_no_matter() {
    assert_eq!(tree("\u{feff}a: 1\r\nb: 2\r\n"), json!({"a": 1, "b": 2}));
}

#[test]
fn utf_16_is_read_by_its_mark() {
    let units = |text: &str| format!("\u{feff}{text}").encode_utf16().collect::<Vec<_>>();
    let little: Vec<u8> = units("a: ä")
        .into_iter()
        .flat_map(u16::to_le_bytes)
        .collect();
    let big: Vec<u8> = units("a: ä")
        .into_iter()
        .flat_map(u16::to_be_bytes)
        .collect();
    for bytes in [&little, &big] {
        let loaded = load("a.yaml", bytes).expect("loads");
        assert_eq!(loaded.tree, json!({"a": "ä"}));
    }
    let error = load("a.yaml", &little[..little.len() - 1]).expect_err("is cut");
    assert_eq!(error.rule, Rule::Unreadable);
}

#[test]
fn yaml_may_begin_with_a_brace() {
    assert_eq!(tree("{a: 1, b: [x]}"), json!({"a": 1, "b": ["x"]}));
}

#[test]
fn json_may_have_comments_tabs_and_last_commas() {
    assert_eq!(
        tree("// c\n{\n\t\"a\": [1, /* d */ 2,],\n}"),
        json!({"a": [1, 2]})
    );
}

#[test]
fn tabs_matter_only_where_they_indent() {
    assert_eq!(
        tree("a:\t1\t\n\t\n  \t# c\nb:\n  c: 2\n"),
        json!({"a": 1, "b": {"c": 2}})
    );
    assert_eq!(error("a:\n\tb: 1\n").rule, Rule::Syntax);
}

#[test]
fn tags_are_passed_over() {
    assert_eq!(
        tree("a: !secret b\nc: !list [1]\n"),
        json!({"a": "b", "c": [1]})
    );
}

#[test]
fn of_a_repeated_key_the_last_counts() {
    for text in [
        "a: 1\nb:\n  - c: 1\n    c: 2\na: 3\n",
        r#"{"a": 1, "b": [{"c": 1, "c": 2}], "a": 3}"#,
    ] {
        let loaded = load("a.yaml", text.as_bytes()).expect("loads");
        assert_eq!(loaded.tree, json!({"a": 3, "b": [{"c": 2}]}));
        assert_eq!(loaded.duplicates, ["/b/0/c", "/a"]);
    }
}

#[test]
fn of_several_documents_the_first_is_read() {
    let warnings = |text: &str| {
        let loaded = load("a.yaml", text.as_bytes()).expect("loads");
        assert_eq!(loaded.tree, json!({"a": 1}));
        loaded.warnings.len()
    };
    assert_eq!(warnings("---\na: 1\n---\nb: 2\n"), 1);
    assert_eq!(warnings("---\na: 1\n---\nb: [\n"), 1);
    assert_eq!(warnings("---\na: 1\n...\n"), 0);
    assert_eq!(warnings("---\na: 1\n---\n"), 0);
}

#[test]
fn a_key_may_be_anything_where_nobody_looks() {
    assert_eq!(
        tree("a:\n  ? {b: c}\n  : 1\n  [d]: 2\n  200: 3\nurl: {{x}}\n"),
        json!({"a": {"{\"b\":\"c\"}": 1, "[\"d\"]": 2, "200": 3}, "url": {"{\"x\":null}": null}})
    );
}

#[test]
fn of_a_repeated_path_all_operations_count() {
    let loaded = load("a.yaml", b"/a:\n  post: 1\n  get: 1\n/a:\n  get: 2\n").expect("loads");
    assert_eq!(loaded.tree, json!({"/a": {"post": 1, "get": 2}}));
    assert_eq!(loaded.duplicates, ["/~1a"]);
    let loaded = load("a.yaml", b"a:\n  post: 1\n  get: 1\na:\n  get: 2\n").expect("loads");
    assert_eq!(loaded.tree, json!({"a": {"get": 2}}));
}

#[test]
fn half_a_character_of_json_is_replaced() {
    assert_eq!(tree(r#"{"a": "\ud83d"}"#), json!({"a": "\u{fffd}"}));
}

#[test]
fn what_cannot_be_read_is_shown_where_it_is() {
    let place = |text: &[u8]| load("a.yaml", text).expect_err("fails").position;
    assert_eq!(
        place(b"a: b\nc: \xff\n"),
        Some(Position { line: 2, column: 4 })
    );
    assert_eq!(
        place(b"a: b\nc: \"d\x07\"\n"),
        Some(Position { line: 2, column: 6 })
    );
    assert_eq!(place(b"\n"), Some(Position { line: 1, column: 1 }));
}

#[test]
fn what_follows_json_is_told() {
    let loaded = load("a.json", b"{\"a\": 1}\n}").expect("loads");
    assert_eq!(loaded.tree, json!({"a": 1}));
    let places: Vec<_> = loaded
        .warnings
        .iter()
        .map(|warning| warning.position)
        .collect();
    assert_eq!(places, [Some(Position { line: 2, column: 1 })]);
}

#[test]
fn numbers_beyond_all_bounds_are_kept_as_far_as_they_go() {
    assert_eq!(
        tree("a: 340282366920938463463374607431768211455\nb: .inf\nc: 18446744073709551615\n"),
        json!({"a": "340282366920938463463374607431768211455", "b": null, "c": u64::MAX})
    );
}

#[test]
fn errors_say_where() {
    let error = load("a.yaml", b"a: [1\nb: 2").expect_err("is no YAML");
    assert_eq!(error.rule, Rule::Syntax);
    assert!(error.position.is_some());
    let error = load("a.json", b"{\"a\": ]}").expect_err("is no JSON");
    assert_eq!(error.position, Some(Position { line: 1, column: 7 }));
    assert_eq!(
        load("a.yaml", b" \n").expect_err("is empty").rule,
        Rule::Unreadable
    );
    assert_eq!(
        load("a.yaml", b"\xff").expect_err("is no UTF-8").rule,
        Rule::Unreadable
    );
}

#[test]
fn nesting_is_bounded() {
    let levels = 10_000;
    let texts = [
        format!("{}{}", "[".repeat(levels), "]".repeat(levels)),
        format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels)),
        format!("a: {}", "[".repeat(levels)),
        format!("a: {}1", "{a: ".repeat(levels)),
        format!("{}a", "- ".repeat(levels)),
    ];
    for text in texts {
        let error = error(&text);
        assert!(
            [Rule::TooLarge, Rule::Syntax].contains(&error.rule),
            "{error}"
        );
        assert!(error.message.len() < 200, "{error}");
    }
}

#[test]
fn brackets_cannot_take_the_yaml_reader_for_ever() {
    for text in [
        format!("a: {}", "[".repeat(1_000_000)),
        format!("a: {}", "{a: ".repeat(100_000)),
        format!("{}a", "- ".repeat(1_000_000)),
        format!("a: [{}]", "[\"]\", ".repeat(200_000)),
    ] {
        assert_eq!(error(&text).rule, Rule::TooLarge);
    }
}

#[test]
fn aliases_cannot_multiply_without_end() {
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..20 {
        let item = format!("*a{}", level - 1);
        let items = [item.as_str(); 9].join(", ");
        laughs += &format!("a{level}: &a{level} [{items}]\n");
    }
    assert_eq!(error(&laughs).rule, Rule::TooLarge);
    let long = format!(
        "a: &a {}\nb: [{}]\n",
        "x".repeat(1 << 20),
        "*a, ".repeat(1000)
    );
    assert_eq!(error(&long).rule, Rule::TooLarge);
    assert_eq!(error("a: &a [*a]\n").rule, Rule::TooLarge);
}

#[test]
fn large_files_are_refused() {
    let text = format!("a: {}", "x".repeat(MAX_BYTES));
    assert_eq!(error(&text).rule, Rule::TooLarge);
    let text = format!("a: [{}]", "1,".repeat(MAX_YAML_MARKS));
    assert_eq!(error(&text).rule, Rule::TooLarge);
}
