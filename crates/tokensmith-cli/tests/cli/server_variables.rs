//! Values of a server's variables: none of them moves the secret to another host.

use std::net::TcpListener;

use serde_json::json;

use crate::destination::{Document, document, token_operation};

#[test]
fn no_value_of_a_variable_moves_the_secret() {
    let evil = TcpListener::bind("127.0.0.1:0").expect("a port");
    evil.set_nonblocking(true).expect("an option");
    let address = evil.local_addr().expect("an address");
    let port = address.port().to_string();
    let servers = json!([
        {"url": "https://{shop}.myshop.example", "description": "Shop",
         "variables": {"shop": {"default": "demo"}}},
        {"url": "http://localhost:{port}/{tenant}", "description": "Local",
         "variables": {"port": {"default": "1"}, "tenant": {"default": "a"}}}
    ]);
    let document = Document::new(&document(
        &servers,
        json!({"/token": token_operation(None)}),
    ));
    for value in [
        format!("{address}/"),
        format!("{address}?"),
        format!("{address}#"),
        format!("{address}\\"),
        format!("x@{address}/"),
        "localhost/a".to_owned(),
        format!(":{port}/a"),
        "evil\u{3002}example".to_owned(),
        "..".to_owned(),
        String::new(),
    ] {
        let shop = format!("shop={value}");
        let message = document.token(&["--server-variable", &shop]);
        assert!(
            message.usage().contains("server variable `shop`"),
            "{}",
            message.stderr
        );
        for variable in ["port", "tenant"] {
            let given = format!("{variable}={value}");
            if variable == "tenant"
                && !value.contains('/')
                && ![String::new(), "..".to_owned()].contains(&value)
            {
                continue;
            }
            let run = document.token(&["--server", "Local", "--server-variable", &given]);
            assert!(
                run.usage()
                    .contains(&format!("server variable `{variable}`")),
                "{}",
                run.stderr
            );
        }
    }
    assert!(evil.accept().is_err(), "somebody came");
}

/// curl and proxies shorten such a path, and others do not.
#[test]
fn a_server_url_with_dot_segments_is_refused() {
    let servers = json!([{"url": "https://acme.example"}]);
    let document = Document::new(&document(
        &servers,
        json!({"/token": token_operation(None)}),
    ));
    for server in [
        "https://acme.example/../..",
        "https://acme.example/v1/%2e%2e",
        "https://acme.example/./v1",
    ] {
        for more in [&[][..], &["--dry-run"], &["--curl"]] {
            let run = document.token(&[&["--server", server], more].concat());
            assert_ne!(run.code, Some(0), "{}", run.stdout);
            assert!(run.stderr.contains("`..` as a segment"), "{}", run.stderr);
        }
    }
}

#[test]
fn a_documents_own_default_moves_it_no_more() {
    for (url, default) in [
        ("https://{shop}.myshop.example", "evil.example/"),
        ("https://{shop}.myshop.example", "evil.example?"),
        ("https://myshop.example:{shop}", "443@evil.example"),
        ("https://myshop.example/{shop}/x", "../y"),
        ("https://api.{shop}", "evil.example"),
    ] {
        let servers = json!([{"url": url, "variables": {"shop": {"default": default}}}]);
        let document = Document::new(&document(
            &servers,
            json!({"/token": token_operation(None)}),
        ));
        let run = document.token(&[]);
        assert_eq!(run.code, Some(1), "{url}");
        assert!(run.stderr.contains("TS027"), "{url} {}", run.stderr);
    }
}
