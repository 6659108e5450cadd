//! The finding of one parameter: where it stands, whether it is required and secret, and why.

use crate::diagnostic::finding::{Evidence, EvidenceKind, Finding, Question};
use crate::infer::declaration::DeclaredParameter;
use crate::model::{Location, Parameter, ParameterKind, Scalar};

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
        ParameterKind::ScalarList { item, .. } => match item {
            Scalar::Integer => "list of integers",
            Scalar::Number => "list of numbers",
            Scalar::Boolean => "list of booleans",
        },
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

/// The finding that a parameter is required with other grants only.
pub(super) fn of_others(wire: &str, (grant, by): (&str, EvidenceKind), at: &str) -> Finding {
    let (name, value) = (wire.escape_debug(), grant.escape_debug());
    let source = match by {
        EvidenceKind::Description => "by its description",
        _ => "by its name",
    };
    let message = format!(
        "`{name}` is required of every request, and {source} with other grants only; it is optional with the grant {value}"
    );
    let help = "write the body of each grant as one branch of `oneOf`, with `required` in it";
    let required = Evidence::new(EvidenceKind::Declaration, at).saying("required of every request");
    Finding::new(Question::Parameter, "optional")
        .of(wire)
        .of_grant(grant)
        .by(by, at)
        .against(required)
        .inferred(at, message, help)
}

/// The finding that a parameter is one of several of which a request has one.
pub(super) fn one_of_several(wire: &str, grant: &str, at: &str) -> Finding {
    let (name, value) = (wire.escape_debug(), grant.escape_debug());
    let message = format!(
        "the RFC of the grant {value} requires `{name}`, and the document says that one of several parameters is needed; it is optional"
    );
    let help = format!("where each request has it, say so:\nrequired: [{name}]");
    let by_rfc = Evidence::new(EvidenceKind::Convention, at).saying("required by its RFC");
    Finding::new(Question::Parameter, "optional")
        .of(wire)
        .of_grant(grant)
        .by(EvidenceKind::Description, at)
        .against(by_rfc)
        .inferred(at, message, help)
}

/// The finding that a parameter is required, and optional by its description.
pub(super) fn called_optional(wire: &str, grant: &str, at: &str) -> Finding {
    let name = wire.escape_debug();
    let message = format!(
        "`{name}` is required by the schema, and its description says when it is not needed; it is required"
    );
    let help = format!("if the schema is wrong, leave `{name}` out of `required`");
    let optional = Evidence::new(EvidenceKind::Description, at).saying("optional");
    Finding::new(Question::Parameter, "required")
        .of(wire)
        .of_grant(grant)
        .by(EvidenceKind::Declaration, at)
        .against(optional)
        .inferred(at, message, help)
}

/// The finding that words say whether a grant requires a parameter.
pub(super) fn required_in_words(wire: &str, value: &str, is_required: bool, at: &str) -> Finding {
    let (name, grant) = (wire.escape_debug(), value.escape_debug());
    let message = match is_required {
        true if value.is_empty() => format!("by its description, `{name}` is required"),
        true => format!("by its description, `{name}` is required with the grant {grant}"),
        false if value.is_empty() => {
            format!("by its description, `{name}` is required for some requests; it is optional")
        }
        false => format!(
            "by its description, `{name}` is required for some requests of the grant {grant}; it is optional"
        ),
    };
    let help = match is_required {
        true => format!(
            "write the body of the grant as one branch of `oneOf`, with it in `required`:\nrequired: [{name}]"
        ),
        false => {
            "write each kind of request as a branch of `oneOf`, with what it requires".to_owned()
        }
    };
    let answer = if is_required { "required" } else { "optional" };
    Finding::new(Question::Parameter, answer)
        .of(wire)
        .of_grant(value)
        .by(EvidenceKind::Description, at)
        .inferred(at, message, help)
}
