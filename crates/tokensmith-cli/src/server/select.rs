//! Which of a provider's servers and grants to use.

use tokensmith_runtime::protocol::Settings;
use tokensmith_runtime::{
    Credentials, Description, Endpoint, EndpointKind, Environment, Error, Operation,
    PlainHttpHosts, ServerChoice, ServerDescription, ServerVariable,
};

use crate::failure::Failure;

const DEFAULT_GRANT: &str = "client_credentials";

/// The grants of a provider, each once.
pub(crate) fn grants<'a>(description: &Description<'a>) -> Vec<&'a str> {
    let mut grants: Vec<&str> = Vec::new();
    for (_, operation) in operations(description) {
        let grant = grant_type(operation).unwrap_or("(none)");
        if !grants.contains(&grant) {
            grants.push(grant);
        }
    }
    grants
}

/// Returns the grant type of an operation. Without a `grant_type` on the wire, an operation that
/// requires a `code` is the authorization code grant (RFC 6749 section 4.1.3).
pub(crate) fn grant_type<'a>(operation: &Operation<'a>) -> Option<&'a str> {
    let mut parameters = operation.parameters().iter();
    let mut takes_code = || parameters.any(|it| it.name() == "code" && it.is_required());
    let unnamed = || takes_code().then_some("authorization_code");
    operation.grant_type().or_else(unnamed)
}

/// The operations that issue tokens, with the endpoint of each.
fn operations<'a>(
    description: &Description<'a>,
) -> impl Iterator<Item = (&'a Endpoint<'a>, &'a Operation<'a>)> {
    let endpoints = description
        .endpoints()
        .iter()
        .copied()
        .filter(|endpoint| endpoint.kind() == EndpointKind::Token);
    endpoints.flat_map(|endpoint| {
        endpoint
            .operations()
            .iter()
            .map(move |operation| (endpoint, *operation))
    })
}

/// The operation of the grant, at the path if one is given. Without a grant it is
/// `client_credentials` if there is such an operation, or else the only one.
pub(crate) fn operation<'a>(
    description: &Description<'a>,
    grant: Option<&str>,
    path: Option<&str>,
) -> Result<(&'a Endpoint<'a>, &'a Operation<'a>), Failure> {
    let title = description.title();
    let candidates: Vec<_> = operations(description)
        .filter(|(endpoint, _)| path.is_none_or(|path| endpoint.paths().contains(&path)))
        .collect();
    if let (Some(path), true) = (path, candidates.is_empty()) {
        let paths: Vec<&str> = operations(description)
            .flat_map(|(endpoint, _)| endpoint.paths().to_vec())
            .collect();
        return Err(Failure::Usage(format!(
            "{title} has no token endpoint at `{path}`: there is {}",
            listed(paths)
        )));
    }
    let find = |grant| {
        candidates
            .iter()
            .find(|(_, operation)| grant_type(operation) == Some(grant))
            .copied()
    };
    let found = match (grant, candidates.as_slice()) {
        (Some(grant), _) => find(grant),
        (None, [only]) => Some(*only),
        (None, _) => find(DEFAULT_GRANT),
    };
    found.ok_or_else(|| {
        let grants = listed(grants(description));
        Failure::Usage(match grant {
            Some(grant) => format!("{title} does not know the grant `{grant}`: there is {grants}"),
            None => format!("{title} has several grants: choose with --grant from {grants}"),
        })
    })
}

/// Where requests go: a URL that is given, the server of that name, or the first server.
#[derive(Clone)]
pub(crate) enum Target {
    /// One of the provider's servers.
    Server(Environment),
    /// The caller's own URL, in the place of all of them, and the first of them, if its variables
    /// have values: the paths of endpoints that have servers of their own may need some.
    Url(String, Option<Environment>),
}

impl Target {
    /// The URL that requests to a path of an endpoint go to; nothing where the caller has named it.
    pub(crate) fn url_of(&self, endpoint: &Endpoint<'_>, path: &str) -> Option<String> {
        match self {
            Self::Server(environment) => environment.url_of(endpoint, path).ok(),
            Self::Url(..) => None,
        }
    }

