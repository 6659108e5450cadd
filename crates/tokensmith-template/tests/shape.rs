//! Whatever the values are, the URL that the `url` crate reads has the template's host.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use tokensmith_template::{Origin, Template, Value};
use url::{Host, Url};

/// Pieces that move a host where they are not looked at, and harmless ones.
fn value() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z0-9-]{0,6}",
        proptest::sample::select(vec![
            "evil.example",
            ".",
            "..",
            "/",
            "\\",
            "?",
            "#",
            "@",
            ":",
            ":8443",
            "%2f",
            "%2e",
            "%",
            "\t",
            "\n",
            " ",
            "\u{3002}",
            "\u{ff0e}",
            "\u{ff0f}",
            "[::1]",
            "127.0.0.1",
            "0x7f",
            "xn--",
            "{",
            "}",
            "{b}",
            "\u{ad}",
            "\u{200d}",
            "ß",
            "_",
            "-",
            "//",
            "",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

fn origin() -> impl Strategy<Value = Origin> {
    proptest::sample::select(vec![Origin::Caller, Origin::Pattern, Origin::Document])
}

/// Templates, and the fixed end of the host of each.
const TEMPLATES: [(&str, &str); 10] = [
    ("https://{a}.myshop.example/{b}/token", ".myshop.example"),
    ("https://{a}{b}.myshop.example", ".myshop.example"),
    ("https://api-{a}.myshop.example:{b}/x", ".myshop.example"),
    ("https://{a}.{b}.myshop.example?c={c}", ".myshop.example"),
    ("{a}://api.myshop.example/{b}", "api.myshop.example"),
    (
        "https://api.myshop.example/{a}{b}/{c}",
        "api.myshop.example",
    ),
    ("https://api.myshop.example:{a}", "api.myshop.example"),
    ("https://{a}", ""),
    ("https://{a}:{b}/{c}", ""),
    ("https://api.{a}/{b}", ""),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn the_host_has_the_shape_of_the_template(
        template in proptest::sample::select(TEMPLATES.to_vec()),
        values in proptest::collection::vec((value(), origin()), 3),
    ) {
        let (text, end) = template;
        let parsed = Template::parse(text).unwrap();
        let values: Vec<Value<'_>> = ["a", "b", "c"]
            .iter()
            .zip(&values)
            .map(|(name, (text, origin))| Value::new(name, text, *origin))
            .collect();
        let Ok(filled) = parsed.fill(&values) else {
            return Ok(());
        };
        let Ok(url) = Url::parse(&filled) else {
            // Punycode that stands for nothing.
            prop_assert!(filled.to_ascii_lowercase().contains("xn--"), "{}", filled);
            return Ok(());
        };
        let authority = filled.split("://").nth(1).unwrap();
        let authority = &authority[..authority.find(['/', '?']).unwrap_or(authority.len())];
        let host = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => host,
            _ => authority,
        };
        prop_assert!(url.host_str().unwrap().ends_with(end), "{}", url);
        match url.host().unwrap() {
            Host::Domain(domain) => prop_assert!(domain.eq_ignore_ascii_case(host), "{} {}", url, host),
            Host::Ipv4(address) => prop_assert_eq!(address.to_string(), host),
            Host::Ipv6(address) => prop_assert_eq!(host.trim_matches(['[', ']']).parse(), Ok(address)),
        }
        prop_assert_eq!(url.username(), "");
        prop_assert_eq!(url.password(), None);
        prop_assert_eq!(url.fragment(), None);
        prop_assert!(matches!(url.scheme(), "http" | "https"));
        // Nothing was mended on the way: the path is as it was written.
        let path = filled.split("://").nth(1).unwrap()[authority.len()..].split('?').next().unwrap();
        prop_assert_eq!(url.path(), if path.is_empty() { "/" } else { path });
    }
}

#[test]
fn a_host_that_begins_before_the_slashes_is_no_template() {
    for text in [
        "https:tps://api{env}.example.com",
        "https:/x://{env}.example.com",
        "https:///api.{env}.example.com",
        "https://\\{env}.example.com",
    ] {
        assert!(Template::parse(text).is_err(), "{text}");
    }
    for text in ["{scheme}://example.com", "https://{env}.example.com"] {
        assert!(Template::parse(text).is_ok(), "{text}");
    }
}
