//! Which endpoints are at a path.

use percent_encoding::percent_decode_str;
use tokensmith_runtime::Description;

/// A path of an endpoint, with variables in braces.
#[derive(Debug)]
struct Route {
    endpoint: usize,
    segments: Vec<String>,
    /// What the document's path has behind `?`.
    query: String,
}

/// The paths of a provider's endpoints.
#[derive(Debug)]
pub(crate) struct Routes(Vec<Route>);

/// An endpoint by its place in the description, and what the path holds.
pub(crate) type Found = (usize, Vec<(String, String)>);

impl Routes {
    /// Collects the paths. An endpoint answers with and without the path of its server's URL: a
    /// client whose base URL is replaced sends none, unless the endpoint is on a host of its own.
    pub(crate) fn new(description: &Description<'_>) -> Self {
        let mut routes: Vec<Route> = Vec::new();
        for (place, endpoint) in description.endpoints().iter().enumerate() {
            let own = endpoint.servers().iter().map(|(_, url)| *url);
            let shared = description.servers().iter().map(|server| server.url());
            let mut bases: Vec<&str> = vec![""];
            bases.extend(own.map(path_of));
            if endpoint.servers().is_empty() {
                bases.extend(shared.map(path_of));
            }
            bases.sort_unstable();
            bases.dedup();
            for path in endpoint.paths() {
                let path = if path.contains("://") {
                    path_of(path)
                } else {
                    path
                };
                let (path, query) = path.split_once('?').unwrap_or((path, ""));
                for base in &bases {
                    let whole = format!(
                        "{}/{}",
                        base.trim_matches('/'),
                        path.trim_start_matches('/')
                    );
                    let whole = whole.trim_start_matches('/');
                    routes.push(Route {
                        endpoint: place,
                        segments: whole.split('/').map(str::to_owned).collect(),
                        query: query.to_owned(),
                    });
                }
            }
        }
        // A path without variables is meant rather than one with them.
        routes.sort_by_key(|route| {
            let segments = route.segments.iter();
            segments.filter(|segment| segment.contains('{')).count()
        });
        Self(routes)
    }

    /// Finds the endpoints at a path, each once.
    pub(crate) fn find(&self, path: &str, query: &str) -> Vec<Found> {
        let decode = |segment: &str| percent_decode_str(segment).decode_utf8_lossy().into_owned();
        let path = path.trim_start_matches('/');
        let segments: Vec<String> = path.split('/').map(decode).collect();
        let mut found: Vec<Found> = Vec::new();
        for route in &self.0 {
            let has_query = route
                .query
                .split('&')
                .all(|part| query.split('&').any(|q| q == part));
            if found.iter().any(|(place, _)| *place == route.endpoint)
                || route.segments.len() != segments.len()
                || !(route.query.is_empty() || has_query)
            {
                continue;
            }
            let mut values = Vec::new();
            let mut pairs = route.segments.iter().zip(&segments);
            if pairs.all(|(template, segment)| matches(template, segment, &mut values)) {
                found.push((route.endpoint, values));
            }
        }
        found
    }
}

/// The path of a URL.
fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or("", |at| &rest[at..])
}

/// Reads a segment by its template, `key={store}`.
fn matches(template: &str, segment: &str, values: &mut Vec<(String, String)>) -> bool {
    let Some((before, rest)) = template.split_once('{') else {
        return template == segment;
    };
    let (Some((name, after)), Some(segment)) = (rest.split_once('}'), segment.strip_prefix(before))
    else {
        return false;
    };
    let literal = after.split('{').next().unwrap_or_default();
    let end = match literal {
        "" => Some(segment.len()),
        literal => segment.find(literal),
    };
    let Some((value, rest)) = end.and_then(|end| segment.split_at_checked(end)) else {
        return false;
    };
    values.push((name.to_owned(), value.to_owned()));
    !value.is_empty() && matches(after, rest, values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokensmith_runtime::{Endpoint, EndpointKind, ServerDescription};

    fn found(path: &str) -> Vec<Found> {
        let servers = [ServerDescription::new(
            "A",
            "https://a.example/realms/{realm}/",
        )];
        let plain = Endpoint::new(EndpointKind::Token, &["/oauth/token", "/oauth/token#two"]);
        let keyed = Endpoint::new(EndpointKind::Token, &["/oauth/{project}/key={store}/token"]);
        let away = Endpoint::new(EndpointKind::Revocation, &["/revoke?all=1"])
            .with_servers(&[("A", "https://b.example/v2")]);
        let endpoints = [&plain, &keyed, &away];
        let description = Description::new("acme", "Acme")
            .with_servers(&servers)
            .with_endpoints(&endpoints);
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        Routes::new(&description).find(path, query)
    }

    fn values(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn a_path_is_found_with_and_without_that_of_its_server() {
        assert_eq!(found("/oauth/token"), [(0, Vec::new())]);
        assert_eq!(
            found("/realms/x/oauth/token"),
            [(0, values(&[("realm", "x")]))]
        );
        assert_eq!(found("/v2/revoke?all=1&x=2"), [(2, Vec::new())]);
        assert_eq!(found("/v2/revoke?x=2"), []);
        assert_eq!(found("/oauth/token/"), []);
        assert_eq!(found("/realms//oauth/token"), []);
    }

    #[test]
    fn a_segment_may_hold_more_than_its_variable() {
        let pairs = values(&[("project", "p q"), ("store", "a=b")]);
        assert_eq!(found("/oauth/p%20q/key=a%3Db/token"), [(1, pairs)]);
        assert_eq!(found("/oauth/p/kay=s/token"), []);
        assert_eq!(found("/oauth/p/key=/token"), []);
    }
}
