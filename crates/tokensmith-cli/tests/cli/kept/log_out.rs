//! `tokensmith logout`.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use tokensmith_mock::{Fault, MockServer, Options};
use tokensmith_runtime::EndpointKind;

use super::{Home, PASSWORD, REFRESHING, count, keep, of_gitlab, paths};
use crate::login::standard;
use crate::run::{Run, command, finish};

#[test]
fn what_is_kept_is_revoked_and_forgotten() {
    let (home, server) = (Home::new(), standard(Options::new().approve()));
    let token = keep(&home, &server, "work", &["--output", "json"]);
    let done = home.run(&["logout", "work"]).token();
    let end_session_url = format!("{}/end_session?client_id=app", server.url());
    assert_eq!(
        done,
        json!({"name": "work", "revoked": true, "forgotten": true, "end_session_url": end_session_url})
    );
    assert!(paths(&server).contains(&"/revoke".to_owned()));
    assert!(!home.is_kept());
    // The provider knows the refresh token no more.
    let refresh_token = token["refresh_token"].as_str().expect("a text");
    let url = server.url();
    let refreshed = finish(
        command(&["refresh", "--issuer", &url])
            .env("TOKENSMITH_CLIENT_ID", "app")
            .env("TOKENSMITH_CLIENT_SECRET", "s3cret")
            .env("TOKENSMITH_REFRESH_TOKEN", refresh_token),
    );
    assert_eq!(refreshed.error()["code"], "invalid_grant");
}

#[test]
fn what_cannot_be_revoked_is_forgotten_and_said() {
    let broken = Fault::status(400).endpoint(EndpointKind::Revocation);
    let server = standard(Options::new().approve().fault(broken));
    let home = Home::new();
    keep(&home, &server, "work", &[]);
    let run = home.run(&["logout", "work"]);
    assert_eq!(run.code, Some(1));
    let done: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(
        (&done["revoked"], &done["forgotten"]),
        (&json!(false), &json!(true))
    );
    let last = run.stderr.lines().last().unwrap_or_default();
    let error: Value = serde_json::from_str(last).expect("JSON");
    assert_eq!(error["error"]["status"], 400, "{error}");
    assert!(!home.is_kept());
}

#[test]
fn what_is_only_forgotten_asks_nobody_and_needs_no_key() {
    let (home, server) = (Home::new(), standard(Options::new().approve()));
    keep(&home, &server, "work", &[]);
    let asked = paths(&server).len();
    let without_key =
        |arguments: &[&str]| finish(command(arguments).env("TOKENSMITH_HOME", home.path()));
    assert!(
        without_key(&["logout", "work"]).error()["message"]
            .to_string()
            .contains("TOKENSMITH_KEY")
    );
    assert!(home.is_kept());
    let text = without_key(&["logout", "work", "--forget", "--output", "text"]);
    assert_eq!(
        text.stdout,
        "The tokens of `work` are forgotten here; the provider was not asked to revoke them.\n"
    );
    assert!(!home.is_kept());
    assert_eq!(
        (home.access_tokens(), home.refresh_tokens()),
        (vec![], vec![])
    );

    keep(&home, &server, "work", &[]);
    let asked_again = paths(&server).len();
    assert_eq!(home.run(&["logout", "work", "--forget"]).code, Some(0));
    assert_eq!(paths(&server).len(), asked_again);
    assert!(asked_again > asked);
    assert!(!home.is_kept());
}

#[test]
fn the_token_of_a_client_is_revoked_while_it_is_valid() {
    let (home, server) = (Home::new(), crate::login::mock_of("gitlab"));
    let url = server.url();
    let run = home.run_as_client(&of_gitlab(&url, "ci"));
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    home.token("ci");
    let done = home.run(&["logout", "ci"]).token();
    assert_eq!(done["revoked"], true);
    assert!(
        paths(&server).iter().any(|path| path.ends_with("/revoke")),
        "{:?}",
        paths(&server)
    );
}

