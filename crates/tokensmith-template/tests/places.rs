//! What each place of a URL takes.

#![allow(clippy::unwrap_used)]

use tokensmith_template::{Origin, Template, Value, fill_path};

fn filled(template: &str, values: &[(&str, &str)], origin: Origin) -> Result<String, String> {
    let values: Vec<Value<'_>> = values
        .iter()
        .map(|(name, text)| Value::new(name, text, origin))
        .collect();
    let template = Template::parse(template).map_err(|fault| fault.to_string())?;
    template.fill(&values).map_err(|fault| fault.to_string())
}

fn given(template: &str, values: &[(&str, &str)]) -> Option<String> {
    filled(template, values, Origin::Caller).ok()
}

fn listed(template: &str, values: &[(&str, &str)]) -> Option<String> {
    filled(template, values, Origin::Document).ok()
}

/// Values that move the secret where they are put into a host as they stand.
const HOSTILE: [&str; 33] = [
    "evil.example/",
    "evil.example?",
    "evil.example#",
    "evil.example\\",
    "evil.example:8443/a",
    "evil.example:8443",
    ":8443/a",
    "@evil.example",
    "user@",
    "user:pw@evil.example/",
    "//evil.example",
    "evil.example%2f",
    "evil%2eexample",
    "%00",
    "evil.example\t",
    "evil.example\n",
    "evil.example\r\nHost: x",
    " evil",
    "evil\u{3002}example",
    "evil\u{ff0e}example",
    "evil\u{ff61}example",
    "evil\u{ff0f}",
    "\u{202e}live",
    "b\u{fc}cher",
    "[::1]",
    "[::1]:80/",
    "..",
    "a..b",
    ".a",
    "a.",
    "-a",
    "a_b",
    "{other}",
];

#[test]
fn no_value_leaves_its_label() {
    let templates = [
        "https://{shop}.myshop.example",
        "https://{shop}.myshop.example/oauth",
        "https://api-{shop}.myshop.example",
        "https://{shop}.eu.myshop.example:8443/{shop}",
        "https://{shop}:443",
        "https://{shop}",
    ];
    for template in templates {
        for value in HOSTILE {
            let allowed = match (template, value) {
                ("https://{shop}", "evil.example:8443" | "[::1]") => true,
                ("https://{shop}:443", "[::1]") => true,
                // Behind `api-` it is a label that ends with a letter.
                ("https://api-{shop}.myshop.example", "-a") => true,
                _ => false,
            };
            let filled = given(template, &[("shop", value)]);
            assert_eq!(filled.is_some(), allowed, "{template} {value:?} {filled:?}");
        }
        assert_eq!(given(template, &[("shop", "")]), None, "{template}");
        assert!(
            given(template, &[("shop", "acme-1")]).is_some(),
            "{template}"
        );
    }
}

#[test]
fn a_listed_value_keeps_the_host_too() {
    for value in ["evil.example/", "evil.example#", "a b", "x@y", "a:1"] {
        assert_eq!(
            listed("https://{shop}.myshop.example", &[("shop", value)]),
            None
        );
    }
    let api = "https://api{environment}.example.com";
    assert_eq!(
        listed(api, &[("environment", ".sandbox")]).as_deref(),
        Some("https://api.sandbox.example.com")
    );
    assert_eq!(
        listed(api, &[("environment", "")]).as_deref(),
        Some("https://api.example.com")
    );
    assert_eq!(given(api, &[("environment", ".sandbox")]), None);
    assert_eq!(given(api, &[("environment", "")]), None);
}

#[test]
fn a_label_may_be_several_where_a_domain_stands_behind_it() {
    assert_eq!(
        given(
            "https://{tenant}.salesforce.example.com",
            &[("tenant", "acme.my")]
        )
        .as_deref(),
        Some("https://acme.my.salesforce.example.com")
    );
    assert_eq!(
        given("https://api-{tenant}.example.com", &[("tenant", "acme.my")]),
        None
    );
}

#[test]
fn the_domain_is_the_documents() {
    let open = |template: &'static str| {
        Template::parse(template)
            .map(|template| template.open_variables())
            .unwrap_or_default()
    };
    for template in [
        "https://api.{domain}",
        "https://api.{domain}:8443/x",
        "https://{domain}.com",
        "https://{domain}.co.uk",
        "https://{domain}example.com",
        "https://api.{domain}.com",
        "https://{domain}.0.0.1",
        "https://10.0.0.{domain}",
    ] {
        assert_eq!(open(template), ["domain"], "{template}");
        assert_eq!(given(template, &[("domain", "evil")]), None, "{template}");
    }
    assert_eq!(open("https://{a}.{domain}"), ["a", "domain"]);
    for template in [
        "https://{domain}",
        "https://{domain}:8443/x",
        "https://{domain}.example.com",
        "https://x{domain}.example.com",
        "https://{domain}.co.example",
        "https://example.com/{domain}",
    ] {
        assert!(open(template).is_empty(), "{template}");
    }
    let api = "https://api.{domain}";
    assert!(listed(api, &[("domain", "example.com")]).is_some());
    assert!(filled(api, &[("domain", "example.com")], Origin::Pattern).is_ok());
    // A listed domain is as good as a fixed one for what stands before it.
    let both = Template::parse("https://{tenant}.{domain}").unwrap();
    let values = [
        Value::listed("domain", "example.com"),
        Value::given("tenant", "acme"),
    ];
    assert_eq!(both.fill(&values).unwrap(), "https://acme.example.com");
}

