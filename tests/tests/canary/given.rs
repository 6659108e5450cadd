//! Secrets that a program gives: they travel, and show nowhere.

use tokensmith_moov::{ClientCredentials, Moov, RefreshToken, RevokeToken};
use tokensmith_moveworks::Moveworks;
use tokensmith_runtime::protocol::{Exchange, Settings, Step};
use tokensmith_runtime::{
    Any, BodyFormat, Client, ClientAuth, Credentials, Endpoint, EndpointKind, Location, Operation,
    Parameter, Parameters, Request, Secret, TokenRequest, blocking,
};
use tokensmith_tests::strict_server::{Server, ServerResponse};
use tokensmith_workiva::Workiva;

use crate::bird::Bird;
use crate::caller::{Caller, both};
use crate::seen::{Seen, log};

const TOKEN: &str = r#"{"access_token":"t0ken","token_type":"Bearer"}"#;

fn server() -> Server {
    Server::start(|_| ServerResponse::json(200, TOKEN))
}

/// All birds were in the request that came last.
#[track_caller]
fn flew(server: &Server, birds: &[Bird]) {
    let requests = server.requests();
    let last = requests.last().expect("a request");
    for bird in birds {
        assert!(bird.flew_in(last), "{bird:?} did not travel: {last:#?}");
    }
}

const SECRET: Bird = Bird("Ga1");
const REFRESH: Bird = Bird("Ga2");
const REVOKED: Bird = Bird("Ga3");
const EXTRA: Bird = Bird("Ga4");
const HEADER: Bird = Bird("Ga5");
const QUERY: Bird = Bird("Ga6");

#[test]
fn the_secrets_of_a_request() {
    both(|kind| {
        let mut seen = Seen::new();
        for auth in [
            ClientAuth::Auto,
            ClientAuth::Basic,
            ClientAuth::BasicRaw,
            ClientAuth::Body,
        ] {
            for format in [BodyFormat::Form, BodyFormat::Json] {
                let server = server();
                let credentials = Credentials::new("id", SECRET.secret());
                seen.debug(&credentials);
                let url = format!("{}/?key={}", server.url(), QUERY.song());
                let caller = Caller::<Moov>::with_credentials(kind, &url, credentials);
                let caller = caller
                    .client_auth(auth)
                    .format(format)
                    .header("X-Api-Key", &HEADER.song());

                let request = RefreshToken::new(REFRESH.secret()).extra("pin", EXTRA.secret());
                seen.debug(&request);
                seen.outcome(caller.send(request));
                flew(&server, &[SECRET, REFRESH, EXTRA, HEADER, QUERY]);
                let request = RevokeToken::new(REVOKED.secret()).extra("pin", EXTRA.secret());
                seen.debug(&request);
                seen.outcome(caller.send(request));
                flew(&server, &[SECRET, REVOKED, EXTRA, HEADER, QUERY]);
                let request = ClientCredentials::new().extra("pin", EXTRA.secret());
                seen.debug(&request);
                seen.outcome(caller.send(request));
                flew(&server, &[SECRET, EXTRA, HEADER, QUERY]);
            }
        }
        seen.is_silent(&[SECRET, REFRESH, REVOKED, EXTRA, HEADER, QUERY]);
    });
}

#[test]
fn the_secrets_of_the_others() {
    const MOVEWORKS: [Bird; 2] = [Bird("Gb1"), Bird("Gb2")];
    const WORKIVA: [Bird; 2] = [Bird("Gb3"), Bird("Gb4")];
    both(|kind| {
        let mut seen = Seen::new();
        let server = server();
        let [secret, extra] = MOVEWORKS;
        let credentials = Credentials::new("id", secret.secret());
        let request = tokensmith_moveworks::ClientCredentials::new().extra("pin", extra.secret());
        seen.debug(&request);
        let caller = Caller::<Moveworks>::with_credentials(kind, &server.url(), credentials);
        seen.outcome(caller.send(request));
        flew(&server, &MOVEWORKS);
        let [secret, extra] = WORKIVA;
        let credentials = Credentials::new("id", secret.secret());
        let request = tokensmith_workiva::ClientCredentials::new().extra("pin", extra.secret());
        seen.debug(&request);
        let caller = Caller::<Workiva>::with_credentials(kind, &server.url(), credentials);
        seen.outcome(caller.send(request));
        flew(&server, &WORKIVA);
        seen.is_silent(&MOVEWORKS);
        seen.is_silent(&WORKIVA);
    });
}

