//! An operation, and what the document declares of its requests and responses.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::openapi::media::{Media, content};
use crate::openapi::reference::{Located, resolve};
use crate::pointer;

/// An operation of a path item.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Operation<'a> {
    root: &'a Value,
    pub(crate) members: &'a Map<String, Value>,
    pub(crate) pointer: &'a str,
}

/// A parameter that is not a part of the body.
#[derive(Debug, Clone)]
pub(crate) struct Parameter<'a> {
    pub(crate) name: &'a str,
    /// `query`, `header`, `path` or `cookie`, as the document has it.
    pub(crate) place: &'a str,
    pub(crate) value: &'a Value,
    pub(crate) pointer: String,
}

/// What comes back under a status.
#[derive(Debug, Clone)]
pub(crate) struct Response<'a> {
    /// `200`, `4XX` or `default`, as the document has it.
    pub(crate) status: &'a str,
    /// What the operation has under the status, which may be a reference.
    pub(crate) declared: Located<'a>,
    /// What that means, and where it stands.
    pub(crate) value: &'a Value,
    pub(crate) pointer: String,
}

impl<'a> Operation<'a> {
    /// The operation at a pointer.
    pub(crate) fn at(root: &'a Value, pointer: &'a str) -> Option<Self> {
        let members = root.pointer(pointer)?.as_object()?;
        Some(Self {
            root,
            members,
            pointer,
        })
    }

    /// The parameters of the operation, and those of its path item that it does not declare anew.
    pub(crate) fn parameters(&self) -> Vec<Parameter<'a>> {
        let mut parameters = declared(self.root, self.members, self.pointer);
        let own: BTreeSet<_> = parameters
            .iter()
            .map(|parameter| (parameter.name, parameter.place))
            .collect();
        let (item, at) = self.item();
        let shared = item.map(|item| declared(self.root, item, at));
        let mut shared = shared.unwrap_or_default();
        shared.retain(|parameter| !own.contains(&(parameter.name, parameter.place)));
        shared.append(&mut parameters);
        shared
    }

    /// What it says of the bodies of its requests.
    pub(crate) fn body(&self) -> Option<Located<'a>> {
        let body = self.members.get("requestBody")?;
        let at = pointer::join(self.pointer, "requestBody");
        resolve(self.root, body, &at).ok()
    }

    /// The bodies of its requests, by media type.
    pub(crate) fn requests(&self) -> Vec<Media<'a>> {
        let body = self.body();
        body.map_or_else(Vec::new, |body| {
            content(self.root, body.value, &body.pointer)
        })
    }

    pub(crate) fn responses(&self) -> Vec<Response<'a>> {
        let responses = self.members.get("responses").and_then(Value::as_object);
        let at = pointer::join(self.pointer, "responses");
        let responses = responses.into_iter().flatten().map(|(status, response)| {
            let declared = Located {
                value: response,
                pointer: pointer::join(&at, status),
            };
            let end = resolve(self.root, response, &declared.pointer);
            let Located { value, pointer } = end.unwrap_or_else(|_| declared.clone());
            Response {
                status,
                declared,
                value,
                pointer,
            }
        });
        responses.collect()
    }

    /// The ways to prove who calls, each of which is enough: the operation's own, or else those of the whole document.
    pub(crate) fn security(&self) -> Vec<Located<'a>> {
        self.nearest("security", &[self.own(), (self.root.as_object(), "")])
    }

    /// The servers of the operation, or else those of its path item, or else those of the whole document.
    pub(crate) fn servers(&self) -> Vec<Located<'a>> {
        let owners = [self.own(), self.item(), (self.root.as_object(), "")];
        self.nearest("servers", &owners)
    }

    fn own(&self) -> Owner<'a> {
        (Some(self.members), self.pointer)
    }

    fn item(&self) -> Owner<'a> {
        let (item, _) = self.pointer.rsplit_once('/').unwrap_or_default();
        (self.root.pointer(item).and_then(Value::as_object), item)
    }

    /// The items of the list under a key of the first owner that has it.
    fn nearest(&self, key: &str, owners: &[Owner<'a>]) -> Vec<Located<'a>> {
        let mut lists = owners
            .iter()
            .filter_map(|(owner, at)| Some((owner.as_ref()?.get(key)?, pointer::join(at, key))));
        let Some((list, at)) = lists.next() else {
            return Vec::new();
        };
        let items = list.as_array().into_iter().flatten().enumerate();
        let items = items.map(|(index, value)| Located {
            value,
            pointer: pointer::join(&at, &index.to_string()),
        });
        items.collect()
    }
}

/// An object of the document, and where it stands.
type Owner<'a> = (Option<&'a Map<String, Value>>, &'a str);

/// The parameters that an operation or a path item declares; one without a name cannot be sent.
fn declared<'a>(root: &'a Value, owner: &'a Map<String, Value>, at: &str) -> Vec<Parameter<'a>> {
    let at = pointer::join(at, "parameters");
    let list = owner.get("parameters").and_then(Value::as_array);
    let declared = list.into_iter().flatten().enumerate();
    let declared = declared.filter_map(|(index, parameter)| {
        let at = pointer::join(&at, &index.to_string());
        let Located { value, pointer } = resolve(root, parameter, &at).ok()?;
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        Some(Parameter {
            name: text("name")?,
            place: text("in").unwrap_or_default(),
            value,
            pointer,
        })
    });
    declared.collect()
}

impl<'a> Parameter<'a> {
    /// The schema of its value, which may be a reference.
    pub(crate) fn schema(&self) -> Option<Located<'a>> {
        Some(Located {
            value: self.value.get("schema")?,
            pointer: pointer::join(&self.pointer, "schema"),
        })
    }
}

