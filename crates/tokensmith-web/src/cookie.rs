//! The cookies of sign-ins that are under way (RFC 6265bis).

use http::{HeaderMap, HeaderValue, header};

use crate::{Error, ErrorKind};

/// What their names begin with. A browser takes such a cookie only from this very host, over
/// `https`, and for all its paths (RFC 6265bis section 4.1.3.2).
const PREFIX: &str = "__Host-sign-in-";
/// The most sign-ins that a browser has under way. More would make its requests too large.
const MAX_COOKIES: usize = 5;
/// The most bytes of their names and values together: servers refuse requests whose headers are
/// larger than 8 KiB.
const MAX_BYTES: usize = 4096;
/// The most bytes that browsers keep of a cookie, name and attributes included.
const MAX_LENGTH: usize = 4096;

/// With which requests from other sites a cookie is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SameSite {
    /// With links and redirects that lead here.
    Lax,
    /// With forms that are posted here, too.
    None,
}

impl SameSite {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Lax => "Lax",
            Self::None => "None",
        }
    }
}

/// The name of the cookie of one sign-in, by a text that only its state makes.
pub(crate) fn name(tag: &str) -> String {
    format!("{PREFIX}{tag}")
}

/// The value of a cookie: when it was made, for [`superfluous`], and what it holds.
pub(crate) fn value(seconds: u64, content: &str) -> String {
    format!("{seconds}.{content}")
}

/// What a value holds.
pub(crate) fn content(value: &str) -> Option<&str> {
    value.split_once('.').map(|(_, content)| content)
}

/// The `Set-Cookie` header that has the browser keep a cookie.
pub(crate) fn keep(
    name: &str,
    value: &str,
    same_site: SameSite,
    seconds: u64,
) -> Result<HeaderValue, Error> {
    let cookie = with_attributes(name, value, same_site, seconds);
    if cookie.len() > MAX_LENGTH {
        return Err(Error::new(
            ErrorKind::Config,
            "the sign-in does not fit in a cookie: shorten the return path, or keep sign-ins on the \
             server (`SignIn::store`)",
        ));
    }
    let mut cookie = HeaderValue::try_from(cookie)
        .map_err(|_| Error::new(ErrorKind::Config, "the sign-in does not fit in a header"))?;
    cookie.set_sensitive(true);
    Ok(cookie)
}

/// The `Set-Cookie` header that has the browser delete a cookie.
pub(crate) fn delete(name: &str, same_site: SameSite) -> HeaderValue {
    let cookie = with_attributes(name, "", same_site, 0);
    HeaderValue::try_from(cookie).unwrap_or(HeaderValue::from_static(""))
}

fn with_attributes(name: &str, value: &str, same_site: SameSite, seconds: u64) -> String {
    let same_site = same_site.as_str();
    format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite={same_site}; Max-Age={seconds}")
}

/// The value of a cookie. `None` if the browser has none, or more than one of that name, which no
/// browser has that knows the prefix.
pub(crate) fn find<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut found = all(headers).filter(|(other, _)| *other == name);
    let (_, value) = found.next()?;
    found.next().is_none().then_some(value)
}

/// The names of the oldest cookies of sign-ins, so that one more of so many bytes may be kept.
pub(crate) fn superfluous(headers: &HeaderMap, bytes: usize) -> Vec<String> {
    let mut cookies: Vec<(u64, &str, usize)> = all(headers)
        .filter(|(name, _)| is_of_sign_in(name))
        .map(|(name, value)| {
            let seconds = value
                .split_once('.')
                .and_then(|(seconds, _)| seconds.parse().ok());
            (seconds.unwrap_or(0), name, name.len() + value.len())
        })
        .collect();
    cookies.sort_unstable();
    cookies.dedup_by(|one, other| one.1 == other.1);
    let mut left = cookies.len() + 1;
    let mut total = bytes + cookies.iter().map(|(.., bytes)| bytes).sum::<usize>();
    let mut names = Vec::new();
    for (_, name, bytes) in cookies {
        if left <= MAX_COOKIES && total <= MAX_BYTES {
            break;
        }
        (left, total) = (left - 1, total - bytes);
        names.push(name.to_owned());
    }
    names
}

