//! What the RFCs say about grants and parameters.

mod extension_grant;

pub(crate) use extension_grant::{extension_grant, is_of_extension};

/// A grant that an RFC defines.
pub struct Grant {
    /// The `grant_type`.
    pub value: &'static str,
    /// Name in Rust.
    pub ident: &'static str,
    /// Name for people, as it stands in a sentence.
    pub name: &'static str,
    /// What it is, at the beginning of a sentence.
    pub title: &'static str,
    /// Where the RFC defines it, in Markdown.
    pub section: &'static str,
    /// Parameters that the RFC gives it: name, and whether it must be there.
    pub parameters: &'static [(&'static str, bool)],
    /// Whether what it carries can be used once only.
    pub one_time: bool,
    /// Whether only a client with a secret may use it.
    pub confidential: bool,
}

/// The value of a grant in words: "device code".
pub(crate) fn words(value: &str) -> String {
    let value = value.rsplit(':').next().unwrap_or(value);
    value.replace(['_', '-'], " ")
}

/// The request of a token endpoint that knows no grants.
pub(crate) const CREATE_TOKEN: &str = "CreateToken";
/// The request of a revocation endpoint.
pub(crate) const REVOKE_TOKEN: &str = "RevokeToken";
/// The request of an introspection endpoint.
pub(crate) const INTROSPECT_TOKEN: &str = "IntrospectToken";
/// The request of a device authorization endpoint.
pub(crate) const AUTHORIZE_DEVICE: &str = "AuthorizeDevice";
/// The request that pushes an authorization request.
pub(crate) const PUSH_AUTHORIZATION: &str = "PushAuthorization";
/// The request of an authorization endpoint.
pub(crate) const AUTHORIZE: &str = "Authorize";
/// The request of an end session endpoint.
pub(crate) const END_SESSION: &str = "EndSession";
/// The request of a registration endpoint.
pub(crate) const REGISTER_CLIENT: &str = "RegisterClient";
/// The requests that no grant names.
pub(crate) const REQUESTS: [&str; 8] = [
    CREATE_TOKEN,
    REVOKE_TOKEN,
    INTROSPECT_TOKEN,
    AUTHORIZE_DEVICE,
    PUSH_AUTHORIZATION,
    AUTHORIZE,
    END_SESSION,
    REGISTER_CLIENT,
];
/// The `grant_type` of RFC 8628.
pub(crate) const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// The `grant_type` of RFC 7522.
pub(crate) const SAML2_BEARER: &str = "urn:ietf:params:oauth:grant-type:saml2-bearer";
/// The `grant_type` of RFC 8693.
pub(crate) const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
/// The `grant_type` of OpenID Connect's backchannel authentication (CIBA, section 10.1).
pub(crate) const CIBA: &str = "urn:openid:params:grant-type:ciba";
/// The `grant_type` of RFC 7523.
pub(crate) const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// The grants that RFCs and OpenID Connect define.
pub const GRANTS: [Grant; 9] = [
    Grant {
        value: "client_credentials",
        ident: "ClientCredentials",
        name: "client credentials",
        title: "Client credentials grant",
        section: "[RFC 6749, section 4.4](https://www.rfc-editor.org/rfc/rfc6749#section-4.4)",
        parameters: &[("scope", false)],
        one_time: false,
        confidential: true,
    },
    Grant {
        value: "refresh_token",
        ident: "RefreshToken",
        name: "refresh token",
        title: "Refresh token grant",
        section: "[RFC 6749, section 6](https://www.rfc-editor.org/rfc/rfc6749#section-6)",
        parameters: &[("refresh_token", true), ("scope", false)],
        one_time: true,
        confidential: false,
    },
    Grant {
        value: "authorization_code",
        ident: "AuthorizationCode",
        name: "authorization code",
        title: "Authorization code grant",
        section: "[RFC 6749, section 4.1.3](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3)",
        parameters: &[
            ("code", true),
            ("redirect_uri", false),
            ("code_verifier", false),
        ],
        one_time: true,
        confidential: false,
    },
    Grant {
        value: "password",
        ident: "Password",
        name: "password",
        title: "Resource owner password credentials grant",
        section: "[RFC 6749, section 4.3](https://www.rfc-editor.org/rfc/rfc6749#section-4.3)",
        parameters: &[("username", true), ("password", true), ("scope", false)],
        one_time: false,
        confidential: false,
    },
    Grant {
        value: DEVICE_CODE,
        ident: "DeviceCode",
        name: "device code",
        title: "Device authorization grant",
        section: "[RFC 8628, section 3.4](https://www.rfc-editor.org/rfc/rfc8628#section-3.4)",
        parameters: &[("device_code", true)],
        one_time: true,
        confidential: false,
    },
    Grant {
        value: JWT_BEARER,
        ident: "JwtBearer",
        name: "JWT bearer",
        title: "JWT bearer grant",
        section: "[RFC 7523, section 2.1](https://www.rfc-editor.org/rfc/rfc7523#section-2.1)",
        parameters: &[("assertion", true), ("scope", false)],
        one_time: true,
        confidential: false,
    },
    Grant {
        value: SAML2_BEARER,
        ident: "Saml2Bearer",
        name: "SAML 2.0 bearer",
        title: "SAML 2.0 bearer grant",
        section: "[RFC 7522, section 2.1](https://www.rfc-editor.org/rfc/rfc7522#section-2.1)",
        parameters: &[("assertion", true), ("scope", false)],
        one_time: true,
        confidential: false,
    },
    Grant {
        value: TOKEN_EXCHANGE,
        ident: "TokenExchange",
        name: "token exchange",
        title: "Token exchange",
        section: "[RFC 8693, section 2.1](https://www.rfc-editor.org/rfc/rfc8693#section-2.1)",
        parameters: &[
            ("subject_token", true),
            ("subject_token_type", true),
            ("actor_token", false),
            ("actor_token_type", false),
            ("requested_token_type", false),
            ("scope", false),
        ],
        one_time: true,
        confidential: false,
    },
    Grant {
        value: CIBA,
        ident: "Ciba",
        name: "CIBA",
        title: "Client-initiated backchannel authentication grant",
        section: "[OpenID CIBA, section 10.1](https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html#rfc.section.10.1)",
        parameters: &[("auth_req_id", true)],
        // A client polls with the same one.
        one_time: false,
        confidential: true,
    },
];

