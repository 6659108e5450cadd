//! The path items of the kept operations, with nothing else in them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::component::Collector;
use super::documents::Documents;
use super::importance::Importance;
use super::path_query::{move_declared, undeclared};
use crate::openapi::extension;
use crate::openapi::grammar::Part;
use crate::openapi::site::Site;
use crate::pointer;
use tokensmith_description::EndpointKind;

/// The members of a path item that hold for all of its operations.
const SHARED: [(&str, Part); 2] = [("parameters", Part::Parameter), ("servers", Part::Server)];

/// `paths` with these operations only.
pub(super) fn paths(
    documents: Documents<'_>,
    sites: &[Site],
    collector: &mut Collector<'_, '_>,
) -> Value {
    let mut items: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for site in sites {
        items.entry(&site.path).or_default().insert(&site.item);
    }
    let mut paths = Map::new();
    // Token endpoints first: what they need has to be whole.
    let (tokens, others): (Vec<_>, Vec<_>) = sites
        .iter()
        .partition(|site| site.kind == EndpointKind::Token);
    for site in tokens.into_iter().chain(others) {
        collector.set_importance(match site.kind {
            EndpointKind::Token => Importance::Request,
            _ => Importance::Nothing,
        });
        let Some(item) = documents.value(&site.item) else {
            continue;
        };
        let at = pointer::join("/paths", &site.path);
        let kept = paths.entry(site.path.clone()).or_insert_with(|| json!({}));
        // It means nothing there, which a lint tells.
        if let Some(extension) = item.get(extension::KEY) {
            kept[extension::KEY] = extension.clone();
        }
        let is_only_item = items[site.path.as_str()].len() == 1;
        let mut declared = Vec::new();
        for (key, part) in SHARED.into_iter().filter(|_| is_only_item) {
            if let Some(value) = item.get(key) {
                let mut value = value.clone();
                if part == Part::Parameter && !site.query.is_empty() {
                    let may_copy = |value: &Value| collector.may_copy(value, &site.item);
                    let with = (documents, &may_copy as &dyn Fn(&Value) -> bool);
                    move_declared(&mut value, &site.query, with, &mut declared);
                }
                let from = pointer::join(&site.item, key);
                collector.keep(&mut value, &from, &pointer::join(&at, key), part);
                kept[key] = value;
            }
        }
        if let Some(operation) = documents.value(&site.pointer) {
            let to = pointer::join(&at, &site.method);
            let mut value = operation.clone();
            drop_what_is_not_read(&mut value);
            if !site.query.is_empty()
                && let Some(members) = value.as_object_mut()
            {
                let list = members.entry("parameters").or_insert(Value::Null);
                let may_copy = |value: &Value| collector.may_copy(value, &site.pointer);
                let with = (documents, &may_copy as &dyn Fn(&Value) -> bool);
                move_declared(list, &site.query, with, &mut declared);
                if list.is_null() {
                    *list = json!([]);
                }
                if let Some(list) = list.as_array_mut() {
                    list.extend(undeclared(&site.query, &declared));
                }
            }
            if let (Some(server), Some(members)) = (&site.server, value.as_object_mut()) {
                members.insert("servers".to_owned(), json!([{ "url": server }]));
            }
            collector.keep(&mut value, &site.pointer, &to, Part::Operation);
            if !is_only_item && let Some(members) = value.as_object_mut() {
                inherit_parameters(documents, site, (item, operation), members, &to, collector);
                inherit_servers(site, item, members, &to, collector);
            }
            kept[&site.method] = value;
        }
    }
    Value::Object(paths)
}

fn drop_what_is_not_read(operation: &mut Value) {
    if let Some(operation) = operation.as_object_mut() {
        operation.remove("callbacks");
        operation.remove(extension::KEY);
    }
}

/// Adds the parameters of the item that the operation does not declare itself. Operations of other items stand under the same path,
/// and these parameters are not theirs.
fn inherit_parameters(
    documents: Documents<'_>,
    site: &Site,
    (item, operation): (&Value, &Value),
    kept: &mut Map<String, Value>,
    to: &str,
    collector: &mut Collector<'_, '_>,
) {
    let own = parameters(documents, operation, &site.pointer);
    let inherited = parameters(documents, item, &site.item);
    let own: BTreeSet<_> = own.into_iter().filter_map(|(_, _, key)| key).collect();
    let place = pointer::join(to, "parameters");
    for (parameter, from, key) in inherited {
        if key.is_some_and(|key| own.contains(&key)) {
            continue;
        }
        let list = kept.entry("parameters").or_insert_with(|| json!([]));
        let Some(list) = list.as_array_mut() else {
            return;
        };
        let mut parameter = parameter.clone();
        let to = pointer::join(&place, &list.len().to_string());
        collector.keep(&mut parameter, &from, &to, Part::Parameter);
        list.push(parameter);
    }
}

/// A parameter, where it stands, and what tells it from others: its name and its place in the request.
type Placed<'a> = (&'a Value, String, Option<(&'a str, &'a str)>);

/// The parameters of an operation or of a path item.
fn parameters<'a>(documents: Documents<'a>, owner: &'a Value, at: &str) -> Vec<Placed<'a>> {
    let at = pointer::join(at, "parameters");
    let list = owner
        .get("parameters")
        .and_then(|list| documents.resolve(list, &at).ok());
    let Some((items, at)) = list.and_then(|list| Some((list.value.as_array()?, list.pointer)))
    else {
        return Vec::new();
    };
    let placed = items.iter().enumerate().map(|(index, parameter)| {
        let at = pointer::join(&at, &index.to_string());
        let target = documents.resolve(parameter, &at).ok();
        let key = target.and_then(|target| {
            let text = |key: &str| target.value.get(key)?.as_str();
            Some((text("name")?, text("in")?))
        });
        (parameter, at, key)
    });
    placed.collect()
}

/// Gives the operation the servers of its item, unless it has its own.
fn inherit_servers(
    site: &Site,
    item: &Value,
    kept: &mut Map<String, Value>,
    to: &str,
    collector: &mut Collector<'_, '_>,
) {
    if let (Some(servers), false) = (item.get("servers"), kept.contains_key("servers")) {
        let mut servers = servers.clone();
        let from = pointer::join(&site.item, "servers");
        collector.keep(
            &mut servers,
            &from,
            &pointer::join(to, "servers"),
            Part::Server,
        );
        kept.insert("servers".to_owned(), servers);
    }
}
