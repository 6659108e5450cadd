//! `x-tokensmith` where it means something, and where it does not.

use super::{assert_means, assert_refused, plain_with, read};
use crate::documents::rendered;

const SERVER: &str = "servers: [{url: \"https://auth.example.com/v1\"}]";

/// A server whose variable decides about the domain, with these keys.
fn variable(keys: &str) -> String {
    format!(
        "servers: [{{url: \"https://auth.{{domain}}/v1\", variables: {{domain: {{default: a.example, {keys}}}}}}}]"
    )
}

#[test]
fn a_variables_pattern_stands_in_it_or_in_the_extension() {
    let plain = variable("pattern: '[a-z]+[.]example'");
    for keys in [
        "x-tokensmith: {pattern: '[a-z]+[.]example'}",
        "pattern: '[a-z]+[.]example', x-tokensmith: {pattern: '[a-z]+[.]example'}",
    ] {
        assert_means(&[(SERVER, &variable(keys))], &[(SERVER, &plain)], &[]);
    }
    let reading = read(&plain_with(&[(SERVER, &plain)]));
    let model = reading.model.expect("has no errors");
    let pattern = model.servers[0].variables[0].pattern.as_deref();
    assert_eq!(pattern, Some("[a-z]+[.]example"));
}

#[test]
fn what_a_variables_extension_does_not_have_is_told() {
    for keys in [
        "enum: [a.example], x-tokensmith: {patern: '[a-z]+'}",
        "enum: [a.example], x-tokensmith: {pattern: [a]}",
        "enum: [a.example], x-tokensmith: '[a-z]+'",
        "pattern: '[a-z]+[.]example', x-tokensmith: {pattern: '[a-z]+'}",
    ] {
        assert_refused(&[(SERVER, &variable(keys))], &["TS016"]);
    }
    let unreadable = "enum: [a.example], x-tokensmith: {pattern: '(?=a)'}";
    let reading = read(&plain_with(&[(SERVER, &variable(unreadable))]));
    let told = rendered(&reading.diagnostics);
    assert!(reading.model.is_some() && told.contains("TS020"), "{told}");
    let at = "/servers/0/variables/domain/x-tokensmith/pattern";
    assert!(told.contains(at), "{told}");
}

#[test]
fn an_extension_that_means_nothing_in_its_place_is_told() {
    const SAYS: &str = "x-tokensmith: {client-auth: body}";
    let token = "{description: A token., content: {application/json: {schema";
    let beside = |key: &str, place: &str| (key.to_owned(), format!("{key}{place}"));
    for (from, to) in [
        beside("  /oauth/token:\n", &format!("    {SAYS}\n")),
        beside("{description: A token., ", &format!("{SAYS}, ")),
        beside("openapi: 3.0.3\n", &format!("{SAYS}\n")),
        beside("requestBody: {", &format!("{SAYS}, ")),
        (
            token.to_owned(),
            token.replace("{schema", &format!("{{{SAYS}, schema")),
        ),
    ] {
        let reading = read(&plain_with(&[(&from, &to)]));
        let told = rendered(&reading.diagnostics);
        assert!(reading.model.is_none(), "{to}: {told}");
        assert!(told.contains("means nothing in this place"), "{to}: {told}");
    }
}
