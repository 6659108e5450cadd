use std::process::Command;

use tokensmith_providers::PROVIDERS;
use tokensmith_runtime::{EndpointKind, Environment, Method};

use super::*;

static GRANT: Operation<'static> = Operation::grant("client_credentials");
static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"]);

const URL: &str = "https://a.example/token";

/// A curl that prints each of its arguments, with NUL bytes between them.
const CURL: &str = "curl() { for argument; do printf '%s\\0' \"$argument\"; done; }";

/// What `sh` gives to curl.
fn arguments(command: &str, variables: &[(&str, &str)]) -> Result<Vec<String>, String> {
    let run = Command::new("sh")
        .arg("-c")
        .arg(format!("{CURL}\n{command}\n"))
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .expect("there is a shell");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    if !run.status.success() || !run.stderr.is_empty() {
        return Err(text(run.stderr));
    }
    let printed = text(run.stdout);
    let printed = printed.strip_suffix('\0').unwrap_or(&printed);
    Ok(printed.split('\0').map(str::to_owned).collect())
}

/// The arguments of a request by a client that is `id` and `pass word`.
fn sent(endpoint: &Endpoint<'_>, operation: &Operation<'_>) -> Vec<String> {
    let client = [
        ("TOKENSMITH_CLIENT_ID", "id"),
        ("TOKENSMITH_CLIENT_SECRET", "pass $(word)"),
    ];
    let command = command(URL, endpoint, operation).expect("an example");
    arguments(&command, &client).expect("it runs")
}

/// The values of an option.
fn values<'a>(arguments: &'a [String], option: &str) -> Vec<&'a str> {
    let pairs = arguments.windows(2).filter(|pair| pair[0] == option);
    pairs.map(|pair| pair[1].as_str()).collect()
}

#[test]
fn a_form_is_encoded_by_curl() {
    let parameters = [
        Parameter::new("scope").with_default("read write"),
        Parameter::new("left_out"),
    ];
    let sent = sent(&TOKEN, &GRANT.with_parameters(&parameters));
    assert_eq!(
        sent,
        [
            "--url",
            URL,
            "--user",
            "id:pass $(word)",
            "--header",
            "Accept: application/json",
            "--data-urlencode",
            "grant_type=client_credentials",
            "--data-urlencode",
            "scope=read write",
        ]
    );
}

#[test]
fn a_json_body_is_one_object() {
    let parameters = [
        Parameter::new("audience").required(),
        Parameter::new("ttl")
            .with_kind(ParameterKind::Integer)
            .required(),
        Parameter::new("scopes")
            .with_kind(ParameterKind::TextList)
            .with_default("a\"b"),
    ];
    let operation = GRANT.with_parameters(&parameters);
    let endpoint = TOKEN
        .with_formats(&[BodyFormat::Json])
        .with_client_auth(ClientAuth::Body);
    let command = command(URL, &endpoint, &operation).expect("an example");
    let variables = [
        ("TOKENSMITH_CLIENT_ID", "id"),
        ("TOKENSMITH_CLIENT_SECRET", "it's"),
        ("AUDIENCE", "https://api.example"),
        ("TTL", "60"),
    ];
    let sent = arguments(&command, &variables).expect("it runs");
    let [body] = values(&sent, "--data")[..] else {
        panic!("{sent:?}");
    };
    let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(
        body,
        serde_json::json!({
            "grant_type": "client_credentials",
            "audience": "https://api.example",
            "ttl": 60,
            "scopes": ["a\"b"],
            "client_id": "id",
            "client_secret": "it's",
        })
    );
    assert!(values(&sent, "--header").contains(&"Content-Type: application/json"));
}

/// Texts by which a document could have the shell do something.
const HOSTILE: [&str; 8] = [
    "'; echo pwned; '",
    "$(echo pwned)",
    "`echo pwned`",
    "${IFS}$HOME",
    "two\nlines; echo pwned",
    "\\'\"$(echo pwned)",
    "!! * ~ & | > /tmp/pwned",
    "{a}[1-3]#",
];

