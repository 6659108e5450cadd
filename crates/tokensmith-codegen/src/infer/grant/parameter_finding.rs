//! The finding of one parameter: where it stands, whether it is required and secret, and why.

use crate::diagnostic::finding::{Evidence, EvidenceKind, Finding, Question};
use crate::infer::declaration::DeclaredParameter;
use crate::model::{Location, Parameter, ParameterKind};

/// The finding of a parameter; `reasons` say where it is declared and what requires it.
pub(crate) fn of(
    parameter: &Parameter,
    declared: &DeclaredParameter<'_>,
    reasons: Vec<Evidence>,
) -> Finding {
    let place = match parameter.location {
        Location::Body => "body",
        Location::Query => "query",
        Location::Header => "header",
        Location::Path => "path",
    };
    let required = if parameter.required {
        "required"
    } else {
        "optional"
    };
    let mut answer = vec![place, required, kind(&parameter.kind)];
    if parameter.secret {
        answer.push("secret");
    }
    if parameter.random_uuid {
        answer.push("a fresh UUID unless given");
    }
    let finding = Finding::new(Question::Parameter, answer.join(", ")).of(&parameter.wire);
    let secret = parameter.secret.then(|| secret(parameter, declared));
    reasons.into_iter().chain(secret).fold(finding, Finding::on)
}

fn kind(kind: &ParameterKind) -> &'static str {
    match kind {
        ParameterKind::Text => "text",
        ParameterKind::Scopes { .. } => "scopes",
        ParameterKind::Integer => "integer",
        ParameterKind::Number => "number",
        ParameterKind::Boolean => "boolean",
        ParameterKind::TextList => "list of texts",
        ParameterKind::Json { .. } => "JSON",
        ParameterKind::Assertion => "assertion",
        ParameterKind::Enum(_) => "one of a list",
    }
}

/// Why a parameter is a secret.
fn secret(parameter: &Parameter, declared: &DeclaredParameter<'_>) -> Evidence {
    let shape = &declared.shape;
    let (kind, says) = if shape.stated_secret == Some(true) {
        (EvidenceKind::Statement, "secret: true")
    } else if shape.is_password {
        (EvidenceKind::Declaration, "secret, by format or writeOnly")
    } else if crate::model::credential::is_credential_parameter(&parameter.wire) {
        (EvidenceKind::Name, "secret, by its name")
    } else if declared.is_secret(&parameter.wire) {
        (EvidenceKind::Description, "secret, by its description")
    } else {
        (
            EvidenceKind::Convention,
            "secret, as the credential of its grant",
        )
    };
    Evidence::new(kind, &shape.pointer).saying(says)
}
