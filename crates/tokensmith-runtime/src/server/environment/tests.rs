use super::*;
use crate::EndpointKind;
use crate::protocol::Settings;
use crate::testing::{TOKEN_BODY, play, response};
use crate::{Credentials, ErrorKind, Operation, PlainHttpHosts, TokenRequest};

static GRANT: Operation<'static> = Operation::grant("client_credentials");

static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"]);

static ELSEWHERE: Endpoint<'static> =
    Endpoint::new(EndpointKind::Token, &["/other"]).with_servers(&[
        ("Production", "https://login.example.com/base/"),
        ("Sandbox", "https://login.sandbox.example.com"),
        (
            "Tenant",
            "https://login-{tenant}.{region}.example.com/{version}",
        ),
    ]);

static LIVE_ONLY: Endpoint<'static> = Endpoint::new(EndpointKind::Revocation, &["/revoke"])
    .with_servers(&[("Production", "https://revoke.example.com")]);

static SERVERS: &[ServerDescription<'static>] = &[
    ServerDescription::new("Production", "https://api.example.com"),
    ServerDescription::new("Sandbox", "https://sandbox.example.com"),
    ServerDescription::new("Tenant", "https://{tenant}.example.com").with_variables(&[
        ServerVariable::new("tenant"),
        ServerVariable::new("region")
            .with_default("eu")
            .with_values(&["eu", "us"]),
        ServerVariable::new("version").with_default("v1/x"),
    ]),
    ServerDescription::new("Patterned", "https://api.{domain}").with_variables(&[
        ServerVariable::new("domain").with_pattern("[a-z]+[.]example[.](com|org)"),
    ]),
];

static ACME: Description<'static> = Description::new("acme", "Acme")
    .with_servers(SERVERS)
    .with_endpoints(&[&TOKEN, &ELSEWHERE, &LIVE_ONLY]);

fn environment(name: &str, values: &[(&str, &str)]) -> Result<Environment, Error> {
    let mut choice = ServerChoice::named(name);
    for (name, value) in values {
        choice = choice.with_value(name, value);
    }
    Environment::new(&ACME, &choice)
}

fn settings(name: &str, values: &[(&str, &str)]) -> Settings {
    Settings::for_environment(
        environment(name, values).unwrap(),
        Credentials::new("i", "s"),
        PlainHttpHosts::default(),
    )
    .unwrap()
}

/// Where a request of an endpoint goes.
fn target(settings: &Settings, endpoint: &Endpoint<'static>) -> Result<String, String> {
    let request = TokenRequest::new(endpoint, &GRANT);
    let outcome = crate::protocol::Exchange::new(settings, &request).step(crate::testing::now());
    match outcome {
        crate::protocol::Step::Send(request) => Ok(request.uri().to_string()),
        _ => {
            let played = play(settings, &request, []);
            Err(played.outcome.unwrap_err().to_string())
        }
    }
}

#[test]
fn each_endpoint_has_its_url_of_the_environment() {
    let sandbox = settings("Sandbox", &[]);
    assert_eq!(
        target(&sandbox, &TOKEN).unwrap(),
        "https://sandbox.example.com/token"
    );
    assert_eq!(
        target(&sandbox, &ELSEWHERE).unwrap(),
        "https://login.sandbox.example.com/other"
    );
    let tenant = settings("Tenant", &[("tenant", "a-1"), ("region", "us")]);
    assert_eq!(
        target(&tenant, &TOKEN).unwrap(),
        "https://a-1.example.com/token"
    );
    assert_eq!(
        target(&tenant, &ELSEWHERE).unwrap(),
        "https://login-a-1.us.example.com/v1/x/other"
    );
}

#[test]
fn the_templates_of_an_endpoint_are_those_of_all_environments() {
    let templates = |endpoint| Environment::url_templates(&ACME, endpoint);
    for endpoint in [&TOKEN, &ELSEWHERE] {
        let templates = templates(endpoint);
        for (server, values) in [
            ("Production", &[][..]),
            ("Sandbox", &[]),
            ("Tenant", &[("tenant", "a-1"), ("region", "us")]),
        ] {
            let environment = environment(server, values).unwrap();
            let url = environment.url_of(endpoint, endpoint.paths()[0]).unwrap();
            let mut filled = templates.iter().map(|template| {
                let template = template.replace("{tenant}", "a-1");
                template
                    .replace("{region}", "us")
                    .replace("{version}", "v1/x")
            });
            assert!(filled.any(|filled| filled == url), "{url}: {templates:?}");
        }
    }
    assert_eq!(templates(&LIVE_ONLY), ["https://revoke.example.com/revoke"]);
    let whole = Endpoint::new(EndpointKind::Token, &["https://b.example/token"]);
    assert_eq!(templates(&whole), ["https://b.example/token"]);
}

