//! The environments of a provider: the servers of its token endpoint.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::SecurityScheme;

use crate::diagnostic::budget::SERVERS;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule, Severity};
use crate::infer::Context;
use crate::model::{Endpoint, Server, name};
use crate::openapi::site::Site;
use crate::pointer;
use crate::prose::listed;
use tokensmith_description::EndpointKind;

use super::{
    DeclaredServers, ROOT, base_path, declared, host, is_absolute, read_declared, url, variable,
};

/// The servers of a token endpoint, and those of all other operations.
pub(crate) struct Environments {
    pub(super) token: DeclaredServers,
    /// The servers of each place that declares some, and what is wrong with them.
    pub(super) others: BTreeMap<String, (DeclaredServers, Diagnostics)>,
    /// The path that a base URL ends with, where the document has no more of it.
    pub(crate) base_path: Option<String>,
    /// The base URL that a flow has the token endpoint on, where the document names no server.
    pub(crate) flow_url: Option<String>,
}

impl Environments {
    /// The base URLs of the servers, as the document writes them.
    pub(crate) fn base_urls(&self) -> impl Iterator<Item = &str> {
        self.token.servers.iter().map(|server| server.url.as_str())
    }

    pub(crate) fn of(context: &Context<'_>, diagnostics: &mut Diagnostics) -> Self {
        let mut tokens = context
            .sites
            .iter()
            .filter(|site| site.kind == EndpointKind::Token);
        let first = tokens.clone().next();
        // The document's own servers come first, and with them its default.
        let is_on_document = |site: &&Site| {
            let (servers, at) = declared(context.api, &site.path, &site.method);
            !servers.is_empty() && at == ROOT
        };
        let token = tokens.find(is_on_document).or(first);
        let mut environments = Self {
            token: token.map_or_else(DeclaredServers::default, |token| {
                read_declared(context, (&token.path, &token.method), diagnostics)
            }),
            others: BTreeMap::new(),
            base_path: None,
            flow_url: None,
        };
        if let Some(token) = token {
            environments.finish(context, token, diagnostics);
        }
        let mut count = 0;
        for site in context.sites {
            let (_, at) = declared(context.api, &site.path, &site.method);
            if count > SERVERS.most {
                diagnostics.push(SERVERS.exceeded(&at));
                break;
            }
            if at != environments.token.at && !environments.others.contains_key(&at) {
                let mut found = Diagnostics::default();
                let read = read_declared(context, (&site.path, &site.method), &mut found);
                count += read.servers.len();
                let read = (read, found);
                environments.others.insert(at, read);
            }
        }
        environments
    }

    /// Gives each server a name of its own, and says so if there is none.
    fn finish(&mut self, context: &Context<'_>, token: &Site, diagnostics: &mut Diagnostics) {
        let (written, at) = declared(context.api, &token.path, &token.method);
        tell_apart(&mut self.token.servers, &at, diagnostics);
        let is_told = |other: &Diagnostic| {
            other.severity() == Severity::Error && pointer::is_within(&other.pointer, &at)
        };
        if !self.token.servers.is_empty() || diagnostics.has(is_told) {
            return;
        }
        let path = base_path(written).filter(|path| !path.is_empty());
        self.base_path = path.map(str::to_owned);
        let path = path.map_or_else(String::new, |path| {
            format!(", which ends with `{}`", path.escape_debug())
        });
        self.flow_url = flow_url(context, &token.path);
        let flow = self.flow_url.as_ref().map_or_else(String::new, |url| {
            let url = url.escape_debug();
            format!("; the `tokenUrl` of a flow has the token endpoint on `{url}`")
        });
        let message = format!(
            "the document names no server by an absolute URL: every client has to set the base URL{path}{flow}"
        );
        let place = if written.is_empty() { "" } else { &at };
        diagnostics.push(
            Diagnostic::new(Rule::NoServer, place, message)
                .help("servers:\n  - url: https://api.example.com\n    description: Production"),
        );
    }

    /// The servers, with the variables of all their endpoints.
    pub(crate) fn into_servers(
        self,
        endpoints: &[Endpoint],
        diagnostics: &mut Diagnostics,
    ) -> Vec<Server> {
        let mut servers = self.token.servers;
        let elsewhere = endpoints.iter().flat_map(|endpoint| &endpoint.servers);
        for other in elsewhere {
            let mut servers = servers.iter_mut();
            let Some(server) = servers.find(|server| server.ident == other.server) else {
                continue;
            };
            if let Err(fault) = variable::merge(&mut server.variables, &other.variables) {
                diagnostics.push(fault.diagnostic(&self.token.at));
            }
        }
        servers
    }
}

