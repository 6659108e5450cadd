//! Where a device authorization endpoint has what RFC 8628 asks for, where it calls that otherwise.

use std::collections::BTreeMap;

use openapiv3::Operation;

use crate::diagnostic::Diagnostics;
use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::infer::response_member::members;
use crate::infer::schema::Schemas;
use crate::infer::{Context, token_response};
use crate::model::name::letters;
use crate::openapi::site::Site;

/// The names of RFC 8628, section 3.2, and what else members are called, by their letters.
const FIELDS: [(&str, &[&str]); 6] = [
    ("device_code", &["devicecode"]),
    ("user_code", &["usercode"]),
    ("verification_uri", &["verificationuri", "verificationurl"]),
    (
        "verification_uri_complete",
        &["verificationuricomplete", "verificationurlcomplete"],
    ),
    ("expires_in", &["expiresin"]),
    ("interval", &["interval"]),
];

/// The fields that have another name or another place than in the RFC: those that are stated, and those that names show.
pub(crate) fn fields(
    context: &Context<'_>,
    site: &Site,
    operation: &Operation,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, String> {
    let mut fields = site.extension.fields.clone();
    let api = context.api;
    let Some(shape) = token_response::success(api, operation, &site.pointer, diagnostics) else {
        return fields;
    };
    let members = members(&shape, Schemas { api }, diagnostics);
    for (field, names) in FIELDS {
        let is_standard = |pointer: &str| pointer.strip_prefix('/') == Some(field);
        let is_there = members.iter().any(|member| is_standard(&member.pointer));
        let mut named = members
            .iter()
            .filter(|member| names.contains(&letters(&member.name).as_str()));
        if let Some(member) = named
            .next()
            .filter(|_| !is_there && !fields.contains_key(field))
        {
            let pointer = &member.pointer;
            let finding = Finding::new(Question::Field, pointer)
                .of(field)
                .by(EvidenceKind::Name, &shape.pointer);
            let differs_in_signs = member.depth == 0 && letters(&member.name) == letters(field);
            diagnostics.find(match differs_in_signs {
                true => finding,
                false => {
                    let message =
                        format!("by its name, `{pointer}` of the response is read as `{field}`");
                    let help = format!(
                        "say so on the operation:\nx-tokensmith: {{fields: {{{field}: {pointer}}}}}"
                    );
                    finding.inferred(&shape.pointer, message, help)
                }
            });
            fields.insert(field.to_owned(), pointer.clone());
        }
    }
    fields
}
