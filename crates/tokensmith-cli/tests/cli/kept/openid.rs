//! Whom a kept ID token is about, and documents that name who issues ID tokens.

use std::fs;

use serde_json::{Value, json};
use tokensmith_mock::Options;

use super::{Home, REFRESHING, keep};
use crate::login::browser::{Login, get, location};
use crate::login::standard;
use crate::run::{command, finish};

#[test]
fn userinfo_is_about_the_person_who_signed_in() {
    let (home, server) = (Home::new(), standard(Options::new().approve()));
    keep(&home, &server, "me", &[]);
    let told = home.run(&["userinfo", "--kept", "me"]);
    let claims: Value = serde_json::from_str(&told.stdout).expect("JSON");
    assert_eq!(claims, json!({"sub": "mock-user"}), "{}", told.stderr);

    let url = server.url();
    let run = home.login(&["--issuer", &url, "--scope", "mail", "--keep", "mail"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let message = home.run(&["userinfo", "--kept", "mail"]).error()["message"].to_string();
    assert!(message.contains("no ID token was checked"), "{message}");
}

/// A document of a server, which names who issues ID tokens.
fn document(url: &str, issuer: &str) -> String {
    format!(
        "openapi: 3.0.3
info: {{title: Acme, version: '1'}}
servers:
  - url: {url}
    x-tokensmith: {{issuer: '{issuer}'}}
paths:
  /authorize:
    get:
      parameters:
        - {{name: response_type, in: query, required: true, schema: {{type: string, enum: [code]}}}}
        - {{name: client_id, in: query, required: true, schema: {{type: string}}}}
        - {{name: redirect_uri, in: query, schema: {{type: string}}}}
        - {{name: scope, in: query, schema: {{type: string}}}}
        - {{name: state, in: query, schema: {{type: string}}}}
        - {{name: nonce, in: query, schema: {{type: string}}}}
        - {{name: code_challenge, in: query, schema: {{type: string}}}}
        - {{name: code_challenge_method, in: query, schema: {{type: string, enum: [S256]}}}}
      responses: {{'302': {{description: back}}}}
  /token:
    post:
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema:
              oneOf:
                - type: object
                  required: [grant_type, code]
                  properties:
                    grant_type: {{type: string, enum: [authorization_code]}}
                    code: {{type: string}}
                    redirect_uri: {{type: string}}
                    code_verifier: {{type: string}}
                    client_id: {{type: string}}
                    client_secret: {{type: string}}
{REFRESHING}                  id_token: {{type: string}}
"
    )
}

#[test]
fn an_id_token_is_checked_where_the_document_names_its_issuer() {
    let (home, server) = (Home::new(), standard(Options::new().approve()));
    let (url, spec) = (server.https_url(), home.path().join("acme.yaml"));
    let authority = home.path().join("authority.pem");
    fs::write(&spec, document(&url, &url)).expect("there is room");
    fs::write(&authority, server.certificate().expect("a certificate")).expect("there is room");
    let trust = ("SSL_CERT_FILE", authority.to_str().expect("UTF-8"));
    let mut variables = home.variables().to_vec();
    variables.push((trust.0, trust.1.to_owned()));
    let variables: Vec<_> = variables
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let arguments = [
        "--spec",
        spec.to_str().expect("UTF-8"),
        "--scope",
        "openid",
        "--keep",
        "acme",
    ];
    let login = Login::start_with(&arguments, &variables);
    // The browser of the test speaks no TLS, which the same port does without.
    let back = location(&get(&login.url.replacen("https:", "http:", 1)));
    get(&back.replace("iss=http%3A", "iss=https%3A"));
    let run = login.finish();
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let asked = server.provider().requests();
    assert!(
        asked.iter().any(|request| request.path == "/jwks"),
        "{asked:?}"
    );

    let told = finish(command(&["userinfo", "--kept", "acme"]).envs(variables));
    assert!(
        told.stdout.contains("\"sub\":\"mock-user\""),
        "{}{}",
        told.stdout,
        told.stderr
    );
}
