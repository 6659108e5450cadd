//! Secrets in what is refused before it is sent, or is lost on the way.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use tokensmith_moov::{ClientCredentials, Moov, RefreshToken, RevokeToken};
use tokensmith_runtime::{BodyFormat, Credentials, Retry};
use tokensmith_tests::strict_server::{Server, ServerResponse};

use crate::bird::Bird;
use crate::caller::{Caller, both};
use crate::seen::Seen;

#[test]
fn parameters_that_are_refused() {
    const BIRD: Bird = Bird("Fa1");
    both(|kind| {
        let mut seen = Seen::new();
        let server = Server::start(|_| ServerResponse::new(500));
        let credentials = Credentials::new("id", BIRD.secret());
        let caller = Caller::<Moov>::with_credentials(kind, &server.url(), credentials);
        seen.outcome(caller.send(RefreshToken::new(BIRD.secret().repeat(100))));
        seen.outcome(
            caller.send(RefreshToken::new(BIRD.secret()).extra("refresh_token", BIRD.secret())),
        );
        seen.outcome(
            caller.send(RevokeToken::new(BIRD.secret()).extra("token_type_hint", BIRD.secret())),
        );
        seen.outcome(
            caller.send(ClientCredentials::new().moov_version(format!("{}\n", BIRD.secret()))),
        );
        seen.outcome(caller.send(ClientCredentials::new().extra("client_secret", BIRD.secret())));
        assert_eq!(server.count(), 0);
        seen.is_silent(&[BIRD]);
    });
}

#[test]
fn urls_and_headers_that_are_refused() {
    const BIRD: Bird = Bird("Fb1");
    let mut seen = Seen::new();
    let song = BIRD.song();
    let credentials = || Credentials::new("id", BIRD.secret());
    for url in [
        format!("https://user:{song}@api.moov.io"),
        format!("https://{song}@api.moov.io/"),
        format!("http://api.moov.io/?key={song}"),
        format!("http://user:{song}@127.0.0.1/"),
        format!("{song}://api.moov.io"),
        format!("https://api.moov.io/{{{song}"),
        format!("https://api.moov.io:{song}"),
        format!("https://api moov.io/{song}"),
        format!("https://?{song}"),
        song.clone(),
    ] {
        let client = tokensmith_moov::Client::new(credentials()).expect("a client");
        seen.outcome(client.base_url(&url));
        let client = tokensmith_moov::blocking::Client::new(credentials()).expect("a client");
        seen.outcome(client.base_url(&url));
    }
    for (name, value) in [
        ("X-Api-Key", format!("{song}\n")),
        ("Authorization", format!("Bearer {song}")),
        ("X Api Key", song.clone()),
    ] {
        let client = tokensmith_moov::Client::new(credentials()).expect("a client");
        seen.outcome(client.header(name, &value));
    }
    seen.is_silent(&[BIRD]);
}

/// The port of a server that hangs up at the first sight of TLS.
pub(crate) fn no_tls() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its address").port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            drop(stream.read(&mut [0; 512]));
            drop(stream.write_all(b"HTTP/1.1 400 No TLS here\r\n\r\n"));
        }
    });
    port
}

const SECRET: Bird = Bird("Fc1");
const TOKEN: Bird = Bird("Fc2");
const QUERY: Bird = Bird("Fc3");
const HEADER: Bird = Bird("Fc4");

#[test]
fn requests_that_get_lost() {
    both(|kind| {
        let mut seen = Seen::new();
        let closed = TcpListener::bind("127.0.0.1:0").expect("a port");
        let nobody = closed.local_addr().expect("its address");
        drop(closed);
        let servers = [
            Server::start(|_| ServerResponse::hang_up()),
            Server::start(|_| ServerResponse::json(200, "{").announced_length(100)),
            Server::start(|_| ServerResponse::new(200).header("Bad Header", "x")),
            Server::start(|_| ServerResponse::new(1000)),
        ];
        let mut urls: Vec<_> = servers.iter().map(Server::url).collect();
        urls.push(format!("http://{nobody}"));
        urls.push(format!("https://localhost:{}", no_tls()));
        for url in &urls {
            for format in [BodyFormat::Form, BodyFormat::Json] {
                let credentials = Credentials::new("id", SECRET.secret());
                let url = format!("{url}/?key={}", QUERY.song());
                let caller = Caller::<Moov>::with_credentials(kind, &url, credentials)
                    .format(format)
                    .header("X-Api-Key", &HEADER.song())
                    .retry(Retry::default());
                let outcome = caller.send(RefreshToken::new(TOKEN.secret()));
                assert!(
                    outcome
                        .as_ref()
                        .is_err_and(|error| error.status().is_none()),
                    "{url}"
                );
                seen.outcome(outcome);
            }
        }
        for server in &servers {
            let requests = server.requests();
            assert_eq!(requests.len(), 2);
            for bird in [SECRET, TOKEN, QUERY, HEADER] {
                assert!(requests.iter().all(|request| bird.flew_in(request)));
            }
        }
        seen.is_silent(&[SECRET, TOKEN, QUERY, HEADER]);
    });
}
