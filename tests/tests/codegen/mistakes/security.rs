//! Servers, security schemes and flows.

use super::{assert_means, assert_told, plain_with, read};

#[test]
fn servers_and_security_are_read_as_they_were_meant() {
    let tenant = |variables: &str| {
        format!("servers: [{{url: \"https://{{tenant}}.example.com\", variables: {variables}}}]")
    };
    let server = "servers: [{url: \"https://auth.example.com/v1\"}]";
    assert_means(
        &[(
            server,
            &tenant("{tenant: {description: Yours., enum: [a, b]}}"),
        )],
        &[(
            server,
            &tenant("{tenant: {description: Yours., enum: [a, b], default: ''}}"),
        )],
        &["TS026"],
    );
    assert_means(
        &[(server, &tenant("{tenant: acme}"))],
        &[(server, &tenant("{tenant: {default: acme}}"))],
        &["TS026"],
    );
    let base = |url: &str, default: &str| {
        format!(
            "servers: [{{url: \"https://auth.example.com{url}\", variables: {{base: {{default: {default}}}}}}}]"
        )
    };
    assert_means(
        &[(server, &base("{base}", "/v1/a"))],
        &[(server, &base("/{base}", "v1/a"))],
        &["TS026"],
    );
    assert_means(
        &[("openapi:", "externalDocs: nope\nopenapi:")],
        &[],
        &["TS026"],
    );
    let basic = "components:\n  securitySchemes: {basic: {type: http, scheme: basic}}\n";
    for (security, codes) in [
        ("[basic]", ["TS026"].as_slice()),
        ("basic", &["TS026", "TS026"]),
        ("[5, basic: []]", &["TS026"]),
        ("{basic: null}", &["TS026", "TS026"]),
    ] {
        let post = |security: &str| format!("    post:\n      security: {security}\n");
        assert_means(
            &[("components:\n", basic), ("    post:\n", &post(security))],
            &[
                ("components:\n", basic),
                ("    post:\n", &post("[basic: []]")),
            ],
            codes,
        );
        let root = |security: &str| format!("security: {security}\nopenapi:");
        assert_means(
            &[("components:\n", basic), ("openapi:", &root(security))],
            &[("components:\n", basic), ("openapi:", &root("[basic: []]"))],
            codes,
        );
    }
}

#[test]
fn flows_are_read_as_they_were_meant() {
    let free = ("string, enum: [client_credentials]", "string");
    let scheme =
        |rest: &str| format!("components:\n  securitySchemes: {{o: {{type: oauth2, {rest}}}}}\n");
    let plain = scheme("flows: {clientCredentials: {tokenUrl: /oauth/token, scopes: {}}}");
    let scoped =
        scheme("flows: {clientCredentials: {tokenUrl: /oauth/token, scopes: {a: '', b: '5'}}}");
    for (odd, meant, codes) in [
        (
            "flows: {clientCredentials: {tokenUrl: /oauth/token}}",
            &plain,
            [].as_slice(),
        ),
        (
            "flows: {clientCredentials: {tokenUrl: /oauth/token, scopes: null}}",
            &plain,
            &[],
        ),
        (
            "flows: {clientCredentials: {tokenUrl: /oauth/token, scopes: {a: null, b: 5}}}",
            &scoped,
            &[],
        ),
        (
            "flows: {clientCredentials: {tokenUrl: /oauth/token}, implicit: {scopes: {}}, password: 5}",
            &plain,
            &["TS026", "TS026"],
        ),
        (
            "flows: [{clientCredentials: {tokenUrl: /oauth/token}}]",
            &plain,
            &["TS026"],
        ),
        (
            "flows: {client_credentials: {tokenUrl: /oauth/token}}",
            &plain,
            &["TS026"],
        ),
        (
            "flow: application, tokenUrl: /oauth/token",
            &plain,
            &["TS026"],
        ),
    ] {
        let odd = scheme(odd);
        assert_means(
            &[free, ("components:\n", &odd)],
            &[free, ("components:\n", meant)],
            codes,
        );
    }
    let both = scheme(
        "flows: {clientCredentials: {tokenUrl: /oauth/token}, authorizationCode: {tokenUrl: /oauth/token}}",
    );
    let reading = read(&plain_with(&[free, ("components:\n", &both)]));
    // The authorization code has no `code` there.
    assert_told(&reading, &["TS030", "TS026"]);
    let model = reading.model.expect("is read");
    let grants: Vec<_> = model.endpoints[0]
        .operations
        .iter()
        .filter_map(|one| one.grant.as_deref())
        .collect();
    assert_eq!(grants, ["client_credentials", "authorization_code"]);
    for (broken, codes) in [
        ("flows: 5", [].as_slice()),
        ("flows: 5, tokenUrl: /oauth/token", &["TS031"]),
    ] {
        assert_means(&[("components:\n", &scheme(broken))], &[], codes);
    }
}
