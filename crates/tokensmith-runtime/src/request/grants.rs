//! The grants that the RFCs define, for requests that no document describes.

use crate::{Operation, Parameter};

const SCOPE: Parameter<'static> = Parameter::new("scope");

/// The client's own access (RFC 6749 section 4.4).
pub static CLIENT_CREDENTIALS: Operation<'static> =
    Operation::grant("client_credentials").with_parameters(&[SCOPE]);

/// A new access token for a refresh token (RFC 6749 section 6).
pub static REFRESH_TOKEN: Operation<'static> = Operation::grant("refresh_token")
    .one_time()
    .with_parameters(&[Parameter::new("refresh_token").required().secret(), SCOPE]);

/// A token for the code that a user came back with (RFC 6749 section 4.1.3).
pub static AUTHORIZATION_CODE: Operation<'static> = Operation::grant("authorization_code")
    .one_time()
    .with_parameters(&[
        Parameter::new("code").required().secret(),
        Parameter::new("redirect_uri"),
        Parameter::new("code_verifier").secret(),
    ]);

/// A token for a user's name and password (RFC 6749 section 4.3).
pub static PASSWORD: Operation<'static> = Operation::grant("password").with_parameters(&[
    Parameter::new("username").required(),
    Parameter::new("password").required().secret(),
    SCOPE,
]);

/// The token of a device (RFC 8628 section 3.4).
pub static DEVICE_CODE: Operation<'static> =
    Operation::grant("urn:ietf:params:oauth:grant-type:device_code")
        .one_time()
        .with_parameters(&[Parameter::new("device_code").required().secret()]);

/// A token for a JWT (RFC 7523 section 2.1).
pub static JWT_BEARER: Operation<'static> =
    Operation::grant("urn:ietf:params:oauth:grant-type:jwt-bearer")
        .one_time()
        .with_parameters(&[Parameter::new("assertion").required().secret(), SCOPE]);

/// A token for a SAML 2.0 assertion, which is sent in base64url (RFC 7522 section 2.1).
pub static SAML2_BEARER: Operation<'static> =
    Operation::grant("urn:ietf:params:oauth:grant-type:saml2-bearer")
        .one_time()
        .with_parameters(&[Parameter::new("assertion").required().secret(), SCOPE]);

/// A token for another token (RFC 8693 section 2.1). `resource` and `audience` may be repeated.
pub static TOKEN_EXCHANGE: Operation<'static> =
    Operation::grant("urn:ietf:params:oauth:grant-type:token-exchange")
        .one_time()
        .with_parameters(&[
            Parameter::new("subject_token").required().secret(),
            Parameter::new("subject_token_type").required(),
            Parameter::new("actor_token").secret(),
            Parameter::new("actor_token_type"),
            Parameter::new("requested_token_type"),
            SCOPE,
        ]);

static ALL: [&Operation<'static>; 8] = [
    &CLIENT_CREDENTIALS,
    &REFRESH_TOKEN,
    &AUTHORIZATION_CODE,
    &PASSWORD,
    &DEVICE_CODE,
    &JWT_BEARER,
    &SAML2_BEARER,
    &TOKEN_EXCHANGE,
];

/// The grant that is sent as this `grant_type`; `None` where no RFC defines it.
pub fn find(grant_type: &str) -> Option<&'static Operation<'static>> {
    let grant = |operation: &&&Operation<'_>| operation.grant_type() == Some(grant_type);
    ALL.iter().find(grant).copied()
}
