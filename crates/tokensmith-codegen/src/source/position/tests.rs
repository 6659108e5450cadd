use super::*;

fn at(text: &str, pointer: &str) -> Option<(u32, u32)> {
    let found = locate(text, &[pointer]).pop().flatten();
    found.map(|position| (position.line, position.column))
}

#[test]
fn yaml_members_are_found_at_their_key() {
    let text = "openapi: 3.0.3\npaths:\n  /a:\n    post:\n      tags: [x, y]\n";
    assert_eq!(at(text, ""), Some((1, 1)));
    assert_eq!(at(text, "/paths/~1a/post"), Some((4, 5)));
    assert_eq!(at(text, "/paths/~1a/post/tags/1"), Some((5, 17)));
}

#[test]
fn json_is_read_too() {
    let text = "{\n  \"paths\": {\n    \"/a\": {\"post\": [1, {\"b\": 2}]}\n  }\n}";
    assert_eq!(at(text, "/paths/~1a/post/1/b"), Some((3, 25)));
}

#[test]
fn a_missing_value_is_shown_at_its_nearest_ancestor() {
    assert_eq!(at("a:\n  b: 1\n", "/a/c/d"), Some((1, 1)));
}

#[test]
fn thousands_are_found_in_one_pass() {
    let members: Vec<String> = (0..20_000)
        .map(|number| format!("\"m{number}\":[{number}]"))
        .collect();
    let pointers: Vec<String> = (0..20_000).map(|number| format!("/m{number}/0")).collect();
    let pointers: Vec<&str> = pointers.iter().map(String::as_str).collect();
    for text in [
        format!("{{{}}}", members.join(",")),
        format!("{{{}}}", members.join(",\n")),
    ] {
        let found = locate(&text, &pointers);
        assert!(found.iter().flatten().all(|position| {
            let line = text
                .lines()
                .nth(position.line as usize - 1)
                .unwrap_or_default();
            line.as_bytes()[position.column as usize - 2] == b'['
        }));
        assert_eq!(found.len(), pointers.len());
    }
}

#[test]
fn unreadable_text_has_no_positions() {
    assert_eq!(at("", "/a"), None);
}

#[test]
fn several_are_found_in_one_pass() {
    let text = "a:\n  b: 1\nc: [2]\n";
    let found = locate(text, &["/c/0", "/a/b", "/c", "/a/x"]);
    let lines: Vec<u32> = found
        .into_iter()
        .flatten()
        .map(|position| position.line)
        .collect();
    assert_eq!(lines, [3, 2, 3, 1]);
}

#[test]
fn what_an_alias_stands_for_is_found_where_it_was_written() {
    let text = "x: &a\n  b: {c: 1}\ny: *a\nz:\n  d: *a\n";
    assert_eq!(at(text, "/y/b/c"), Some((2, 7)));
    assert_eq!(at(text, "/z/d/b"), Some((2, 3)));
    assert_eq!(at(text, "/y"), Some((3, 1)));
    assert_eq!(at(text, "/y/nothing"), Some((3, 1)));
}

#[test]
fn what_a_merge_key_brings_is_found_where_it_was_written() {
    let text = "x: &a {b: 1, e: 5}\nw: &d {f: 6}\ny:\n  <<: [*a, *d]\n  e: 2\n";
    assert_eq!(at(text, "/y/b"), Some((1, 8)));
    assert_eq!(at(text, "/y/e"), Some((5, 3)));
    assert_eq!(at(text, "/y/f"), Some((2, 8)));
}

#[test]
fn braces_may_close_below_their_key() {
    let text = "a:\n  example: {\n    b: [\n  1]\n  }\n  c: {\n  d: 2\n  }\ne: {f: 3}\n";
    assert_eq!(at(text, "/a/example/b"), Some((3, 5)));
    assert_eq!(at(text, "/a/c/d"), Some((7, 3)));
    assert_eq!(at(text, "/e/f"), Some((9, 5)));
}

#[test]
fn characters_are_counted_and_not_bytes() {
    assert_eq!(at("{é: {ü: 1}, b: 2}", "/b"), Some((1, 13)));
    assert_eq!(at("a: 1\r\nb:\r\n  c: 2\r\n", "/b/c"), Some((3, 3)));
    assert_eq!(at("\"a b\": 1\n'c': {\"d\": 2}\n", "/c/d"), Some((2, 7)));
}
