//! Tokens that are kept under a name which others had.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use tokensmith_mock::MockServer;

use super::{Home, of_gitlab, paths};
use crate::login::mock_of;

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
