//! A real Redis cluster of which one node is down: it takes its own keys along, and no others.

use std::time::Duration;

use redis::cluster::ClusterClient;
use redis::cluster_async::ClusterConnection;
use tokensmith_cache::{Keyring, Options, Policy, RedisStore, TokenErrorKind, TokenManager};
use tokensmith_runtime::{Endpoint, EndpointKind, Operation, Parameter, TokenRequest};
use tokensmith_tests::redis::Redis;
use tokensmith_tests::rotating_provider::RotatingProvider;
use tokensmith_tests::strict_server::{Server, ServerResponse};

use crate::refresh_token_store::runtime;
use crate::users::{client, code, machine};

const SECOND: Duration = Duration::from_secs(1);

async fn store(nodes: &[Redis]) -> RedisStore<ClusterConnection> {
    let urls = nodes.iter().map(Redis::url);
    let client = ClusterClient::builder(urls)
        .retries(0)
        .connection_timeout(SECOND)
        .response_timeout(SECOND)
        .build();
    let connection = client.expect("a client").get_async_connection().await;
    RedisStore::with_connection(connection.expect("a connection"))
}

static CLIENT_CREDENTIALS: Operation<'static> =
    Operation::grant("client_credentials").with_parameters(&[Parameter::new("tenant")]);
static TOKEN: Endpoint<'static> =
    Endpoint::new(EndpointKind::Token, &["/token"]).with_operations(&[&CLIENT_CREDENTIALS]);

const TENANTS: usize = 60;

/// Asks for the tokens of all tenants, one after the other.
async fn ask(manager: &TokenManager, provider: &Server) {
    let client = client(provider);
    for tenant in 0..TENANTS {
        let request = TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS);
        let request = request.parameter("tenant", tenant.to_string());
        let token = manager.token(&client, &request).await;
        token.expect("a token, with or without the store");
    }
}

async fn manager(nodes: &[Redis]) -> TokenManager {
    let options = Options::default()
        .policy(Policy::default().with_store_timeout(2 * SECOND))
        .store(store(nodes).await, Keyring::new("key", [7; 32]));
    TokenManager::with_options(100, options).expect("a manager")
}

#[test]
fn access_tokens_on_other_nodes_are_shared_all_the_same() {
    let mut nodes = Redis::start_nodes(3);
    let body = r#"{"access_token":"t","expires_in":3600}"#;
    let provider = Server::start(move |_| ServerResponse::json(200, body));
    runtime().block_on(async {
        ask(&manager(&nodes).await, &provider).await;
        assert_eq!(provider.count(), TENANTS);
        let lost = nodes[2].keys("*:token");
        assert!((1..TENANTS).contains(&lost), "{lost}");
        let next = manager(&nodes).await;
        nodes[2].kill();
        // Those of the node come from the provider again, and no others: no failure of one node has
        // the others left alone.
        ask(&next, &provider).await;
        let metrics = next.metrics();
        assert_eq!(metrics.shared, (TENANTS - lost) as u64, "{metrics:?}");
        assert_eq!(provider.count(), TENANTS + lost);
        assert!(metrics.store_failures > 0, "{metrics:?}");
    });
}

#[test]
fn users_on_other_nodes_go_on_and_those_on_the_node_fail_closed() {
    let mut nodes = Redis::start_nodes(3);
    let provider = RotatingProvider::new(SECOND, SECOND / 50);
    let server = provider.start();
    runtime().block_on(async {
        let (users, client) = (machine(&server, store(&nodes).await), client(&server));
        for user in 0..TENANTS {
            let subject = user.to_string();
            let signed_in = users.sign_in_by(&subject, &client, code(user)).await;
            signed_in.expect("signed in");
        }
        let lost = nodes[2].keys("*:refresh");
        assert!((1..TENANTS).contains(&lost), "{lost}");
        // The access tokens expire.
        tokio::time::sleep(SECOND).await;
        nodes[2].kill();
        let mut failed = 0;
        for user in 0..TENANTS {
            if let Err(error) = users.token(&user.to_string()).await {
                assert_eq!(error.kind(), TokenErrorKind::RefreshTokenStore, "{error}");
                failed += 1;
            }
        }
        assert_eq!(failed, lost);
        assert_eq!(provider.granted(), TENANTS - lost, "nothing else was sent");
        assert_eq!(provider.revocations(), []);
    });
}
