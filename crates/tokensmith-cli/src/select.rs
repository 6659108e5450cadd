//! Which of a provider's servers and grants to use.

use tokensmith_runtime::{
    Description, Endpoint, EndpointKind, Operation, ServerDescription, ServerVariable,
};

use crate::failure::Failure;

const DEFAULT_GRANT: &str = "client_credentials";

/// The grants of a provider, each once.
pub(crate) fn grants<'a>(description: &Description<'a>) -> Vec<&'a str> {
    let mut grants: Vec<&str> = Vec::new();
    for (_, operation) in operations(description) {
        let grant = operation.grant_type().unwrap_or("(none)");
        if !grants.contains(&grant) {
            grants.push(grant);
        }
    }
    grants
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

/// The operation of the grant, at the path if one is given. Without a grant it is `client_credentials` if there is such
/// an operation, or else the only one.
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
            .find(|(_, operation)| operation.grant_type() == Some(grant))
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

/// The base URL: one that is given, the server of that name, or the first server.
pub(crate) fn base_url(
    description: &Description<'_>,
    server: Option<&str>,
    variables: &[(&str, &str)],
) -> Result<String, Failure> {
    let title = description.title();
    let servers = description.servers();
    let named = |name: &str| {
        servers
            .iter()
            .find(|server| server.name().eq_ignore_ascii_case(name))
    };
    let (url, declared) = match server {
        Some(url) if url.contains("://") => (url, [].as_slice()),
        Some(name) => match named(name) {
            Some(server) => (server.url(), server.variables()),
            None => {
                let names = listed(servers.iter().map(ServerDescription::name));
                let message =
                    format!("`{name}` is neither a URL nor a server of {title}: there is {names}");
                return Err(Failure::Usage(message));
            }
        },
        None => match servers {
            [first, ..] => (first.url(), first.variables()),
            [] => {
                return Err(Failure::Usage(format!(
                    "{title} names no server: say which with --server URL"
                )));
            }
        },
    };
    fill(url, declared, variables)
}

/// Puts values in the place of `{variable}`.
fn fill(
    url: &str,
    declared: &[ServerVariable<'_>],
    given: &[(&str, &str)],
) -> Result<String, Failure> {
    let mut filled = url.to_owned();
    for (name, value) in given {
        let place = format!("{{{name}}}");
        if !url.contains(&place) {
            return Err(Failure::Usage(format!(
                "the server's URL {url} has no variable `{name}`"
            )));
        }
        let values = declared
            .iter()
            .find(|variable| variable.name() == *name)
            .map_or([].as_slice(), ServerVariable::values);
        if !values.is_empty() && !values.contains(value) {
            let values = listed(values.iter().copied());
            return Err(Failure::Usage(format!(
                "the server variable `{name}` cannot be `{value}`: there is {values}"
            )));
        }
        filled = filled.replace(&place, value);
    }
    for variable in declared
        .iter()
        .filter(|variable| given.iter().all(|(name, _)| *name != variable.name()))
    {
        let name = variable.name();
        let Some(default) = variable.default() else {
            return Err(Failure::Usage(format!(
                "the server's URL {url} needs --server-variable {name}=VALUE"
            )));
        };
        filled = filled.replace(&format!("{{{name}}}"), default);
    }
    Ok(filled)
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
        let url = |server, variables: &[(&str, &str)]| base_url(&description, server, variables);
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
            message(url(None, &[("tenant", "a"), ("region", "mars")])).ends_with("there is eu, us")
        );
        assert!(message(url(Some("sandbox"), &[("tenant", "a")])).contains("no variable `tenant`"));
        assert!(message(url(Some("moon"), &[])).ends_with("there is Production, Sandbox"));
        assert!(
            message(base_url(&Description::new("acme", "Acme"), None, &[]))
                .contains("--server URL")
        );
    }
}
