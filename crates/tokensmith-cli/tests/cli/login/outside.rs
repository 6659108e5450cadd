//! oidc-provider, which knows nothing of this project, signs people in.

use serde_json::json;
use tokensmith_tests::oidc_provider::OidcProvider;

use super::browser::{Login, get};

/// A server that knows a native program.
pub(crate) fn provider() -> OidcProvider {
    let client = json!({
        "client_id": "app",
        "application_type": "native",
        "token_endpoint_auth_method": "none",
        "grant_types": [
            "authorization_code",
            "refresh_token",
            "urn:ietf:params:oauth:grant-type:device_code",
        ],
        "response_types": ["code"],
        "redirect_uris": ["http://127.0.0.1/callback"],
    });
    OidcProvider::start(&[client], None)
}

#[test]
fn oidc_provider_signs_people_in() {
    let provider = provider();
    let arguments = ["--client-auth", "none", "--scope", "openid"];
    let login = Login::start(&[&["--issuer", provider.issuer()][..], &arguments].concat());
    assert_eq!(get(&provider.sign_in(&login.url, "alice")).status, 200);
    let token = login.finish().token_after_sign_in();
    assert!(token["access_token"].is_string() && token["id_token"].is_string());

    let login = Login::with_device(&[&["--issuer", provider.issuer()][..], &arguments].concat());
    provider.approve(login.said_after("or at "), "alice");
    let token = login.finish().token_after_sign_in();
    assert!(token["access_token"].is_string() && token["id_token"].is_string());
}
