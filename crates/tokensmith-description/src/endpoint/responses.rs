//! What is described of an endpoint's responses, and of what a user comes back with.

use super::Endpoint;
use crate::{Expiry, FailureMark, Rotation, TokenUse};

impl<'a> Endpoint<'a> {
    /// Sets where the access token is: JSON Pointers (RFC 6901), of which the first that leads to
    /// one counts. The object that holds it also holds everything else that belongs to the token.
    /// The empty pointer is for a response that is the token: a JSON string, or plain text.
    #[must_use]
    pub const fn with_access_token(mut self, pointers: &'a [&'a str]) -> Self {
        self.access_token = pointers;
        self
    }

    /// Sets where the fields are that are not beside the access token or have other names there:
    /// the name that the RFC gives a field, and a JSON Pointer from the root of the response.
    #[must_use]
    pub const fn with_fields(mut self, fields: &'a [(&'a str, &'a str)]) -> Self {
        self.fields = fields;
        self
    }

    /// Sets how the response says when the token expires.
    #[must_use]
    pub const fn with_expiry(mut self, expiry: Expiry<&'a str>) -> Self {
        self.expiry = expiry;
        self
    }

    /// Sets what makes a response an error whatever its status, beside an `error` in it.
    #[must_use]
    pub const fn with_failures(mut self, marks: &'a [FailureMark<'a>]) -> Self {
        self.failures = marks;
        self
    }

    /// Sets what stands between two scopes in responses, where it is not what stands between them in
    /// requests.
    #[must_use]
    pub const fn with_response_scope_separator(mut self, separator: &'a str) -> Self {
        self.response_scope_separator = Some(separator);
        self
    }

    /// Sets where an error code may be: JSON Pointers in the order in which they are tried.
    /// [`/error`](crate::refusal::STANDARD_CODE) among them stands for the standard places, which
    /// otherwise come last.
    #[must_use]
    pub const fn with_error_code(mut self, pointers: &'a [&'a str]) -> Self {
        self.error_code = pointers;
        self
    }

    /// Sets where an error's description may be: JSON Pointers in the order in which they are
    /// tried. [`/error_description`](crate::refusal::STANDARD_DESCRIPTION) among them stands for the
    /// standard places, which otherwise come last.
    #[must_use]
    pub const fn with_error_description(mut self, pointers: &'a [&'a str]) -> Self {
        self.error_description = pointers;
        self
    }

    /// Sets what the provider's own error codes mean: the code, or else the description, as the
    /// response has it, and one of [`MEANINGS`](crate::refusal::MEANINGS).
    ///
    /// ```
    /// use tokensmith_description::{Endpoint, EndpointKind};
    ///
    /// // WeChat: {"errcode": 45009, "errmsg": "reach max api daily quota limit"}.
    /// static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/cgi-bin/token"])
    ///     .with_error_code(&["/errcode"])
    ///     .with_error_codes(&[("-1", "server_error"), ("45009", "rate_limited")]);
    /// assert_eq!(TOKEN.error_codes()[1].1, "rate_limited");
    /// ```
    #[must_use]
    pub const fn with_error_codes(mut self, codes: &'a [(&'a str, &'a str)]) -> Self {
        self.error_codes = codes;
        self
    }

    /// Sets where a response has the identifier that the provider gives a request: JSON Pointers,
    /// of which the first that leads to a text or a number counts. Without one, headers such as
    /// `X-Request-Id` have it.
    #[must_use]
    pub const fn with_request_id(mut self, pointers: &'a [&'a str]) -> Self {
        self.request_id = pointers;
        self
    }

    /// Sets where requests to the provider's API carry the token.
    #[must_use]
    pub const fn with_token_use(mut self, token_use: TokenUse<&'a str>) -> Self {
        self.token_use = token_use;
        self
    }

    /// Sets what a refresh does to the refresh token, as the provider documents it. Where nothing is
    /// said, a refresh token is taken to be good for one use.
    #[must_use]
    pub const fn with_rotation(mut self, rotation: Rotation) -> Self {
        self.rotation = Some(rotation);
        self
    }

    /// Sets the parameters that a redirect with a code must have beside it: Zoho's `location`, which
    /// says in which region the code can be exchanged, Shopify's `shop`.
    #[must_use]
    pub const fn with_required_in_redirect(mut self, names: &'a [&'a str]) -> Self {
        self.required_in_redirect = names;
        self
    }

    /// Sets the parameters of a redirect that name the server to exchange the code at, each with the
    /// form of its value: Zoho's `accounts-server`, `https://accounts.zoho.{region}`, has the value of
    /// the server variable `region`.
    #[must_use]
    pub const fn with_server_in_redirect(mut self, forms: &'a [(&'a str, &'a str)]) -> Self {
        self.server_in_redirect = forms;
        self
    }

    /// Sets the parameter of a redirect that signs the others: Shopify's `hmac`. It has the
    /// hexadecimal digits of an HMAC-SHA256 with the client secret, over the other parameters in the
    /// order of their names, form-encoded.
    #[must_use]
    pub const fn with_signature_in_redirect(mut self, name: &'a str) -> Self {
        self.signature_in_redirect = name;
        self
    }
}
