//! Authorization endpoints: where a user's browser is sent (RFC 6749, section 3.1).

use std::collections::BTreeMap;

use openapiv3::{
    AuthorizationCodeOAuth2Flow, Operation as ApiOperation, PathItem, ReferenceOr, SecurityScheme,
};

use crate::diagnostic::finding::{Evidence, EvidenceKind, Finding, Question};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::declaration::{self, Declarations};
use crate::infer::server::{Environments, Placement};
use crate::infer::{Context, grant};
use crate::model::name::letters;
use crate::model::{
    Attributes, ClientWords, Endpoint, EndpointKind, Examples, Location, Method, Operation,
    Parameter, ParameterKind, PathChoice, Success, name, rfc,
};
use crate::openapi::site::Site;
use crate::pointer;
use crate::prose::listed;

/// The `response_type` of the authorization code grant.
const CODE: &str = "code";

const REDIRECT_URI: &str = "redirect_uri";
const STATE: &str = "state";

/// What says that an authorization request has a code challenge.
pub(crate) const CHALLENGE_SOURCE: &str = "RFC 9700, section 2.1.1";

/// What a request asks of an authorization endpoint that an operation describes.
pub(crate) fn operation(
    (context, of, site): (&Context<'_>, (&PathItem, &ApiOperation), &Site),
    declarations: &Declarations<'_>,
    diagnostics: &mut Diagnostics,
) -> Operation {
    let name = declarations.runtime.grant_type;
    let response_type = declarations.common.get(name);
    let mut value = CODE.to_owned();
    if let Some(declared) = response_type {
        let values = grant::grant_type_values::values(&declared.shape, diagnostics);
        // Under another name it is the provider's own: Basecamp's `type` is `web_server`.
        let own = site.extension.grant_type_parameter.as_ref();
        if let (Some(_), [only]) = (own, values.as_slice()) {
            value.clone_from(only);
        } else if !values.is_empty() && !values.iter().any(|value| value == CODE) {
            let message = format!("`{name}` cannot be `{CODE}`, and nothing else is supported");
            diagnostics.push(
                Diagnostic::new(Rule::Unsupported, &declared.shape.pointer, message).help(
                    "add it to the values; or, if the endpoint is not to be used, mark it:\nx-tokensmith: {endpoint: none}",
                ),
            );
        }
    }
    // A browser that is sent somewhere takes no headers along.
    let mut common = declarations.common.values();
    let has_none = common.all(|declared| declared.location == Location::Header);
    if has_none && declarations.branches.is_empty() {
        diagnostics.find(undeclared(&site.pointer));
        return standard_operation();
    }
    let is_in_redirect = site.extension.state.is_some();
    let others = written_otherwise(declarations);
    let is_other = |name: &str| others.iter().any(|(own, _)| *own == name);
    if !is_in_redirect && !declarations.has(STATE) && !is_other(STATE) {
        diagnostics.find(without_state(&site.pointer));
    }
    let told = told_otherwise(&others, &site.pointer);
    told.into_iter().for_each(|told| diagnostics.push(told));
    // RFC 6749, section 4.1.1 has it optional; most providers require it, and few documents say so.
    let place = declaration::query_parameter((context.api, of, site), REDIRECT_URI);
    let is_optional = place.is_some_and(|place| context.untyped.is_stated_optional(&place));
    let is_redirect = |name: &str| name == REDIRECT_URI && !is_optional;
    let mut parameters = grant::all_parameters(declarations, is_redirect, diagnostics);
    parameters.retain(|parameter| parameter.location != Location::Header);
    Operation {
        ident: rfc::AUTHORIZE.to_owned(),
        // Some providers want no `response_type`.
        grant: response_type.map(|_| value),
        one_time: false,
        names_client: false,
        description: None,
        parameters,
    }
}

/// What RFC 6749 has, where a document says nothing of what a request has.
fn standard_operation() -> Operation {
    Operation {
        ident: rfc::AUTHORIZE.to_owned(),
        grant: Some(CODE.to_owned()),
        one_time: false,
        names_client: false,
        description: None,
        parameters: parameters(),
    }
}

fn undeclared(at: &str) -> Finding {
    let message = "the authorization endpoint declares no parameters; its requests have those of RFC 6749, section 4.1.1";
    let help = "declare them:\n\
         parameters:\n- {name: response_type, in: query, required: true, schema: {type: string, enum: [code]}}\n\
         - {name: redirect_uri, in: query, schema: {type: string}}\n- {name: scope, in: query, schema: {type: string}}";
    Finding::new(Question::Parameter, "those of RFC 6749, section 4.1.1")
        .by(EvidenceKind::Convention, at)
        .inferred(at, message, help)
}

/// Says that requests have a `state` of which the document knows nothing.
fn without_state(at: &str) -> Finding {
    let message = "the authorization endpoint declares no `state`; requests have one all the same (RFC 6749, section 10.12)";
    let help = "declare it:\nparameters:\n- {name: state, in: query, schema: {type: string}}";
    Finding::new(Question::Parameter, "`state`, undeclared")
        .of(STATE)
        .by(EvidenceKind::Convention, at)
        .inferred(at, message, help)
}

/// The parameters that requests have under the names of their RFCs alone, and what the document calls them.
fn written_otherwise<'a>(declarations: &Declarations<'a>) -> Vec<(&'static str, &'a str)> {
    const SENT: [&str; 5] = [
        REDIRECT_URI,
        STATE,
        "nonce",
        "code_challenge",
        "code_challenge_method",
    ];
    let names = declarations.names();
    let sent = SENT.into_iter().filter(|own| !names.contains(own));
    sent.filter_map(|own| {
        let mut names = names.iter();
        let found = names.find(|name| letters(name) == letters(own))?;
        Some((own, *found))
    })
    .collect()
}

