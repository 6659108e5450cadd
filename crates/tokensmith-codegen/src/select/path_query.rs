//! Parameters in the query of a key of `paths`: OpenAPI has no place for them there, and they are read as if they were declared.

use serde_json::{Value, json};

use super::documents::Documents;
use super::path::PathKey;
use crate::openapi::site::{PathQuery, PathQueryValue};

/// Names that say by a fixed value which request an operation is for.
const DISTINGUISHING: [&str; 2] = ["grant_type", "response_type"];

impl PathKey {
    /// Takes the parameters out of the query: those with a variable, and those that say what an operation is for, unless another
    /// path differs in its query alone.
    pub(super) fn take_query(&mut self, is_only: bool) {
        let (sent, fragment) = match self.path.find('#') {
            Some(start) => self.path.split_at(start),
            None => (self.path.as_str(), ""),
        };
        let Some((path, query)) = sent.split_once('?') else {
            return;
        };
        let (mut taken, mut left) = (Vec::new(), Vec::new());
        for part in query.split('&') {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let variable = value
                .strip_prefix('{')
                .and_then(|rest| rest.strip_suffix('}'))
                .filter(|name| !name.contains(['{', '}']));
            let value = match variable {
                Some(variable) => PathQueryValue::Variable(variable.to_owned()),
                None if is_only && DISTINGUISHING.contains(&name) && !value.is_empty() => {
                    PathQueryValue::Fixed(value.to_owned())
                }
                None => {
                    left.push(part);
                    continue;
                }
            };
            let name = name.to_owned();
            taken.push(PathQuery { name, value });
        }
        if taken.is_empty() {
            return;
        }
        let mut written = path.to_owned();
        if !left.is_empty() {
            written = format!("{written}?{}", left.join("&"));
        }
        self.path = written + fragment;
        self.query = taken;
        self.fault = Some("has parameters in its query");
    }
}

/// Gives the parameters of a list that the path has in its query their names and their place there; what is declared by that is added to
/// `declared`.
pub(super) fn move_declared(
    list: &mut Value,
    query: &[PathQuery],
    documents: Documents<'_>,
    declared: &mut Vec<String>,
) {
    for parameter in list.as_array_mut().into_iter().flatten() {
        let Some(target) = documents.end_of(parameter) else {
            continue;
        };
        let text = |key: &str| target.get(key).and_then(Value::as_str);
        let (Some(name), Some(place @ ("path" | "query"))) = (text("name"), text("in")) else {
            continue;
        };
        let is_it = |one: &&PathQuery| match &one.value {
            PathQueryValue::Variable(variable) => {
                variable == name || place == "query" && one.name == name
            }
            PathQueryValue::Fixed(_) => place == "query" && one.name == name,
        };
        let Some(found) = query.iter().find(is_it) else {
            continue;
        };
        declared.push(found.name.clone());
        if (name, place) != (&found.name, "query") {
            let mut moved = target;
            moved["name"] = json!(found.name);
            moved["in"] = json!("query");
            *parameter = moved;
        }
    }
}

/// The parameters that only the path declares.
pub(super) fn undeclared(query: &[PathQuery], declared: &[String]) -> impl Iterator<Item = Value> {
    let left = query.iter().filter(|one| !declared.contains(&one.name));
    left.map(|one| {
        let schema = match &one.value {
            PathQueryValue::Variable(_) => json!({"type": "string"}),
            PathQueryValue::Fixed(value) => json!({"type": "string", "enum": [value]}),
        };
        json!({"name": one.name, "in": "query", "required": true, "schema": schema})
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(key: &str, is_only: bool) -> (String, Vec<String>) {
        let mut read = PathKey::of(key);
        read.take_query(is_only);
        let names = read.query.into_iter().map(|one| one.name);
        (read.path, names.collect())
    }

    #[test]
    fn what_has_a_variable_is_a_parameter() {
        let key = "/token?grant_type=a&v=1&client_id={id}#x";
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let both = names(&["grant_type", "client_id"]);
        assert_eq!(taken(key, true), ("/token?v=1#x".to_owned(), both));
        let one = names(&["client_id"]);
        let left = "/token?grant_type=a&v=1#x".to_owned();
        assert_eq!(taken(key, false), (left, one));
        let plain = "/{tenant}/token?v=1#{x}";
        assert_eq!(taken(plain, true), (plain.to_owned(), Vec::new()));
    }
}