#[test]
fn a_provider_without_revocation_is_told_apart() {
    let (home, server) = (Home::new(), standard(Options::new()));
    let url = format!("{}/token", server.url());
    let run = home.run_as_client(&["token", "--token-url", &url, "--keep", "ci"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    home.token("ci");
    let run = home.run(&["logout", "ci", "--output", "text"]);
    assert!(
        run.stdout.contains("stay valid until they expire"),
        "{}{}",
        run.stdout,
        run.stderr
    );
    assert!(!home.is_kept());
}

/// A document of a server whose users have passwords.
fn document(url: &str) -> String {
    format!(
        "openapi: 3.0.3
info: {{title: Acme, version: '1'}}
servers: [{{url: '{url}'}}]
paths:
  /token:
    post:
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema:
              oneOf:
                - type: object
                  required: [grant_type, username, password]
                  properties:
                    grant_type: {{type: string, enum: [password]}}
                    username: {{type: string}}
                    password: {{type: string}}
                    client_id: {{type: string}}
                    client_secret: {{type: string}}
{REFRESHING}"
    )
}

/// Keeps tokens of a server that a document describes.
fn keep_by_document(home: &Home, server: &MockServer) -> (PathBuf, Run) {
    let spec = home.path().join("acme.yaml");
    fs::write(&spec, document(&server.url())).expect("there is room");
    let spec_path = spec.to_str().expect("UTF-8");
    let arguments = ["token", "--spec", spec_path, "--keep", "acme"];
    let run = home.run_as_client(&[&arguments[..], &PASSWORD].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    (spec, run)
}

#[test]
fn what_was_stored_before_the_document_changed_is_not_called_revoked() {
    let (home, server) = (Home::new(), standard(Options::new()));
    let (spec, _) = keep_by_document(&home, &server);
    let moved = server.url().replace("127.0.0.1", "localhost");
    fs::write(&spec, document(&moved)).expect("there is room");
    let run = home.run(&["logout", "acme", "--output", "text"]);
    assert_eq!(run.code, Some(1), "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("not revoked"), "{}", run.stdout);
    assert!(
        run.stderr.contains("document has changed"),
        "{}",
        run.stderr
    );
    assert_eq!(
        (home.access_tokens(), home.refresh_tokens()),
        (vec![], vec![])
    );
}

#[test]
fn what_is_forgotten_is_deleted_also_without_the_document() {
    let (home, server) = (Home::new(), standard(Options::new()));
    let (spec, run) = keep_by_document(&home, &server);
    // The document is read once, and so is what it is warned about said.
    let mut notices: Vec<&str> = run.stderr.lines().collect();
    let count = notices.len();
    assert_ne!(count, 0);
    notices.sort_unstable();
    notices.dedup();
    assert_eq!(notices.len(), count, "{}", run.stderr);

    assert_eq!(
        (home.access_tokens().len(), home.refresh_tokens().len()),
        (1, 1)
    );
    fs::remove_file(&spec).expect("is ours");
    let done = home.run(&["logout", "acme", "--forget"]).token();
    assert_eq!(
        (&done["revoked"], &done["forgotten"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(
        (home.access_tokens(), home.refresh_tokens()),
        (vec![], vec![])
    );
    assert!(!home.is_kept());
}

#[test]
fn a_record_that_is_damaged_is_removed_and_its_tokens_are_told_of() {
    let (home, server) = (Home::new(), standard(Options::new().approve()));
    keep(&home, &server, "work", &[]);
    keep(&home, &server, "other", &[]);
    fs::write(home.path().join("names/work.json"), "{\"name\": 1").expect("there is room");
    // The others are listed all the same.
    let list = home.run(&["kept"]);
    assert_eq!(list.code, Some(1));
    assert!(
        list.stdout.contains("\"name\":\"other\""),
        "{}",
        list.stdout
    );
    assert!(
        list.stderr.contains("logout work --forget"),
        "{}",
        list.stderr
    );
    let message = home.run(&["token", "--kept", "work"]).error()["message"].to_string();
    assert!(
        message.contains("is not a record of kept tokens"),
        "{message}"
    );
    let message = home.run(&["logout", "work", "--forget"]).error()["message"].to_string();
    assert!(message.contains("its tokens stay in"), "{message}");
    assert_eq!(home.run(&["logout", "other", "--forget"]).code, Some(0));
    assert!(!home.is_kept());
}

/// The disk may be back in a moment.
#[test]
fn a_record_that_cannot_be_read_stays() {
    let (home, server) = (Home::new(), standard(Options::new().approve()));
    keep(&home, &server, "work", &[]);
    let file = home.path().join("names/work.json");
    fs::rename(&file, home.path().join("moved")).expect("is ours");
    // Links that lead in a circle fail for root, too.
    std::os::unix::fs::symlink("work.json", &file).expect("a link");
    home.run(&["logout", "work", "--forget"]).error();
    assert!(fs::symlink_metadata(&file).is_ok());
    fs::rename(home.path().join("moved"), &file).expect("is ours");
    home.run(&["logout", "work", "--forget"]).token();
    assert_eq!(
        (home.access_tokens(), home.refresh_tokens()),
        (vec![], vec![])
    );
}

#[test]
fn what_was_not_there_is_not_called_revoked() {
    let (home, server) = (Home::new(), standard(Options::new().approve()));
    keep(&home, &server, "work", &[]);
    home.lose_access_tokens();
    for path in home.refresh_tokens() {
        fs::remove_file(path).expect("is ours");
    }
    let done = home.run(&["logout", "work"]).token();
    assert_eq!(done["revoked"], false, "{done}");
    assert!(!paths(&server).contains(&"/revoke".to_owned()));

    keep(&home, &server, "work", &[]);
    home.lose_access_tokens();
    for path in home.refresh_tokens() {
        fs::remove_file(path).expect("is ours");
    }
    let told = home.run(&["logout", "work", "--output", "text"]).stdout;
    assert!(
        told.contains("no valid token was found to revoke"),
        "{told}"
    );
}

/// Nor is a token asked for, only to be revoked.
#[test]
fn what_a_client_has_lost_is_not_called_revoked() {
    let (home, server) = (Home::new(), crate::login::mock_of("gitlab"));
    let url = server.url();
    let arguments = ["token", "gitlab", "--server", &url, "--keep", "ci"];
    let arguments = [&arguments[..], &["--grant", "client_credentials"]].concat();
    for is_lost in [true, false] {
        let run = home.run_as_client(&arguments);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        home.token("ci");
        if is_lost {
            home.lose_access_tokens();
        }
        let asked = count(&server, "client_credentials");
        let done = home.run(&["logout", "ci", "--output", "text"]);
        assert_eq!(count(&server, "client_credentials"), asked);
        let is_revoked = paths(&server).iter().any(|path| path.ends_with("/revoke"));
        assert_eq!(is_revoked, !is_lost, "{:?}", paths(&server));
        let expected = match is_lost {
            true => "no valid token was found to revoke",
            false => "are revoked and forgotten",
        };
        assert!(
            done.stdout.contains(expected),
            "{}{}",
            done.stdout,
            done.stderr
        );
        assert_eq!((done.code, home.access_tokens()), (Some(0), vec![]));
    }
}
