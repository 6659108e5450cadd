use super::*;

fn declared(servers: &[(&str, &str)]) -> DeclaredServers {
    let mut declared = DeclaredServers::default();
    for (label, url) in servers {
        let names = super::super::template_names(url);
        let variables = names.map(|name| crate::model::ServerVariable {
            wire: name.to_owned(),
            ident: name.to_owned(),
            description: None,
            default: None,
            values: Vec::new(),
            pattern: None,
            sample: "example".to_owned(),
        });
        declared.servers.push(Server {
            ident: (*label).to_owned(),
            url: (*url).to_owned(),
            description: None,
            default_of: None,
            issuer: None,
            variables: variables.collect(),
        });
        let label = Some((*label).to_owned());
        declared
            .labels
            .push(label.filter(|label| !label.is_empty()));
    }
    declared
}

fn pairs(token: &[(&str, &str)], own: &[(&str, &str)]) -> (Vec<Option<usize>>, bool) {
    let matched = matched(&declared(token), &declared(own));
    (matched.servers, matched.by_position)
}

const BOTH: [(&str, &str); 2] = [
    ("Production", "https://api.example.com"),
    ("Sandbox", "https://sandbox.example.com"),
];

#[test]
fn what_the_document_calls_them_counts_first() {
    let own = [
        ("The sandbox environment", "https://login-2.example.com"),
        ("production", "https://login-1.example.com"),
    ];
    assert_eq!(pairs(&BOTH, &own), (vec![Some(1), Some(0)], false));
    // Even where the URLs are those of the others.
    let crossed = [
        ("Production", "https://sandbox.example.com/"),
        ("Sandbox", "https://api.example.com"),
    ];
    assert_eq!(pairs(&BOTH, &crossed), (vec![Some(0), Some(1)], false));
}

#[test]
fn one_url_is_one_environment() {
    let own = [
        ("", "https://sandbox.example.com/"),
        ("", "https://api.example.com"),
    ];
    assert_eq!(pairs(&BOTH, &own), (vec![Some(1), Some(0)], false));
    let only = [("", "https://api.example.com")];
    assert_eq!(pairs(&BOTH, &only), (vec![Some(0), None], false));
}

#[test]
fn variables_tell_them_apart() {
    let token = [
        ("", "https://api.example.com/{tenant}"),
        ("", "https://{region}.example.com"),
    ];
    let own = [
        ("", "https://{region}.login.example.com"),
        ("", "https://{tenant}.login.example.com"),
    ];
    assert_eq!(pairs(&token, &own), (vec![Some(1), Some(0)], false));
}

#[test]
fn the_position_counts_last_and_never_makes_production_of_a_sandbox() {
    let own = [
        ("", "https://login-1.example.com"),
        ("", "https://login-2.example.com"),
    ];
    assert_eq!(pairs(&BOTH, &own), (vec![Some(0), Some(1)], true));
    let crossed = [
        ("", "https://login.sandbox.example.com"),
        ("", "https://login.example.com"),
    ];
    assert_eq!(pairs(&BOTH, &crossed), (vec![None, None], false));
    let crossed_in_paths = [
        ("", "https://login.example.com/uat/v1"),
        ("", "https://login.example.com/v1"),
    ];
    assert_eq!(pairs(&BOTH, &crossed_in_paths), (vec![None, None], false));
    let three = [own[0], own[1], ("", "https://login-3.example.com")];
    assert_eq!(pairs(&BOTH, &three), (vec![None, None], false));
    assert_eq!(pairs(&BOTH, &own[..1]), (vec![None, None], false));
    assert_eq!(pairs(&BOTH[..1], &own[..1]), (vec![Some(0)], true));
}

#[test]
fn the_position_does_not_count_against_what_servers_are_called() {
    for (token, own) in [
        (["Produktion", "Testsystem"], ["Test", "Prod"]),
        (
            ["The live system", "For tests"],
            ["For tests only", "The live one"],
        ),
        (["Production", "Test"], ["Pruebas", "Producción"]),
        (["本番", "テスト"], ["Test", "Prod"]),
        (["Customers", "Developers"], ["Integration", "Live"]),
        (["Primary", "Secondary"], ["Backup", "Main"]),
        (["Europe", "America"], ["US", "EU"]),
    ] {
        let servers = |labels: [&'static str; 2], host: &str| {
            let url = |index: usize| format!("https://{host}-{index}.example.com");
            [(labels[0], url(1)), (labels[1], url(2))]
        };
        let (token, own) = (servers(token, "api"), servers(own, "login"));
        let token = token.each_ref().map(|(label, url)| (*label, url.as_str()));
        let own = own.each_ref().map(|(label, url)| (*label, url.as_str()));
        assert_eq!(pairs(&token, &own), (vec![None, None], false), "{token:?}");
    }
    let own = [
        ("Live", "https://login-1.example.com"),
        ("Testsystem", "https://login-2.example.com"),
    ];
    assert_eq!(pairs(&BOTH, &own), (vec![Some(0), Some(1)], true));
    let regions = [
        ("Europe", "https://eu.example.com"),
        ("America", "https://us.example.com"),
    ];
    let half = [
        ("Europe", "https://login-1.example.com"),
        ("Asia", "https://login-2.example.com"),
    ];
    assert_eq!(pairs(&regions, &half), (vec![Some(0), None], false));
}

#[test]
fn one_name_for_two_servers_tells_nothing() {
    let own = [
        ("Sandbox", "https://login-1.example.com"),
        ("Sandbox", "https://login-2.example.com"),
        ("Production", "https://login-3.example.com"),
    ];
    assert_eq!(pairs(&BOTH, &own), (vec![Some(2), None], false));
}

#[test]
fn one_url_may_stand_for_environments_that_are_named() {
    let document = r#"{
        "openapi": "3.1.0", "info": {"title": "A", "version": "1"},
        "servers": [{"url": "https://eu.a.example", "description": "Europe"}, {"url": "https://us.a.example", "description": "America"}],
        "paths": {
            "/token": {"post": {
                "requestBody": {"content": {"application/json": {"schema": {"properties": {"grant_type": {"const": "client_credentials"}}}}}},
                "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"properties": {"access_token": {"type": "string"}}}}}}}
            }},
            "/revoke": {"post": {
                "servers": [{"url": "https://all.a.example", "description": "Europe"}, {"url": "https://all.a.example", "description": "America"}],
                "requestBody": {"content": {"application/json": {"schema": {"properties": {"token": {"type": "string", "format": "password"}}}}}},
                "responses": {"200": {"description": ""}}
            }}
        }
    }"#;
    let reading = crate::read("a", crate::Source::new("a.json", document.as_bytes()), None);
    let told: Vec<Rule> = reading.diagnostics.iter().map(|told| told.rule).collect();
    assert!(!told.contains(&Rule::LeftOut), "{told:?}");
    let model = reading.model.expect("has no errors");
    let servers = model.endpoints[1].servers.iter();
    let servers: Vec<_> = servers
        .map(|own| (own.server.as_str(), own.url.as_str()))
        .collect();
    let url = "https://all.a.example";
    assert_eq!(servers, [("Europe", url), ("America", url)]);
}

#[test]
fn what_a_server_is_for_is_no_environment() {
    let token = [(
        "Server for server-side authentication.",
        "https://api.example.com",
    )];
    let own = [(
        "Server for client-side authentication.",
        "https://account.example.com",
    )];
    assert_eq!(pairs(&token, &own), (vec![Some(0)], true));
}
