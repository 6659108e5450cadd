//! The branches of a request body: what `oneOf`, `anyOf` or a discriminator adds to it, and for which grants.

mod alternatives;
mod client_choice;
mod open;
mod spelling;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::diagnostic::finding::{Evidence, EvidenceKind};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::declaration::DeclaredParameter;
use crate::infer::grant::{branch_grant, grant_type_values};
use crate::infer::schema::Shape;

pub(crate) use alternatives::tell;
pub(crate) use client_choice::client_choice;
pub(crate) use open::{are_listed, tell_apart};
pub(crate) use spelling::respell;

/// A branch of a request body.
#[derive(Debug, Clone)]
pub(crate) struct Branch<'a> {
    /// What it is called: its title, or the component that it is.
    pub(crate) name: Option<&'a str>,
    pub(crate) pointer: String,
    pub(crate) grants: Vec<String>,
    /// Grants that it lists, and that the discriminator's mapping has for no branch.
    listed: Vec<String>,
    /// Whether its grants are stated, and no default or example.
    is_stated: bool,
    /// What says which grants it is for.
    known_by: EvidenceKind,
    /// Why its grants are not known, where a discriminator has no more than the component's name.
    pub(crate) unmapped: Option<Box<Diagnostic>>,
    pub(crate) description: Option<&'a str>,
    /// Whether the document calls it deprecated, and its description does not.
    pub(crate) deprecated: bool,
    pub(crate) parameters: BTreeMap<&'a str, DeclaredParameter<'a>>,
    /// What a request of this branch must have, whether it is declared here or for all branches.
    pub(crate) required: BTreeSet<&'a str>,
}

impl Branch<'_> {
    /// Its grants, where a discriminator without a mapping has no more than the component's name.
    fn by_name(
        &mut self,
        name: &str,
        own: Vec<String>,
        by: &str,
        diagnostics: &mut Diagnostics,
    ) -> Vec<String> {
        // What is a value looks like one.
        let is_value = !name.contains(|letter: char| letter.is_ascii_uppercase());
        if own.is_empty() && is_value {
            return vec![name.to_owned()];
        }
        let found = branch_grant::of_branch(self, by);
        if let Some(found) = found.filter(|found| own.is_empty() || own.contains(&found.grant)) {
            diagnostics.find(found.finding(self, by));
            self.known_by = EvidenceKind::Name;
            return vec![found.grant];
        }
        if own.is_empty() {
            self.unmapped = Some(Box::new(unmapped(&self.pointer, name, by)));
        }
        own
    }

    /// What it says of the grants of its endpoint.
    pub(crate) fn evidence(&self) -> Option<Evidence> {
        let says = self.grants.join(", ");
        (!says.is_empty()).then(|| Evidence::new(self.known_by, &self.pointer).saying(&says))
    }

    /// What branches of one component have in common.
    pub(crate) fn component(&self) -> (String, Vec<String>) {
        (self.pointer.clone(), self.grants.clone())
    }

    /// Whether requests of a grant may be of this branch.
    pub(crate) fn is_for(&self, grant: &str) -> bool {
        self.grants.is_empty() || self.grants.iter().any(|other| other == grant)
    }
}

/// A branch without branches of its own, and what the discriminator of its choice says of it.
pub(crate) struct Leaf<'a> {
    pub(crate) shape: Shape<'a>,
    discriminated: Discriminated,
}

/// What a discriminator says of a branch.
#[derive(Debug, Clone, Default)]
enum Discriminated {
    /// Nothing: there is none, or it is about another property.
    #[default]
    No,
    /// The mapping has these values for it, and all of these for it and its siblings.
    Mapped {
        values: Vec<String>,
        all: Rc<BTreeSet<String>>,
    },
    /// Without a mapping the component's name does, as OpenAPI has it. The mapping of its siblings has these values.
    Named(String, Rc<BTreeSet<String>>),
}

/// The branches of a body, those of branches in their place. `by` is the property that says which grant it is.
pub(crate) fn leaves<'a>(body: &Shape<'a>, by: &str) -> Vec<Leaf<'a>> {
    let mut leaves = inner(body, body.branches.clone(), by);
    for leaf in &mut leaves {
        leaf.shape.refine(body);
    }
    leaves
}

/// The leaves of these branches of a body. They are taken apart as they come: a copy of each with all that is below it would take
/// as often as much memory as there are levels.
fn inner<'a>(body: &Shape<'a>, branches: Vec<Shape<'a>>, by: &str) -> Vec<Leaf<'a>> {
    let mut leaves = Vec::new();
    let mapped = mapped_values(body);
    for mut branch in branches {
        let discriminated = discriminated((body, &mapped), &branch, by);
        let below = std::mem::take(&mut branch.branches);
        if below.is_empty() {
            leaves.push(Leaf {
                shape: branch,
                discriminated,
            });
            continue;
        }
        for leaf in inner(&branch, below, by) {
            leaves.push(Leaf {
                discriminated: match leaf.discriminated {
                    Discriminated::No => discriminated.clone(),
                    own => own,
                },
                shape: leaf.shape.extended(&branch),
            });
        }
    }
    leaves
}

