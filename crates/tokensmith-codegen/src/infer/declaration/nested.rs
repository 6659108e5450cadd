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

/// Where such parameters stand, by their names in RFC 6749: `data.attributes.client_id`.
pub(super) fn nested(
    declarations: &Declarations<'_>,
    schemas: Schemas<'_>,
    diagnostics: &Diagnostics,
) -> BTreeMap<&'static str, String> {
    let of_branches = declarations.branches.iter();
    let of_branches = of_branches.flat_map(|branch| &branch.parameters);
    let mut search = Search {
        schemas,
        diagnostics: diagnostics.aside(),
        seen: BTreeSet::new(),
        found: BTreeMap::new(),
    };
    for (name, declared) in declarations.common.iter().chain(of_branches) {
        search.object(&declared.shape, (*name).to_owned(), 1);
    }
    search.found
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
        let is_open = depth <= DEEPEST && self.seen.len() < MOST;
        if !is_object || !is_open || !self.seen.insert(shape.pointer.clone()) {
            return;
        }
        for (name, schema) in &shape.properties {
            let place = format!("{place}.{name}");
            let known = |wanted: &&&str| letters(wanted) == letters(name);
            if let Some(wanted) = WANTED.iter().find(known) {
                self.found.entry(wanted).or_insert_with(|| place.clone());
                continue;
            }
            let property = self.schemas.shape(schema, &mut self.diagnostics);
            self.object(&property, place, depth + 1);
        }
        for branch in &shape.branches {
            self.object(branch, place.clone(), depth + 1);
        }
    }
}