    /// The settings of a client that sends its requests there.
    pub(crate) fn settings(
        self,
        credentials: Credentials,
        plain_http: PlainHttpHosts,
    ) -> Result<Settings, Failure> {
        Ok(match self {
            Self::Server(environment) => {
                Settings::for_environment(environment, credentials, plain_http)?
            }
            Self::Url(url, replaced) => {
                // A server that is not used may have a URL that could not be.
                let replaced = replaced.and_then(|replaced| {
                    let (credentials, plain_http) = (credentials.clone(), plain_http.clone());
                    Settings::for_environment(replaced, credentials, plain_http).ok()
                });
                let mut settings = match replaced {
                    Some(settings) => settings,
                    None => Settings::with_plain_http(&url, credentials, plain_http)?,
                };
                settings.set_base_url(&url)?;
                settings
            }
        })
    }
}

/// The target of a request, checked: no value of a variable leads to another host than the URL
/// shows.
pub(crate) fn target(
    description: &Description<'_>,
    server: Option<&str>,
    variables: &[(&str, &str)],
) -> Result<Target, Failure> {
    if let Some(url) = server.filter(|server| server.contains("://")) {
        let first = description.servers().first();
        let first = first.map(|server| ServerChoice::named(server.name()));
        let replaced = first.and_then(|choice| Environment::new(description, &choice).ok());
        return Ok(match at(url, variables)? {
            Target::Url(url, _) => Target::Url(url, replaced),
            other => other,
        });
    }
    let server = match server {
        Some(name) => named(description, name)?,
        None => description.servers().first().ok_or_else(|| {
            let title = description.title();
            Failure::Usage(format!(
                "{title} names no server: say which with --server URL"
            ))
        })?,
    };
    let is_missing = |variable: &&ServerVariable<'_>| {
        let is_given = variables.iter().any(|(name, _)| *name == variable.name());
        variable.default().is_none() && !is_given
    };
    if let Some(missing) = server.variables().iter().find(is_missing) {
        return Err(Failure::Usage(format!(
            "the server {} needs --server-variable {}=VALUE: its URL is {}",
            server.name(),
            missing.name(),
            server.url()
        )));
    }
    let choice = with_values(ServerChoice::named(server.name()), variables);
    let environment = Environment::new(description, &choice);
    environment.map(Target::Server).map_err(usage)
}

/// A URL of the caller's own.
pub(crate) fn at(url: &str, variables: &[(&str, &str)]) -> Result<Target, Failure> {
    if variables.is_empty() {
        return Ok(Target::Url(url.to_owned(), None));
    }
    let description = Description::new("", "the caller's URL");
    let choice = with_values(ServerChoice::at(url), variables);
    let environment = Environment::new(&description, &choice).map_err(usage)?;
    Ok(Target::Url(environment.url().to_owned(), None))
}

fn with_values<'a>(choice: ServerChoice<'a>, variables: &[(&'a str, &'a str)]) -> ServerChoice<'a> {
    let variables = variables.iter();
    variables.fold(choice, |choice, (name, value)| {
        choice.with_value(name, value)
    })
}

fn named<'a>(
    description: &Description<'a>,
    name: &str,
) -> Result<&'a ServerDescription<'a>, Failure> {
    let servers = description.servers();
    let mut all = servers.iter();
    all.find(|server| server.name().eq_ignore_ascii_case(name))
        .ok_or_else(|| {
            Failure::Usage(format!(
                "`{}` is neither a URL nor a server of {}: there is {}",
                name.escape_debug(),
                description.title(),
                listed(servers.iter().map(ServerDescription::name))
            ))
        })
}

/// An argument is wrong.
fn usage(error: Error) -> Failure {
    Failure::Usage(error.to_string())
}