/// The grant with this `grant_type`, in whatever letters a provider writes it.
pub fn grant(value: &str) -> Option<&'static Grant> {
    GRANTS.iter().find(|grant| grant.is(value))
}

/// Whether two values of `grant_type` are one: the letters and digits of all scripts count,
/// whatever stands between them.
pub(crate) fn is_same_grant(one: &str, other: &str) -> bool {
    if let (Some(one), Some(other)) = (ascii_initial(one), ascii_initial(other))
        && one != other
    {
        return false;
    }
    one == other || letters(one).next().is_some() && letters(one).eq(letters(other))
}

/// The first letter, where it is the first byte: most values that differ do so in that.
fn ascii_initial(text: &str) -> Option<u8> {
    let first = *text.as_bytes().first()?;
    first
        .is_ascii_alphanumeric()
        .then(|| first.to_ascii_lowercase())
}

fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
}

/// Whether some grant's RFC names the parameter. `resource` and `audience`, which RFC 8693 names, are for any grant (RFC 8707), and
/// stand in no list: a request by name may repeat them.
pub(crate) fn is_grant_parameter(name: &str) -> bool {
    GRANTS.iter().any(|grant| grant.has(name))
}

impl Grant {
    /// Whether this is its value. Some providers write it in capitals, or in camel case.
    pub(crate) fn is(&self, value: &str) -> bool {
        is_same_grant(self.value, value)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.parameters
            .iter()
            .any(|(parameter, _)| *parameter == name)
    }

    pub(crate) fn requires(&self, name: &str) -> bool {
        self.parameters.contains(&(name, true))
    }
}

/// Whether an RFC says what a request parameter of this name is for.
pub(crate) fn is_defined(name: &str) -> bool {
    const OTHERS: [&str; 10] = [
        "client_assertion",
        "client_assertion_type",
        "client_id",
        "client_secret",
        "code_challenge",
        "code_challenge_method",
        "grant_type",
        "nonce",
        "response_type",
        "state",
    ];
    ORDER.contains(&name) || OTHERS.contains(&name)
}

/// Whether an RFC says what a request parameter of this name is for, and none that it is a field of responses.
pub(crate) fn is_requested(name: &str) -> bool {
    const OF_RESPONSES: [&str; 6] = [
        "access_token",
        "error",
        "error_description",
        "error_uri",
        "expires_in",
        "token_type",
    ];
    is_defined(name) && !OF_RESPONSES.contains(&name)
}

