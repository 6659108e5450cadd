//! The types of the `response` module.

mod credentials;
mod identical_types;
mod recursive;
mod token;
mod variant;

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::OpenAPI;

use crate::diagnostic::budget::LEVELS;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::name_collision;
use crate::infer::schema::{Kind, Schemas, Shape};
use crate::model::credential;
use crate::model::{Field, FieldType, StructDef, TypeDef, name, rfc};

use credentials::Credentials;
use identical_types::Shared;
pub(crate) use identical_types::one_type_of_tokens;
pub(crate) use token::field_type;
pub(crate) use variant::enum_def;

/// Lists within lists; what is deeper is any value. Nobody reads the type of such a field.
const MAX_LISTS: usize = 8;

/// What the object is part of: decides which fields are secret and which hold an error code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Token,
    Error,
}

/// Types by name, with the pointer of the schema that each comes from.
#[derive(Clone)]
pub(crate) struct Types {
    types: BTreeMap<String, (TypeDef, String)>,
    /// Names of the types that were made, by the pointer of their schema.
    made: BTreeMap<String, String>,
    /// Names that components have: a schema without a name takes none of them.
    components: BTreeSet<String>,
    /// Names of the objects that are being made, by the pointer of their schema.
    open: BTreeMap<String, String>,
    /// Pointers of the lists that are being read, within the innermost object.
    lists: BTreeSet<String>,
    /// Whether the innermost object that is being made is named after a credential.
    is_credential: bool,
    credentials: Credentials,
    shared: Shared,
}

impl Types {
    /// For a document with these components.
    pub(crate) fn new(api: &OpenAPI) -> Self {
        let names = api
            .components
            .iter()
            .flat_map(|components| components.schemas.keys());
        Self {
            types: BTreeMap::new(),
            made: BTreeMap::new(),
            components: names.filter_map(|name| name::pascal(name)).collect(),
            open: BTreeMap::new(),
            lists: BTreeSet::new(),
            is_credential: false,
            credentials: Credentials::default(),
            shared: Shared::default(),
        }
    }

    pub(crate) fn into_sorted(self) -> Vec<TypeDef> {
        let mut types: Vec<TypeDef> = self.types.into_values().map(|(def, _)| def).collect();
        recursive::boxed(&mut types);
        self.credentials.hide(&mut types);
        types
    }

    /// Adds a type; a different one of the same name is a collision.
    fn insert(&mut self, def: TypeDef, pointer: &str, diagnostics: &mut Diagnostics) {
        let ident = def.ident().to_owned();
        match self.types.get(&ident) {
            Some((_, other)) if other != pointer => diagnostics.push(
                Diagnostic::new(
                    Rule::NameCollision,
                    pointer,
                    format!("the schemas at {other} and {pointer} both become the Rust type `{ident}`"),
                )
                .help("rename one of them under `components/schemas`, or give it a place and a name there"),
            ),
            Some(_) => {}
            None => {
                self.made.insert(pointer.to_owned(), ident.clone());
                self.types.insert(ident, (def, pointer.to_owned()));
            }
        }
    }

    /// The name of a schema's type: its component's, or else the first of these that nobody has.
    fn name(
        &self,
        shape: &Shape<'_>,
        wanted: &[&str],
        diagnostics: &mut Diagnostics,
    ) -> Option<String> {
        if let Some(name) = shape.name {
            return type_name(name, &shape.pointer, diagnostics);
        }
        let idents: Vec<String> = wanted
            .iter()
            .filter_map(|name| name::pascal(name))
            .collect();
        let free = idents
            .iter()
            .find(|ident| !self.types.contains_key(*ident) && !self.components.contains(*ident));
        let ident = free.or(idents.last()).cloned();
        if ident.is_none() {
            diagnostics.push(unusable(
                wanted.first().copied().unwrap_or_default(),
                &shape.pointer,
            ));
        }
        ident
    }