#[test]
fn the_shell_executes_no_text_of_a_document() {
    for text in HOSTILE {
        let parameters = [
            Parameter::new("fixed").with_default(text),
            Parameter::new("X-Fixed")
                .with_default(text)
                .with_location(Location::Header),
            Parameter::new("q")
                .with_default(text)
                .with_location(Location::Query),
        ];
        let operation = Operation::grant(text).with_parameters(&parameters);
        let endpoint = TOKEN.with_accept(text);
        let sent = sent(&endpoint, &operation);
        let form = [format!("grant_type={text}"), format!("fixed={text}")];
        assert_eq!(values(&sent, "--data-urlencode"), form, "{text}");
        assert_eq!(values(&sent, "--url-query"), [format!("q={text}")]);
        let headers = [format!("Accept: {text}"), format!("X-Fixed: {text}")];
        assert_eq!(values(&sent, "--header"), headers);

        let json = endpoint
            .with_formats(&[BodyFormat::Json])
            .with_json_media_type(text);
        let sent = self::sent(&json, &operation);
        let body = values(&sent, "--data").concat();
        let body: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(body, serde_json::json!({"grant_type": text, "fixed": text}));

        let url = format!("https://a.example/{text}");
        let command = command(&url, &TOKEN, &GRANT).expect("an example");
        let client = [
            ("TOKENSMITH_CLIENT_ID", "id"),
            ("TOKENSMITH_CLIENT_SECRET", "s"),
        ];
        let braces = [("A", "{a}"), ("OAUTH_IFS", "{IFS}")];
        let client = [client, braces].concat();
        let sent = arguments(&command, &client).expect("it runs");
        assert_eq!(values(&sent, "--url"), [url]);
    }
}

#[test]
fn names_of_a_document_are_encoded_and_variables_have_plain_names() {
    for text in HOSTILE {
        let parameters = [Parameter::new(text).required()];
        let operation = GRANT.with_parameters(&parameters);
        let endpoint = TOKEN.with_client_auth(ClientAuth::None).without_client_id();
        let command = command(URL, &endpoint, &operation).expect("an example");
        let unset = arguments(&command, &[]).expect_err("the value is not set");
        let (variable, _) = unset.rsplit_once(": ").expect("a message of the shell");
        let variable = variable.rsplit(": ").next().unwrap_or_default();
        let sent = arguments(&command, &[(variable, "value")]).expect("it runs");
        let form = values(&sent, "--data-urlencode");
        let (name, value) = form[1].split_once('=').expect("a pair");
        assert_eq!(value, "value");
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"%._~-".contains(&byte);
        assert!(name.bytes().all(is_plain), "{name}");
    }
}

#[test]
fn values_of_the_caller_are_variables_that_have_to_be_set() {
    let parameters = [
        Parameter::new("projectKey")
            .required()
            .with_location(Location::Path),
        Parameter::new("username").required(),
        Parameter::new("X-Token")
            .required()
            .secret()
            .with_location(Location::Header),
    ];
    let parameters = parameters.map(|it| match it.location() {
        Location::Header => it.with_prefix("Bearer "),
        _ => it,
    });
    let operation = Operation::grant("password").with_parameters(&parameters);
    let url = "https://{shop}.a.example/{projectKey}/token";
    let command = command(url, &TOKEN, &operation).expect("an example");
    let variables = [
        ("TOKENSMITH_CLIENT_ID", "id"),
        ("TOKENSMITH_CLIENT_SECRET", "secret"),
        ("SHOP", "acme"),
        ("PROJECT_KEY", "p"),
        ("OAUTH_USERNAME", "jane $(echo pwned)"),
        ("X_TOKEN", "t"),
    ];
    let sent = arguments(&command, &variables).expect("it runs");
    assert_eq!(values(&sent, "--url"), ["https://acme.a.example/p/token"]);
    let form = values(&sent, "--data-urlencode");
    assert_eq!(form, ["grant_type=password", "username=jane $(echo pwned)"]);
    assert!(values(&sent, "--header").contains(&"X-Token: Bearer t"));
    for left_out in 0..variables.len() {
        let mut others = variables.to_vec();
        let (name, _) = others.remove(left_out);
        let error = arguments(&command, &others).expect_err("a value is not set");
        assert!(error.contains(name), "{name}: {error}");
    }
}

