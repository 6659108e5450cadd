//! What is said of client authentication that the document leaves open, and how it is read.

use crate::diagnostic::finding::{Evidence, EvidenceKind, Finding};
use crate::model::ClientAuth;

/// Says how requests authenticate of which the document has forms with the secret and forms without.
pub(super) fn chosen(finding: Finding, method: ClientAuth, at: &str) -> Finding {
    let how = match method {
        ClientAuth::Auto => {
            "requests authenticate by HTTP Basic first, and where a grant may be repeated, in the body next"
        }
        _ => "where the client has a secret, all requests have it",
    };
    let message =
        format!("some forms of the body have the client's secret, and others do not; {how}");
    let help = format!(
        "say which way the provider takes:\nx-tokensmith: {{client-auth: {}}}",
        if method == ClientAuth::Auto {
            "basic"
        } else {
            method.as_str()
        }
    );
    let evidence = Evidence::new(EvidenceKind::Declaration, at).saying("a choice of bodies");
    finding.on(evidence).inferred(at, message, help)
}

pub(super) fn read_as_basic(finding: Finding, at: &str) -> Finding {
    let message =
        "nothing is said of what the `Authorization` header carries; it is read as HTTP Basic";
    let finding = finding.by(EvidenceKind::Convention, at);
    finding.inferred(at, message, DECLARE_BASIC)
}

pub(super) fn assertion_read_as_signed(finding: Finding, at: &str) -> Finding {
    let message = "nothing is said of how `client_assertion` is signed; it is read as signed by a private key (`private-key-jwt`)";
    let help = "say so, or `client-secret-jwt` where the secret signs it:\nx-tokensmith: {client-auth: private-key-jwt}";
    finding.inferred(at, message, help)
}

pub(super) fn pair_read_as_basic(finding: Finding, at: &str) -> Finding {
    let message = "the `Authorization` header is described as the identifier and the secret; it is read as HTTP Basic";
    let finding = finding.by(EvidenceKind::Convention, at);
    finding.inferred(at, message, DECLARE_BASIC)
}

const DECLARE_BASIC: &str =
    "declare a security scheme instead:\nsecuritySchemes: {basic: {type: http, scheme: basic}}";
