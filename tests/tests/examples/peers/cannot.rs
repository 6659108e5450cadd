//! What clients of others cannot get from mocks, and how that shows.

use tokensmith_mock::MockServer;
use tokensmith_tests::oauth_clients::{LIBRARIES, Outcome};

use super::Case;

/// Why a client gets no token, and how that shows: in its own error, or in what the mock says of a
/// request to the path.
pub(super) struct Reason {
    pub(super) text: &'static str,
    shows: Sign,
}

enum Sign {
    Error(&'static str),
    Refusal(&'static str),
}

/// What these clients cannot get, and why: each fails for its reason, and nothing else fails.
pub(super) const CANNOT: &[(&str, &[&str], Reason)] = &[
    ("atlassian ", ALL, JSON),
    ("bullhorn /oauth/token authorization_code", ALL, IN_URL),
    ("bullhorn /oauth/token refresh_token", AUTHLIB, NOT_KNOWN),
    ("bullhorn /oauth/token refresh_token", JAVASCRIPT, IN_QUERY),
    ("dropbox-sign ", ALL, JSON),
    ("ebay ", JAVASCRIPT, TYPE),
    ("facebook /oauth/access_token ,", JAVASCRIPT, NO_GRANT),
    ("facebook ", ALL, GET),
    ("feishu /open-apis/auth/v3/", JAVASCRIPT, NO_GRANT),
    ("feishu /open-apis/auth/v3/", AUTHLIB, NO_TOKEN),
    ("linear /oauth/migrate_old_token ", JAVASCRIPT, NO_GRANT),
    (
        "linkedin /oauth/v2/accessToken client_credentials",
        JAVASCRIPT,
        NO_TYPE,
    ),
    ("moveworks ", ALL, JSON),
    ("notion ", ALL, JSON),
    (
        "reddit /api/v1/access_token authorization_code",
        JAVASCRIPT,
        RAW,
    ),
    ("shopify /admin/oauth/access_token ,", JAVASCRIPT, NO_GRANT),
    (
        "shopify /admin/oauth/access_token  (2),",
        JAVASCRIPT,
        NO_GRANT,
    ),
    ("shopify ", ALL, JSON),
    ("slack /api/oauth.v2.access ", JAVASCRIPT, TYPE),
    ("slack /api/oauth.v2.exchange ", JAVASCRIPT, NO_GRANT),
    ("slack /api/oauth.v2.user.access ", JAVASCRIPT, TYPE),
    ("square ", ALL, JSON),
    ("stripe-apps ", ALL, USER_NAME),
    ("stripe-connect ", ALL, USER_NAME),
    (
        "threads /oauth/access_token authorization_code",
        JAVASCRIPT,
        NO_TYPE,
    ),
    (
        "threads /oauth/access_token client_credentials",
        ALL,
        POST_IS_ANOTHER,
    ),
    ("tiktok /merchant/oauth/token/ ", JAVASCRIPT, NO_TYPE),
    (
        "twitch /oauth2/token authorization_code",
        JAVASCRIPT,
        SCOPES,
    ),
    ("twitch /oauth2/token refresh_token", JAVASCRIPT, SCOPES),
    (
        "twitch /oauth2/token urn:ietf:params:oauth:grant-type:device_code",
        JAVASCRIPT,
        SCOPES,
    ),
    ("wechat /cgi-bin/stable_token ", ALL, JSON),
    ("wechat /cgi-bin/token ", ALL, GET),
    ("wechat /sns/oauth2/refresh_token ", AUTHLIB, NOT_KNOWN),
    ("wechat /sns/oauth2/refresh_token ", JAVASCRIPT, IN_QUERY),
    ("wechat /sns/", ALL, GET),
    ("zendesk ", ALL, JSON),
];
/// Which libraries an entry is of.
const ALL: &[&str] = &LIBRARIES;
const JAVASCRIPT: &[&str] = &["openid-client", "oauth4webapi"];
const AUTHLIB: &[&str] = &["authlib"];

const JSON: Reason = Reason {
    text: "the body is JSON; the clients send forms",
    shows: Sign::Refusal(
        "the content type is `application/x-www-form-urlencoded`, not application/json",
    ),
};
const GET: Reason = Reason {
    text: "the parameters are in the query of a GET request",
    shows: Sign::Refusal("the method is POST, not GET"),
};
const POST_IS_ANOTHER: Reason = Reason {
    text: "the grant is a GET request; a POST request to the path is for another grant",
    shows: Sign::Refusal("`grant_type` is `client_credentials`, not `authorization_code`"),
};
const IN_URL: Reason = Reason {
    text: "the client secret is in the query of a POST request; the clients send HTTP Basic as well",
    shows: Sign::Refusal("`client_secret` in the query"),
};
const RAW: Reason = Reason {
    text: "HTTP Basic is taken as it is; the clients form-encode it",
    shows: Sign::Refusal("the code was issued to another client"),
};
const IN_QUERY: Reason = Reason {
    text: "the refresh token is in the query",
    shows: Sign::Error("\"refreshToken\" must be a string"),
};
const NOT_KNOWN: Reason = Reason {
    text: "the refresh token is in the query",
    shows: Sign::Error("'NoneType' object has no attribute 'get'"),
};
const NO_TOKEN: Reason = Reason {
    text: "the access token has another name",
    shows: Sign::Error("there is no `access_token` in the response"),
};
const USER_NAME: Reason = Reason {
    text: "the secret is the user name of HTTP Basic",
    shows: Sign::Refusal("HTTP Basic has the secret as the user name, and no password"),
};
const NO_GRANT: Reason = Reason {
    text: "there is no `grant_type`",
    shows: Sign::Error("\"grantType\" must not be empty"),
};
const NO_TYPE: Reason = Reason {
    text: "there is no `token_type` in the response",
    shows: Sign::Error("\"token_type\" property must be a string"),
};
const TYPE: Reason = Reason {
    text: "the token type is not Bearer",
    shows: Sign::Error("unsupported `token_type` value"),
};
const SCOPES: Reason = Reason {
    text: "the scopes are a list",
    shows: Sign::Error("\"scope\" property must be a string"),
};

/// Whether an entry of [`CANNOT`] is of an outcome.
pub(super) fn is_of((name, libraries, _): &(&str, &[&str], Reason), outcome: &Outcome) -> bool {
    // The name of a grant may be all there is, and the comma ends it.
    format!("{},", outcome.name).starts_with(name) && libraries.contains(&outcome.library.as_str())
}

/// Whether an outcome fails as a reason says.
pub(super) fn shows(reason: &Reason, outcome: &Outcome, mocks: &[(Case, MockServer)]) -> bool {
    match reason.shows {
        Sign::Error(text) => {
            let error = outcome.error.as_deref();
            error.is_some_and(|error| error.contains(text))
        }
        Sign::Refusal(text) => {
            let mut refusals = refusals(outcome, mocks);
            refusals.any(|reason| reason.contains(text))
        }
    }
}

/// Why the mock refused requests to the path of an outcome.
pub(super) fn refusals(
    outcome: &Outcome,
    mocks: &[(Case, MockServer)],
) -> impl Iterator<Item = String> {
    let mut words = outcome.name.split(' ');
    let (provider, path) = (words.next(), words.next().unwrap_or_default());
    // A query of the path's own is not a part of the path that the mock sees.
    let path = path.split('?').next().unwrap_or_default().to_owned();
    let mut mocks = mocks.iter();
    let found = mocks.find(|(case, _)| Some(case.document.provider.as_str()) == provider);
    let seen = found.map(|(_, mock)| mock.provider().requests());
    let seen = seen.into_iter().flatten();
    let here = seen.filter(move |seen| seen.path == path);
    here.filter_map(|seen| seen.reason)
}
