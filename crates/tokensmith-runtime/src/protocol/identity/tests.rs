use proptest::prelude::*;

use super::identity;
use crate::protocol::Settings;
use crate::testing::{CLIENT_CREDENTIALS, REFRESH_TOKEN, TOKEN, settings};
use crate::{Assertion, ClientAuth, Credentials, Secret, TokenRequest};

fn of(settings: &Settings, request: &TokenRequest<'_>) -> Vec<u8> {
    identity(settings, request).unwrap().to_vec()
}

fn request() -> TokenRequest<'static> {
    TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS)
}

#[test]
fn the_order_of_scopes_and_resources_does_not_matter() {
    let settings = settings();
    let one = request().scope("read").scope("write");
    for other in [
        request().scope("write read"),
        request().scope("write").scope("read").scope("read"),
    ] {
        assert_eq!(of(&settings, &one), of(&settings, &other));
    }
    let resources = |first, second| {
        let request = request().parameter("resource", first);
        of(&settings, &request.parameter("resource", second))
    };
    assert_eq!(resources("a", "b"), resources("b", "a"));
}

#[test]
fn everything_that_changes_the_token_changes_it() {
    let base = settings();
    let change = |change: fn(&mut Settings)| {
        let mut settings = base.clone();
        change(&mut settings);
        of(&settings, &request())
    };
    let client = |credentials| {
        let settings = Settings::new("https://auth.example.com", credentials).unwrap();
        of(&settings, &request())
    };
    let function = || Assertion::from_fn(|_| Ok(Secret::from("signed")));
    let identities = [
        of(&base, &request()),
        of(&base, &request().scope("read")),
        of(&base, &request().scope("readwrite")),
        of(&base, &request().scope("read write")),
        of(&base, &request().parameter("scopes", "read")),
        of(&base, &request().parameter("resource", "a")),
        of(&base, &request().parameter("tenant", "a")),
        of(&base, &request().parameter("tenant", "b")),
        of(
            &base,
            &request().parameter("tenant", "a").parameter("tenant", "b"),
        ),
        of(&base, &request().parameter("ten", "ant")),
        of(&base, &request().path("/other")),
        of(&base, &request().assertion("assertion", function())),
        of(&base, &request().assertion("assertion", function())),
        of(
            &base,
            &TokenRequest::new(&TOKEN, &REFRESH_TOKEN).secret_parameter("refresh_token", "a"),
        ),
        change(|settings| settings.set_base_url("https://other.example.com").unwrap()),
        change(|settings| settings.set_client_auth(ClientAuth::Body)),
        change(|settings| settings.set_format(crate::BodyFormat::Json)),
        change(|settings| settings.set_issuer("https://issuer.example.com")),
        change(|settings| settings.set_header("x-tenant", "a").unwrap()),
        change(|settings| settings.set_header("x-tenant", "b").unwrap()),
        client(Credentials::new("client", "other")),
        client(Credentials::new("other", "S3cret/canary+value")),
        client(Credentials::public("client")),
        client(Credentials::with_assertion("client", "a")),
        client(Credentials::with_assertion("client", function())),
    ];
    for (index, one) in identities.iter().enumerate() {
        for (other, another) in identities.iter().enumerate().skip(index + 1) {
            assert_ne!(one, another, "{index} and {other}");
        }
    }
}

#[test]
fn a_named_function_proves_what_others_of_the_name_prove() {
    let with = |name: &str| {
        let assertion = Assertion::from_fn(|_| Ok(Secret::from("signed"))).with_identity(name);
        of(&settings(), &request().assertion("assertion", assertion))
    };
    assert_eq!(with("robot"), with("robot"));
    assert_ne!(with("robot"), with("other"));
}

#[test]
fn what_could_not_be_sent_has_none() {
    let request = TokenRequest::new(&TOKEN, &REFRESH_TOKEN);
    let error = identity(&settings(), &request).unwrap_err();
    assert_eq!(error.kind(), crate::ErrorKind::Request);
}

proptest! {
    /// No text can pretend to be another list of texts.
    #[test]
    fn parameters_do_not_run_into_each_other(
        one in proptest::collection::vec(("[a-c]{1,3}", "[a-c]{0,3}"), 0..3),
        other in proptest::collection::vec(("[a-c]{1,3}", "[a-c]{0,3}"), 0..3),
    ) {
        let settings = settings();
        let given = |pairs: &[(String, String)]| {
            let pairs = pairs.iter().cloned();
            of(&settings, &pairs.fold(request(), |request, (name, value)| request.parameter(name, value)))
        };
        let sorted = |pairs: &[(String, String)]| {
            let mut pairs = pairs.to_vec();
            pairs.sort_by(|left, right| left.0.cmp(&right.0));
            pairs
        };
        prop_assert_eq!(given(&one) == given(&other), sorted(&one) == sorted(&other));
    }
}