/// What stands before the path of the token endpoint in the absolute `tokenUrl` of a flow.
fn flow_url(context: &Context<'_>, path: &str) -> Option<String> {
    let schemes = context.api.components.iter();
    let schemes = schemes.flat_map(|components| components.security_schemes.values());
    let flows = schemes.filter_map(|scheme| match scheme.as_item()? {
        SecurityScheme::OAuth2 { flows, .. } => Some(flows),
        _ => None,
    });
    let mut urls = flows.flat_map(|flows| {
        let client = flows.client_credentials.iter().map(|flow| &flow.token_url);
        let code = flows.authorization_code.iter().map(|flow| &flow.token_url);
        let password = flows.password.iter().map(|flow| &flow.token_url);
        client.chain(code).chain(password)
    });
    urls.find_map(|url| {
        let base = url.trim().trim_end_matches('/').strip_suffix(path)?;
        let is_whole = is_absolute(base) && base.len() >= url::origin(url).len();
        is_whole.then(|| base.to_owned())
    })
}

/// Servers of one name get their host added, and their scheme where that is not enough.
fn tell_apart(servers: &mut [Server], at: &str, diagnostics: &mut Diagnostics) {
    let scheme: fn(&str) -> &str = |url| url.split_once("://").map_or("", |(scheme, _)| scheme);
    for more in [host, scheme] {
        let doubled = doubled(servers);
        let mut parts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for server in &*servers {
            let parts = parts.entry(&server.ident).or_default();
            parts.insert(more(&server.url));
        }
        let helps = |ident: &str| parts.get(ident).is_some_and(|parts| parts.len() > 1);
        let names: Vec<Option<String>> = servers
            .iter()
            .map(|server| {
                let more = name::pascal(more(&server.url)).unwrap_or_default();
                let is_told =
                    doubled.contains(&server.ident) && helps(&server.ident) && server.ident != more;
                is_told.then(|| format!("{}{more}", server.ident))
            })
            .collect();
        for (server, name) in servers.iter_mut().zip(names) {
            server.ident = name.unwrap_or_else(|| std::mem::take(&mut server.ident));
        }
    }
    for ident in doubled(servers) {
        let urls: Vec<String> = servers
            .iter()
            .filter(|server| server.ident == ident)
            .map(|server| format!("`{}`", server.url))
            .collect();
        let message = format!(
            "the servers {} all become `Server::{ident}`",
            listed(&urls, "and")
        );
        diagnostics.push(
            Diagnostic::new(Rule::NameCollision, at, message)
                .help("name them:\nx-tokensmith: {name: Europe Alternate}"),
        );
    }
}

fn doubled(servers: &[Server]) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    servers
        .iter()
        .filter(|server| !seen.insert(&server.ident))
        .map(|server| server.ident.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(ident: &str, url: &str) -> Server {
        Server {
            ident: ident.to_owned(),
            url: url.to_owned(),
            description: None,
            default_of: None,
            issuer: None,
            variables: Vec::new(),
        }
    }

    fn told_apart(servers: &[(&str, &str)]) -> (Vec<String>, usize) {
        let mut servers: Vec<Server> = servers
            .iter()
            .map(|(ident, url)| server(ident, url))
            .collect();
        let mut diagnostics = Diagnostics::default();
        tell_apart(&mut servers, ROOT, &mut diagnostics);
        (
            servers.into_iter().map(|server| server.ident).collect(),
            diagnostics.into_vec().len(),
        )
    }

    #[test]
    fn servers_of_one_name_are_told_apart_by_their_hosts() {
        let (idents, errors) = told_apart(&[
            ("A", "https://x.example"),
            ("B", "https://y.example"),
            ("A", "https://z.example"),
        ]);
        assert_eq!(
            (idents, errors),
            (vec!["AXExample".into(), "B".into(), "AZExample".into()], 0)
        );
    }

    #[test]
    fn the_scheme_tells_servers_of_one_host_apart() {
        let (idents, errors) = told_apart(&[("A", "https://x.example"), ("A", "http://x.example")]);
        assert_eq!((idents, errors), (vec!["AHttps".into(), "AHttp".into()], 0));
        let (idents, _) = told_apart(&[
            ("XExample", "https://x.example"),
            ("XExample", "http://x.example"),
        ]);
        assert_eq!(idents, ["XExampleHttps", "XExampleHttp"]);
    }

    #[test]
    fn what_cannot_be_told_apart_is_an_error() {
        let (_, errors) = told_apart(&[
            ("A", "https://x.example/a-b"),
            ("A", "https://x.example/a/b"),
        ]);
        assert_eq!(errors, 1);
    }
}
