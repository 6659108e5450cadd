//! Tokens that are kept under a name which others had.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use serde_json::Value;
use tokensmith_mock::MockServer;

use super::{Home, of_gitlab, paths};
use crate::login::mock_of;
use crate::run::{command, finish};

/// How often a mock was asked to revoke a token.
fn revocations(server: &MockServer) -> usize {
    let paths = paths(server);
    paths
        .iter()
        .filter(|path| path.ends_with("/revoke"))
        .count()
}

#[test]
fn old_tokens_are_good_until_the_new_ones_are_kept() {
    let (home, server) = (Home::new(), mock_of("gitlab"));
    let url = server.url();
    let keep = |client_id| home.run_as(client_id, &of_gitlab(&url, "ci"));
    assert_eq!(keep("one").code, Some(0));
    let first = home.token("ci");

    home.break_names();
    let failed = keep("two");
    assert_eq!(failed.code, Some(1), "{}", failed.stderr);
    home.mend_names();
    assert_eq!(revocations(&server), 0);
    // No token stays that nothing names.
    assert_eq!(
        (home.access_tokens().len(), home.refresh_tokens().len()),
        (1, 1)
    );
    assert_eq!(home.token("ci")["access_token"], first["access_token"]);

    let kept = keep("two");
    assert_eq!(kept.code, Some(0), "{}", kept.stderr);
    assert_eq!(revocations(&server), 1);
    let second = home.token("ci");
    assert_ne!(second["access_token"], first["access_token"]);
    assert_eq!(
        (home.access_tokens().len(), home.refresh_tokens().len()),
        (1, 1)
    );
}

/// Signing in again as the same client replaces the tokens: they must not be revoked, which some
/// providers extend to all tokens of the person.
#[test]
fn the_same_client_replaces_its_tokens() {
    let (home, server) = (Home::new(), mock_of("gitlab"));
    let url = server.url();
    for _ in 0..2 {
        assert_eq!(home.run_as("one", &of_gitlab(&url, "ci")).code, Some(0));
        assert!(home.token("ci")["access_token"].is_string());
    }
    assert_eq!(revocations(&server), 0);
    assert_eq!(
        (home.access_tokens().len(), home.refresh_tokens().len()),
        (1, 1)
    );
}

/// The key is in another place than before, so that the old tokens are in another store.
#[test]
fn the_same_client_replaces_its_tokens_in_another_place() {
    let (home, server) = (Home::new(), mock_of("gitlab"));
    let url = server.url();
    let with_key_in_file = |client_id: &str| {
        let run = finish(
            command(&of_gitlab(&url, "ci"))
                .env("TOKENSMITH_HOME", home.path())
                .env("TOKENSMITH_CLIENT_ID", client_id)
                .env("TOKENSMITH_CLIENT_SECRET", "s3cret"),
        );
        assert_eq!(run.code, Some(0), "{}", run.stderr);
    };
    with_key_in_file("one");
    let again = home.run_as("one", &of_gitlab(&url, "ci"));
    assert_eq!(again.code, Some(0), "{}", again.stderr);
    assert!(
        again
            .stderr
            .contains("not revoked: they are of the same client"),
        "{}",
        again.stderr
    );
    assert_eq!(revocations(&server), 0);
    assert_eq!(
        (home.access_tokens().len(), home.refresh_tokens().len()),
        (1, 1)
    );
    home.token("ci");

    home.run(&["logout", "ci", "--forget"]).token();
    with_key_in_file("one");
    let other = home.run_as("two", &of_gitlab(&url, "ci"));
    assert_eq!(other.code, Some(0), "{}", other.stderr);
    assert!(!other.stderr.contains("revoked"), "{}", other.stderr);
    assert_eq!(revocations(&server), 1);
    assert_eq!(
        (home.access_tokens().len(), home.refresh_tokens().len()),
        (1, 1)
    );
}

