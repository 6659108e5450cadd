use super::*;

type Spoil = fn(&mut Template);

/// Fails unless the document is refused for what is told.
fn refuses(cases: &[(Spoil, &str)]) {
    for (spoil, told) in cases {
        let mut template = plain();
        spoil(&mut template);
        let fault = template.document().expect_err(told);
        assert!(fault.contains(told), "{told}: {fault}");
    }
}

#[test]
fn endpoints_that_cannot_be_are_told() {
    refuses(&[
        (
            |wrong| wrong.token_url = "http://a.example/t".to_owned(),
            "plain http",
        ),
        (
            |wrong| wrong.revocation_url = url("/a b"),
            "the revocation endpoint",
        ),
        (
            |wrong| wrong.introspection_url = url("/a\"b"),
            "the introspection endpoint",
        ),
        (
            |wrong| wrong.revocation_url = url("/oauth2/token"),
            "the same URL",
        ),
        (
            |wrong| wrong.device_url = url("/device"),
            "the grant device_code",
        ),
        (
            |wrong| wrong.authorization_url = url("/a"),
            "the grant authorization_code",
        ),
        (
            |wrong| wrong.docs = Some("a\nb: *x".to_owned()),
            "cannot be a page",
        ),
    ]);
}

#[test]
fn texts_that_would_be_something_else_are_told() {
    refuses(&[
        (|wrong| wrong.title = "a\nb: c".to_owned(), "display name"),
        (
            |wrong| wrong.title = "a\u{202e}b".to_owned(),
            "display name",
        ),
        (|wrong| wrong.title = " ".to_owned(), "display name"),
        (|wrong| wrong.scope_separator = '\n', "between scopes"),
        (|wrong| wrong.scope_separator = 'x', "between scopes"),
        (
            |wrong| wrong.response_scope_separator = 'x',
            "between scopes",
        ),
        (|wrong| wrong.grants.clear(), "at least one grant"),
        (
            |wrong| wrong.grants[0].value = "ma\"gic".to_owned(),
            "cannot be a grant type",
        ),
        (
            |wrong| wrong.grants[0].value = "a\n      b: c".to_owned(),
            "cannot be a grant type",
        ),
        (
            |wrong| wrong.grants[0].value = "a: b".to_owned(),
            "cannot be a grant type",
        ),
        (|wrong| add(wrong, "a: b"), "cannot be a parameter"),
        (|wrong| add(wrong, "a\nb"), "cannot be a parameter"),
        (
            |wrong| add(wrong, "client_secret"),
            "is in the document already",
        ),
    ]);
}

fn add(template: &mut Template, name: &str) {
    template.grants[0].parameters.push(Parameter {
        name: name.to_owned(),
        is_required: true,
    });
}

#[test]
fn servers_that_cannot_be_are_told() {
    let token_url = "https://auth.example.com/oauth2/token";
    for (text, told) in [
        ("https://eu.example.com", "NAME=URL"),
        ("=https://eu.example.com", "name of a server"),
        ("1=https://eu.example.com", "name of a server"),
        ("a\n: b=https://eu.example.com", "name of a server"),
        ("Europe=http://eu.example.com", "plain http"),
        ("Europe=https://{region}.example.com", "a variable"),
        ("Europe=https://eu.example.com?x=1", "a query"),
        ("Europe=", "absolute URL"),
    ] {
        let fault = read_server(text, token_url).expect_err(text);
        assert!(fault.contains(told), "{text}: {fault}");
    }
    let twice = |servers: [&str; 2]| {
        let read = |text: &&str| read_server(text, token_url).expect("is right");
        let template = Template {
            servers: servers.iter().map(read).collect(),
            ..plain()
        };
        template.document().expect_err("is given twice")
    };
    for servers in [
        ["Europe=https://a.example", "europe=https://b.example"],
        ["Europe=https://a.example", "Asia=https://a.example"],
        ["Production=https://a.example", "Asia=https://b.example"],
    ] {
        assert!(twice(servers).contains("given twice"), "{servers:?}");
    }
}
