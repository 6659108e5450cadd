//! What is shown instead of a request that is not sent: `--dry-run` and `--curl`.

#[cfg(unix)]
use std::process::Command;

use serde_json::json;
use tokensmith_mock::{MockServer, Options, Provider};
use tokensmith_providers::PROVIDERS;
use tokensmith_runtime::{ClientAuth, Endpoint, EndpointKind, Operation, ParameterKind};
use tokensmith_tests::endpoint::{CLIENT_ID, CLIENT_SECRET};
use tokensmith_tests::strict_server::{Server, ServerResponse};

use crate::run::{spec_argument, tokensmith, tokensmith_with};

const TOKEN: &str = r#"{"access_token":"swordfish-access","refresh_token":"swordfish-refresh","custom":"swordfish-custom","expires_in":60,"scope":"a b"}"#;

pub(crate) fn server() -> Server {
    Server::start(|_| {
        ServerResponse::json(200, TOKEN)
            .header("Set-Cookie", "session=swordfish-cookie")
            .header("X-Request-Id", "r-1")
    })
}

#[test]
fn a_dry_run_sends_nothing_and_needs_no_credentials() {
    let server = server();
    let arguments = [
        "token",
        "moov",
        "--server",
        &server.url(),
        "--scope",
        "/accounts.write",
        "--dry-run",
    ];
    let run = tokensmith_with(&arguments, &[]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let expected = format!(
        "POST {}/oauth2/token\n\
         User-Agent: tokensmith/0.1.0\n\
         Accept: application/json\n\
         Accept-Encoding: identity\n\
         Content-Type: application/x-www-form-urlencoded\n\
         Authorization: Basic base64($TOKENSMITH_CLIENT_ID:$TOKENSMITH_CLIENT_SECRET)\n\
         \n\
         grant_type=client_credentials&scope=%2Faccounts.write\n",
        server.url()
    );
    assert_eq!(run.stdout, expected);
    let run = tokensmith(&arguments);
    assert!(run.stdout.contains("Basic base64("), "{}", run.stdout);
    assert!(!run.stdout.contains(CLIENT_SECRET), "{}", run.stdout);
    assert_eq!(server.count(), 0);
}

#[test]
fn a_dry_run_says_what_is_wrong_with_the_request() {
    let arguments = ["token", "moov", "--grant", "refresh_token", "--dry-run"];
    let error = tokensmith_with(&arguments, &[]).error();
    assert_eq!(error["kind"], "request");
}

#[test]
fn a_secret_in_the_place_of_a_variable_is_not_printed() {
    for option in ["--dry-run", "--curl"] {
        let arguments = [
            "token",
            "moov",
            "--grant",
            "refresh_token",
            "--secret-param",
            "refresh_token=canary",
            option,
        ];
        let run = tokensmith_with(&arguments, &[]);
        assert_eq!(run.code, Some(1));
        let printed = run.stdout + &run.stderr;
        assert!(!printed.contains("canary"), "{printed}");
    }
}

/// What a server receives from the command itself, and from curl as `--curl` says.
#[cfg(unix)]
fn both(arguments: &[&str]) {
    let variables = [
        ("TOKENSMITH_CLIENT_ID", CLIENT_ID),
        ("TOKENSMITH_CLIENT_SECRET", "a secret with $(echo spaces)"),
        ("REFRESH", "canary refresh"),
        ("X_KEY", "k"),
    ];
    let server = server();
    let url = server.url();
    let arguments: Vec<&str> = arguments
        .iter()
        .map(|argument| {
            if *argument == "URL" {
                url.as_str()
            } else {
                argument
            }
        })
        .collect();
    let run = tokensmith_with(&arguments, &variables);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let run = tokensmith_with(&[&arguments[..], &["--curl"]].concat(), &variables);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let is_noted = run
        .stderr
        .starts_with("note: the client id or the secret has characters");
    assert_eq!(is_noted, arguments.contains(&"moov"), "{}", run.stderr);
    for secret in ["canary", "spaces"] {
        assert!(!run.stdout.contains(secret), "{}", run.stdout);
    }
    let curl = Command::new("curl").arg("--version").output();
    curl.expect("curl is missing; install it with `cargo xtask setup`");
    let shell = Command::new("sh")
        .args([
            "-c",
            &format!(
                "{}\n",
                run.stdout
                    .replacen("curl ", "curl --silent --show-error --noproxy '*' ", 1)
            ),
        ])
        .envs(variables)
        .output()
        .expect("there is a shell");
    assert!(shell.status.success(), "{shell:?}");
    let requests = server.requests();
    let [ours, curls] = &requests[..] else {
        panic!("{} requests", requests.len());
    };
    assert_eq!(ours.text(), curls.text(), "{}", run.stdout);
    for header in ["content-type", "accept", "x-key", "authorization"] {
        // The command encodes what is in Basic as a form, and curl does not.
        let is_same = ours.header(header) == curls.header(header);
        assert!(
            is_same || header == "authorization",
            "{header}: {}",
            run.stdout
        );
        assert_eq!(
            ours.header(header).is_some(),
            curls.header(header).is_some()
        );
    }
}

#[cfg(unix)]
#[test]
fn curl_sends_the_same_request() {
    both(&[
        "token", "moov", "--server", "URL", "--scope", "/a", "--scope", "/b",
    ]);
    both(&[
        "token",
        "--token-url",
        "URL",
        "--client-auth",
        "body",
        "--header",
        "X-Key=k",
    ]);
    both(&[
        "token",
        "--token-url",
        "URL",
        "--client-auth",
        "body",
        "--format",
        "json",
        "--param",
        "a=it's \"quoted\"",
    ]);
    both(&[
        "token",
        "--token-url",
        "URL",
        "--client-auth",
        "basic-raw",
        "--grant",
        "refresh_token",
        "--secret-param",
        "refresh_token=REFRESH",
    ]);
}

#[test]
fn a_document_is_printed_like_a_built_in_provider() {
    let file = spec_argument("moov.yaml");
    let shown = |whose: &[&str]| {
        let run = tokensmith_with(&[&["token"], whose, &["--dry-run"]].concat(), &[]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        run.stdout
    };
    assert_eq!(shown(&["moov"]), shown(&["--spec", &file]));
}

#[test]
fn settings_of_a_connector_are_not_printed() {
    let folder = tempfile::tempdir().expect("there is room");
    let file = folder.path().join("connector.yaml");
    let settings = json!({
        "kind": "oauth2", "token_url": "https://auth.example.com/token", "client_id": "abc",
        "client_secret": "canary-secret", "client_authentication": "body",
        "additional_request_data": {"Custom-body": "canary-data"},
        "additional_headers": {"X-Key": "canary-key"},
    });
    std::fs::write(&file, settings.to_string()).expect("there is room");
    let name = file.to_str().expect("UTF-8");
    for option in ["--dry-run", "--curl"] {
        let run = tokensmith_with(&["token", "--connector", name, option], &[]);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
        assert!(!run.stdout.contains("canary"), "{}", run.stdout);
        for variable in ["TOKENSMITH_CLIENT_SECRET", "CUSTOM_BODY", "X_KEY"] {
            assert!(
                run.stdout.contains(variable),
                "{variable} in {}",
                run.stdout
            );
        }
    }
}

/// Runs of a request that print it, send it, and show what is sent.
fn arguments(
    endpoint: &Endpoint<'_>,
    operation: &Operation<'_>,
    key: &str,
) -> (Vec<String>, Vec<(String, String)>) {
    let mut arguments = Vec::new();
    let mut variables = Vec::new();
    let mut option = |name: &str, value: String| arguments.extend([name.to_owned(), value]);
    if let Some(grant) = operation.grant_type() {
        option("--grant", grant.to_owned());
    }
    let required = operation.parameters().iter().filter(|it| it.is_required());
    for (index, parameter) in required.filter(|it| it.default().is_none()).enumerate() {
        let name = parameter.name();
        match (parameter.values().first(), parameter.kind()) {
            (Some(value), _) => option("--param", format!("{name}={value}")),
            (None, ParameterKind::Text) => {
                option("--secret-param", format!("{name}=SECRET_{index}"));
                let value = format!("canary-of-{index}-which-is-as-long-as-code-verifiers-are");
                variables.push((format!("SECRET_{index}"), value));
            }
            (None, _) => option("--param", format!("{name}=1")),
        }
    }
    match endpoint.client_auth() {
        ClientAuth::PrivateKeyJwt | ClientAuth::AssertionSecret => {
            option("--client-key", key.to_owned());
            option("--audience", "https://mock.example".to_owned());
        }
        ClientAuth::Query => option("--client-auth", "query".to_owned()),
        _ if !endpoint.method().has_body() => option("--client-auth", "query".to_owned()),
        _ => {}
    }
    (arguments, variables)
}

#[test]
fn no_request_to_any_provider_shows_a_secret() {
    let folder = tempfile::tempdir().expect("there is room");
    let file = folder.path().join("key.pem");
    std::fs::write(&file, include_str!("rsa.pem")).expect("there is room");
    let key = file.to_str().expect("UTF-8");
    let mut count = 0;
    for entry in PROVIDERS {
        let (name, description) = (entry.description.name(), entry.description);
        let address = "127.0.0.1:0".parse().expect("an address");
        let mock = MockServer::start(Provider::of(entry, Options::new()), address);
        let mock = mock.expect("a free port");
        let endpoints = description.endpoints().iter();
        let tokens = endpoints.filter(|it| it.kind() == EndpointKind::Token);
        let operations = tokens.flat_map(|endpoint| {
            let operations = endpoint.operations().iter();
            operations.map(move |operation| (endpoint, operation))
        });
        let named = operations.filter(|(_, operation)| operation.grant_type().is_some());
        for (endpoint, operation) in named {
            let (arguments, mut variables) = arguments(endpoint, operation, key);
            variables.push(("TOKENSMITH_CLIENT_ID".to_owned(), "app".to_owned()));
            let secret = "canary-of-the-client".to_owned();
            variables.push(("TOKENSMITH_CLIENT_SECRET".to_owned(), secret));
            let run = |flag: &str| {
                let url = mock.url();
                let mut all = vec![
                    "token",
                    name,
                    "--server",
                    &url,
                    "--path",
                    endpoint.paths()[0],
                    flag,
                ];
                all.extend(arguments.iter().map(String::as_str));
                let variables: Vec<(&str, &str)> = variables
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str()))
                    .collect();
                tokensmith_with(&all, &variables)
            };
            for flag in ["--curl", "-v"] {
                let run = run(flag);
                let printed = match flag {
                    "-v" => run.stderr,
                    _ => {
                        assert_eq!(
                            run.code,
                            Some(0),
                            "{name} {flag} {arguments:?}: {}",
                            run.stderr
                        );
                        run.stdout
                    }
                };
                for word in ["canary", "STAND-IN", "eyJ"] {
                    assert!(
                        !printed.contains(word),
                        "{name} {flag} {arguments:?}: {printed}"
                    );
                }
                count += 1;
            }
        }
    }
    assert!(count > 200, "{count} runs");
}

