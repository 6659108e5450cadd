//! What bodies of several media types have in common.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::declaration::DeclaredParameter;
use crate::infer::parameter_places::Places;
use crate::infer::schema::{Kind, Schemas, Shape};
use crate::prose::listed;

/// The parameters of all bodies, the preferred one first: its schema of a parameter counts, and one that another body does not ask for
/// need not be there. `by` is the parameter that says which grant it is: what any body allows is a grant.
pub(super) fn common_to<'a>(
    mut bodies: Vec<BTreeMap<&'a str, DeclaredParameter<'a>>>,
    by: &str,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<&'a str, DeclaredParameter<'a>> {
    // A body of which nothing is said takes what the others do.
    bodies.retain(|body| !body.is_empty());
    let asked_by_all: BTreeSet<&str> = bodies.first().map_or_else(BTreeSet::new, |first| {
        let asked = |name: &str| {
            let mut bodies = bodies.iter();
            bodies.all(|body| body.get(name).is_some_and(|declared| declared.required))
        };
        first.keys().copied().filter(|name| asked(name)).collect()
    });
    let mut merged: BTreeMap<&str, DeclaredParameter<'_>> = BTreeMap::new();
    let mut grants: BTreeSet<String> = BTreeSet::new();
    for (name, mut declared) in bodies.into_iter().flatten() {
        declared.required = asked_by_all.contains(name);
        declared.places = Places::one(declared.location, declared.required);
        match merged.get_mut(name) {
            None => {
                if name == by {
                    grants.extend(declared.shape.values.iter().cloned());
                }
                merged.insert(name, declared);
            }
            Some(first) if name == by => {
                let more = declared.shape.values.into_iter();
                let more = more.filter(|value| grants.insert(value.clone()));
                first.shape.values.extend(more);
            }
            Some(first) if differ(first.shape.kind, declared.shape.kind) => {
                diagnostics.push(declared_twice(name, &declared.shape.pointer));
            }
            Some(first) => {
                let differing = differing(&first.shape, &declared.shape);
                if !differing.is_empty() {
                    diagnostics.push(limited_otherwise(name, &differing, &declared.shape.pointer));
                }
            }
        }
    }
    merged
}

/// The keys of what two schemas of one parameter say of its values, each in another way.
fn differing(one: &Shape<'_>, other: &Shape<'_>) -> Vec<&'static str> {
    let values = |shape: &Shape<'_>| shape.values.iter().cloned().collect::<BTreeSet<_>>();
    let has_other_values = one.values != other.values && values(one) != values(other);
    let is_format = one.format != other.format || one.is_password != other.is_password;
    [
        ("default", one.default != other.default),
        ("enum", has_other_values),
        ("format", is_format),
        ("maxLength", one.max_length != other.max_length),
        ("minLength", one.min_length != other.min_length),
        ("pattern", one.pattern != other.pattern),
    ]
    .into_iter()
    .filter_map(|(key, differs)| differs.then_some(key))
    .collect()
}

fn limited_otherwise(name: &str, keys: &[&str], at: &str) -> Diagnostic {
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    let message = format!(
        "`{}` has another {} here than in the first media type; requests have the first",
        name.escape_debug(),
        listed(&keys, "and")
    );
    Diagnostic::new(Rule::Unused, at, message)
        .help("say the same of it in each media type; or remove the media type that is not used")
}

/// Whether values of two kinds are written in different ways.
fn differ(one: Kind, other: Kind) -> bool {
    one != other && one != Kind::Any && other != Kind::Any
}

fn declared_twice(name: &str, at: &str) -> Diagnostic {
    let message = format!(
        "`{}` has one type here and another in the first media type; requests have the first",
        name.escape_debug()
    );
    Diagnostic::new(Rule::Unused, at, message)
        .help("give it one type; or remove the media type that is not used")
}

/// What says which grant it is, where it is declared as a list: of the grants that there are, for a request is of one.
pub(super) fn one_grant<'a>(
    shape: Shape<'a>,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> Shape<'a> {
    let Some(items) = shape.items.as_ref().filter(|_| shape.kind == Kind::List) else {
        return shape;
    };
    let message = "a request has one grant; the list is read as the grants that exist";
    diagnostics.push(
        Diagnostic::new(Rule::Repaired, &shape.pointer, message)
            .help("declare it as a text:\ntype: string"),
    );
    let mut one = schemas.shape(items, diagnostics);
    one.description = shape.description.or(one.description);
    one.examples.extend(shape.examples);
    one
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Location;

    fn body(
        parameters: &[(&'static str, bool, &[&str])],
    ) -> BTreeMap<&'static str, DeclaredParameter<'static>> {
        let declared = parameters.iter().map(|(name, required, values)| {
            let shape = Shape {
                values: values.iter().map(|value| (*value).to_owned()).collect(),
                ..Shape::default()
            };
            (
                *name,
                DeclaredParameter::new(shape, Location::Body, *required, None),
            )
        });
        declared.collect()
    }

    #[test]
    fn what_one_body_asks_for_is_no_matter_of_the_others() {
        let form = body(&[("grant_type", true, &["password"]), ("username", true, &[])]);
        let json = body(&[
            ("grant_type", true, &["password", "refresh_token"]),
            ("only_here", true, &[]),
            ("username", true, &[]),
        ]);
        let mut diagnostics = Diagnostics::default();
        let merged = common_to(vec![form, body(&[]), json], "grant_type", &mut diagnostics);
        let required: Vec<(&str, bool)> = merged
            .iter()
            .map(|(name, declared)| (*name, declared.required))
            .collect();
        assert_eq!(
            required,
            [
                ("grant_type", true),
                ("only_here", false),
                ("username", true)
            ]
        );
        let grant_type = merged
            .get("grant_type")
            .map(|declared| &declared.shape.values);
        assert_eq!(
            grant_type,
            Some(&vec!["password".to_owned(), "refresh_token".to_owned()])
        );
    }

    #[test]
    fn what_another_media_type_says_of_values_is_told() {
        let of = |format: &str, pattern: Option<&'static str>| {
            let shape = Shape {
                format: Some(format.to_owned()),
                pattern,
                ..Shape::default()
            };
            let declared = DeclaredParameter::new(shape, Location::Body, true, None);
            BTreeMap::from([("start", declared)])
        };
        let told = |bodies| {
            let mut diagnostics = Diagnostics::default();
            common_to(bodies, "grant_type", &mut diagnostics);
            let told = diagnostics.into_vec().into_iter();
            told.map(|told| told.message).collect::<Vec<_>>()
        };
        assert_eq!(
            told(vec![of("date", None), of("date-time", Some("Z$"))]),
            [
                "`start` has another `format` and `pattern` here than in the first media type; requests have the first"
            ]
        );
        assert!(told(vec![of("date", None), of("date", None)]).is_empty());
    }
}
