//! What a response has, at whatever depth: as a schema describes it, or as an example shows it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use crate::diagnostic::Diagnostics;
use crate::infer::schema::{Kind, Schemas, Shape, scalar_text};
use crate::pointer;

/// How far down members are looked for.
const MAX_DEPTH: usize = 4;
/// How many members of a response are looked at.
const MOST_MEMBERS: usize = 2_000;

/// A member of a response.
#[derive(Debug, Clone)]
pub(crate) struct Member<'a> {
    pub(crate) pointer: String,
    /// Where the document declares it; nowhere in particular where an example has it.
    pub(crate) declared_at: String,
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) depth: usize,
    pub(crate) format: Option<String>,
    /// What the document says of it.
    pub(crate) words: Option<&'a str>,
    /// The only values that it may have, where they are listed.
    pub(crate) values: Vec<String>,
    /// A value that it may have.
    pub(crate) example: Option<String>,
    /// The only value that it may have, or its default.
    pub(crate) fixed: Option<String>,
    /// Whether it has a pattern.
    pub(crate) has_pattern: bool,
}

impl Member<'_> {
    /// The pointer to what holds it.
    pub(crate) fn parent(&self) -> &str {
        self.pointer
            .rsplit_once('/')
            .map_or("", |(parent, _)| parent)
    }
}

/// What a response has, on the way down through objects and the first items of lists: nearest first, then by name.
pub(crate) fn members<'a>(
    response: &Shape<'a>,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> Vec<Member<'a>> {
    let mut members = Vec::new();
    let mut queue = VecDeque::from([(response.clone(), String::new(), 0)]);
    while let Some((shape, at, depth)) = queue.pop_front() {
        if depth > MAX_DEPTH || members.len() > MOST_MEMBERS {
            continue;
        }
        if let Some(items) = shape.items.as_ref().filter(|_| shape.kind == Kind::List) {
            let items = schemas.shape(items, diagnostics).united();
            queue.push_back((items, pointer::join(&at, "0"), depth + 1));
        }
        for (name, property) in &shape.properties {
            if members.len() > MOST_MEMBERS {
                break;
            }
            let property = schemas.shape(property, diagnostics).united();
            let pointer = pointer::join(&at, name);
            members.push(Member {
                pointer: pointer.clone(),
                declared_at: property.pointer.clone(),
                name: (*name).to_owned(),
                kind: property.kind,
                depth,
                format: property.format.clone(),
                words: property.description,
                values: property.values.clone(),
                example: property
                    .example
                    .clone()
                    .or(property.examples.first().cloned()),
                fixed: match property.values.as_slice() {
                    [only] => Some(only.clone()),
                    _ => property.default.clone(),
                },
                has_pattern: property.pattern.is_some(),
            });
            match property.kind {
                Kind::Object => queue.push_back((property, pointer, depth + 1)),
                Kind::List => {
                    members.extend(first_text(name, &pointer, &property, schemas, diagnostics));
                    queue.push_back((property, pointer, depth + 1));
                }
                _ => {}
            }
        }
    }
    members
}

/// Gives members the values that whole examples have for them.
pub(crate) fn add_examples(members: &mut [Member<'_>], examples: &[&Value]) {
    let mut missing: BTreeMap<String, Vec<&mut Member<'_>>> = BTreeMap::new();
    for member in members.iter_mut().filter(|member| member.example.is_none()) {
        missing
            .entry(member.pointer.clone())
            .or_default()
            .push(member);
    }
    // Many may refer to one.
    let mut seen = BTreeSet::new();
    for example in examples {
        if missing.is_empty() {
            break;
        }
        if !seen.insert(std::ptr::from_ref::<Value>(example)) {
            continue;
        }
        add_example(&mut missing, example, "", 0);
    }
}

/// Gives members what one example has for them, part by part: looking for each member would take long for many examples.
fn add_example(
    missing: &mut BTreeMap<String, Vec<&mut Member<'_>>>,
    value: &Value,
    at: &str,
    depth: usize,
) {
    if let Some(text) = scalar_text(value) {
        for member in missing.remove(at).into_iter().flatten() {
            member.example = Some(text.clone());
        }
        return;
    }
    // The first item of a list of texts is one deeper than the list.
    if depth > MAX_DEPTH + 1 {
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                add_example(missing, member, &pointer::join(at, name), depth + 1);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let at = pointer::join(at, &index.to_string());
                add_example(missing, item, &at, depth + 1);
            }
        }
        _ => {}
    }
}

/// The first item of a list of texts, which has the name of the list.
fn first_text<'a>(
    name: &str,
    list: &str,
    shape: &Shape<'a>,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> Option<Member<'a>> {
    let items = schemas.shape(shape.items.as_ref()?, diagnostics);
    (items.kind == Kind::Text).then(|| Member {
        pointer: pointer::join(list, "0"),
        declared_at: items.pointer.clone(),
        name: name.to_owned(),
        kind: Kind::Text,
        depth: pointer::tokens(list).count(),
        format: items.format,
        words: items.description,
        values: Vec::new(),
        example: items.example,
        fixed: None,
        has_pattern: items.pattern.is_some(),
    })
}

/// The same of a value.
pub(crate) fn of_value(response: &Value) -> Vec<Member<'static>> {
    let mut members = Vec::new();
    let mut queue = VecDeque::from([(response, String::new(), 0)]);
    while let Some((value, at, depth)) = queue.pop_front() {
        if depth > MAX_DEPTH || members.len() > MOST_MEMBERS {
            continue;
        }
        match value {
            Value::Array(items) => {
                let first = items.first();
                queue.extend(first.map(|first| (first, pointer::join(&at, "0"), depth + 1)));
            }
            Value::Object(properties) => {
                for (name, property) in properties {
                    if members.len() > MOST_MEMBERS {
                        break;
                    }
                    let pointer = pointer::join(&at, name);
                    members.push(Member {
                        pointer: pointer.clone(),
                        declared_at: String::new(),
                        name: name.clone(),
                        kind: match property {
                            Value::Object(_) => Kind::Object,
                            Value::Array(_) => Kind::List,
                            Value::String(_) => Kind::Text,
                            Value::Number(_) => Kind::Number,
                            Value::Bool(_) => Kind::Boolean,
                            Value::Null => Kind::Any,
                        },
                        depth,
                        format: None,
                        words: None,
                        values: Vec::new(),
                        example: scalar_text(property),
                        fixed: None,
                        has_pattern: false,
                    });
                    if property.is_object() || property.is_array() {
                        queue.push_back((property, pointer, depth + 1));
                    }
                }
            }
            _ => {}
        }
    }
    // The order of keys means nothing.
    members.sort_by(|left, right| (left.depth, &left.pointer).cmp(&(right.depth, &right.pointer)));
    members
}
