//! Types that contain themselves: what holds itself directly is boxed.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{FieldType, TypeDef};

/// Boxes each field that leads back to its own type other than through a list. Which type was read first means nothing.
pub(super) fn boxed(types: &mut [TypeDef]) {
    let held: BTreeMap<String, BTreeSet<String>> = types
        .iter()
        .map(|def| (def.ident().to_owned(), held_by(def)))
        .collect();
    for def in types {
        let TypeDef::Struct(def) = def else {
            continue;
        };
        for field in &mut def.fields {
            if let FieldType::Named(name) = &field.ty
                && leads_to(name, &def.ident, &held)
            {
                field.ty = FieldType::Boxed(name.clone());
            }
        }
    }
}

/// The types that stand in a type itself: a list has its items elsewhere.
fn held_by(def: &TypeDef) -> BTreeSet<String> {
    let TypeDef::Struct(def) = def else {
        return BTreeSet::new();
    };
    let names = def.fields.iter().filter_map(|field| match &field.ty {
        FieldType::Named(name) => Some(name.clone()),
        _ => None,
    });
    names.collect()
}

fn leads_to(from: &str, to: &str, held: &BTreeMap<String, BTreeSet<String>>) -> bool {
    let mut seen = BTreeSet::new();
    let mut left = vec![from];
    while let Some(name) = left.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name) {
            left.extend(held.get(name).into_iter().flatten().map(String::as_str));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Field, StructDef};

    fn object(ident: &str, fields: &[(&str, FieldType)]) -> TypeDef {
        let fields = fields.iter().map(|(name, ty)| Field {
            wire: (*name).to_owned(),
            ident: (*name).to_owned(),
            description: None,
            ty: ty.clone(),
        });
        TypeDef::Struct(StructDef {
            ident: ident.to_owned(),
            description: None,
            is_token: false,
            fields: fields.collect(),
        })
    }

    #[test]
    fn what_holds_itself_is_boxed_and_nothing_else() {
        let named = |name: &str| FieldType::Named(name.to_owned());
        let list = |name: &str| FieldType::List(Box::new(named(name)));
        let mut types = [
            object(
                "User",
                &[
                    ("manager", named("User")),
                    ("team", named("Team")),
                    ("reports", list("User")),
                ],
            ),
            object(
                "Team",
                &[("lead", named("User")), ("place", named("Place"))],
            ),
            object("Place", &[]),
            object("Token", &[("user", named("User"))]),
        ];
        boxed(&mut types);
        let boxed = |name: &str| FieldType::Boxed(name.to_owned());
        assert_eq!(
            types,
            [
                object(
                    "User",
                    &[
                        ("manager", boxed("User")),
                        ("team", boxed("Team")),
                        ("reports", list("User")),
                    ],
                ),
                object(
                    "Team",
                    &[("lead", boxed("User")), ("place", named("Place"))]
                ),
                object("Place", &[]),
                object("Token", &[("user", named("User"))]),
            ]
        );
    }
}
