//! The variants of an enum, and their names.

use std::collections::{BTreeMap, BTreeSet};

use super::spelt_out;
use crate::infer::schema::Shape;
use crate::model::{EnumDef, Variant, name};

/// The enum of a string schema with values.
pub(crate) fn enum_def(shape: &Shape<'_>, ident: String, field_wire: &str) -> EnumDef {
    let ignore_case = field_wire == "token_type";
    let values: BTreeSet<&String> = shape.values.iter().collect();
    let mut variants: Vec<Variant> = Vec::new();
    let mut folded = BTreeSet::new();
    let mut names = VariantNames::default();
    for wire in values {
        // No value is a value that vendors list.
        let ident = spelt_out(name::pascal, wire).unwrap_or_else(|| "Empty".to_owned());
        // `Other` is where unknown values go.
        let ident = if ident == "Other" {
            "Other_".to_owned()
        } else {
            ident
        };
        if ignore_case && !folded.insert(wire.to_ascii_lowercase()) {
            continue;
        }
        variants.push(Variant {
            wire: wire.clone(),
            ident: names.free(ident),
        });
    }
    EnumDef {
        ident,
        description: shape.type_description().map(str::to_owned),
        variants,
        ignore_case,
    }
}

/// Names of variants: values such as `Bearer` and `bearer` are told apart by numbers, in their order.
#[derive(Default)]
struct VariantNames {
    taken: BTreeSet<String>,
    /// The last number that each name was tried with.
    numbers: BTreeMap<String, usize>,
}

impl VariantNames {
    fn free(&mut self, ident: String) -> String {
        if self.taken.insert(ident.clone()) {
            return ident;
        }
        let number = self.numbers.entry(ident.clone()).or_insert(1);
        loop {
            *number += 1;
            let free = format!("{ident}{number}");
            if self.taken.insert(free.clone()) {
                return free;
            }
        }
    }
}
