//! Types that contain themselves: what holds itself directly is boxed.

use std::collections::BTreeMap;

use crate::model::{FieldType, TypeDef};

/// Boxes each field that leads back to its own type other than through a list. Which type was read first means nothing.
pub(super) fn boxed(types: &mut [TypeDef]) {
    let circles = circles(types);
    for def in types {
        let TypeDef::Struct(def) = def else {
            continue;
        };
        for field in &mut def.fields {
            if let FieldType::Named(name) = &field.ty
                && circles.get(name) == Some(&circles[&def.ident])
            {
                field.ty = FieldType::Boxed(name.clone());
            }
        }
    }
}

/// The circle that each type is part of: types of the same number hold each other.
///
/// Whatever leads to a type is found first, from the type whose walk ended last (Kosaraju's algorithm), so that each type is visited twice.
fn circles(types: &[TypeDef]) -> BTreeMap<String, usize> {
    let numbers: BTreeMap<&str, usize> = types.iter().map(TypeDef::ident).zip(0..).collect();
    let held: Vec<Vec<usize>> = types.iter().map(|def| held_by(def, &numbers)).collect();
    let mut holders = vec![Vec::new(); types.len()];
    for (holder, held) in held.iter().enumerate() {
        held.iter().for_each(|held| holders[*held].push(holder));
    }
    let mut ended = Vec::new();
    let mut seen = vec![false; types.len()];
    (0..types.len()).for_each(|start| walk(start, &held, &mut seen, &mut ended));
    let mut circles = BTreeMap::new();
    seen.fill(false);
    for start in ended.into_iter().rev() {
        let mut circle = Vec::new();
        walk(start, &holders, &mut seen, &mut circle);
        let members = circle.into_iter().map(|member| types[member].ident());
        circles.extend(members.map(|ident| (ident.to_owned(), start)));
    }
    circles
}

/// Notes what was not seen yet and can be reached, each when all behind it is noted.
fn walk(start: usize, next: &[Vec<usize>], seen: &mut [bool], ended: &mut Vec<usize>) {
    if std::mem::replace(&mut seen[start], true) {
        return;
    }
    let mut open = vec![(start, 0)];
    while let Some((at, tried)) = open.last_mut() {
        match next[*at].get(*tried) {
            Some(&behind) => {
                *tried += 1;
                if !std::mem::replace(&mut seen[behind], true) {
                    open.push((behind, 0));
                }
            }
            None => {
                ended.push(*at);
                open.pop();
            }
        }
    }
}

/// The types that stand in a type itself: a list has its items elsewhere.
fn held_by(def: &TypeDef, numbers: &BTreeMap<&str, usize>) -> Vec<usize> {
    let TypeDef::Struct(def) = def else {
        return Vec::new();
    };
    let names = def.fields.iter().filter_map(|field| match &field.ty {
        FieldType::Named(name) => numbers.get(name.as_str()).copied(),
        _ => None,
    });
    names.collect()
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
