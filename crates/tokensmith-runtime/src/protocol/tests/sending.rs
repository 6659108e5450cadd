//! S1 to S3: one client authentication, and the request as it is written.

use super::{BASIC, authentication, client_credentials, good, pairs, refused, with};
use crate::protocol::Settings;
use crate::testing::{ID, SECRET, form, play, settings};
use crate::{
    ClientAuth, Credentials, Endpoint, EndpointKind, ErrorKind, Method, Operation, TokenRequest,
};

#[test]
fn writes_the_request_of_rfc_6749() {
    let request = client_credentials().scope("a").scope("b c");
    let played = play(&settings(), &request, [good()]);
    let [sent] = played.sent.as_slice() else {
        panic!()
    };
    assert_eq!(sent.method(), "POST");
    assert_eq!(sent.uri(), "https://auth.example.com/oauth2/token");
    assert_eq!(sent.headers()["accept"], "application/json");
    assert_eq!(
        sent.headers()["content-type"],
        "application/x-www-form-urlencoded"
    );
    assert_eq!(sent.headers()["authorization"], BASIC);
    assert_eq!(
        form(sent),
        pairs(&[("grant_type", "client_credentials"), ("scope", "a b c")])
    );
    assert_eq!(played.outcome.unwrap().access_token.expose(), "t0ken");
}

#[test]
fn one_authentication_in_each_style() {
    let body = pairs(&[("client_id", ID), ("client_secret", SECRET)]);
    let public = pairs(&[("client_id", ID)]);
    let raw = "Basic Y2xpZW50OlMzY3JldC9jYW5hcnkrdmFsdWU=";
    let cases = [
        (ClientAuth::Auto, Some(BASIC), vec![]),
        (ClientAuth::Basic, Some(BASIC), vec![]),
        (ClientAuth::BasicRaw, Some(raw), vec![]),
        (ClientAuth::Body, None, body),
        (ClientAuth::None, None, public.clone()),
    ];
    for (auth, header, parameters) in cases {
        let played = play(&with(auth), &client_credentials(), [good()]);
        assert_eq!(
            authentication(&played.sent[0]),
            (header, parameters),
            "{auth}"
        );
        // A public client has an empty secret where Basic is all that there is: Reddit's installed
        // applications.
        let empty = match auth {
            ClientAuth::Basic | ClientAuth::BasicRaw => (Some("Basic Y2xpZW50Og=="), vec![]),
            _ => (None, public.clone()),
        };
        for (credentials, expected) in [
            (Credentials::public(ID), (None, public.clone())),
            (Credentials::new(ID, ""), empty),
        ] {
            let mut settings = Settings::new("https://auth.example.com", credentials).unwrap();
            settings.set_client_auth(auth);
            let played = play(&settings, &client_credentials(), [refused()]);
            assert_eq!(authentication(&played.sent[0]), expected, "{auth}");
        }
    }
}

/// RFC 7617 section 2: a user-id has no colon.
#[test]
fn an_id_with_a_colon_is_not_sent_raw() {
    for (id, secret) in [("a:b", "secret"), (":", "secret"), ("a:b", "")] {
        let mut settings =
            Settings::new("https://auth.example.com", Credentials::new(id, secret)).unwrap();
        settings.set_client_auth(ClientAuth::BasicRaw);
        let played = play(&settings, &client_credentials(), []);
        let error = played.outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("colon"), "{error}");
        settings.set_client_auth(ClientAuth::Basic);
        assert!(
            play(&settings, &client_credentials(), [good()])
                .outcome
                .is_ok()
        );
    }
}

#[test]
fn a_response_is_asked_for_as_it_is() {
    let mut settings = settings();
    let sent = &play(&settings, &client_credentials(), [good()]).sent[0];
    assert_eq!(sent.headers()["accept-encoding"], "identity");
    // A transport of the caller's may decompress.
    settings.set_header("Accept-Encoding", "gzip").unwrap();
    let sent = &play(&settings, &client_credentials(), [good()]).sent[0];
    let values: Vec<_> = sent.headers().get_all("accept-encoding").iter().collect();
    assert_eq!(values, ["gzip"]);
}

