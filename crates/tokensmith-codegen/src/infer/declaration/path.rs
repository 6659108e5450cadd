//! The parameters of the path, which has their names between braces.

use std::collections::BTreeSet;

use openapiv3::Parameter as ApiParameter;

use super::of_operation::location;
use super::{Declarations, DeclaredParameter};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::schema::{Kind, Shape};
use crate::infer::server::template_names;
use crate::model::Location;
use crate::model::name::letters;
use crate::openapi::site::Site;

/// The names between braces in a path.
pub(super) struct Names<'a> {
    all: BTreeSet<&'a str>,
    /// Those that no parameter has.
    free: Vec<&'a str>,
}

impl<'a> Names<'a> {
    /// Reads a path, with the parameters that are declared for it.
    pub(super) fn new(path: &'a str, parameters: &[(&'a ApiParameter, String)]) -> Self {
        let declared: BTreeSet<&str> = parameters
            .iter()
            .filter(|(parameter, _)| location(parameter) == Some(Location::Path))
            .map(|(parameter, _)| parameter.parameter_data_ref().name.as_str())
            .collect();
        let all: BTreeSet<&str> = template_names(path).collect();
        let free = template_names(path).filter(|name| !declared.contains(name));
        Self {
            free: free.collect(),
            all,
        }
    }

    pub(super) fn count(&self) -> usize {
        self.all.len()
    }

    /// The name that the path has for a parameter that is declared there; `None` where it has none, so that nothing can be sent.
    pub(super) fn meant(
        &self,
        name: &'a str,
        at: &str,
        diagnostics: &mut Diagnostics,
    ) -> Option<&'a str> {
        if self.all.contains(name) {
            return Some(name);
        }
        let mut free = self.free.iter().copied();
        let meant = free.find(|other| is_alike(other, name));
        let shown = name.escape_debug();
        diagnostics.push(match meant {
            Some(meant) => Diagnostic::new(
                Rule::Repaired,
                at,
                format!("the path has no `{{{shown}}}`; `{{{meant}}}` is read as it"),
            )
            .help("write both alike"),
            None => Diagnostic::new(
                Rule::LeftOut,
                at,
                format!("the path has no `{{{shown}}}`: the parameter is left out"),
            )
            .help("remove the parameter, or add it to the path"),
        });
        meant
    }
}

/// Whether two names of a place in a path differ in case or in signs only.
fn is_alike(one: &str, other: &str) -> bool {
    letters(one) == letters(other)
}

impl<'a> Declarations<'a> {
    /// A name between braces in the path is a parameter, whether the document declares it or not.
    pub(crate) fn complete_path(&mut self, site: &'a Site) {
        for name in template_names(&site.path) {
            let shape = Shape {
                pointer: site.pointer.clone(),
                kind: Kind::Text,
                ..Shape::default()
            };
            let undeclared = DeclaredParameter::new(shape, Location::Path, true, None);
            if self
                .common
                .get(name)
                .is_none_or(|known| !known.places.has(Location::Path))
            {
                self.add(name, undeclared);
            }
        }
    }
}
