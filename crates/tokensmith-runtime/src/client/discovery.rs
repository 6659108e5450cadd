//! What an authorization server is asked, by the metadata that it publishes (RFC 8414).

mod well_known;

use crate::server::url;
use crate::{
    ClientMetadata, Endpoint, EndpointKind, Error, GenericRequest, Location, Method, Operation,
    Parameter, RegistrationRequest, RevocationRequest, Secret, ServerMetadata, TokenRequest,
    grants,
};

/// What a provider that follows the RFCs is asked, by its metadata.
impl ServerMetadata {
    /// Creates the authorization request (RFC 6749 section 4.1.1), for `Client::authorize`: `scope`,
    /// `redirect_uri` and all else are given as parameters.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the metadata name no authorization endpoint.
    pub fn authorization_request(&self) -> Result<TokenRequest<'static>, Error> {
        let url = &self.authorization_endpoint;
        request(
            &AUTHORIZATION,
            &CODE,
            url.as_deref(),
            "authorization_endpoint",
        )
    }

    /// Creates the request for the token of a code (RFC 6749 section 4.1.3).
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the metadata name no token endpoint.
    pub fn code_request(
        &self,
        code: &Secret,
        redirect_uri: &str,
        code_verifier: Option<&Secret>,
    ) -> Result<TokenRequest<'static>, Error> {
        let request = self.token_request(&grants::AUTHORIZATION_CODE)?;
        let request = request
            .secret_parameter("code", code)
            .parameter("redirect_uri", redirect_uri);
        Ok(match code_verifier {
            Some(verifier) => request.secret_parameter("code_verifier", verifier),
            None => request,
        })
    }

    /// Creates a request of any grant of [`grants`], for a token.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the metadata name no token endpoint.
    pub fn token_request(
        &self,
        grant: &'static Operation<'static>,
    ) -> Result<TokenRequest<'static>, Error> {
        request(
            &TOKEN,
            grant,
            self.token_endpoint.as_deref(),
            "token_endpoint",
        )
    }

    /// Creates the request to revoke a token (RFC 7009), which is given as the parameter `token`.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the metadata name no revocation endpoint.
    pub fn revocation_request(&self) -> Result<RevocationRequest<'static>, Error> {
        let url = self.revocation_endpoint.as_deref();
        request(&REVOCATION, &REVOKE, url, "revocation_endpoint")
    }

    /// Creates the request to register a client (RFC 7591).
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the metadata name no registration endpoint.
    pub fn registration_request(
        &self,
        metadata: ClientMetadata,
    ) -> Result<RegistrationRequest, Error> {
        let url = self.registration_endpoint.as_deref();
        let url = required(url, "registration_endpoint")?;
        Ok(RegistrationRequest::new(url, metadata))
    }

    /// Creates the request to sign a user out at the provider, for `Client::logout_url`.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the metadata name no endpoint for it.
    #[cfg(feature = "authorization")]
    pub fn logout_request(&self) -> Result<crate::LogoutRequest, Error> {
        let url = required(self.end_session_endpoint.as_deref(), "end_session_endpoint")?;
        Ok(crate::LogoutRequest::new(url))
    }
}

static AUTHORIZATION: Endpoint<'static> = Endpoint::new(EndpointKind::Authorization, &[""])
    .with_method(Method::Get)
    .with_grant_type("response_type", Location::Query);
static CODE: Operation<'static> = Operation::grant("code")
    .with_parameters(&[Parameter::new("redirect_uri"), Parameter::new("scope")]);
static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &[""]);
static REVOCATION: Endpoint<'static> = Endpoint::new(EndpointKind::Revocation, &[""]);
static REVOKE: Operation<'static> =
    Operation::new().with_parameters(&[Parameter::new("token").required().secret()]);

fn request<R>(
    endpoint: &'static Endpoint<'static>,
    operation: &'static Operation<'static>,
    url: Option<&str>,
    member: &str,
) -> Result<GenericRequest<'static, R>, Error> {
    let url = required(url, member)?;
    Ok(GenericRequest::new(endpoint, operation).path(url.to_owned()))
}

/// An endpoint that a request needs. What is not a whole URL would be a path on the server of the
/// client.
fn required<'u>(url: Option<&'u str>, member: &str) -> Result<&'u str, Error> {
    let url = url.filter(|url| !url.is_empty()).ok_or_else(|| {
        Error::config(format!(
            "the metadata of the authorization server have no `{member}`"
        ))
    })?;
    url::check_is_whole(member, url)?;
    Ok(url)
}

#[cfg(test)]
mod tests;
