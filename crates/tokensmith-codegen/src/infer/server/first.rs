//! The server that a document names first.

use openapiv3::Server as ApiServer;
use serde_json::{Value, json};

use super::{beyond, internal, path_variable, reading, template_names};
use crate::model::FirstServer;
use crate::openapi::reference::resolve;
use crate::repair;
use crate::source::swagger;

/// Returns the first server of a whole document as it was read, before an overlay or anything else changes it. It is
/// nothing where the server has no absolute URL.
pub(crate) fn first_server(tree: &Value) -> Option<FirstServer> {
    let root = tree.as_object()?;
    let server = match root.get("servers") {
        Some(servers) => {
            let found = resolve(tree, servers, "/servers");
            let servers = found.map_or(servers, |found| found.value);
            let all = servers.as_array().map_or(&[][..], Vec::as_slice);
            internal::first(all).unwrap_or(servers).clone()
        }
        None => {
            let servers = swagger::servers(root, root.get("schemes"))?.0;
            servers.get(0).unwrap_or(&servers).clone()
        }
    };
    let mut owner = json!({"servers": [server]});
    repair::repair_servers(&mut owner);
    let server = owner["servers"].get_mut(0).map(Value::take)?;
    let server: ApiServer = serde_json::from_value(server).ok()?;
    if beyond(std::slice::from_ref(&server), "").is_some() {
        return None;
    }
    let url = reading(&server).urls.into_iter().next()?;
    let (server, url) = match path_variable::moved(&server, &url) {
        Some(moved) => (moved.server, moved.url),
        None => (server, url),
    };
    let variables = server.variables.unwrap_or_default();
    let defaults = template_names(&url).filter_map(|name| {
        let default = &variables.get(name)?.default;
        (!default.is_empty()).then(|| (name.to_owned(), default.clone()))
    });
    Some(FirstServer {
        defaults: defaults.collect(),
        url,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(tree: &Value) -> Option<String> {
        first_server(tree).map(|first| first.url)
    }

    #[test]
    fn it_is_found_in_any_document() {
        let server = json!({"url": "https://{a}.example.com/{b}", "variables": {"a": {"default": "x"}, "b": {}}});
        let first = first_server(&json!({"servers": [server, {"url": "https://b.example"}]}));
        let first = first.expect("has one");
        assert_eq!(first.url, "https://{a}.example.com/{b}");
        assert_eq!(first.defaults, [("a".to_owned(), "x".to_owned())]);
        let swagger =
            json!({"swagger": "2.0", "host": "a.example", "basePath": "/v1", "schemes": ["https"]});
        assert_eq!(url(&swagger).as_deref(), Some("https://a.example/v1"));
        let shared = json!({"x-servers": [{"url": "https://a.example"}], "servers": {"$ref": "#/x-servers"}});
        assert_eq!(url(&shared).as_deref(), Some("https://a.example"));
        let internal = json!({"url": "https://in.example", "x-internal": true});
        let both = json!({"servers": [internal, {"url": "https://a.example"}]});
        assert_eq!(url(&both).as_deref(), Some("https://a.example"));
        let alone = json!({"servers": [internal]});
        assert_eq!(url(&alone).as_deref(), Some("https://in.example"));
        for none in [
            json!({}),
            json!({"servers": []}),
            json!({"servers": [{"url": "/v1"}]}),
            json!({"servers": [5]}),
            json!([]),
        ] {
            assert_eq!(url(&none), None, "{none}");
        }
    }
}