impl<'a> Response<'a> {
    /// What it holds, by media type.
    pub(crate) fn bodies(&self, root: &'a Value) -> Vec<Media<'a>> {
        content(root, self.value, &self.pointer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_operation_has_what_its_path_item_and_the_document_say() {
        let root = json!({
            "servers": [{"url": "a"}],
            "security": [{"root": []}],
            "paths": {"/t": {
                "parameters": [{"name": "a", "in": "query"}, {"name": "b", "in": "query"}, {"in": "query"}],
                "servers": [{"url": "b"}],
                "post": {
                    "parameters": [{"$ref": "#/components/parameters/A"}, {"name": "b", "in": "header"}],
                    "security": [],
                    "responses": {"200": {"$ref": "#/components/responses/R"}, "400": {"$ref": "#/nowhere"}}
                },
                "get": {"servers": []}
            }},
            "components": {
                "parameters": {"A": {"name": "a", "in": "query"}},
                "responses": {"R": {"content": {"a/b": {}}}}
            }
        });
        let post = Operation::at(&root, "/paths/~1t/post").expect("is there");
        let parameters: Vec<_> = post
            .parameters()
            .into_iter()
            .map(|parameter| parameter.pointer)
            .collect();
        assert_eq!(
            parameters,
            [
                "/paths/~1t/parameters/1",
                "/components/parameters/A",
                "/paths/~1t/post/parameters/1"
            ]
        );
        let pointers = |list: Vec<Located<'_>>| -> Vec<String> {
            list.into_iter().map(|located| located.pointer).collect()
        };
        assert!(post.security().is_empty());
        assert_eq!(pointers(post.servers()), ["/paths/~1t/servers/0"]);
        let responses = post.responses();
        let bodies: Vec<_> = responses
            .iter()
            .flat_map(|response| response.bodies(&root))
            .map(|media| media.pointer)
            .collect();
        assert_eq!(responses.len(), 2);
        assert_eq!(bodies, ["/components/responses/R/content/a~1b"]);
        let get = Operation::at(&root, "/paths/~1t/get").expect("is there");
        assert_eq!(pointers(get.security()), ["/security/0"]);
        assert!(get.servers().is_empty());
    }
}
