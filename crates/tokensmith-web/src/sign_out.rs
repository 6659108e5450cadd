//! Sending a browser to a provider to sign its user out there, and taking it back (OpenID Connect
//! RP-Initiated Logout 1.0).

use http::HeaderValue;
use tokensmith_runtime::{Client, EndSessionRequest, PendingLogout};

use crate::cookie::{self, SameSite};
use crate::{Begun, Callback, Error, ErrorKind};

const PREFIX: &str = "__Host-sign-out-";
/// How long a person has to come back, in seconds.
const LIFETIME: u64 = 600;

/// Begins a sign-out at the provider: makes the URL to send the browser to and, where the request
/// says where to come back to, the cookie that it has to come back with.
///
/// The application ends its own session, and the tokens that it keeps, in the same response: the
/// person may never come back. Call it for a form that was posted from a page of the application,
/// so that no other page can sign people out.
///
/// The request is `EndSession` of a generated crate, or `ServerMetadata::logout_request` makes it:
///
/// ```
/// use tokensmith_runtime::{Client, Secret, ServerMetadata};
/// use tokensmith_web::{Begun, Error, sign_out};
///
/// fn sign_out_there<P, T>(
///     client: &Client<P, T>,
///     metadata: &ServerMetadata,
///     id_token: &Secret,
/// ) -> Result<Begun, Error> {
///     let request = metadata
///         .logout_request()?
///         .with_id_token_hint(id_token)
///         .with_post_logout_redirect_uri("https://app.example/signed-out");
///     sign_out(client, &request)
/// }
/// ```
///
/// # Errors
///
/// Of the kind `Config` if the URL cannot be made.
pub fn sign_out<P, T, R>(client: &Client<P, T>, request: &R) -> Result<Begun, Error>
where
    R: EndSessionRequest<P>,
{
    let logout = client.logout_url(request).map_err(|error| {
        let message = "the logout request cannot be made";
        Error::of_runtime(ErrorKind::Config, message, error)
    })?;
    let state = logout.pending.state().expose();
    let cookie = cookie_name(state).filter(|_| logout.comes_back());
    let cookie = cookie.map(|name| cookie::keep(&name, state, SameSite::Lax, LIFETIME));
    Ok(Begun {
        cookies: cookie.into_iter().collect::<Result<_, _>>()?,
        url: logout.url,
    })
}

/// Takes a browser back from a sign-out, and returns the value of the `Set-Cookie` header that
/// deletes its cookie. It says that the provider has finished; a person whom it asked may have
/// stayed signed in there.
///
/// # Errors
///
/// Of the kind `SignOut` if the browser did not begin it, or has come back already.
pub fn signed_out(callback: &Callback) -> Result<HeaderValue, Error> {
    let state = callback.state().ok();
    let name = state.and_then(|state| cookie_name(state.expose()));
    let found = name.and_then(|name| {
        let delete = cookie::delete(&name, SameSite::Lax);
        Some((delete, cookie::find(&callback.headers, &name)?))
    });
    let (delete, state) = found.ok_or_else(|| {
        let message =
            "the browser has no cookie of this sign-out: it has ended, or began elsewhere";
        Error::new(ErrorKind::SignOut, message)
    })?;
    let pending = PendingLogout::new(state);
    let checked = pending.check(&callback.parameters);
    checked.map_err(|error| {
        let message = "the browser came back from another sign-out";
        Error::of_runtime(ErrorKind::SignOut, message, error).with_cookie(&delete)
    })?;
    Ok(delete)
}

/// The name of the cookie of one sign-out: several tabs may have some under way. `None` for what is
/// not a state of ours.
fn cookie_name(state: &str) -> Option<String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let tag = state.get(..16).filter(|tag| tag.bytes().all(is_plain))?;
    Some(format!("{PREFIX}{tag}"))
}
