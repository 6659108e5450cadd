//! Schemas that extend others, which nothing has to refer to.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::openapi::schema::Schema;
use crate::pointer;
use crate::select::documents::Documents;

/// Where the components stand that extend each schema, by its pointer.
pub(super) fn extending(documents: Documents<'_>) -> BTreeMap<String, Vec<String>> {
    let mut extending: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let Some((schemas, at)) = documents.object("/components/schemas") else {
        return extending;
    };
    for (name, schema) in schemas {
        let references = Schema(schema)
            .all_of()
            .filter_map(|part| part.get("$ref").and_then(Value::as_str));
        for base in references.filter_map(pointer::of_reference) {
            let known = extending.entry(base).or_default();
            known.push(pointer::join(&at, name));
        }
    }
    extending
}
