//! Whatever a template and its values are: the URL that comes of them, as the `url` crate reads it, has the
//! host that was filled in, and a fixed end of the template's host stays.
//!
//! The input is lines: the template, then a value for each of its variables.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tokensmith_template::{Origin, Template, Value};
use url::Url;

fuzz_target!(|text: &str| {
    let mut lines = text.split('\n');
    let Ok(template) = Template::parse(lines.next().unwrap_or_default()) else {
        return;
    };
    let names = template.variables();
    for origin in [Origin::Caller, Origin::Pattern, Origin::Document] {
        let values = names.iter().zip(lines.clone());
        let values: Vec<Value<'_>> = values
            .map(|(name, text)| Value::new(name, text, origin))
            .collect();
        if let Ok(filled) = template.fill(&values) {
            judge(template.as_str(), &filled);
        }
    }
});

fn judge(template: &str, filled: &str) {
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
    // What the fixed parts hold is the author's: the runtime refuses it later.
    if !template.contains('{') || !is_plain(template) || template.contains(['\\', '@', '%', '#']) {
        return;
    }
    let Ok(url) = Url::parse(filled) else {
        return;
    };
    assert!(
        url.username().is_empty() && url.password().is_none(),
        "{url}"
    );
    let fixed = authority(template);
    if !fixed.contains('{') {
        // Whatever the author's host is, a value elsewhere in the URL leaves it.
        let Ok(author) = Url::parse(template) else {
            return;
        };
        let place = |url: &Url| {
            (
                url.host_str().map(str::to_owned),
                url.port_or_known_default(),
            )
        };
        assert_eq!(place(&url), place(&author), "{template} {filled}");
        return;
    }
    let authority = authority(filled);
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => host,
        _ => authority,
    };
    let read = url.host_str().unwrap_or_default();
    let is_address = host.starts_with('[');
    let fixed_host = fixed.split(':').next().unwrap_or_default();
    if !is_address && !fixed_host.contains('{') {
        // The author's host may be a number, which URLs read as an address: `0x7f`.
        let author = Url::parse(&format!("{}://{fixed_host}/", url.scheme()));
        let author = author
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned));
        assert_eq!(author.as_deref(), Some(read), "{template} {filled} {url}");
        return;
    }
    assert!(
        is_address || read.eq_ignore_ascii_case(host),
        "{template} {filled} {url}"
    );
    let end = fixed_host.rsplit('}').next().unwrap_or_default();
    if fixed_host.contains('}') && !end.contains('{') {
        let read = read.to_ascii_lowercase();
        assert!(
            read.ends_with(&end.to_ascii_lowercase()),
            "{template} {filled} {url}"
        );
    }
}

/// What stands between the scheme and the path.
fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or_default()
}
