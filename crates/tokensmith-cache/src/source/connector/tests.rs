mod loading;

use tokensmith_runtime::{Any, Client, OAuth2};

use crate::testing::{HOUR, World, ask};
use crate::{TokenErrorKind, TokenSource, UserTokens};

fn connector(more: &serde_json::Value) -> OAuth2 {
    let mut settings = serde_json::json!({
        "token_url": "https://auth.example.com/token",
        "client_id": "client",
        "client_secret": "S3cret-canary",
        "scopes": ["read"],
        "header_key": "X-Access-Token",
        "header_value_pattern": "{token}",
    });
    for (name, value) in more.as_object().expect("members") {
        settings[name] = value.clone();
    }
    serde_json::from_value(settings).expect("settings")
}

fn source(world: &World, connector: &OAuth2) -> Result<TokenSource, crate::TokenError> {
    let settings = connector.settings().expect("settings");
    let client = Client::<Any, _>::with_settings(world.clone(), settings);
    let builder = TokenSource::builder(&client).options(world.options());
    builder.connector(connector)?.build()
}

fn grants(world: &World) -> Vec<String> {
    let grant = |body: &str| {
        let mut pairs = body.split('&');
        pairs.find_map(|pair| pair.strip_prefix("grant_type=").map(str::to_owned))
    };
    world.provider(|provider| {
        let bodies = provider.requests.iter();
        bodies.filter_map(|(_, body)| grant(body)).collect()
    })
}

#[tokio::test]
async fn its_header_carries_the_token() {
    let world = World::default();
    let source = source(&world, &connector(&serde_json::json!({}))).expect("a source");
    let token = ask(&world, &source).await.expect("a token");
    assert_eq!(source.header_name(), "x-access-token");
    assert_eq!(
        token.header_value().as_bytes(),
        token.access_token().as_bytes()
    );
    assert!(token.access_token().starts_with("read."));
}

#[tokio::test]
async fn a_grant_of_the_provider_s_own_is_used_again_and_again() {
    let world = World::default();
    let connector = connector(&serde_json::json!({"grant_type": "account_credentials"}));
    let source = source(&world, &connector).expect("a source");
    for _ in 0..2 {
        ask(&world, &source).await.expect("a token");
        world.jump(2 * HOUR);
    }
    assert_eq!(
        grants(&world),
        ["account_credentials", "account_credentials"]
    );
}

#[tokio::test]
async fn its_refresh_token_is_the_first_of_many() {
    let world = World::default();
    world.provider(|provider| provider.rotates = true);
    let settings = serde_json::json!({"grant_type": "refresh_token", "refresh_token": "refresh-0"});
    let connector = connector(&settings);
    let error = source(&world, &connector).expect_err("it belongs to a user");
    assert_eq!(error.kind(), TokenErrorKind::Config);
    let settings = connector.settings().expect("settings");
    let client = Client::<Any, _>::with_settings(world.clone(), settings);
    let users = UserTokens::for_connector(&client, &connector).expect("settings");
    let users = users.options(world.options()).build().expect("users");
    let source = users.source_with("reports", "refresh-0").expect("a source");
    for _ in 0..3 {
        ask(&world, &source).await.expect("a token");
        world.jump(2 * HOUR);
    }
    assert_eq!(grants(&world), ["refresh_token"; 3]);
}

#[test]
fn settings_that_do_not_belong_together_make_no_source() {
    let world = World::default();
    for settings in [
        serde_json::json!({"header_value_pattern": "Bearer"}),
        serde_json::json!({"password": "of another grant"}),
    ] {
        let settings = connector(&settings);
        let client = world.client();
        let error = TokenSource::builder(&client).connector(&settings).map(drop);
        assert_eq!(error.expect_err("an error").kind(), TokenErrorKind::Config);
    }
}

#[test]
fn a_refresh_token_among_the_additional_data_makes_no_source() {
    let world = World::default();
    let settings = serde_json::json!({"additional_request_data": {"refresh_token": "theirs"}});
    let error = source(&world, &connector(&settings)).expect_err("it belongs to a user");
    assert_eq!(error.kind(), TokenErrorKind::Config);
    assert!(error.to_string().contains("UserTokens"), "{error}");
}
