//! Types of responses and of error bodies.

use super::{Changes, Step, matched};
use tokensmith_codegen::model::{EnumDef, Field, FieldType, StructDef, TypeDef, Variant};

pub(super) fn types(before: &[TypeDef], after: &[TypeDef], changes: &mut Changes) {
    let (both, gone, new) = matched(before, after, TypeDef::ident);
    for def in gone {
        changes.api(
            Step::Major,
            &format!("response::{}", def.ident()),
            "is gone",
        );
    }
    for def in new {
        changes.api(Step::Minor, &format!("response::{}", def.ident()), "is new");
    }
    for pair in both {
        match pair {
            (TypeDef::Struct(before), TypeDef::Struct(after)) => structs(before, after, changes),
            (TypeDef::Enum(before), TypeDef::Enum(after)) => {
                enums(
                    &format!("response::{}", before.ident),
                    before,
                    after,
                    changes,
                );
            }
            (before, _) => changes.api(
                Step::Major,
                &format!("response::{}", before.ident()),
                "is another kind of type",
            ),
        }
    }
}

fn structs(before: &StructDef, after: &StructDef, changes: &mut Changes) {
    let StructDef {
        ident,
        description,
        is_token,
        fields,
    } = before;
    let subject = format!("response::{ident}");
    changes.docs(&subject, description, &after.description);
    if *is_token != after.is_token {
        changes.api(
            Step::Major,
            &subject,
            "has, or no longer has, an access token",
        );
    }
    let (both, gone, new) = matched(fields, &after.fields, |field| &field.ident);
    for field in gone {
        changes.api(
            Step::Major,
            &format!("{subject}::{}", field.ident),
            "is gone",
        );
    }
    for field in new {
        changes.api(
            Step::Minor,
            &format!("{subject}::{}", field.ident),
            "is new",
        );
    }
    for (before, after) in both {
        let Field {
            wire,
            ident,
            description,
            ty,
        } = before;
        let subject = format!("{subject}::{ident}");
        changes.value(Step::Minor, &subject, "its name in JSON", wire, &after.wire);
        changes.docs(&subject, description, &after.description);
        if *ty != after.ty {
            changes.api(
                Step::Major,
                &subject,
                format!(
                    "is of another type: {} becomes {}",
                    written(ty),
                    written(&after.ty)
                ),
            );
        }
    }
}

/// The type as the crate has it.
fn written(ty: &FieldType) -> String {
    let name = match ty {
        FieldType::Text => "String",
        FieldType::Secret => "Secret",
        FieldType::Integer => "i64",
        FieldType::Number => "f64",
        FieldType::Boolean => "bool",
        FieldType::ErrorCode => "ErrorCode",
        FieldType::Object => "Extra",
        FieldType::Any => "Untyped",
        FieldType::Named(name) => name,
        FieldType::List(item) => return format!("Vec<{}>", written(item)),
        FieldType::Boxed(name) => return format!("Box<{name}>"),
    };
    name.to_owned()
}

pub(super) fn enums(subject: &str, before: &EnumDef, after: &EnumDef, changes: &mut Changes) {
    let EnumDef {
        ident: _,
        description,
        variants,
        ignore_case,
    } = before;
    changes.docs(subject, description, &after.description);
    changes.value(
        Step::Minor,
        subject,
        "whether case counts",
        ignore_case,
        &after.ignore_case,
    );
    let (both, gone, new) = matched(variants, &after.variants, |variant| &variant.ident);
    for variant in gone {
        changes.api(
            Step::Major,
            &format!("{subject}::{}", variant.ident),
            "is gone",
        );
    }
    for variant in new {
        changes.api(
            Step::Minor,
            &format!("{subject}::{}", variant.ident),
            "is new",
        );
    }
    for (before, after) in both {
        let Variant { wire, ident } = before;
        changes.value(
            Step::Minor,
            &format!("{subject}::{ident}"),
            "its value",
            wire,
            &after.wire,
        );
    }
}