#[test]
fn an_endpoint_that_the_environment_lacks_gets_no_request() {
    let error = target(&settings("Sandbox", &[]), &LIVE_ONLY).unwrap_err();
    assert_eq!(
        error,
        "the document knows no revocation endpoint on the server `Sandbox`, only on `Production`"
    );
    assert!(target(&settings("Production", &[]), &LIVE_ONLY).is_ok());
}

#[test]
fn whoever_replaces_the_servers_replaces_all_of_them() {
    let mut settings = settings("Sandbox", &[]);
    settings.set_base_url("http://127.0.0.1:1/x").unwrap();
    assert_eq!(
        target(&settings, &ELSEWHERE).unwrap(),
        "http://127.0.0.1:1/x/other"
    );
    assert_eq!(
        target(&settings, &LIVE_ONLY).unwrap(),
        "http://127.0.0.1:1/x/revoke"
    );
    let nameless = Settings::new("http://127.0.0.1:1", Credentials::new("i", "s")).unwrap();
    assert_eq!(
        target(&nameless, &ELSEWHERE).unwrap(),
        "http://127.0.0.1:1/base/other"
    );
}

#[test]
fn a_value_keeps_the_host_of_the_template() {
    let message = |name: &str, values: &[(&str, &str)]| {
        let error = environment(name, values).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        error.to_string()
    };
    for value in [
        "evil.example/",
        "evil.example?",
        ":8443/a",
        "x@evil.example",
        "",
        "a.",
        "\u{3002}",
    ] {
        assert!(message("Tenant", &[("tenant", value)]).contains("server variable `tenant`"));
    }
    // It fits the first URL, and not that of the other endpoint.
    assert!(message("Tenant", &[("tenant", "a.b")]).contains("login-{tenant}"));
    assert!(message("Tenant", &[("tenant", "a"), ("region", "mars")]).contains("lists `eu`, `us`"));
    assert!(message("Tenant", &[("tenant", "a"), ("version", "a/b")]).contains("one segment"));
    assert!(message("Tenant", &[]).contains("needs a value for its variable `tenant`"));
    assert!(message("Tenant", &[("tenent", "a")]).contains("no variable `tenent`"));
    assert!(message("Moon", &[]).contains("it has `Production`, `Sandbox`"));
}

#[cfg(feature = "pattern")]
#[test]
fn a_pattern_is_for_the_whole_value() {
    assert!(environment("Patterned", &[("domain", "eu.example.com")]).is_ok());
    for value in [
        "eu.example.com.evil.example",
        "evil.example/eu.example.com",
        "eu.example.com\n",
    ] {
        assert!(
            environment("Patterned", &[("domain", value)]).is_err(),
            "{value:?}"
        );
    }
    let broken = [ServerVariable::new("a").with_pattern("x)|(?:y")];
    let servers = [ServerDescription::new("S", "https://{a}.example.com").with_variables(&broken)];
    let description = Description::new("b", "B").with_servers(&servers);
    let choice = ServerChoice::named("S").with_value("a", "xz");
    assert!(Environment::new(&description, &choice).is_err());
}

#[cfg(not(feature = "pattern"))]
#[test]
fn without_the_feature_a_pattern_lets_nothing_through() {
    let error = environment("Patterned", &[("domain", "eu.example.com")]).unwrap_err();
    assert!(error.to_string().contains("feature `pattern`"));
}

#[test]
fn a_url_of_the_callers_own_may_have_variables_too() {
    let at = |value: &str| {
        let choice = ServerChoice::at("https://{shop}.myshop.example").with_value("shop", value);
        Environment::new(&ACME, &choice).map(|environment| environment.url().to_owned())
    };
    assert_eq!(at("acme").unwrap(), "https://acme.myshop.example");
    assert!(at("evil.example/").is_err());
    let unfilled =
        Environment::new(&ACME, &ServerChoice::at("https://{shop}.myshop.example")).unwrap();
    let hosts = PlainHttpHosts::default();
    let error = Settings::for_environment(unfilled, Credentials::new("i", "s"), hosts).unwrap_err();
    assert!(error.to_string().contains("`shop` has no value"));
    let played = play(
        &Settings::for_environment(
            Environment::new(&ACME, &ServerChoice::at("https://a.example")).unwrap(),
            Credentials::new("i", "s"),
            PlainHttpHosts::default(),
        )
        .unwrap(),
        &TokenRequest::new(&TOKEN, &GRANT),
        [response(200, TOKEN_BODY)],
    );
    assert_eq!(played.sent[0].uri(), "https://a.example/token");
}