/// Says that requests call parameters as RFCs do, where the document calls them otherwise.
fn told_otherwise(others: &[(&str, &str)], at: &str) -> Option<Diagnostic> {
    let (first, _) = others.first()?;
    let pairs = others.iter();
    let pairs = pairs.map(|(own, name)| format!("`{}` for `{own}`", name.escape_debug()));
    let pairs: Vec<String> = pairs.collect();
    let message = format!(
        "the authorization endpoint declares {}: the client handles these under the names of their RFCs alone, and the others are the caller's to set",
        listed(&pairs, "and")
    );
    let help = format!(
        "where the provider takes the names of RFC 6749, declare those:\nparameters:\n- {{name: {first}, in: query, schema: {{type: string}}}}"
    );
    Some(Diagnostic::new(Rule::Unused, at, message).help(help))
}

/// The authorization endpoints that only the OAuth flows name, where some token endpoint takes their codes.
pub(crate) fn of_flows(
    context: &Context<'_>,
    environments: &Environments,
    endpoints: &[Endpoint],
    diagnostics: &mut Diagnostics,
) -> Vec<Endpoint> {
    let mut grants = endpoints.iter().flat_map(Endpoint::grants);
    if !grants.any(|grant| rfc::is_same_grant(grant, "authorization_code")) {
        return Vec::new();
    }
    let mut found: Vec<Endpoint> = Vec::new();
    for (scheme, flow) in flows(context) {
        let at = pointer::join_all("/components", &["securitySchemes", scheme]);
        let (placement, path) =
            environments.placement_of_url(&flow.authorization_url, &at, diagnostics);
        let servers = match placement {
            Placement::Elsewhere(servers) => servers,
            Placement::Servers | Placement::At(_) => Vec::new(),
        };
        let is_known =
            |endpoint: &Endpoint| endpoint.paths[0].path == path && endpoint.servers == servers;
        if found.iter().any(is_known) {
            continue;
        }
        let label = if found.is_empty() { "" } else { scheme };
        let ident = name::screaming(&format!("{label}_authorization"));
        let (Some(ident), Some(choice)) = (ident, name::pascal(&path)) else {
            diagnostics.push(crate::infer::types::unusable(&path, &at));
            continue;
        };
        let at = pointer::join_all(&at, &["flows", "authorizationCode"]);
        let before = diagnostics.count_findings();
        let kind = EndpointKind::Authorization.as_str();
        diagnostics.find(Finding::new(Question::Endpoint, kind).by(EvidenceKind::Flow, &at));
        diagnostics.find(url_of_flow(environments, &flow.authorization_url, &at));
        let endpoint = Endpoint {
            paths: vec![PathChoice {
                path,
                ident: choice,
                description: None,
            }],
            servers,
            ..standard(ident)
        };
        let method = endpoint.attributes.code_challenge.as_str();
        let by = Evidence::new(EvidenceKind::Convention, &at).saying(CHALLENGE_SOURCE);
        diagnostics.find(Finding::new(Question::CodeChallenge, method).on(by));
        diagnostics.findings_belong_to(before, &at);
        found.push(endpoint);
    }
    found
}

