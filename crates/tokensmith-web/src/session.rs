//! A session for applications that have none of their own.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderValue};
use tokensmith_seal::Keyring;

use crate::cookie::{self, SameSite};
use crate::sealed::seconds;
use crate::{Error, ErrorKind};

/// How long a session lasts unless it is set.
const LIFETIME: Duration = Duration::from_secs(12 * 3600);

/// Keeps who has signed in in an encrypted cookie: a text of the application, such as the subject
/// of the ID token. Nobody else can read, change or make it.
///
/// The server keeps nothing of it, so that a session ends when it is over or when the browser
/// deletes the cookie, and not before. An application that has to end sessions from the server, or
/// wants to know how many there are, needs a session of its own.
///
/// ```
/// use tokensmith_web::{Keyring, SessionCookie};
///
/// let session = SessionCookie::new("session", Keyring::new("2026-11", [7; 32]));
/// let set_cookie = session.keep("user 17")?;
/// assert!(set_cookie.to_str().is_ok_and(|cookie| cookie.starts_with("__Host-session=")));
/// # Ok::<(), tokensmith_web::Error>(())
/// ```
#[derive(Clone)]
pub struct SessionCookie {
    name: String,
    keyring: Keyring,
    lifetime: Duration,
}

impl SessionCookie {
    /// Creates a session, whose cookie has this name after the prefix `__Host-`.
    pub fn new(name: &str, keyring: Keyring) -> Self {
        Self {
            name: format!("__Host-{name}"),
            keyring,
            lifetime: LIFETIME,
        }
    }

    /// Sets how long a session lasts: 12 hours unless set.
    #[must_use]
    pub fn with_lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// Returns the value of a `Set-Cookie` header that begins a session.
    ///
    /// # Errors
    ///
    /// Of the kind `Config` if the text does not fit in a cookie.
    pub fn keep(&self, text: &str) -> Result<HeaderValue, Error> {
        self.keep_at(text, SystemTime::now())
    }

    fn keep_at(&self, text: &str, now: SystemTime) -> Result<HeaderValue, Error> {
        let end = seconds(now).saturating_add(self.lifetime.as_secs());
        let plain = [&end.to_be_bytes(), text.as_bytes()].concat();
        let sealed = self.keyring.seal(&self.purpose(), &plain);
        let sealed = sealed
            .ok_or_else(|| Error::new(ErrorKind::Config, "the session cannot be encrypted"))?;
        let value = URL_SAFE_NO_PAD.encode(sealed);
        cookie::keep(&self.name, &value, SameSite::Lax, self.lifetime.as_secs())
    }

    /// Returns the text of the session that the browser has; `None` if there is none, it is over, or
    /// it was not made with these keys.
    pub fn read(&self, headers: &HeaderMap) -> Option<String> {
        self.read_at(headers, SystemTime::now())
    }

    fn read_at(&self, headers: &HeaderMap, now: SystemTime) -> Option<String> {
        let value = cookie::find(headers, &self.name)?;
        let sealed = URL_SAFE_NO_PAD.decode(value).ok()?;
        let plain = self.keyring.open(&self.purpose(), &sealed)?;
        let (end, text) = plain.split_first_chunk::<8>()?;
        let end = UNIX_EPOCH.checked_add(Duration::from_secs(u64::from_be_bytes(*end)))?;
        let text = std::str::from_utf8(text).ok()?;
        (now < end).then(|| text.to_owned())
    }

    /// Returns the value of a `Set-Cookie` header that ends the session.
    pub fn delete(&self) -> HeaderValue {
        cookie::delete(&self.name, SameSite::Lax)
    }

    fn purpose(&self) -> Vec<u8> {
        ["tokensmith-web session 1\n", &self.name]
            .concat()
            .into_bytes()
    }
}

impl fmt::Debug for SessionCookie {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SessionCookie")
            .field("name", &self.name)
            .field("keyring", &self.keyring)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> SessionCookie {
        SessionCookie::new("session", Keyring::new("1", [1; 32]))
    }

    fn browser(set_cookie: &HeaderValue) -> HeaderMap {
        let cookie = set_cookie.to_str().expect("text").split(';').next();
        let cookie = HeaderValue::from_str(cookie.expect("a cookie")).expect("a header");
        HeaderMap::from_iter([(http::header::COOKIE, cookie)])
    }

    #[test]
    fn it_lasts_until_its_end_and_nobody_reads_it() {
        let now = SystemTime::now();
        let cookie = session().keep_at("canary 17", now).expect("a cookie");
        let text = cookie.to_str().expect("text");
        assert!(
            text.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=43200"),
            "{text}"
        );
        assert!(!text.contains("canary"));
        let headers = browser(&cookie);
        let at = |seconds| session().read_at(&headers, now + Duration::from_secs(seconds));
        assert_eq!(at(0).as_deref(), Some("canary 17"));
        assert_eq!(at(43_198).as_deref(), Some("canary 17"));
        assert_eq!(at(43_201), None);
        assert_eq!(session().read(&browser(&session().delete())), None);
        assert_eq!(session().read(&HeaderMap::new()), None);
    }

    #[test]
    fn what_was_not_made_here_is_nobody() {
        let headers = browser(&session().keep("user 17").expect("a cookie"));
        let other_key = SessionCookie::new("session", Keyring::new("1", [2; 32]));
        assert_eq!(other_key.read(&headers), None);
        let mut renamed = HeaderMap::new();
        let cookie = headers["cookie"].to_str().expect("text");
        let cookie = cookie.replace("__Host-session", "__Host-admin");
        renamed.insert("cookie", HeaderValue::from_str(&cookie).expect("a header"));
        let admin = SessionCookie::new("admin", Keyring::new("1", [1; 32]));
        assert_eq!(admin.read(&renamed), None);
        for value in ["", "user 17", "AAAA", "****"] {
            let cookie = HeaderValue::from_str(&format!("__Host-session={value}"));
            let headers = HeaderMap::from_iter([(http::header::COOKIE, cookie.expect("a header"))]);
            assert_eq!(session().read(&headers), None, "{value}");
        }
        assert!(session().keep(&"a".repeat(4096)).is_err());
    }
}
