//! Which host gets the credentials of a generated client.

use tokensmith_hosts::globex::{Client, ClientCredentials, Credentials, RevokeToken, Server};
use tokensmith_tests::strict_server::{Server as StrictServer, ServerResponse};

/// A server that issues tokens, or revokes them.
fn start() -> StrictServer {
    StrictServer::start(|_| ServerResponse::json(200, r#"{"access_token":"t"}"#))
}

fn port(server: &StrictServer) -> String {
    let url = server.url();
    let (_, port) = url.rsplit_once(':').expect("has a port");
    port.to_owned()
}

/// The client sends a request to each of its endpoints.
fn use_all(server: Server) -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::for_server(server, Credentials::new("client", "secret"))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let token = client.send(ClientCredentials::new()).await?;
        client.send(RevokeToken::new(token.access_token)).await?;
        Ok(())
    })
}

#[test]
fn each_environment_has_hosts_of_its_own() {
    let [live, sandbox, live_admin, sandbox_admin] = [start(), start(), start(), start()];
    let counts = || [&live, &sandbox, &live_admin, &sandbox_admin].map(StrictServer::count);
    use_all(Server::Sandbox {
        port: port(&sandbox),
        admin_port: port(&sandbox_admin),
    })
    .expect("both endpoints respond");
    assert_eq!(counts(), [0, 1, 0, 1]);
    use_all(Server::Production {
        port: port(&live),
        admin_port: port(&live_admin),
    })
    .expect("both endpoints respond");
    assert_eq!(counts(), [1, 1, 1, 1]);
}

#[test]
fn no_value_leads_to_another_host() {
    let evil = start();
    for odd in [
        format!("80@127.0.0.1:{}", port(&evil)),
        format!("80/@127.0.0.1:{}/", port(&evil)),
        format!("80#@127.0.0.1:{}", port(&evil)),
        format!("80\\@127.0.0.1:{}", port(&evil)),
        "80?".to_owned(),
        "0x50".to_owned(),
        "65536".to_owned(),
        String::new(),
    ] {
        for (port, admin_port) in [(odd.as_str(), "1"), ("1", odd.as_str())] {
            let server = Server::Production {
                port: port.to_owned(),
                admin_port: admin_port.to_owned(),
            };
            let error = Client::for_server(server, Credentials::new("client", "secret"));
            assert!(error.is_err(), "{odd}");
        }
    }
    assert_eq!(evil.count(), 0);
}
