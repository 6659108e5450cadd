//! Parameters of the client and of the grant that stand within an object of the body: whoever gives the object gives them.

use std::collections::{BTreeMap, BTreeSet};

use super::Declarations;
use crate::diagnostic::Diagnostics;
use crate::infer::schema::{Kind, Schemas, Shape};
use crate::model::name::letters;

/// The parameters that are looked for.
const WANTED: [&str; 3] = ["client_id", "client_secret", "grant_type"];

/// Objects deeper than this hold no parameters.
const DEEPEST: usize = 5;

/// Most objects that are looked into.
const MOST: usize = 200;

impl<'a> Declarations<'a> {
    /// Where such parameters stand, by their names in RFC 6749: `data.attributes.client_id`.
    ///
    /// The objects are read for that, which only an endpoint needs that declares no such parameter
    /// elsewhere.
    pub(crate) fn nested(
        &self,
        schemas: Schemas<'a>,
        diagnostics: &Diagnostics,
    ) -> BTreeMap<&'static str, String> {
        let of_branches = self.branches.iter();
        let of_branches = of_branches.flat_map(|branch| &branch.parameters);
        let mut search = Search {
            schemas,
            diagnostics: diagnostics.aside(),
            seen: BTreeSet::new(),
            found: BTreeMap::new(),
        };
        for (name, declared) in self.common.iter().chain(of_branches) {
            search.object(&declared.shape, (*name).to_owned(), 1);
        }
        search.found
    }
}

struct Search<'s> {
    schemas: Schemas<'s>,
    diagnostics: Diagnostics,
    seen: BTreeSet<String>,
    found: BTreeMap<&'static str, String>,
}

impl<'s> Search<'s> {
    fn object(&mut self, shape: &Shape<'s>, place: String, depth: usize) {
        let is_object = matches!(shape.kind, Kind::Object | Kind::Any);
        if !is_object || self.is_full(depth) || !self.seen.insert(shape.pointer.clone()) {
            return;
        }
        for (name, schema) in &shape.properties {
            let place = format!("{place}.{name}");
            let known = |wanted: &&&str| letters(wanted) == letters(name);
            if let Some(wanted) = WANTED.iter().find(known) {
                self.found.entry(wanted).or_insert_with(|| place.clone());
                continue;
            }
            if self.is_full(depth + 1) || !self.schemas.may_be_object(schema) {
                continue;
            }
            let property = self.schemas.shape(schema, &mut self.diagnostics);
            self.object(&property, place, depth + 1);
        }
        for branch in &shape.branches {
            self.object(branch, place.clone(), depth + 1);
        }
    }

    /// Whether objects at a depth are not looked into any more.
    fn is_full(&self, depth: usize) -> bool {
        depth > DEEPEST || self.seen.len() >= MOST
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use crate::diagnostic::Rule;
    use crate::{Reading, Source};

    /// Reads a document with so many token operations, whose body has these properties and `data`,
    /// an object with objects in it.
    fn reading(mut properties: Value, count: usize) -> Reading {
        let text = |member: usize| (format!("m{member}"), json!({"type": "string"}));
        let members: Map<String, Value> = (0..300).map(text).collect();
        let object = json!({"type": "object", "properties": members});
        let objects = (0..50).map(|number| (format!("o{number}"), object.clone()));
        let mut objects: Map<String, Value> = objects.collect();
        objects.insert("client_id".to_owned(), json!({"type": "string"}));
        properties["data"] = json!({"type": "object", "properties": objects});
        let reference = json!({"$ref": "#/components/schemas/Body"});
        let operation = json!({"post": {
            "security": [],
            "requestBody": {"content": {"application/json": {"schema": reference}}},
            "responses": {}
        }});
        let paths = (0..count).map(|number| (format!("/token/{number}"), operation.clone()));
        let document = json!({
            "openapi": "3.0.3",
            "info": {"title": "Example", "version": "1"},
            "servers": [{"url": "https://a.example"}],
            "paths": paths.collect::<Map<_, _>>(),
            "components": {"schemas": {"Body": {"properties": properties}}}
        });
        let text = document.to_string();
        crate::read("example", Source::new("a.json", text.as_bytes()), None)
    }

    #[test]
    fn a_client_within_an_object_is_told() {
        let told = reading(json!({"grant_type": {"enum": ["password"]}}), 1).diagnostics;
        let has_place = |text: &str| text.contains("`data.client_id`");
        assert!(told.iter().any(|one| has_place(&one.message)), "{told:?}");
    }

    #[test]
    fn objects_are_not_read_where_the_client_is_declared() {
        let properties = json!({
            "grant_type": {"enum": ["client_credentials"]},
            "client_id": {"type": "string"},
            "client_secret": {"type": "string"}
        });
        let told = reading(properties, 16).diagnostics;
        let too_large = told.iter().find(|one| one.rule == Rule::TooLarge);
        assert_eq!(too_large, None);
    }
}
