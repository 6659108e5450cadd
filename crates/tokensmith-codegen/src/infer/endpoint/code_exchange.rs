//! What the exchange of an authorization code has because of the authorization request before it.

use crate::diagnostic::Diagnostics;
use crate::diagnostic::finding::{Evidence, EvidenceKind, Finding, Question};
use crate::infer::declaration::DeclaredParameter;
use crate::infer::grant::{parameter_finding, sort};
use crate::infer::parameter;
use crate::infer::schema::{Kind, Shape};
use crate::model::{
    BodyFormat, CodeChallengeMethod, Endpoint, EndpointKind, Location, Operation, Parameter, name,
    rfc,
};

const AUTHORIZATION_CODE: &str = "authorization_code";

/// A parameter that an RFC asks for once the authorization request has its counterpart.
struct Counterpart {
    name: &'static str,
    /// What its name has under the provider's own, by letters.
    letters: &'static str,
    /// That the authorization request sends it.
    cause: &'static str,
    section: &'static str,
    /// What a document says whose provider does not know it.
    instead: Option<&'static str>,
}

const VERIFIER: Counterpart = Counterpart {
    name: "code_verifier",
    letters: "verifier",
    cause: "requests to the authorization endpoint have a code challenge",
    section: "RFC 7636, section 4.5",
    instead: Some("code-challenge: none"),
};

const REDIRECT: Counterpart = Counterpart {
    name: "redirect_uri",
    letters: "redirect",
    cause: "the authorization request may have a `redirect_uri`",
    section: "RFC 6749, section 4.1.3",
    instead: None,
};

/// Adds what the requests with an authorization code lack: `code_verifier` where the authorization
/// endpoint gets a challenge. A document without it may be as silent about `redirect_uri`, which is
/// added where the authorization endpoint has one: what is sent there has to be repeated.
pub(super) fn complete(endpoints: &mut [Endpoint], diagnostics: &mut Diagnostics) {
    let is_authorization = |endpoint: &&Endpoint| endpoint.kind == EndpointKind::Authorization;
    let has_challenge =
        |endpoint: &&Endpoint| endpoint.attributes.code_challenge != CodeChallengeMethod::None;
    let mut authorizations = endpoints.iter().filter(is_authorization);
    let Some(authorization) = authorizations.find(has_challenge) else {
        return;
    };
    let is_of_flow = authorization.declared_at.is_empty();
    let has_redirect = endpoints.iter().filter(is_authorization).any(|endpoint| {
        let mut parameters = endpoint.operations.iter().flat_map(|one| &one.parameters);
        parameters.any(|one| rfc::meant(&one.wire) == REDIRECT.name)
    });
    let wanted: &[&Counterpart] = match has_redirect {
        true => &[&VERIFIER, &REDIRECT],
        false => &[&VERIFIER],
    };
    let has_code_grant = endpoints
        .iter()
        .flat_map(Endpoint::grants)
        .any(is_code_grant);
    for endpoint in endpoints {
        let at = match (endpoint.kind, endpoint.declared_at.first()) {
            (EndpointKind::Token, Some(at)) => at.clone(),
            _ => continue,
        };
        let before = diagnostics.count_findings();
        let formats = &endpoint.attributes.formats;
        for operation in &mut endpoint.operations {
            if !lacks(operation, &VERIFIER) {
                continue;
            }
            let Some(location) = place_of_code(operation, has_code_grant) else {
                continue;
            };
            for counterpart in wanted {
                if lacks(operation, counterpart) {
                    diagnostics.find(tell(counterpart, (operation, location), is_of_flow, &at));
                    let to = (&mut *operation, location);
                    add(counterpart, to, (formats, &at), diagnostics);
                }
            }
            sort(&mut operation.parameters);
        }
        diagnostics.findings_belong_to(before, &at);
    }
}

/// Adds a parameter that the document does not declare.
fn add(
    counterpart: &Counterpart,
    (operation, location): (&mut Operation, Location),
    (formats, at): (&[BodyFormat], &str),
    diagnostics: &mut Diagnostics,
) {
    let shape = Shape {
        pointer: at.to_owned(),
        kind: Kind::Text,
        ..Shape::default()
    };
    let declared = DeclaredParameter::new(shape, location, false, None);
    let added = parameter::parameter(counterpart.name, &declared, false, formats, diagnostics);
    let Some(added) = added else {
        return;
    };
    let reason = Evidence::new(EvidenceKind::Convention, at).saying(counterpart.section);
    let found = parameter_finding::of(&added, &declared, vec![reason]);
    diagnostics.find(of_grant(found, operation));
    operation.parameters.push(added);
}

fn is_code_grant(grant: &str) -> bool {
    rfc::grant(grant).is_some_and(|grant| grant.value == AUTHORIZATION_CODE)
}

/// Whether a request has no parameter that is called like the counterpart.
fn lacks(operation: &Operation, counterpart: &Counterpart) -> bool {
    let letters = |parameter: &Parameter| name::letters(&parameter.wire);
    let mut parameters = operation.parameters.iter();
    !parameters.any(|parameter| letters(parameter).contains(counterpart.letters))
}

/// Where a request that exchanges an authorization code has the code. The `code` of a request without a grant is one where no other
/// request has the grant: codes come by text message, too.
fn place_of_code(operation: &Operation, has_code_grant: bool) -> Option<Location> {
    let grant = operation.grant.as_deref();
    let is_exchange = grant.map_or(!has_code_grant, is_code_grant);
    let mut parameters = operation.parameters.iter().filter(|_| is_exchange);
    let code = parameters.find(|parameter| rfc::meant(&parameter.wire) == "code")?;
    Some(code.location)
}

fn of_grant(finding: Finding, operation: &Operation) -> Finding {
    match &operation.grant {
        Some(grant) => finding.of_grant(grant),
        None => finding,
    }
}

fn tell(
    counterpart: &Counterpart,
    (operation, location): (&Operation, Location),
    is_of_flow: bool,
    at: &str,
) -> Finding {
    let Counterpart {
        name,
        cause,
        section,
        instead,
        ..
    } = counterpart;
    let request = match &operation.grant {
        Some(grant) => format!("the grant {}", grant.escape_debug()),
        None => "the request with the code".to_owned(),
    };
    let message = format!(
        "{cause}, and {request} is declared without `{name}` ({section}); it can be sent all the same"
    );
    let mut help = match location {
        Location::Query => format!(
            "declare it:\nparameters:\n- {{name: {name}, in: query, schema: {{type: string}}}}"
        ),
        _ => format!("declare it in the request body:\nproperties: {{{name}: {{type: string}}}}"),
    };
    if let Some(instead) = instead {
        help.push_str("\nor, where the provider does not know PKCE, turn it off ");
        help.push_str(&match is_of_flow {
            true => format!(
                "with an operation for the URL of the flow:\nget:\n  x-tokensmith: {{endpoint: authorization, {instead}}}"
            ),
            false => format!("on the authorization endpoint:\nx-tokensmith: {{{instead}}}"),
        });
    }
    let finding = Finding::new(Question::Parameter, format!("`{name}`, undeclared"))
        .of(*name)
        .by(EvidenceKind::Convention, at)
        .inferred(at, message, help);
    of_grant(finding, operation)
}