static ANYWHERE: Operation<'static> = Operation::grant("urn:example:anywhere").with_parameters(&[
    Parameter::new("in_query")
        .secret()
        .with_location(Location::Query),
    Parameter::new("in_path")
        .secret()
        .with_location(Location::Path),
    Parameter::new("x-header")
        .secret()
        .with_location(Location::Header),
    Parameter::new("in_body").secret(),
]);
static ENDPOINT: Endpoint<'static> =
    Endpoint::new(EndpointKind::Token, &["/{in_path}/token"]).with_operations(&[&ANYWHERE]);

#[test]
fn the_secrets_of_a_generic_request() {
    const BIRDS: [Bird; 6] = [
        Bird("Gc1"),
        Bird("Gc2"),
        Bird("Gc3"),
        Bird("Gc4"),
        Bird("Gc5"),
        Bird("Gc6"),
    ];
    let [query, path, header, body, unknown, secret] = BIRDS;
    let request = TokenRequest::new(&ENDPOINT, &ANYWHERE)
        .parameter("in_query", query.secret())
        .parameter("in_path", path.secret())
        .parameter("x-header", header.song())
        .parameter("in_body", body.secret())
        .secret_parameter("unknown", unknown.secret());
    let mut seen = Seen::new();
    seen.debug(&request);
    let server = server();
    let credentials = || Credentials::new("id", secret.secret());
    let client = Client::<Any>::for_server(&*server.url(), credentials()).expect("a client");
    seen.debug(&client);
    seen.outcome(crate::caller::block_on(client.send(&request)));
    flew(&server, &BIRDS);
    let client =
        blocking::Client::<Any>::for_server(&*server.url(), credentials()).expect("a client");
    seen.debug(&client);
    seen.outcome(client.send(&request));
    flew(&server, &BIRDS);
    seen.is_silent(&BIRDS);
}

#[test]
fn what_holds_secrets_and_can_be_printed() {
    const BIRDS: [Bird; 5] = [
        Bird("Gd1"),
        Bird("Gd2"),
        Bird("Gd3"),
        Bird("Gd4"),
        Bird("Gd5"),
    ];
    let [secret, header, query, token, extra] = BIRDS;
    let mut seen = Seen::new();
    let credentials = || Credentials::new("id", secret.secret());
    let url = format!("https://api.moov.io/?key={}", query.song());

    let client = tokensmith_moov::Client::new(credentials())
        .and_then(|client| client.base_url(&url))
        .and_then(|client| client.header("X-Api-Key", &header.song()))
        .expect("a client");
    seen.debug(&client);
    let client = tokensmith_moov::blocking::Client::new(credentials())
        .and_then(|client| client.base_url(&url))
        .and_then(|client| client.header("X-Api-Key", &header.song()))
        .expect("a client");
    seen.debug(&client);

    let mut settings = Settings::new(&url, credentials()).expect("settings");
    settings
        .set_header("X-Api-Key", &header.song())
        .expect("a header");
    seen.debug(&settings);
    let request = RefreshToken::new(token.secret()).extra("pin", extra.secret());
    let mut parameters = Parameters::default();
    request.parameters(&mut parameters);
    seen.debug(&parameters);
    let mut exchange = Exchange::new(&settings, &request);
    seen.debug(&exchange);
    let step = exchange.step(std::time::SystemTime::now());
    seen.debug(&step);
    let Step::Send(sent) = step else {
        panic!("nothing to send")
    };
    let sensitive: Vec<_> = sent
        .headers()
        .iter()
        .filter(|(_, value)| value.is_sensitive())
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(sensitive, ["x-api-key", "authorization"]);
    seen.debug(sent.headers());
    seen.debug(&Secret::from(token.secret()));
    seen.outcome(exchange.finish());
    seen.is_silent(&BIRDS);
}

#[test]
fn the_whole_stack_is_listened_to() {
    both(|kind| {
        let _listening = Seen::new();
        let server = server();
        let credentials = || Credentials::new("id", "secret");
        let caller = Caller::<Moov>::with_credentials(kind, &server.url(), credentials());
        caller.send(ClientCredentials::new()).expect("a token");
        // There is no TLS, which is enough to make a client say what it thinks of it.
        let url = format!("https://localhost:{}", crate::failed::no_tls());
        let caller = Caller::<Moov>::with_credentials(kind, &url, credentials());
        caller
            .send(ClientCredentials::new())
            .expect_err("there is no TLS");
    });
    let log = log();
    for source in ["TRACE ", "hyper_util::", "rustls::"] {
        assert!(log.contains(source), "nothing of {source}:\n{log}");
    }
}
