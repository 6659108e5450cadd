//! What scripts of web pages may do (Fetch standard, section 3.3): clients in browsers use a plain
//! server.

use http::{Method, Request, Response};

use crate::reply::{respond, set};

/// What clients send requests to. The authorization endpoint is a page that browsers go to.
const PATHS: [&str; 8] = [
    "/.well-known/oauth-authorization-server",
    "/.well-known/openid-configuration",
    "/device",
    "/introspect",
    "/jwks",
    "/revoke",
    "/token",
    "/userinfo",
];

/// Whether scripts of any page may send requests to a path of a plain server.
pub(super) fn is_for_scripts(path: &str) -> bool {
    PATHS.contains(&path)
}

/// Responds to a browser that asks what a script may send; nothing if it is another request.
pub(super) fn preflight(request: &Request<Vec<u8>>) -> Option<Response<Vec<u8>>> {
    if request.method() != Method::OPTIONS {
        return None;
    }
    let mut response = respond(204, "", "");
    set(&mut response, "access-control-allow-methods", "GET, POST");
    // `*` does not stand for Authorization.
    let names = "Authorization, Content-Type, DPoP, *";
    set(&mut response, "access-control-allow-headers", names);
    set(&mut response, "access-control-max-age", "600");
    allow(&mut response);
    Some(response)
}

/// Lets scripts of any page read a response. Browsers send no cookies with such requests.
pub(super) fn allow(response: &mut Response<Vec<u8>>) {
    set(response, "access-control-allow-origin", "*");
    let names = "Date, Retry-After, Tokensmith-Mock-Refusal, WWW-Authenticate";
    set(response, "access-control-expose-headers", names);
}