/// The name that an RFC has for a parameter which a document writes otherwise, such as `subjectTokenType`.
pub(crate) fn meant(name: &str) -> &str {
    if is_defined(name) {
        return name;
    }
    const OTHERS: [(&str, &str); 5] = [
        ("authcode", "code"),
        ("authorizationcode", "code"),
        ("jwtassertion", "assertion"),
        ("samlassertion", "assertion"),
        ("userpassword", "password"),
    ];
    let letters = super::name::letters(name);
    if let Some((_, meant)) = OTHERS.iter().find(|(other, _)| *other == letters) {
        return meant;
    }
    let mut of_rfcs = GRANTS.iter().flat_map(|grant| grant.parameters);
    let found = of_rfcs.find(|(known, _)| super::name::letters(known) == letters);
    found.map_or(name, |(known, _)| known)
}

/// Parameters and fields in the order of the RFCs.
const ORDER: [&str; 25] = [
    "access_token",
    "token",
    "code",
    "refresh_token",
    "username",
    "password",
    "device_code",
    "auth_req_id",
    "assertion",
    "subject_token",
    "subject_token_type",
    "actor_token",
    "actor_token_type",
    "requested_token_type",
    "resource",
    "audience",
    "token_type",
    "token_type_hint",
    "expires_in",
    "redirect_uri",
    "code_verifier",
    "scope",
    "error",
    "error_description",
    "error_uri",
];

/// Where a parameter or field stands among others: in the order of the RFCs, then by name.
pub(crate) fn rank(name: &str) -> usize {
    ORDER
        .iter()
        .position(|known| *known == name)
        .unwrap_or(ORDER.len())
}

/// Where a parameter of a request stands among others. The order is the same whatever a document calls them: the client
/// first, a user's name before the password, a code before the redirect URI.
pub(crate) fn parameter_rank(name: &str, has_password: bool) -> usize {
    let name = super::name::snake(name).unwrap_or_default();
    let standard = match name.as_str() {
        "client_id" => return 0,
        "auth_code" | "authorization_code" => "code",
        "user_name" | "user" | "login" | "email" if has_password => "username",
        other => other,
    };
    rank(standard) + 1
}

/// The reason phrase of a status as an identifier ([RFC 9110, section 15](https://www.rfc-editor.org/rfc/rfc9110#section-15)).
pub(crate) fn status_ident(status: u16) -> String {
    let known = match status {
        300 => "MultipleChoices",
        301 => "MovedPermanently",
        302 => "Found",
        303 => "SeeOther",
        304 => "NotModified",
        307 => "TemporaryRedirect",
        308 => "PermanentRedirect",
        400 => "BadRequest",
        401 => "Unauthorized",
        402 => "PaymentRequired",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        406 => "NotAcceptable",
        408 => "RequestTimeout",
        409 => "Conflict",
        410 => "Gone",
        411 => "LengthRequired",
        412 => "PreconditionFailed",
        413 => "ContentTooLarge",
        414 => "UriTooLong",
        415 => "UnsupportedMediaType",
        422 => "UnprocessableContent",
        423 => "Locked",
        428 => "PreconditionRequired",
        429 => "TooManyRequests",
        431 => "RequestHeaderFieldsTooLarge",
        451 => "UnavailableForLegalReasons",
        500 => "InternalServerError",
        501 => "NotImplemented",
        502 => "BadGateway",
        503 => "ServiceUnavailable",
        504 => "GatewayTimeout",
        _ => return format!("Status{status}"),
    };
    known.to_owned()
}

#[cfg(test)]
mod tests {
    use super::{is_same_grant, parameter_rank};

    #[test]
    fn grants_are_the_same_by_their_letters() {
        assert!(is_same_grant("authorization_code", "AuthorizationCode"));
        assert!(is_same_grant("授权-码", "授权_码"));
        assert!(is_same_grant("--", "--"));
        for (one, other) in [
            ("授权", "刷新"),
            ("授权_a", "刷新_a"),
            ("--", "__"),
            ("", "-"),
        ] {
            assert!(!is_same_grant(one, other), "{one} {other}");
        }
    }

    #[test]
    fn arguments_have_one_order_whatever_a_document_calls_them() {
        let ordered = |first: &str, second: &str| {
            assert!(
                parameter_rank(first, true) < parameter_rank(second, true),
                "{first} before {second}"
            );
        };
        for name in ["username", "user_name", "userName", "email"] {
            ordered(name, "password");
        }
        ordered("client_id", "code");
        ordered("code", "redirect_uri");
        ordered("authCode", "redirectUri");
        // Without a password it is any parameter.
        assert_eq!(parameter_rank("email", false), parameter_rank("x", false));
    }
}
