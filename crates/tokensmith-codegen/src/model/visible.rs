//! What generated code shows of a request or a response.

use std::collections::BTreeSet;

use super::{FieldType, Model, ParameterKind, TypeDef};

/// The names of all texts that generated code shows under `Debug`, sorted: parameters and fields
/// that are not secrets, lists of texts among them. A review of a document looks for credentials
/// here; fixed values and scopes are left out.
pub fn visible_texts(model: &Model) -> Vec<&str> {
    let operations = model
        .endpoints
        .iter()
        .flat_map(|endpoint| &endpoint.operations);
    let parameters = operations.flat_map(|operation| &operation.parameters);
    let parameters = parameters.filter(|parameter| {
        let is_text = matches!(
            parameter.kind,
            ParameterKind::Text | ParameterKind::TextList
        );
        is_text && !parameter.secret
    });
    let structs = model.types.iter().filter_map(|def| match def {
        TypeDef::Struct(def) => Some(def),
        TypeDef::Enum(_) => None,
    });
    let fields = structs
        .flat_map(|def| &def.fields)
        .filter(|field| is_text(&field.ty));
    let names: BTreeSet<&str> = parameters
        .map(|parameter| parameter.wire.as_str())
        .chain(fields.map(|field| field.wire.as_str()))
        .collect();
    names.into_iter().collect()
}

fn is_text(ty: &FieldType) -> bool {
    match ty {
        FieldType::Text => true,
        FieldType::List(item) => is_text(item),
        _ => false,
    }
}
