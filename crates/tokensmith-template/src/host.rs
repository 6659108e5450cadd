//! The host of a URL: what its variables take, and whether the result has the template's shape.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::parse::Part;
use crate::{Fault, Origin, Place, Template, Value};

/// Second-level domains below which others register theirs, for top-level domains of countries.
const PUBLIC: [&str; 10] = [
    "ac", "co", "com", "edu", "go", "gov", "ne", "net", "or", "org",
];

pub(crate) fn fill(template: &Template<'_>, values: &[Value<'_>]) -> Result<String, Fault> {
    let parts = &template.host;
    if let [Part::Variable(name)] = parts.as_slice() {
        let value = template.value(name, values)?;
        return match is_authority(value.text, template.port.is_none()) {
            true => Ok(value.text.to_owned()),
            false => Err(Fault::refused(template.text, value, Place::Host)),
        };
    }
    // From the end, for what stands behind a variable decides what it takes.
    let mut host = String::new();
    let mut leftmost = None;
    for (index, part) in parts.iter().enumerate().rev() {
        match part {
            Part::Text(text) => host.insert_str(0, text),
            Part::Variable(name) => {
                let value = template.value(name, values)?;
                check(template, index, value, &host)?;
                host.insert_str(0, value.text);
                leftmost = Some(value);
            }
        }
    }
    match leftmost {
        Some(value) if !is_name(&host) => Err(Fault::refused(template.text, value, Place::Label)),
        _ => Ok(host),
    }
}

/// Fails unless the variable at this place takes the value; `behind` is what stands behind it.
fn check(
    template: &Template<'_>,
    index: usize,
    value: Value<'_>,
    behind: &str,
) -> Result<(), Fault> {
    let is_free = value.origin == Origin::Caller;
    if is_free && !is_registered(behind) {
        return Err(Fault::refused(template.text, value, Place::Domain));
    }
    let is_label = is_label(&template.host, index);
    let place = if is_label {
        Place::Label
    } else {
        Place::PartOfLabel
    };
    let is_allowed = |byte: u8| {
        byte.is_ascii_alphanumeric() || byte == b'-' || (byte == b'.' && (is_label || !is_free))
    };
    let is_missing = value.text.is_empty() && (is_free || is_label);
    match value.text.bytes().all(is_allowed) && !is_missing {
        true => Ok(()),
        false => Err(Fault::refused(template.text, value, place)),
    }
}

/// Whether a variable is between dots, or between a dot and an end of the host.
fn is_label(parts: &[Part<'_>], index: usize) -> bool {
    let before = index.checked_sub(1).and_then(|index| parts.get(index));
    let after = parts.get(index + 1);
    let starts = before.is_none_or(|part| matches!(part, Part::Text(text) if text.ends_with('.')));
    let ends = after.is_none_or(|part| matches!(part, Part::Text(text) if text.starts_with('.')));
    starts && ends
}

/// The variables behind which no registrable domain stands.
pub(crate) fn open_variables<'t>(parts: &[Part<'t>]) -> Vec<&'t str> {
    if parts.len() < 2 {
        return Vec::new();
    }
    let mut open = Vec::new();
    let mut behind = String::new();
    for part in parts.iter().rev() {
        match part {
            Part::Text(text) => behind.insert_str(0, text),
            Part::Variable(name) => {
                if !is_registered(&behind) && !open.contains(name) {
                    open.insert(0, *name);
                }
                behind.insert(0, 'x');
            }
        }
    }
    open
}

/// Whether what stands behind a variable holds a whole domain that somebody registers.
fn is_registered(behind: &str) -> bool {
    let Some((_, domain)) = behind.split_once('.') else {
        return false;
    };
    let labels: Vec<&str> = domain.split('.').collect();
    let is_full = labels.iter().all(|label| !label.is_empty());
    is_full
        && match labels.as_slice() {
            [second, top] => !(is_number(top) || top.len() == 2 && PUBLIC.contains(second)),
            [.., top] => labels.len() > 2 && !is_number(top),
            [] => false,
        }
}

/// Whether a text is a host, with or without a port.
fn is_authority(text: &str, takes_port: bool) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let address = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let is_host = match address {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => is_name(host) && !host.contains('_'),
    };
    is_host && port.is_none_or(|port| takes_port && is_port(port))
}

/// Whether a text is a host name (RFC 1123, section 2.1), or an IPv4 address. The fixed parts of a
/// template may hold underscores.
fn is_name(host: &str) -> bool {
    const LONGEST_HOST: usize = 253;
    const LONGEST_LABEL: usize = 63;
    let is_label = |label: &str| {
        (1..=LONGEST_LABEL).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    // Parsers of URLs read a host as an IPv4 address, in many forms, if its last label is a number.
    let last = host.rsplit('.').next().unwrap_or_default();
    host.len() <= LONGEST_HOST
        && host.split('.').all(is_label)
        && (!is_number(last) || host.parse::<Ipv4Addr>().is_ok())
}

fn is_number(label: &str) -> bool {
    let hex = label.strip_prefix("0x").or(label.strip_prefix("0X"));
    label.bytes().all(|byte| byte.is_ascii_digit())
        || hex.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

pub(crate) fn is_port(text: &str) -> bool {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    is_number && text.parse::<u16>().is_ok_and(|port| port > 0)
}