/// The same person may have agreed to several grants by one client: which of them a provider ends
/// when it revokes a token is up to the provider.
#[test]
fn the_same_client_replaces_the_tokens_of_another_grant() {
    let (home, server) = (Home::new(), mock_of("gitlab"));
    let url = server.url();
    let first = home.run_as("one", &of_gitlab(&url, "ci"));
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    let arguments = ["token", "gitlab", "--server", &url, "--keep", "ci"];
    let arguments = [&arguments[..], &["--grant", "client_credentials"]].concat();
    let second = home.run_as("one", &arguments);
    assert_eq!(second.code, Some(0), "{}", second.stderr);
    assert_eq!(revocations(&server), 0);
    assert!(home.refresh_tokens().is_empty());
}

#[test]
fn what_is_revoked_and_cannot_be_deleted_is_not_called_not_revoked() {
    let (home, server) = (Home::new(), mock_of("gitlab"));
    let url = server.url();
    assert_eq!(home.run_as("one", &of_gitlab(&url, "ci")).code, Some(0));
    // Links that lead in a circle can be neither read nor written, also by root.
    let [access_token] = &home.access_tokens()[..] else {
        panic!("one access token");
    };
    fs::remove_file(access_token).expect("is ours");
    symlink(access_token, access_token).expect("a link");

    let second = home.run_as("two", &of_gitlab(&url, "ci"));
    assert_eq!(second.code, Some(0), "{}", second.stderr);
    assert_eq!(revocations(&server), 1);
    assert!(!second.stderr.contains("not revoked"), "{}", second.stderr);
    assert!(
        second.stderr.contains("before stay in"),
        "{}",
        second.stderr
    );
}

/// Records have the names of the tokens since later than the other members.
#[test]
fn a_record_that_names_no_tokens_is_told_of() {
    let (home, server) = (Home::new(), mock_of("gitlab"));
    let url = server.url();
    assert_eq!(home.run_as("one", &of_gitlab(&url, "ci")).code, Some(0));
    let file = home.path().join("names/ci.json");
    let mut record: Value =
        serde_json::from_slice(&fs::read(&file).expect("a file")).expect("JSON");
    let members = record.as_object_mut().expect("an object");
    members.remove("stored").expect("the names");
    fs::write(&file, record.to_string()).expect("there is room");

    let second = home.run_as("two", &of_gitlab(&url, "ci"));
    assert_eq!(second.code, Some(0), "{}", second.stderr);
    assert_eq!(revocations(&server), 0);
    assert!(
        second.stderr.contains("are not revoked") && second.stderr.contains("does not name them"),
        "{}",
        second.stderr
    );
    home.token("ci");
}

/// The client key is gone, without which the provider cannot be asked.
#[test]
fn old_tokens_that_cannot_be_revoked_are_deleted_and_told_of() {
    let (home, server) = (Home::new(), mock_of("gitlab"));
    let (url, authority) = (server.url(), home.path().join("client.pem"));
    let key = rcgen::KeyPair::generate().expect("a key");
    let certificate = rcgen::CertificateParams::new(vec!["app".to_owned()]);
    let certificate = certificate.expect("a name").self_signed(&key);
    let certificate = certificate.expect("a certificate");
    let pem = format!("{}{}", certificate.pem(), key.serialize_pem());
    fs::write(&authority, pem).expect("there is room");
    fs::set_permissions(&authority, fs::Permissions::from_mode(0o600)).expect("is ours");
    let certificate = ["--client-certificate", authority.to_str().expect("UTF-8")];
    let first = home.run_as("one", &[&of_gitlab(&url, "ci")[..], &certificate].concat());
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    fs::remove_file(&authority).expect("is ours");

    let second = home.run_as("two", &of_gitlab(&url, "ci"));
    assert_eq!(second.code, Some(0), "{}", second.stderr);
    assert!(
        second.stderr.contains("and not revoked"),
        "{}",
        second.stderr
    );
    assert_eq!(revocations(&server), 0);
    assert_eq!(
        (home.access_tokens().len(), home.refresh_tokens().len()),
        (1, 1)
    );
}