    /// Adds the struct of an object and of whatever it contains; gives back its name.
    pub(crate) fn object<'a>(
        &mut self,
        shape: Shape<'a>,
        wanted: &[&str],
        purpose: Purpose,
        schemas: Schemas<'a>,
        diagnostics: &mut Diagnostics,
    ) -> Option<String> {
        let known = self.made.get(&shape.pointer);
        // An object that contains itself has its name already.
        if let Some(known) = known.or_else(|| self.open.get(&shape.pointer)) {
            return Some(known.clone());
        }
        let shape = shape.united();
        let ident = self.name(&shape, wanted, diagnostics)?;
        if self.open.len() > LEVELS.most {
            diagnostics.push(LEVELS.exceeded(&shape.pointer));
            return None;
        }
        self.open.insert(shape.pointer.clone(), ident.clone());
        let lists = std::mem::take(&mut self.lists);
        let mut fields = Vec::new();
        for (wire, field_ident) in field_names(&shape, diagnostics) {
            let Some(property) = shape.properties.get(wire) else {
                continue;
            };
            let property = schemas.shape(property, diagnostics);
            let length = wire.len() + property.description.map_or(0, str::len);
            if !diagnostics.budget().text(length, &property.pointer) {
                break;
            }
            let deprecated = property.deprecated.then_some("Deprecated.");
            let texts: Vec<&str> = property.description.into_iter().chain(deprecated).collect();
            let description = (!texts.is_empty()).then(|| texts.join("\n\n"));
            let ty = self.field(property, wire, &ident, purpose, schemas, diagnostics);
            fields.push(Field {
                wire: wire.to_owned(),
                ident: field_ident,
                description,
                ty,
            });
        }
        sort(&mut fields);
        self.open.remove(&shape.pointer);
        self.lists = lists;
        let def = StructDef {
            ident: ident.clone(),
            description: shape.type_description().map(str::to_owned),
            is_token: false,
            fields,
        };
        let def = TypeDef::Struct(def);
        // The type of a token is given more fields, and its own words.
        let may_be_shared = shape.name.is_none()
            && (purpose == Purpose::Error || !self.open.is_empty())
            && !self.credentials.shows_some_of(&ident);
        let known = |name: &str| Some(&self.types.get(name)?.0);
        if may_be_shared && let Some(same) = self.shared.same(&def, known) {
            self.made.insert(shape.pointer, same.clone());
            return Some(same);
        }
        self.insert(def, &shape.pointer, diagnostics);
        Some(ident)
    }

    fn field<'a>(
        &mut self,
        shape: Shape<'a>,
        wire: &str,
        parent: &str,
        purpose: Purpose,
        schemas: Schemas<'a>,
        diagnostics: &mut Diagnostics,
    ) -> FieldType {
        // What is said of a failure speaks of credentials without being one.
        let is_number = matches!(shape.kind, Kind::Integer | Kind::Number);
        let words = shape
            .description
            .filter(|_| purpose != Purpose::Error && !is_number);
        let by_name = credential::is_credential_field(wire)
            || self.is_credential && credential::is_its_value(wire)
            || words.is_some_and(|words| credential::is_described_as_credential(wire, words));
        let is_secret = shape.is_secret(by_name);
        if shape.stated_secret == Some(false) {
            self.credentials.shows(parent, wire);
        }
        match shape.kind {
            Kind::Text if is_secret && (shape.values.is_empty() || shape.is_password) => {
                FieldType::Secret
            }
            Kind::Text if !shape.values.is_empty() => {
                self.text_enum(shape, wire, parent, diagnostics)
            }
            Kind::Text if purpose == Purpose::Error && wire == "error" => FieldType::ErrorCode,
            Kind::Text => FieldType::Text,
            // `Secret` is a text, and what may be anything is not shown either.
            Kind::Integer | Kind::Number
                if is_secret && (shape.is_password || !credential::is_word_of_a_count(wire)) =>
            {
                FieldType::Any
            }
            Kind::Integer => FieldType::Integer,
            Kind::Number => FieldType::Number,
            Kind::Boolean => FieldType::Boolean,
            // A list of itself has no end that could be written as a type.
            Kind::List if self.lists.len() >= MAX_LISTS => FieldType::Any,
            Kind::List if !self.lists.insert(shape.pointer.clone()) => FieldType::Any,
            Kind::List => {
                let item = shape.items.as_ref().map_or(FieldType::Any, |items| {
                    let mut item = schemas.shape(items, diagnostics);
                    item.is_password |= is_secret && item.values.is_empty();
                    let wire = format!("{wire}_item");
                    self.field(item, &wire, parent, purpose, schemas, diagnostics)
                });
                self.lists.remove(&shape.pointer);
                FieldType::List(Box::new(item))
            }
            Kind::Object => {
                let shape = shape.united();
                if shape.properties.is_empty() {
                    return FieldType::Object;
                }
                let wanted = [
                    format!("{parent}_{wire}"),
                    format!("{parent}_{wire}_object"),
                ];
                let around = std::mem::replace(&mut self.is_credential, is_secret);
                let named = self.object(
                    shape,
                    &wanted.each_ref().map(String::as_str),
                    purpose,
                    schemas,
                    diagnostics,
                );
                self.is_credential = around;
                if let Some(named) = named.as_ref().filter(|_| is_secret) {
                    self.credentials.holds(named);
                }
                named.map_or(FieldType::Object, FieldType::Named)
            }
            // Whatever its schema says, it is of no use but as a text.
            Kind::Any if is_secret && is_token(wire) && shape.branches.is_empty() => {
                FieldType::Secret
            }
            Kind::Any => self.one_of_several(shape, wire, parent, purpose, schemas, diagnostics),
        }
    }

    /// A value whose schema is a choice: an object if all branches are objects, anything otherwise.
    fn one_of_several<'a>(
        &mut self,
        shape: Shape<'a>,
        wire: &str,
        parent: &str,
        purpose: Purpose,
        schemas: Schemas<'a>,
        diagnostics: &mut Diagnostics,
    ) -> FieldType {
        let is_object = |branch: &Shape<'_>| branch.kind == Kind::Object;
        if !shape.branches.is_empty() && shape.branches.iter().all(is_object) {
            let mut united = shape.united();
            united.kind = Kind::Object;
            return self.field(united, wire, parent, purpose, schemas, diagnostics);
        }
        FieldType::Any
    }

    fn text_enum(
        &mut self,
        shape: Shape<'_>,
        wire: &str,
        parent: &str,
        diagnostics: &mut Diagnostics,
    ) -> FieldType {
        if let Some(made) = self.made.get(&shape.pointer) {
            return FieldType::Named(made.clone());
        }
        let longer = [format!("{parent}_{wire}"), format!("{parent}_{wire}_value")];
        let Some(ident) = self.name(&shape, &[wire, &longer[0], &longer[1]], diagnostics) else {
            return FieldType::Text;
        };
        let def = TypeDef::Enum(enum_def(&shape, ident.clone(), wire));
        let known = |name: &str| Some(&self.types.get(name)?.0);
        if shape.name.is_none()
            && let Some(same) = self.shared.same(&def, known)
        {
            self.made.insert(shape.pointer, same.clone());
            return FieldType::Named(same);
        }
        self.insert(def, &shape.pointer, diagnostics);
        FieldType::Named(ident)
    }
}

