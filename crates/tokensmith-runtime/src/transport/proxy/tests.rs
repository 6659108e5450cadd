//! Which requests go through a proxy, and what the proxy sees of them.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::time::Duration;

use super::super::connect::Connector;
use super::super::{HyperTransport, TlsOptions, Transport as _, tls};
use super::of;
use crate::ErrorKind;
use crate::TransportErrorKind;

/// What the environment with these variables leads a URL to, and with what credentials.
fn way(variables: &[(&str, &str)], url: &str) -> Option<(String, Option<String>)> {
    let matcher = of(|name| {
        let mut found = variables.iter().filter(|(key, _)| *key == name);
        found.next().map(|(_, value)| (*value).to_owned())
    });
    let proxy = matcher.unwrap()?.intercept(&url.parse().unwrap())?;
    let credentials = proxy
        .basic_auth()
        .map(|value| value.to_str().unwrap().to_owned());
    Some((proxy.uri().to_string(), credentials))
}

#[test]
fn the_first_variable_that_says_something_names_the_proxy() {
    let to = |url: &str| Some((url.to_owned(), None));
    let server = "https://auth.example.com/token";
    assert_eq!(way(&[], server), None);
    assert_eq!(way(&[("HTTP_PROXY", "http://p")], server), None);
    let https = ("HTTPS_PROXY", "http://first:3128");
    for variables in [
        &[https, ("ALL_PROXY", "http://last")][..],
        &[("https_proxy", " first:3128 "), ("HTTPS_PROXY", " ")],
        &[("all_proxy", "HTTP://first:3128/path")],
    ] {
        assert_eq!(way(variables, server), to("http://first:3128/"));
    }
    let with_password = [("ALL_PROXY", "http://me:p%40ss@last")];
    // me:p@ss
    let basic = Some("Basic bWU6cEBzcw==".to_owned());
    let last = ("http://last/".to_owned(), basic);
    assert_eq!(way(&with_password, server), Some(last));
}

#[test]
fn exempt_hosts_and_plain_text_pass_it_by() {
    let https = ("HTTPS_PROXY", "http://proxy");
    let exempt = [https, ("no_proxy", "example.com, 10.0.0.0/8")];
    for url in [
        "https://example.com",
        "https://auth.example.com",
        "https://10.1.2.3:8443",
        "http://127.0.0.1:8080",
    ] {
        assert_eq!(way(&exempt, url), None, "{url}");
    }
    for url in ["https://notexample.com", "https://11.0.0.1"] {
        assert!(way(&exempt, url).is_some(), "{url}");
    }
    assert_eq!(way(&[https, ("NO_PROXY", "*")], "https://a.example"), None);
}

#[test]
fn what_is_no_proxy_is_refused_and_not_shown() {
    for url in [
        "socks5://me:passw0rd@proxy",
        "https://me:passw0rd@proxy",
        "http://",
        "http://me:passw0rd@pro xy",
        "ftp://proxy",
    ] {
        let error = of(|name| (name == "ALL_PROXY").then(|| url.to_owned())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{url}");
        assert!(error.to_string().contains("ALL_PROXY"), "{error}");
        assert!(!format!("{error:?} {error}").contains("passw0rd"));
    }
}

#[test]
fn a_proxy_that_refuses_gets_its_credentials_and_nothing_else() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let proxy = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(reader.read_line(&mut head).unwrap(), 0, "{head}");
        }
        let response = b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n";
        reader.get_mut().write_all(response).unwrap();
        let mut rest = String::new();
        while reader.read_line(&mut rest).is_ok_and(|count| count > 0) {}
        (head, rest)
    });
    let proxies =
        of(|name| (name == "HTTPS_PROXY").then(|| format!("http://me:passw0rd@{address}")));
    let tls = tls::config(TlsOptions::default()).unwrap();
    let connector = Connector::new(tls, proxies.unwrap(), Duration::from_secs(5));
    let transport = HyperTransport::over(connector, Duration::from_secs(30), 0);
    let request = http::Request::post("https://auth.example.com/token?key=0")
        .body(b"client_secret=s3cret".to_vec())
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let error = runtime.block_on(transport.send(request)).unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Connect, "{error:?}");
    assert!(!error.may_have_been_sent());
    assert!(!format!("{error:?}").contains("passw0rd"), "{error:?}");
    let (head, rest) = proxy.join().unwrap();
    assert!(head.starts_with("CONNECT auth.example.com:443 HTTP/1.1\r\n"));
    assert!(head.contains("Proxy-Authorization: Basic bWU6cGFzc3cwcmQ=\r\n"));
    assert!(!head.contains("token") && rest.is_empty(), "{head}{rest}");
}
