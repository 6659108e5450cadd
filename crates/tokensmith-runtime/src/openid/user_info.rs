//! What a provider says of the person whom an access token stands for (OpenID Connect Core section
//! 5.3).

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{id_token, malformed};
use crate::{
    Endpoint, EndpointKind, Error, Extra, GenericRequest, Location, Method, Operation, Parameter,
    Received, Response, Secret, TokenResponse, Unusable,
};

/// The claims of a person, as the userinfo endpoint has them.
///
/// `Debug` shows their names only.
#[derive(Clone)]
pub struct UserInfo {
    subject: String,
    claims: Extra,
}

impl UserInfo {
    /// Checks that it is about this person (OpenID Connect Core section 5.3.2): the provider may
    /// have been made to exchange one access token for another.
    pub(crate) fn check(self, subject: &str) -> Result<Self, Error> {
        if self.subject == subject {
            return Ok(self);
        }
        Err(malformed(
            "the userinfo response is about another person: its `sub` is not the one of the ID token",
        ))
    }

    /// The request to the userinfo endpoint, with a token that is bound to a key (RFC 9449) or not.
    pub(crate) fn request(
        url: String,
        access_token: &Secret,
        is_bound: bool,
    ) -> GenericRequest<'static, Self> {
        let operation = if is_bound { &READ_BOUND } else { &READ };
        GenericRequest::new(&USER_INFO, operation)
            .path(url)
            .secret_parameter(AUTHORIZATION, access_token)
    }

    /// Returns whom it is about: `sub`.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Returns any claim, such as `email`.
    pub fn claim(&self, name: &str) -> Option<&Value> {
        self.claims.get(name)
    }

    /// Returns all claims.
    pub fn claims(&self) -> &Extra {
        &self.claims
    }

    /// Reads the claims into a type of the caller's own.
    ///
    /// # Errors
    ///
    /// Of the kind `malformed` if they do not fit. The error does not show them.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Error> {
        id_token::read(&self.claims, "the claims of the userinfo response")
    }
}

impl fmt::Debug for UserInfo {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("UserInfo")
            .field("claims", &self.claims)
            .finish_non_exhaustive()
    }
}

/// The access token to ask for userinfo with. That of a token response, as it was received, is bound
/// to the client's key (DPoP) if its type says so. Of one that is given as a [`Secret`] this is not
/// known: it counts as bound if the client has a key.
#[derive(Clone, Copy)]
pub struct UserInfoToken<'a> {
    pub(crate) access_token: &'a Secret,
    pub(crate) may_be_bound: bool,
}

impl<'a> From<&'a Secret> for UserInfoToken<'a> {
    fn from(access_token: &'a Secret) -> Self {
        Self {
            access_token,
            may_be_bound: true,
        }
    }
}

impl<'a, R: TokenResponse> From<&'a R> for UserInfoToken<'a> {
    fn from(response: &'a R) -> Self {
        Self {
            access_token: response.access_token(),
            may_be_bound: response.metadata().is_dpop(),
        }
    }
}

impl fmt::Debug for UserInfoToken<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("UserInfoToken")
            .field("may_be_bound", &self.may_be_bound)
            .finish_non_exhaustive()
    }
}

const AUTHORIZATION: &str = "Authorization";

static USER_INFO: Endpoint<'static> =
    Endpoint::new(EndpointKind::Metadata, &[""]).with_method(Method::Get);
const TOKEN: Parameter<'static> = Parameter::new(AUTHORIZATION)
    .required()
    .secret()
    .with_location(Location::Header);
static READ: Operation<'static> = Operation::new().with_parameters(&[TOKEN.with_prefix("Bearer ")]);
static READ_BOUND: Operation<'static> =
    Operation::new().with_parameters(&[TOKEN.with_prefix("DPoP ")]);

impl Response for UserInfo {
    fn read(received: Received<'_>) -> Result<Self, Unusable> {
        let Some(Value::Object(claims)) = received.body else {
            return Err(Unusable::new(
                "the userinfo response is not a JSON object: one that is signed \
                 (`userinfo_signed_response_alg`) is not supported",
            ));
        };
        let subject = claims.get("sub").and_then(Value::as_str);
        let subject = subject.filter(|subject| !subject.is_empty());
        let subject = subject.ok_or(Unusable::new("the userinfo response has no `sub`"))?;
        Ok(Self {
            subject: subject.to_owned(),
            claims: claims.into(),
        })
    }
}