/// Whether a field is one of the tokens that users hold.
fn is_token(wire: &str) -> bool {
    ["accesstoken", "refreshtoken", "idtoken"].contains(&name::letters(wire).as_str())
}

fn sort(fields: &mut [Field]) {
    fields.sort_by(|left, right| {
        (rfc::rank(&left.wire), &left.wire).cmp(&(rfc::rank(&right.wire), &right.wire))
    });
}

/// A name in Rust; where it has no letter or digit of ASCII, one made of what its characters are called.
pub(crate) fn spelt_out(write: fn(&str) -> Option<String>, wire: &str) -> Option<String> {
    write(wire).or_else(|| write(&name::spelt(wire)))
}

pub(crate) fn type_name(wire: &str, at: &str, diagnostics: &mut Diagnostics) -> Option<String> {
    let ident = spelt_out(name::pascal, wire);
    if ident.is_none() {
        diagnostics.push(unusable(wire, at));
    }
    ident
}

/// The name of a field, if it has one.
pub(crate) fn member_name(wire: &str) -> Option<String> {
    let mut ident = spelt_out(name::snake, wire)?;
    // Two fields that every token has.
    if ["extra", "metadata"].contains(&ident.as_str()) {
        ident.push_str("_field");
    }
    Some(ident)
}

/// The properties of an object with the names of their fields.
fn field_names<'a>(shape: &Shape<'a>, diagnostics: &mut Diagnostics) -> Vec<(&'a str, String)> {
    let mut named = Vec::new();
    for (wire, property) in &shape.properties {
        match member_name(wire) {
            Some(ident) => named.push((*wire, ident)),
            None => diagnostics.push(
                Diagnostic::new(
                    Rule::LeftOut,
                    &property.pointer,
                    "a property without a name cannot become a field",
                )
                .help("name it, or remove it; it stays available as an undeclared field"),
            ),
        }
    }
    let idents = name_collision::numbered(&named);
    let wires = named.into_iter().map(|(wire, _)| wire);
    wires.zip(idents).collect()
}

pub(crate) fn unusable(wire: &str, at: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::UnusableName,
        at,
        format!("`{}` cannot become a Rust identifier", wire.escape_debug()),
    )
    .help("a name needs at least one character: rename it, or remove it from the document")
}