#[test]
fn a_whole_host_is_the_callers() {
    for (host, is_taken) in [
        ("auth.example.com", true),
        ("auth.example.com:8443", true),
        ("localhost:8080", true),
        ("127.0.0.1:8080", true),
        ("[::1]:8080", true),
        ("[::1]", true),
        ("::1", false),
        ("[evil]", false),
        ("127.1", false),
        ("0x7f.1", false),
        ("1.2.3.4.5", false),
        ("auth.example.com.", false),
        ("auth.example.com:", false),
        ("auth.example.com:0", false),
        ("auth.example.com:65536", false),
        ("auth.example.com:+1", false),
        ("auth_1.example.com", false),
    ] {
        let url = given("https://{host}/token", &[("host", host)]);
        assert_eq!(url.is_some(), is_taken, "{host}");
    }
    assert_eq!(
        given("https://{host}:{port}", &[("host", "a:1"), ("port", "2")]),
        None
    );
}

#[test]
fn scheme_and_port() {
    for (scheme, is_taken) in [
        ("https", true),
        ("http", true),
        ("ftp", false),
        ("https://x/", false),
    ] {
        let url = given("{scheme}://a.example.com", &[("scheme", scheme)]);
        assert_eq!(url.is_some(), is_taken, "{scheme}");
    }
    assert!(given("http{s}://a.example.com", &[("s", "s")]).is_some());
    for (port, is_taken) in [
        ("8443", true),
        ("1", true),
        ("0", false),
        ("65536", false),
        ("80/a", false),
        ("", false),
        ("+80", false),
        ("８０", false),
    ] {
        let url = given("https://a.example.com:{port}/x", &[("port", port)]);
        assert_eq!(url.is_some(), is_taken, "{port}");
    }
    assert!(given("https://[::1]:{port}/x", &[("port", "80")]).is_some());
    assert!(Template::parse("{base}/x").is_err());
    assert!(Template::parse("https://user:{password}@a.example.com").is_err());
}

#[test]
fn in_the_path_a_value_is_one_segment() {
    let path = |value| given("https://a.example.com/{tenant}/v2", &[("tenant", value)]);
    assert_eq!(
        path("a b?c#d%2f\\ü").as_deref(),
        Some("https://a.example.com/a%20b%3Fc%23d%252f%5C%C3%BC/v2")
    );
    for value in ["", "a/b", "/", ".", ".."] {
        assert_eq!(path(value), None, "{value}");
    }
    let joined = [("a", "."), ("b", ".")];
    assert_eq!(given("https://a.example.com/{a}{b}/v2", &joined), None);
    assert_eq!(given("https://a.example.com/.{a}/v2", &joined), None);
    assert_eq!(given("https://a.example.com/%2e{a}/v2", &joined), None);
    assert_eq!(
        listed("https://a.example.com/{base}", &[("base", "v1/eu")]).as_deref(),
        Some("https://a.example.com/v1/eu")
    );
    assert_eq!(
        listed("https://a.example.com/{base}", &[("base", "../x")]),
        None
    );
    assert_eq!(
        given("https://a.example.com?x={x}", &[("x", "a&b=/")]).as_deref(),
        Some("https://a.example.com?x=a%26b%3D%2F")
    );
}

#[test]
fn the_path_of_a_request() {
    let fill = |path, value| fill_path(path, &[("id", value)]).ok();
    assert_eq!(
        fill("/{id}/token", "a/b ?ü").as_deref(),
        Some("/a%2Fb%20%3F%C3%BC/token")
    );
    for value in ["", ".", ".."] {
        assert_eq!(fill("/{id}/token", value), None, "{value}");
    }
    assert_eq!(fill("/.{id}/token", "."), None);
    assert_eq!(
        fill("/{other}/{}/{id}", "x").as_deref(),
        Some("/{other}/{}/x")
    );
    let fault = fill_path("/.{id}/token", &[("id", ".")]).unwrap_err();
    assert!(!fault.to_string().contains("`.`:"), "{fault}");
}

#[test]
fn braces_without_a_name_stand_for_themselves() {
    for template in [
        "https://a.example.com/}{",
        "https://a.example.com/{}",
        "https://a.example.com/{",
    ] {
        assert_eq!(given(template, &[]).as_deref(), Some(template));
    }
    let odd = Template::parse("https://{a b}.example.com/{\"a}/{your-domain}").unwrap();
    assert_eq!(odd.variables(), ["a b", "\"a", "your-domain"]);
    assert!(Template::parse("https://{a://b}.example.com").is_ok());
}

#[test]
fn a_fault_says_what_and_where_and_moves_no_cursor() {
    let fault = |value| {
        filled(
            "https://{shop}.myshop.example",
            &[("shop", value)],
            Origin::Caller,
        )
        .unwrap_err()
    };
    assert_eq!(
        fault("evil.example/"),
        "the server variable `shop` of `https://{shop}.myshop.example` cannot be `evil.example/`: \
         in the host it takes letters, digits, hyphens, and dots between them"
    );
    let shown = fault("\u{1b}[2J\n\u{202e}\u{9b}");
    assert!(
        shown
            .chars()
            .all(|letter| !letter.is_control() && letter != '\u{202e}'),
        "{shown}"
    );
    assert!(fault(&"x/".repeat(1000)).len() < 500);
    let missing = filled("https://{shop}.myshop.example", &[], Origin::Caller).unwrap_err();
    assert_eq!(
        missing,
        "`https://{shop}.myshop.example` lacks a value for `shop`"
    );
}