/// `a, b, c`.
fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message<T>(result: Result<T, Failure>) -> String {
        match result {
            Ok(_) => panic!("no failure"),
            Err(failure) => failure.message(),
        }
    }

    #[test]
    fn a_grant_is_chosen_when_nothing_else_can_be_meant() {
        let [password, refresh, client] =
            ["password", "refresh_token", "client_credentials"].map(Operation::grant);
        let grant_of = |operations: &[&Operation<'_>], grant| {
            let endpoint =
                Endpoint::new(EndpointKind::Token, &["/token"]).with_operations(operations);
            let revocation = Endpoint::new(EndpointKind::Revocation, &["/revoke"]);
            let endpoints = [&revocation, &endpoint];
            let description = Description::new("acme", "Acme").with_endpoints(&endpoints);
            operation(&description, grant, None)
                .map(|(_, operation)| operation.grant_type().unwrap_or_default().to_owned())
        };
        assert_eq!(
            grant_of(&[&password], None).ok().as_deref(),
            Some("password")
        );
        assert_eq!(
            grant_of(&[&password, &client], None).ok().as_deref(),
            Some("client_credentials")
        );
        assert_eq!(
            grant_of(&[&client, &refresh], Some("refresh_token"))
                .ok()
                .as_deref(),
            Some("refresh_token")
        );
        assert!(
            message(grant_of(&[&password, &refresh], None))
                .ends_with("from password, refresh_token")
        );
        assert!(
            message(grant_of(&[&password], Some("refresh_token"))).ends_with("there is password")
        );
    }

    #[test]
    fn a_path_leads_to_its_endpoint() {
        let client = Operation::grant("client_credentials");
        let operations = [&client];
        let first = Endpoint::new(EndpointKind::Token, &["/a", "/b"]).with_operations(&operations);
        let second = Endpoint::new(EndpointKind::Token, &["/c"]).with_operations(&operations);
        let endpoints = [&first, &second];
        let description = Description::new("acme", "Acme").with_endpoints(&endpoints);
        let paths =
            |path| operation(&description, None, path).map(|(endpoint, _)| endpoint.paths());
        assert_eq!(paths(None).ok(), Some(&["/a", "/b"][..]));
        assert_eq!(paths(Some("/c")).ok(), Some(&["/c"][..]));
        assert!(message(paths(Some("/d"))).ends_with("there is /a, /b, /c"));
    }

    #[test]
    fn servers_go_by_url_or_name_and_their_variables_are_filled_in() {
        let variables = [
            ServerVariable::new("tenant"),
            ServerVariable::new("region")
                .with_default("eu")
                .with_values(&["eu", "us"]),
        ];
        let servers = [
            ServerDescription::new("Production", "https://{tenant}.{region}.example")
                .with_variables(&variables),
            ServerDescription::new("Sandbox", "https://sandbox.example"),
        ];
        let description = Description::new("acme", "Acme").with_servers(&servers);
        let url = |server, variables: &[(&str, &str)]| {
            target(&description, server, variables).map(|target| match target {
                Target::Server(environment) => environment.url().to_owned(),
                Target::Url(url, _) => url,
            })
        };
        assert_eq!(
            url(Some("sandbox"), &[]).ok().as_deref(),
            Some("https://sandbox.example")
        );
        assert_eq!(
            url(Some("http://localhost:1"), &[]).ok().as_deref(),
            Some("http://localhost:1")
        );
        assert_eq!(
            url(None, &[("tenant", "acme")]).ok().as_deref(),
            Some("https://acme.eu.example")
        );
        assert_eq!(
            url(None, &[("region", "us"), ("tenant", "acme")])
                .ok()
                .as_deref(),
            Some("https://acme.us.example")
        );
        assert!(message(url(None, &[])).contains("--server-variable tenant=VALUE"));
        assert!(
            message(url(None, &[("tenant", "a"), ("region", "mars")]))
                .ends_with("lists `eu`, `us`")
        );
        assert!(message(url(Some("sandbox"), &[("tenant", "a")])).contains("no variable `tenant`"));
        for value in ["evil.example/", "evil.example?", ":8443/a", "x@y", ""] {
            assert!(
                message(url(None, &[("tenant", value)])).contains("server variable `tenant`"),
                "{value}"
            );
        }
        let template = Some("https://{shop}.myshop.example");
        assert_eq!(
            url(template, &[("shop", "acme")]).ok().as_deref(),
            Some("https://acme.myshop.example")
        );
        assert!(message(url(template, &[("shop", "evil.example/")])).contains("variable `shop`"));
        assert!(message(url(Some("moon"), &[])).ends_with("there is Production, Sandbox"));
        assert!(
            message(target(&Description::new("acme", "Acme"), None, &[])).contains("--server URL")
        );
    }
}