fn discriminated(
    (body, mapped): (&Shape<'_>, &Rc<BTreeSet<String>>),
    branch: &Shape<'_>,
    by: &str,
) -> Discriminated {
    let Some(name) = branch.name else {
        return Discriminated::No;
    };
    if body.discriminator == Some(by)
        && let Some(values) = body.discriminated.get(name)
    {
        return Discriminated::Mapped {
            values: values.clone(),
            all: Rc::clone(mapped),
        };
    }
    // The mapping may stand in what the branch extends.
    if branch.discriminator == Some(by)
        && let Some(values) = branch.discriminated.get(name)
    {
        return Discriminated::Mapped {
            values: values.clone(),
            all: mapped_values(branch),
        };
    }
    match body.discriminator == Some(by) {
        true => Discriminated::Named(name.to_owned(), Rc::clone(mapped)),
        false => Discriminated::No,
    }
}

/// All values of the mapping, which the branches share.
fn mapped_values(shape: &Shape<'_>) -> Rc<BTreeSet<String>> {
    Rc::new(shape.discriminated.values().flatten().cloned().collect())
}

impl<'a> Leaf<'a> {
    /// The branch with its parameters; `by` is the one that says which grant it is.
    pub(crate) fn branch(
        self,
        parameters: BTreeMap<&'a str, DeclaredParameter<'a>>,
        by: &str,
        diagnostics: &mut Diagnostics,
    ) -> Branch<'a> {
        let declared = parameters.get(by).map(|declared| &declared.shape);
        let mut read = |of: fn(&Shape<'_>, &mut Diagnostics) -> Vec<String>| {
            declared.map_or_else(Vec::new, |shape| of(shape, diagnostics))
        };
        let (own, suggested) = (
            read(grant_type_values::stated),
            read(grant_type_values::values),
        );
        let has_default = declared.is_some_and(|shape| shape.default.is_some());
        let mut branch = Branch {
            name: self.shape.title.or(self.shape.name),
            pointer: self.shape.pointer,
            grants: Vec::new(),
            listed: Vec::new(),
            is_stated: true,
            known_by: EvidenceKind::Discriminator,
            unmapped: None,
            description: self.shape.description,
            deprecated: self.shape.deprecated,
            parameters,
            required: self.shape.required,
        };
        branch.grants = match self.discriminated {
            Discriminated::No => {
                branch.is_stated = !own.is_empty();
                branch.known_by = match own.as_slice() {
                    [] if has_default => EvidenceKind::Default,
                    [] => EvidenceKind::Example,
                    [_] => EvidenceKind::Const,
                    _ => EvidenceKind::Enum,
                };
                suggested
            }
            Discriminated::Mapped { values, all } => {
                let (grants, listed) = united(own, values, &all);
                branch.listed = listed;
                grants
            }
            Discriminated::Named(name, _) if own.contains(&name) => vec![name],
            Discriminated::Named(..) if own.len() == 1 => own,
            // What the mapping has for no sibling is the branch's own.
            Discriminated::Named(_, all) if is_beside(&own, &all) => {
                branch.known_by = EvidenceKind::Enum;
                own
            }
            Discriminated::Named(name, _) => branch.by_name(&name, own, by, diagnostics),
        };
        branch
    }
}

/// Whether a branch lists values of which a mapping has none, although it has others.
fn is_beside(own: &[String], mapped: &BTreeSet<String>) -> bool {
    let mut listed = own.iter();
    !mapped.is_empty() && !own.is_empty() && listed.all(|value| !mapped.contains(value))
}

/// What the mapping has for a branch, and what the branch lists beside it that is no other branch's.
fn united(
    own: Vec<String>,
    mapped: Vec<String>,
    all: &BTreeSet<String>,
) -> (Vec<String>, Vec<String>) {
    let listed: BTreeSet<&String> = own.iter().collect();
    if !own.is_empty() && !mapped.iter().any(|value| listed.contains(value)) {
        return (own, Vec::new());
    }
    let unmapped = own.into_iter().filter(|value| !all.contains(value));
    (mapped, unmapped.collect())
}

/// Gives branches the grants that they list without a mapping. What all of them list is said of what they share, and of no branch.
pub(crate) fn settle_unmapped(branches: &mut [Branch<'_>]) -> Vec<String> {
    let first = branches.first().map_or(&[][..], |first| &first.listed);
    let is_alone = branches.len() < 2;
    let mut shared: BTreeSet<&String> = first.iter().filter(|_| !is_alone).collect();
    for branch in branches.iter().skip(1) {
        let listed: BTreeSet<&String> = branch.listed.iter().collect();
        shared.retain(|grant| listed.contains(grant));
    }
    let shared: BTreeSet<String> = shared.into_iter().cloned().collect();
    let in_order = first.iter().filter(|grant| shared.contains(*grant));
    let in_order: Vec<String> = in_order.cloned().collect();
    for branch in branches {
        let own = std::mem::take(&mut branch.listed).into_iter();
        branch
            .grants
            .extend(own.filter(|grant| !shared.contains(grant)));
    }
    in_order
}

fn unmapped(at: &str, name: &str, by: &str) -> Diagnostic {
    let name = name.escape_debug();
    let message = format!(
        "the document does not say which `{by}` the branch is for, and its name `{name}` is not a value of `{by}`"
    );
    Diagnostic::new(Rule::UnknownGrant, at, message).help(format!(
        "give the discriminator a mapping:\ndiscriminator: {{propertyName: {by}, mapping: {{client_credentials: '#/components/schemas/{name}'}}}}"
    ))
}