/// Whether a page made the browser send a request for an image, a frame or the like, instead of
/// taking a person somewhere (Fetch Metadata Request Headers, `Sec-Fetch-Dest`). Several of them at
/// once would all leave a cookie.
pub(crate) fn is_embedded(headers: &HeaderMap) -> bool {
    let mut destinations = headers.get_all("sec-fetch-dest").into_iter();
    destinations.any(|destination| destination != "document")
}

/// Whether it is a name that [`name`] makes: others may be chosen by whoever sent the request.
fn is_of_sign_in(name: &str) -> bool {
    let tag = name.strip_prefix(PREFIX).unwrap_or_default();
    tag.len() == 16 && tag.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn all(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let headers = headers.get_all(header::COOKIE).into_iter();
    let pairs = headers.flat_map(|header| header.as_bytes().split(|byte| *byte == b';'));
    // Whatever another cookie holds, those beside it are read. What is trimmed is what browsers trim.
    let texts = pairs.filter_map(|pair| std::str::from_utf8(pair).ok());
    texts.filter_map(|pair| pair.trim_matches([' ', '\t']).split_once('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookies: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(
                header::COOKIE,
                HeaderValue::from_str(cookie).expect("a header"),
            );
        }
        headers
    }

    #[test]
    fn attributes_are_those_that_the_prefix_asks_for() {
        let name = name("0123456789abcdef");
        let cookie = keep(&name, "v", SameSite::Lax, 600).expect("a cookie");
        assert_eq!(
            cookie,
            "__Host-sign-in-0123456789abcdef=v; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600"
        );
        assert!(cookie.is_sensitive());
        assert_eq!(
            delete(&name, SameSite::None),
            "__Host-sign-in-0123456789abcdef=; Path=/; Secure; HttpOnly; SameSite=None; Max-Age=0"
        );
        assert!(keep(&name, &"v".repeat(4096), SameSite::Lax, 600).is_err());
    }

    #[test]
    fn a_cookie_is_found_among_others_and_two_are_none() {
        let headers = headers(&["a=1; b=2;c=3", "d=4; a=5; =; e"]);
        assert_eq!(find(&headers, "b"), Some("2"));
        assert_eq!(find(&headers, "d"), Some("4"));
        assert_eq!(find(&headers, "a"), None);
        assert_eq!(find(&headers, "e"), None);
        assert_eq!(find(&headers, "f"), None);
    }

    #[test]
    fn a_cookie_that_is_no_text_hides_none_beside_it() {
        let mut headers = HeaderMap::new();
        let value = HeaderValue::from_bytes(b"theme=\xfc; a=1").expect("a header");
        headers.append(header::COOKIE, value);
        assert_eq!(find(&headers, "a"), Some("1"));
        let mut headers = HeaderMap::new();
        let value = HeaderValue::from_bytes("\u{2000}a=1".as_bytes()).expect("a header");
        headers.append(header::COOKIE, value);
        assert_eq!(find(&headers, "a"), None);
    }

    #[test]
    fn what_a_page_embeds_is_told_from_what_a_person_opens() {
        let with = |destination: &'static str| {
            let value = HeaderValue::from_static(destination);
            HeaderMap::from_iter([(http::HeaderName::from_static("sec-fetch-dest"), value)])
        };
        assert!(!is_embedded(&HeaderMap::new()) && !is_embedded(&with("document")));
        for embedded in ["image", "iframe", "empty", ""] {
            assert!(is_embedded(&with(embedded)), "{embedded}");
        }
    }

    #[test]
    fn the_oldest_sign_ins_make_room() {
        let cookie = |number: u64, value: &str| format!("{PREFIX}{number:016x}={value}");
        let few: Vec<_> = (0..4).map(|number| cookie(number, "7.x")).collect();
        let few: Vec<_> = few.iter().map(String::as_str).collect();
        assert!(superfluous(&headers(&few), 600).is_empty());
        // One that is large takes the place of all.
        assert_eq!(superfluous(&headers(&few), 4096).len(), 4);
        let more = [
            cookie(1, "300.x"),
            cookie(2, "100.x"),
            cookie(3, "odd"),
            cookie(4, "200.x"),
            cookie(5, "400.x"),
            "session=1".to_owned(),
            format!("{PREFIX}; Domain=evil.example=1"),
            format!("{PREFIX}zzzzzzzzzzzzzzzz=1"),
        ];
        let more: Vec<_> = more.iter().map(String::as_str).collect();
        let names = [name(&format!("{:016x}", 3))];
        assert_eq!(superfluous(&headers(&more), 600), names);
    }
}
