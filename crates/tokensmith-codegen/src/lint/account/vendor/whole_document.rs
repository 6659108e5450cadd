//! A vendor's own keys that hold for all operations: at the root, in `info`, and in the security schemes of the OAuth operations.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::named;
use crate::diagnostic::{Diagnostic, Rule};
use crate::lint::list;
use crate::model::Model;
use crate::openapi::operation::Operation;
use crate::openapi::reference::resolve;
use crate::openapi::security_scheme::SecurityScheme;
use crate::openapi::site::Site;
use crate::pointer;

/// Tells the keys that are called after something that matters, once for each part that has some.
pub(in crate::lint::account) fn tell(
    root: &Value,
    sites: &[Site],
    model: &Model,
) -> Vec<Diagnostic> {
    let mut owners: Vec<(String, Option<&Map<String, Value>>)> = vec![
        (String::new(), root.as_object()),
        (
            "/info".to_owned(),
            root.get("info").and_then(Value::as_object),
        ),
    ];
    for (at, scheme) in schemes(root, sites) {
        owners.push((at.clone(), scheme.as_object()));
        for (name, flow) in SecurityScheme(scheme).flows() {
            owners.push((pointer::join_all(&at, &["flows", name]), flow.as_object()));
        }
    }
    let told = owners
        .into_iter()
        .filter_map(|(at, members)| of_owner(&at, members?, model));
    told.collect()
}

/// The schemes that the OAuth operations ask for, and those that say which flows there are.
fn schemes<'a>(root: &'a Value, sites: &[Site]) -> Vec<(String, &'a Value)> {
    let operations = sites
        .iter()
        .filter_map(|site| Operation::at(root, &site.pointer));
    let asked_for: BTreeSet<&String> = operations
        .flat_map(|operation| operation.security())
        .filter_map(|alternative| alternative.value.as_object())
        .flat_map(Map::keys)
        .collect();
    let declared = root
        .pointer("/components/securitySchemes")
        .and_then(Value::as_object);
    let declared = declared.into_iter().flatten().filter_map(|(name, scheme)| {
        let at = pointer::join_all("/components/securitySchemes", &[name]);
        let scheme = resolve(root, scheme, &at).ok()?;
        let has_flows = SecurityScheme(scheme.value).flows().next().is_some();
        (has_flows || asked_for.contains(name)).then_some((scheme.pointer, scheme.value))
    });
    declared.collect()
}

fn of_owner(at: &str, members: &Map<String, Value>, model: &Model) -> Option<Diagnostic> {
    let mut sent = BTreeSet::new();
    let mut keys = Vec::new();
    for key in named(members) {
        let names = sent_names(key, &members[key]);
        let lost: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| !is_sent(name, model))
            .collect();
        if names.is_empty() || !lost.is_empty() {
            keys.push(key);
            sent.extend(lost);
        }
    }
    let first = keys.first()?;
    let sent: Vec<&str> = sent.into_iter().collect();
    let what = match sent.is_empty() {
        true => String::new(),
        false => format!("; no request has {}", list(&sent)),
    };
    let message = format!(
        "keys of the vendor's own are not read: {}{what}",
        list(&keys)
    );
    let help = match sent.is_empty() {
        true => "say in OpenAPI or in `x-tokensmith` what they say that matters to OAuth",
        false => {
            "declare it as a parameter of the OAuth operations where they take it; a header of all requests can be set by `Client::header`"
        }
    };
    Some(Diagnostic::new(Rule::Unused, pointer::join(at, first), message).help(help))
}

/// The headers and parameters that the value of a key names, if the key is called after them.
fn sent_names<'a>(key: &str, value: &'a Value) -> Vec<&'a str> {
    const NAMES: [&str; 6] = [
        "header",
        "headerName",
        "parameter",
        "wireName",
        "key",
        "name",
    ];
    let lower = key.to_lowercase();
    if !["header", "param"].iter().any(|word| lower.contains(word)) {
        return Vec::new();
    }
    let of_object = |members: &'a Map<String, Value>| {
        let mut names = NAMES.iter();
        names.find_map(|name| members.get(*name)?.as_str())
    };
    match value {
        Value::String(name) => vec![name.as_str()],
        Value::Object(members) => match of_object(members) {
            Some(name) => vec![name],
            None => members.keys().map(String::as_str).collect(),
        },
        Value::Array(items) => items
            .iter()
            .filter_map(|item| item.as_str().or_else(|| of_object(item.as_object()?)))
            .collect(),
        _ => Vec::new(),
    }
}

/// Whether all endpoints that a client calls have a parameter of this name.
fn is_sent(name: &str, model: &Model) -> bool {
    let mut called = model
        .endpoints
        .iter()
        .filter(|endpoint| endpoint.is_called());
    called.all(|endpoint| {
        let mut operations = endpoint.operations.iter();
        operations.all(|operation| {
            let mut parameters = operation.parameters.iter();
            parameters.any(|parameter| parameter.wire.eq_ignore_ascii_case(name))
        })
    })
}
