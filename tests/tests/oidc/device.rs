//! The grant of a device without a browser.

use std::time::Duration;

use tokensmith_runtime::{
    Any, Credentials, DeviceAuthorization, DeviceAuthorizationRequest, Endpoint, EndpointKind,
    Error, ErrorCode, Operation, Parameter, Token, TokenRequest, blocking::Client,
};

use crate::{PROVIDER, TOKEN, at};

static DEVICE: Endpoint<'static> =
    Endpoint::new(EndpointKind::DeviceAuthorization, &["/device/auth"]);
static AUTHORIZE_DEVICE: Operation<'static> = Operation::new();
static DEVICE_CODE: Operation<'static> =
    Operation::grant("urn:ietf:params:oauth:grant-type:device_code")
        .one_time()
        .with_parameters(&[Parameter::new("device_code").required().secret()]);

fn begin(client: &Client<Any>) -> (DeviceAuthorization, String) {
    let request =
        DeviceAuthorizationRequest::new(&DEVICE, &AUTHORIZE_DEVICE).scope("openid offline_access");
    let authorization = client.send(request).expect("codes");
    assert!(!authorization.user_code.is_empty());
    assert_eq!(authorization.interval(), Duration::from_secs(5));
    assert!(authorization.expires_at().is_some());
    let url = authorization
        .verification_uri_complete
        .clone()
        .expect("a URL with the code");
    assert!(url.starts_with(&authorization.verification_uri));
    (authorization, url)
}

fn poll(client: &Client<Any>, authorization: &DeviceAuthorization) -> Result<Token, Error> {
    let request = TokenRequest::new(&TOKEN, &DEVICE_CODE)
        .secret_parameter("device_code", &authorization.device_code);
    client.poll(request, authorization)
}

#[test]
fn a_user_approves_on_another_device_while_it_polls() {
    let client = at(PROVIDER.issuer(), Credentials::public("television"));
    let (authorization, url) = begin(&client);
    let token = std::thread::scope(|scope| {
        let polling = scope.spawn(|| poll(&client, &authorization));
        // After the first poll, which has to find nothing decided.
        std::thread::sleep(authorization.interval() + Duration::from_secs(1));
        PROVIDER.approve(&url, "bob");
        polling.join().expect("no panic")
    });
    assert!(token.expect("a token").refresh_token.is_some());
}

#[test]
fn a_user_may_refuse() {
    let client = at(PROVIDER.issuer(), Credentials::public("television"));
    let (authorization, url) = begin(&client);
    PROVIDER.refuse(&url);
    let error = poll(&client, &authorization).expect_err("a refusal");
    assert_eq!(error.code(), Some(&ErrorCode::AccessDenied));
}
