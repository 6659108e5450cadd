//! URLs of OAuth flows that none of the document's operations has.

use std::collections::BTreeSet;

use openapiv3::{OAuth2Flows, ReferenceOr, SecurityScheme};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::host::{authority, is_of_world, is_placeholder, is_reserved};
use crate::infer::Context;
use crate::pointer;
use crate::prose::listed;
use crate::select::leads_to;
use tokensmith_description::EndpointKind;

/// Tells URLs of flows that contradict the operations: requests go where the operations are.
pub(super) fn tell(context: &Context<'_>, diagnostics: &mut Diagnostics) {
    for (kind, key, urls) in [
        (
            EndpointKind::Token,
            "tokenUrl",
            token_urls as fn(&OAuth2Flows) -> Vec<&str>,
        ),
        (
            EndpointKind::Authorization,
            "authorizationUrl",
            authorization_urls,
        ),
        (EndpointKind::Token, "refreshUrl", refresh_urls),
    ] {
        let sites = context.sites.iter().filter(|site| site.kind == kind);
        let paths: Vec<&str> = sites.map(|site| site.path.as_str()).collect();
        // Without an operation a flow says all that there is of an authorization endpoint.
        let Some(first) = paths.first() else {
            tell_placeholders(context, (key, urls), diagnostics);
            continue;
        };
        let mut seen = BTreeSet::new();
        let hosts = hosts(context);
        // What names no host is meant on a server of the document.
        let is_on_server = |url: &str| !url.contains("://") || hosts.contains(&host_shape(url));
        let all: BTreeSet<&str> = flows(context).flat_map(|(_, flows)| urls(flows)).collect();
        let of_servers: Vec<&str> = all.into_iter().filter(|url| is_on_server(url)).collect();
        let has_own = |path: &&str| of_servers.iter().any(|url| leads_to(url, path));
        let with_own: BTreeSet<&str> = paths.iter().copied().filter(has_own).collect();
        // Flows often name one host where the servers have another; of two flows, one is not where requests go.
        let is_of_other = |url: &str, path: &str| !is_on_server(url) && with_own.contains(path);
        for (scheme, flows) in flows(context) {
            let others = urls(flows).into_iter().filter(|url| {
                let is_here = paths
                    .iter()
                    .any(|path| leads_to(url, path) && !is_of_other(url, path));
                !url.trim().is_empty() && !is_here && seen.insert(url.trim_end_matches('/'))
            });
            let others: Vec<String> = others
                .map(|url| format!("`{}`", url.escape_debug()))
                .collect();
            if others.is_empty() {
                continue;
            }
            let message = format!(
                "no operation is at the `{key}` {} of the flow; requests go to the operation `{}`",
                listed(&others, "and"),
                first.escape_debug()
            );
            let at = pointer::join_all("/components/securitySchemes", &[scheme, "flows"]);
            diagnostics.push(
                Diagnostic::new(Rule::Unused, at, message)
                    .help("correct whichever of the two is wrong, in an overlay where the document is a vendor's"),
            );
        }
    }
}

/// Tells URLs whose host is no name that is found: requests go there all the same.
fn tell_placeholders(
    context: &Context<'_>,
    (key, urls): (&str, fn(&OAuth2Flows) -> Vec<&str>),
    diagnostics: &mut Diagnostics,
) {
    let mut seen = BTreeSet::new();
    // A document whose servers have reserved names is an example as a whole.
    let is_real = hosts(context).iter().any(|host| is_of_world(host));
    let stands_for_another = |url: &str| {
        let host = authority(url);
        is_placeholder(host) || is_real && url.contains("://") && is_reserved(host)
    };
    for (scheme, flows) in flows(context) {
        let urls = urls(flows).into_iter();
        for url in urls.filter(|url| stands_for_another(url) && seen.insert(*url)) {
            let message = format!(
                "the host of the `{key}` `{}` looks like a placeholder, and no operation is at the URL",
                url.escape_debug()
            );
            let at = pointer::join_all("/components/securitySchemes", &[scheme, "flows"]);
            diagnostics.push(Diagnostic::new(Rule::Unused, at, message).help(
                "write the host that the provider has, or declare the operation, in an overlay where the document is a vendor's",
            ));
        }
    }
}

/// The hosts of all servers that the document has.
fn hosts(context: &Context<'_>) -> BTreeSet<String> {
    let items = context.api.paths.paths.values();
    let items = items.filter_map(ReferenceOr::as_item);
    let of_items = items.flat_map(|item| {
        let operations = item.iter().flat_map(|(_, operation)| &operation.servers);
        item.servers.iter().chain(operations)
    });
    let servers = context.api.servers.iter().chain(of_items);
    let urls = servers.map(|server| server.url.as_str());
    let urls = urls.filter(|url| url.contains("://"));
    urls.map(host_shape).collect()
}

/// The host of a URL without the names of its variables, which flows often spell otherwise.
fn host_shape(url: &str) -> String {
    let mut parts = authority(url).split('{');
    let mut shape = parts.next().unwrap_or_default().to_ascii_lowercase();
    for part in parts {
        shape.push('{');
        shape.push_str(part.find('}').map_or(part, |end| &part[end..]));
    }
    shape
}

fn flows<'a>(context: &Context<'a>) -> impl Iterator<Item = (&'a str, &'a OAuth2Flows)> {
    let components = context.api.components.iter();
    let schemes = components.flat_map(|components| &components.security_schemes);
    schemes.filter_map(|(name, scheme)| match scheme {
        ReferenceOr::Item(SecurityScheme::OAuth2 { flows, .. }) => Some((name.as_str(), flows)),
        _ => None,
    })
}

fn token_urls(flows: &OAuth2Flows) -> Vec<&str> {
    let code = flows
        .authorization_code
        .as_ref()
        .map(|flow| &flow.token_url);
    let client = flows
        .client_credentials
        .as_ref()
        .map(|flow| &flow.token_url);
    let password = flows.password.as_ref().map(|flow| &flow.token_url);
    let urls = [code, client, password].into_iter().flatten();
    urls.map(String::as_str).collect()
}

/// The URLs for refreshed tokens that are not those of other tokens as well.
fn refresh_urls(flows: &OAuth2Flows) -> Vec<&str> {
    let code = flows.authorization_code.as_ref();
    let client = flows.client_credentials.as_ref();
    let password = flows.password.as_ref();
    let urls = [
        code.and_then(|flow| flow.refresh_url.as_deref()),
        client.and_then(|flow| flow.refresh_url.as_deref()),
        password.and_then(|flow| flow.refresh_url.as_deref()),
    ];
    let known = token_urls(flows);
    let is_own = |url: &&str| !known.contains(url);
    urls.into_iter().flatten().filter(is_own).collect()
}

fn authorization_urls(flows: &OAuth2Flows) -> Vec<&str> {
    let code = flows.authorization_code.as_ref();
    code.map(|flow| flow.authorization_url.as_str())
        .into_iter()
        .collect()
}
