//! The grants of the OAuth flows that have their token URL at an endpoint.

use openapiv3::{OAuth2Flows, OpenAPI, ReferenceOr, SecurityScheme};

use crate::diagnostic::finding::{Evidence, EvidenceKind};
use crate::pointer;
use crate::select::leads_to_longest;

/// Whether an OAuth flow has its token URL at this path.
pub(crate) fn has_flow(api: &OpenAPI, path: &str) -> bool {
    !flow_grants(api, path).is_empty()
}

/// A grant of an OAuth flow.
pub(super) struct Flow {
    pub(super) grant: String,
    /// Where the flow stands.
    at: String,
}

impl Flow {
    pub(super) fn evidence(&self) -> Evidence {
        Evidence::new(EvidenceKind::Flow, &self.at).saying(&self.grant)
    }
}

/// The grants of the OAuth flows whose token URL is this path.
pub(super) fn flow_grants(api: &OpenAPI, path: &str) -> Vec<Flow> {
    let schemes = api
        .components
        .iter()
        .flat_map(|components| &components.security_schemes);
    let flows = schemes.filter_map(|(name, scheme)| match scheme {
        ReferenceOr::Item(SecurityScheme::OAuth2 { flows, .. }) => Some((name, flows)),
        _ => None,
    });
    flows
        .flat_map(|(name, flows)| {
            let at = pointer::join_all("/components", &["securitySchemes", name, "flows"]);
            grants_of_flows(
                flows,
                |url| leads_to_longest(url, path, api.paths.paths.keys()),
                &at,
            )
        })
        .collect()
}

fn grants_of_flows(flows: &OAuth2Flows, here: impl Fn(&str) -> bool, at: &str) -> Vec<Flow> {
    let client_credentials = flows.client_credentials.as_ref().map(|flow| {
        let names = ("client_credentials", "clientCredentials");
        (names, &flow.token_url, &flow.refresh_url)
    });
    let authorization_code = flows.authorization_code.as_ref().map(|flow| {
        let names = ("authorization_code", "authorizationCode");
        (names, &flow.token_url, &flow.refresh_url)
    });
    let password = flows.password.as_ref().map(|flow| {
        let names = ("password", "password");
        (names, &flow.token_url, &flow.refresh_url)
    });
    let mut grants = Vec::new();
    for ((grant, key), token_url, refresh_url) in [client_credentials, authorization_code, password]
        .into_iter()
        .flatten()
    {
        let mut add = |grant: &str| {
            grants.push(Flow {
                grant: grant.to_owned(),
                at: pointer::join(at, key),
            });
        };
        if here(token_url) {
            add(grant);
        }
        if refresh_url.as_deref().is_some_and(&here) {
            add("refresh_token");
        }
    }
    grants
}