#[test]
fn each_format_is_printed_as_it_is_sent() {
    let printed = |more: &[&str]| {
        let url = "https://auth.example.com/a%20path/token?tenant=7";
        let arguments = ["token", "--token-url", url, "--param", "a=b c", "--dry-run"];
        let run = tokensmith_with(&[&arguments[..], more].concat(), &[]);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
        run.stdout
    };
    let json = printed(&["--format", "json", "--client-auth", "body"]);
    let body = "{\"a\":\"b c\",\"client_id\":\"$TOKENSMITH_CLIENT_ID\",\
                \"client_secret\":\"$TOKENSMITH_CLIENT_SECRET\",\"grant_type\":\"client_credentials\"}\n";
    assert!(json.ends_with(body), "{json}");
    let multipart = printed(&["--format", "multipart", "--client-auth", "body"]);
    assert!(
        multipart.ends_with(
            "\n\ngrant_type: client_credentials\na: b c\n\
             client_id: $TOKENSMITH_CLIENT_ID\nclient_secret: $TOKENSMITH_CLIENT_SECRET\n"
        ),
        "{multipart}"
    );
    let query = printed(&["--client-auth", "query"]);
    let first = query.lines().next().unwrap_or_default();
    // What a URL has that the command does not know may be a secret.
    assert_eq!(
        first,
        "POST https://auth.example.com/a%20path/token?tenant=$TENANT\
         &client_id=$TOKENSMITH_CLIENT_ID&client_secret=$TOKENSMITH_CLIENT_SECRET"
    );
}