#[test]
fn what_curl_has_no_option_for_has_no_example() {
    let other_place = TOKEN.with_client_auth(ClientAuth::Body);
    for endpoint in [
        TOKEN.with_client_auth(ClientAuth::Header),
        TOKEN.with_client_auth(ClientAuth::Secret),
        TOKEN.with_client_auth(ClientAuth::Query),
        TOKEN.with_auth_scheme("ID"),
        other_place.with_client_id_location(Location::Header),
        other_place.with_client_id_location(Location::Query),
        TOKEN.with_method(Method::Get),
        TOKEN.with_formats(&[BodyFormat::Multipart]),
        TOKEN.with_copies(&[("grant_type", Location::Query)]),
    ] {
        assert_eq!(command(URL, &endpoint, &GRANT), None, "{endpoint:?}");
    }
}

#[test]
fn other_client_authentications_are_options_or_parameters() {
    let sent = |auth| {
        let command = command(URL, &TOKEN.with_client_auth(auth), &GRANT).expect("an example");
        let variables = [
            "TOKENSMITH_CLIENT_ID",
            "TOKENSMITH_CLIENT_SECRET",
            "CLIENT_ASSERTION",
            "CLIENT_CERTIFICATE",
        ];
        arguments(&command, &variables.map(|name| (name, name))).expect("it runs")
    };
    assert_eq!(
        values(&sent(ClientAuth::BasicSecret), "--user"),
        ["TOKENSMITH_CLIENT_SECRET:"]
    );
    let tls = sent(ClientAuth::TlsClientAuth);
    assert_eq!(values(&tls, "--cert"), ["CLIENT_CERTIFICATE"]);
    for (auth, parameter) in [
        (ClientAuth::None, "client_id=TOKENSMITH_CLIENT_ID"),
        (ClientAuth::Body, "client_secret=TOKENSMITH_CLIENT_SECRET"),
        (
            ClientAuth::PrivateKeyJwt,
            "client_assertion=CLIENT_ASSERTION",
        ),
        (
            ClientAuth::ClientSecretJwt,
            "client_assertion=CLIENT_ASSERTION",
        ),
        (
            ClientAuth::AssertionSecret,
            "client_secret=CLIENT_ASSERTION",
        ),
    ] {
        let sent = sent(auth);
        assert!(
            values(&sent, "--data-urlencode").contains(&parameter),
            "{sent:?}"
        );
        assert!(values(&sent, "--user").is_empty());
    }
}

#[test]
fn the_examples_of_all_providers_run() {
    let mut count = 0;
    for entry in PROVIDERS {
        let endpoints = entry.description.endpoints().iter();
        for endpoint in endpoints.filter(|endpoint| endpoint.kind() == EndpointKind::Token) {
            for operation in endpoint.operations() {
                let urls = Environment::url_templates(entry.description, endpoint);
                let Some(command) = command(&urls[0], endpoint, operation) else {
                    continue;
                };
                let variables: Vec<(&str, &str)> = command
                    .split("${")
                    .skip(1)
                    .filter_map(|rest| rest.split_once(":?}"))
                    .map(|(name, _)| (name, "value"))
                    .collect();
                let sent = arguments(&command, &variables);
                let sent = sent.unwrap_or_else(|error| panic!("{error}\n{command}"));
                let [url] = values(&sent, "--url")[..] else {
                    panic!("{sent:?}");
                };
                assert!(
                    url.starts_with("https://") && !url.contains(['{', '}']),
                    "{url}"
                );
                count += 1;
            }
        }
    }
    assert!(count > PROVIDERS.len(), "{count} commands");
}
