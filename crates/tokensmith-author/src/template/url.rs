//! URLs that a document can begin with.

/// The server and the path of an endpoint, or what it cannot have.
pub(super) fn split(url: &str) -> Result<(&str, &str), String> {
    let no = |fault: &str| format!("`{}` cannot be an endpoint: {fault}", url.escape_debug());
    if url.starts_with("http://") {
        return Err(no(
            "no secret is sent over plain http, on this machine neither: write the https URL that the provider has in production",
        ));
    }
    let Some(rest) = url.strip_prefix("https://") else {
        return Err(no(
            "write an absolute URL such as https://auth.example.com/oauth2/token",
        ));
    };
    if let Some(fault) = harmful(url) {
        return Err(no(fault));
    }
    let host = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    if rest[..host].contains('@') {
        return Err(no(
            "a user or a password stands before the host: credentials never stand in a document",
        ));
    }
    let odd = url.find(['{', '}', '?', '#']);
    match odd.and_then(|index| url[index..].chars().next()) {
        Some('?') => Err(no(
            "it has a query: write what is before it, and in the document declare what is sent in the query as `parameters`",
        )),
        Some('#') => Err(no("it has a fragment, which is never sent: leave it out")),
        Some(_) => Err(no(
            "it has a variable: write the URL of one customer, and in the document make the part that differs a variable of the server",
        )),
        None if host == 0 || rest.len() <= host + 1 => Err(no(
            "it needs a host and a path: write an absolute URL such as https://auth.example.com/oauth2/token",
        )),
        None => Ok(url.split_at("https://".len() + host)),
    }
}

/// Whether a document can have a server at this URL.
pub(super) fn check_server(url: &str) -> Result<(), String> {
    // A path makes it an endpoint.
    split(&format!("{url}/token")).map(drop)
}

/// Whether a page of documentation can be named so.
pub(super) fn check_docs(url: &str) -> Result<(), String> {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    let fault = match harmful(url) {
        Some(fault) => fault,
        None if !is_web => "write an absolute URL such as https://docs.example.com/tokens",
        None => return Ok(()),
    };
    Err(format!(
        "`{}` cannot be a page: {fault}",
        url.escape_debug()
    ))
}

/// What would be something else in a document, or be read as something else.
fn harmful(url: &str) -> Option<&'static str> {
    let has = |is_one: fn(char) -> bool| url.contains(is_one);
    if has(|character| character.is_whitespace() || character.is_control()) {
        Some("it has a blank or a control character")
    } else if has(|character| matches!(character, '"' | '\'' | '`' | '<' | '>' | '\\' | '|' | '^'))
    {
        Some("it has a character that no URL has (RFC 3986): percent-encode it")
    } else if has(tokensmith_codegen::authoring::is_hiding) {
        Some("it has a character that hides how it reads")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_an_endpoint_is_told() {
        for (url, fault) in [
            ("", "absolute URL"),
            ("a.example/token", "absolute URL"),
            ("http://localhost/token", "plain http"),
            ("https://a.example", "a host and a path"),
            ("https:///token", "a host and a path"),
            ("https://a.example/", "a host and a path"),
            ("https://a.example?x=1", "a query"),
            ("https://a.example/t?x=1", "a query"),
            ("https://a.example/t#x", "a fragment"),
            ("https://{tenant}.example/t", "a variable"),
            ("https://user:pw@a.example/t", "credentials"),
            ("https://a.example/a b", "a blank"),
            ("https://a.example/\"'", "no URL has"),
            ("https://a.example/\u{202e}t", "hides"),
        ] {
            let told = split(url).expect_err(url);
            assert!(told.contains(fault), "{url}: {told}");
            assert!(!told.contains('\u{202e}'), "{told:?}");
        }
        assert_eq!(
            split("https://a.example:8443/t/@b"),
            Ok(("https://a.example:8443", "/t/@b"))
        );
    }

    #[test]
    fn a_page_is_one_line() {
        assert_eq!(check_docs("https://docs.example.com/a#b?c"), Ok(()));
        for docs in ["a\nb: *x", "docs.example.com", "https://a.example/ b", ""] {
            assert!(check_docs(docs).is_err(), "{docs}");
        }
    }
}
