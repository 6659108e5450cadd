//! Parameters in the query of a key of `paths`: OpenAPI has no place for them there, and they are read as if they were declared.

use serde_json::{Value, json};

use super::documents::Documents;
use super::path::PathKey;
use crate::openapi::site::{PathQuery, PathQueryValue};
use crate::pointer;

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
            // Whoever sends a parameter encodes it.
            let name = decoded(name);
            let variable = value
                .strip_prefix('{')
                .and_then(|rest| rest.strip_suffix('}'))
                .filter(|name| !name.contains(['{', '}']));
            let value = match variable {
                Some(variable) => PathQueryValue::Variable(variable.to_owned()),
                None if is_only && DISTINGUISHING.contains(&&*name) && !value.is_empty() => {
                    PathQueryValue::Fixed(decoded(value))
                }
                None => {
                    left.push(part);
                    continue;
                }
            };
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

/// A name or a value without the encoding of a query.
fn decoded(text: &str) -> String {
    pointer::percent_decode(&text.replace('+', " "))
}

/// Gives the parameters of a list that the path has in its query their names and their place there; what is declared by that is added to
/// `declared`.
///
/// `may_copy` is asked before what a reference means is put in its place.
pub(super) fn move_declared(
    list: &mut Value,
    query: &[PathQuery],
    (documents, may_copy): (Documents<'_>, &dyn Fn(&Value) -> bool),
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
        if (name, place) == (&found.name, "query") {
            continue;
        }
        if Documents::reference(parameter).is_some() {
            if !may_copy(target) {
                return;
            }
            *parameter = target.clone();
        }
        parameter["name"] = json!(found.name);
        parameter["in"] = json!("query");
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
    use crate::diagnostic::{Diagnostics, Rule};
    use crate::select::select;
    use crate::source::external::Files;

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

    #[test]
    fn what_is_encoded_in_the_path_is_encoded_once_when_sent() {
        let urn = "urn:ietf:params:oauth:grant-type:jwt-bearer";
        let key = format!("/token?grant%5Ftype={}", urn.replace(':', "%3A"));
        let mut read = PathKey::of(&key);
        read.take_query(true);
        let query = read.query.as_slice();
        let declared = undeclared(query, &[]).collect::<Vec<_>>();
        assert_eq!(declared[0]["name"], "grant_type");
        assert_eq!(declared[0]["schema"]["enum"], json!([urn]));
        assert_eq!(read.path, "/token");
        let mut read = PathKey::of("/token?response_type=code+id_token&x%20y={id}");
        read.take_query(true);
        let declared: Vec<Value> = undeclared(&read.query, &[]).collect();
        assert_eq!(declared[0]["schema"]["enum"], json!(["code id_token"]));
        assert_eq!(declared[1]["name"], "x y");
    }

    /// What is told of a document whose path has a parameter in its query, and whose list refers to
    /// this one so many times.
    fn told(parameter: &Value, count: usize) -> Vec<Rule> {
        let reference = json!({"$ref": "#/components/parameters/Id"});
        let root = json!({
            "openapi": "3.0.3",
            "paths": {"/token?grant_type=a&client_id={id}": {"post": {
                "parameters": vec![reference; count], "responses": {}
            }}},
            "components": {"parameters": {"Id": parameter}}
        });
        let mut diagnostics = Diagnostics::default();
        select(&root, &Files::new(None, "a.yaml", false), &mut diagnostics);
        let told = diagnostics.into_vec().into_iter();
        told.map(|diagnostic| diagnostic.rule).collect()
    }

    #[test]
    fn parameters_that_are_moved_count_as_copies() {
        let of = |place: &str| json!({"name": "id", "in": place, "x-long": "x".repeat(64 << 10)});
        assert!(!told(&of("path"), 2).contains(&Rule::TooLarge));
        assert!(told(&of("path"), 200).contains(&Rule::TooLarge));
        // What stays where it is is not copied.
        assert!(!told(&of("header"), 200).contains(&Rule::TooLarge));
    }
}
