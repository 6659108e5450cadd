//! Names in Rust of parameters that are called differently on the wire alone.

use crate::infer::name_collision;
use crate::model::{Location, Parameter};

/// Names that differ on the wire and not in Rust are told apart by where they stand, if they stand in different places.
pub(super) fn tell_places_apart(parameters: &mut [Parameter]) {
    for index in 1..parameters.len() {
        let (before, [parameter, ..]) = parameters.split_at_mut(index) else {
            continue;
        };
        let mut before = before.iter();
        let other = before.find(|other| other.ident == parameter.ident);
        if other.is_some_and(|other| other.location != parameter.location) {
            parameter.ident.push_str(match parameter.location {
                Location::Body => "_in_body",
                Location::Query => "_in_query",
                Location::Header => "_in_header",
                Location::Path => "_in_path",
            });
        }
    }
}

/// Parameters that would have one name all the same are told apart by numbers.
pub(super) fn tell_apart(parameters: &mut [Parameter]) {
    let names: Vec<(&str, String)> = parameters
        .iter()
        .map(|parameter| (parameter.wire.as_str(), parameter.ident.clone()))
        .collect();
    let idents = name_collision::numbered(&names);
    for (parameter, ident) in parameters.iter_mut().zip(idents) {
        parameter.ident = ident;
    }
}