/// Where users are sent: to the URL of a flow, or to the same place on whichever server the caller chooses.
fn url_of_flow(environments: &Environments, written: &str, at: &str) -> Finding {
    let Some(url) = environments.with_variables(written) else {
        return Finding::new(Question::Url, written).by(EvidenceKind::Flow, at);
    };
    let (shown, written) = (url.escape_debug(), written.escape_debug());
    let message = format!(
        "the flow has the `authorizationUrl` `{written}`, in which the server's variables have their defaults; it follows the server: `{shown}`"
    );
    let help = format!("write it with the variables:\nauthorizationUrl: '{shown}'");
    Finding::new(Question::Url, url.as_str())
        .by(EvidenceKind::Flow, at)
        .by(EvidenceKind::Convention, at)
        .inferred(at, message, help)
}

/// Where the first OAuth flow stands that sends users to an authorization endpoint.
pub(crate) fn first_flow(context: &Context<'_>) -> Option<String> {
    let (scheme, _) = flows(context).into_iter().next()?;
    let keys = ["securitySchemes", scheme, "flows", "authorizationCode"];
    Some(pointer::join_all("/components", &keys))
}

fn flows<'a>(context: &Context<'a>) -> Vec<(&'a str, &'a AuthorizationCodeOAuth2Flow)> {
    let components = context.api.components.iter();
    let mut flows: Vec<_> = components
        .flat_map(|components| &components.security_schemes)
        .filter_map(|(name, scheme)| match scheme {
            ReferenceOr::Item(SecurityScheme::OAuth2 { flows, .. }) => {
                Some((name.as_str(), flows.authorization_code.as_ref()?))
            }
            _ => None,
        })
        .collect();
    flows.retain(|(_, flow)| !flow.authorization_url.is_empty());
    flows.sort_by_key(|(name, _)| *name);
    flows
}

/// An authorization endpoint as RFC 6749 has it, of which nothing but the URL is known.
fn standard(ident: String) -> Endpoint {
    Endpoint {
        kind: EndpointKind::Authorization,
        declared_at: Vec::new(),
        ident,
        description: None,
        paths: Vec::new(),
        servers: Vec::new(),
        attributes: Attributes {
            method: Method::Get,
            grant_type: ("response_type".to_owned(), Location::Query),
            ..Attributes::default()
        },
        deprecated: false,
        certificate: false,
        dpop: false,
        client: ClientWords {
            nonce_is_undeclared: true,
            ..ClientWords::default()
        },
        operations: vec![standard_operation()],
        nested: BTreeMap::new(),
        response: Success::Nothing,
        undeclared_fields: Vec::new(),
        error: String::new(),
        errors: Vec::new(),
        examples: Examples::default(),
    }
}

fn parameters() -> Vec<Parameter> {
    let parameter = |wire: &str, kind, required, description: &str| Parameter {
        wire: wire.to_owned(),
        ident: wire.to_owned(),
        description: Some(description.to_owned()),
        location: Location::Query,
        kind,
        required,
        secret: false,
        prefix: None,
        separator: None,
        min_length: None,
        max_length: None,
        pattern: None,
        values: Vec::new(),
        default: None,
        random_uuid: false,
        example: None,
        format: None,
    };
    vec![
        parameter(
            REDIRECT_URI,
            ParameterKind::Text,
            true,
            "Where the browser is sent back to.",
        ),
        parameter(
            "scope",
            ParameterKind::Scopes { list: false },
            false,
            "A scope to ask for.",
        ),
    ]
}
