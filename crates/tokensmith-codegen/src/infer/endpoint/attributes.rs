//! How an endpoint wants its requests written, and what only `x-tokensmith` says of it.

use super::Builder;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::finding::{Evidence, EvidenceKind, Finding, Question};
use crate::infer::declaration::Declarations;
use crate::infer::runtime_parameters::RuntimeParameters;
use crate::infer::{authorization, grant, list_style, second_place};
use crate::model::{
    Attributes, Authentication, CodeChallengeMethod, EndpointKind, Location, Operation,
    OwnedFailureMark, ParameterKind,
};
use crate::openapi::extension::{KEY, OneOrMore};
use crate::openapi::site::Site;
use crate::pointer;
use crate::prose::listed;
use tokensmith_description::{PushedRequests, TokenUse};

impl<'a> Builder<'_, 'a> {
    /// What nothing but `x-tokensmith` says.
    pub(super) fn stated(&self, kind: EndpointKind, attributes: Attributes) -> Attributes {
        let extension = &self.site.extension;
        let request_id = extension.request_id.as_ref();
        Attributes {
            token_use: self.token_use(kind),
            required_scopes: extension.required_scopes.clone().unwrap_or_default(),
            fragment: extension.fragment.clone().unwrap_or_default(),
            rotation: extension.refresh_token.rotates,
            required_in_redirect: extension.required_in_redirect.clone().unwrap_or_default(),
            signature_in_redirect: extension.signature_in_redirect.clone().unwrap_or_default(),
            state_in_redirect_uri: extension.state.is_some(),
            pushed_requests: extension
                .pushed_authorization
                .unwrap_or(PushedRequests::Taken),
            server_in_redirect: extension.server_in_redirect.clone().into_iter().collect(),
            request_id: request_id.map_or(Vec::new(), OneOrMore::to_vec),
            error_codes: extension.error.codes.clone().into_iter().collect(),
            ..attributes
        }
    }

    /// Where requests to the API carry the token: all token endpoints of a provider are for the same
    /// API, unless one says otherwise.
    fn token_use(&self, kind: EndpointKind) -> TokenUse<String> {
        let stated = |site: &Site| site.extension.token_use.clone();
        let mut tokens = self.context.sites.iter();
        let of_another =
            || tokens.find_map(|site| stated(site).filter(|_| site.kind == EndpointKind::Token));
        match kind {
            EndpointKind::Token => stated(self.site)
                .or_else(of_another)
                .unwrap_or_else(TokenUse::standard),
            _ => TokenUse::standard(),
        }
    }

    /// Puts the operation's own separator between scopes that are a list.
    pub(super) fn separate_scopes(&self, operation: &mut Operation) {
        let Some(own) = &self.site.extension.scope_separator else {
            return;
        };
        for parameter in &mut operation.parameters {
            let is_scopes = matches!(parameter.kind, ParameterKind::Scopes { list: true });
            if is_scopes && parameter.separator.as_deref() == Some(list_style::SPACE) {
                parameter.separator = Some(own.clone());
            }
        }
    }

    /// How requests are written; nothing is said of responses.
    pub(super) fn request_attributes(
        &self,
        kind: EndpointKind,
        (runtime, authentication): (RuntimeParameters<'a>, Authentication),
        declarations: Declarations<'a>,
        diagnostics: &mut Diagnostics,
    ) -> Attributes {
        let grant_location = match kind {
            EndpointKind::Authorization => Location::Query,
            _ => grant::location(&declarations),
        };
        let copies = match kind {
            kind if kind.is_for_browsers() => second_place::of_browsers(&declarations),
            EndpointKind::Registration => Vec::new(),
            _ => second_place::copies(
                &declarations,
                authentication.method,
                grant_location,
                diagnostics,
            ),
        };
        let separator = self.site.extension.scope_separator.clone();
        Attributes {
            grant_type: (runtime.grant_type.to_owned(), grant_location),
            copies,
            code_challenge: self.code_challenge(kind, &declarations, diagnostics),
            formats: declarations.formats,
            json_media_type: declarations.json_media_type,
            authentication,
            scope_separator: separator.unwrap_or_else(|| " ".to_owned()),
            response_scope_separator: self.site.extension.response_scope_separator.clone(),
            ..Attributes::default()
        }
    }
}

impl Builder<'_, '_> {
    /// As `x-tokensmith` says, or else by S256 unless the document lists the methods without it (RFC 7636, section 4.3).
    fn code_challenge(
        &self,
        kind: EndpointKind,
        declarations: &Declarations<'_>,
        diagnostics: &mut Diagnostics,
    ) -> CodeChallengeMethod {
        let declared = declarations.common.get("code_challenge_method");
        let values = declared.map_or([].as_slice(), |declared| &declared.shape.values);
        let lists = |name: &str| values.iter().any(|value| value == name);
        let listed = match lists("plain") && !lists("S256") {
            true => CodeChallengeMethod::Plain,
            false => CodeChallengeMethod::S256,
        };
        let (method, evidence) = match (self.site.extension.code_challenge, declared) {
            (Some(method), _) => {
                let at = pointer::join_all(&self.site.pointer, &[KEY, "code-challenge"]);
                (method, Evidence::new(EvidenceKind::Statement, at))
            }
            (None, Some(declared)) if !values.is_empty() => {
                let evidence = Evidence::new(EvidenceKind::Enum, &declared.shape.pointer);
                (listed, evidence.saying(&values.join(", ")))
            }
            _ => {
                let evidence = Evidence::new(EvidenceKind::Convention, &self.site.pointer);
                (listed, evidence.saying(authorization::CHALLENGE_SOURCE))
            }
        };
        if kind == EndpointKind::Authorization {
            let finding = Finding::new(Question::CodeChallenge, method.as_str()).on(evidence);
            let is_stated = self.site.extension.code_challenge.is_some();
            diagnostics.find(match is_stated {
                true => finding,
                false => undeclared_challenge(finding, declarations, &self.site.pointer),
            });
        }
        method
    }
}

/// Says of a code challenge which of its parameters the document does not declare.
fn undeclared_challenge(finding: Finding, declarations: &Declarations<'_>, at: &str) -> Finding {
    let names = ["code_challenge", "code_challenge_method"].into_iter();
    let lacking = names.filter(|name| !declarations.has(name));
    let lacking: Vec<String> = lacking.map(|name| format!("`{name}`")).collect();
    if lacking.is_empty() {
        return finding;
    }
    let message = format!(
        "the authorization endpoint declares no {}; requests have both parameters of a code challenge all the same (RFC 7636, section 4.3)",
        listed(&lacking, "and no")
    );
    let help =
        "say that it takes them, or turn PKCE off by `none`:\nx-tokensmith: {code-challenge: S256}";
    finding.inferred(at, message, help)
}

/// What makes a response a failure whatever its status.
pub(super) fn failures(site: &Site) -> Vec<OwnedFailureMark> {
    let failures = site.extension.failure.iter();
    failures
        .map(|failure| OwnedFailureMark {
            pointer: failure.at.clone(),
            values: failure.values.clone(),
            negated: failure.negated,
        })
        .collect()
}