#[test]
fn a_blank_scope_is_none() {
    for scopes in [&["", "a", " "][..], &["a"]] {
        let request = scopes
            .iter()
            .fold(client_credentials(), |request, scope| request.scope(*scope));
        let played = play(&settings(), &request, [good()]);
        let expected = pairs(&[("grant_type", "client_credentials"), ("scope", "a")]);
        assert_eq!(form(&played.sent[0]), expected);
    }
    let played = play(&settings(), &client_credentials().scope(""), [good()]);
    assert_eq!(
        form(&played.sent[0]),
        pairs(&[("grant_type", "client_credentials")])
    );
}

#[test]
fn headers_that_the_client_sets_are_its_own() {
    let mut settings = settings();
    for name in [
        "Authorization",
        "content-type",
        "Host",
        "Content-Length",
        "bad name",
        "",
    ] {
        let error = settings.set_header(name, "canary").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(!error.to_string().contains("canary"));
    }
    settings.set_header("Accept", "text/html").unwrap();
    settings.set_header("X-Version", "1").unwrap();
    settings.set_header("User-Agent", "app").unwrap();
    let sent = &play(&settings, &client_credentials(), [good()]).sent[0];
    assert_eq!(sent.headers()["accept"], "text/html");
    assert_eq!(sent.headers()["user-agent"], "app");
    assert_eq!(sent.headers().get_all("x-version").iter().count(), 1);
}

#[test]
fn a_header_that_may_be_a_secret_goes_to_no_host_that_only_metadata_name() {
    static KEYS: Endpoint<'static> =
        Endpoint::new(EndpointKind::Metadata, &[""]).with_method(Method::Get);
    static READ: Operation<'static> = Operation::new();
    let mut settings = settings();
    settings.set_header("x-api-key", "canary").unwrap();
    settings.set_header("user-agent", "acme").unwrap();
    let mut has_key = |url: &str, base: Option<&str>| {
        if let Some(base) = base {
            settings.set_base_url(base).unwrap();
        }
        let request = crate::GenericRequest::<()>::new(&KEYS, &READ).path(url.to_owned());
        let mut exchange = crate::protocol::Exchange::new(&settings, &request);
        let crate::protocol::Step::Send(sent) = exchange.step(crate::testing::now()) else {
            panic!("{url}")
        };
        assert_eq!(sent.headers()["user-agent"], "acme");
        sent.headers().contains_key("x-api-key")
    };
    assert!(has_key("https://auth.example.com/keys", None));
    assert!(has_key("https://AUTH.example.com:443/keys", None));
    for elsewhere in [
        "https://keys.example.com/keys",
        "https://auth.example.com:8443/keys",
        "https://auth.example.com.evil.example/keys",
        "http://127.0.0.1/keys",
    ] {
        assert!(!has_key(elsewhere, None), "{elsewhere}");
    }
    // A gateway of the caller's own, which takes the place of all hosts.
    assert!(has_key(
        "https://keys.example.com/keys",
        Some("https://gateway.example/a?b=c")
    ));
}

#[test]
fn a_header_goes_wherever_the_client_authenticates() {
    let has_key = |auth: ClientAuth, path: &'static str| {
        let mut settings = settings();
        settings.set_header("x-api-key", "canary").unwrap();
        settings.set_client_auth(auth);
        let request = client_credentials().path(path);
        let played = play::<TokenRequest<'_>>(&settings, &request, [good()]);
        played.sent[0].headers().contains_key("x-api-key")
    };
    let elsewhere = "https://token.example.com/token";
    for auth in [
        ClientAuth::Basic,
        ClientAuth::Body,
        ClientAuth::TlsClientAuth,
    ] {
        assert!(has_key(auth, elsewhere), "{auth:?}");
    }
    // The metadata of any server may have named that host.
    assert!(!has_key(ClientAuth::None, elsewhere));
    assert!(has_key(ClientAuth::None, "/token"));
}
