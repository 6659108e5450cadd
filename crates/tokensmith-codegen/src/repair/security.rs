//! What protects an operation: requirements, and the schemes that they name.

use serde::Deserialize as _;
use serde_json::{Map, Value, json};

use super::{Repairs, members, scalar};
use crate::diagnostic::{Diagnostic, Rule};
use crate::openapi::security_scheme::SecurityScheme;
use crate::pointer;
use crate::source::swagger;

impl Repairs<'_> {
    /// Each scheme is named with a list of scopes, which may be empty.
    pub(super) fn security(&mut self, owner: &mut Value, at: &str) {
        let at = pointer::join(at, "security");
        self.list(owner, "security", &at);
        let Some(Value::Array(requirements)) = owner.get_mut("security") else {
            return;
        };
        let mut index = 0;
        requirements.retain_mut(|requirement| {
            let at = pointer::join(&at, &index.to_string());
            index += 1;
            if let Value::String(name) = requirement {
                let help = format!("write `{name}: []`");
                *requirement = json!({ name.as_str(): [] });
                self.tell(&at, "a scheme is named with a list of scopes", help);
            }
            let Some(names) = requirement.as_object_mut() else {
                self.tell(
                    &at,
                    "this names no security scheme; it is left out",
                    "write `name: []`",
                );
                return false;
            };
            for (name, scopes) in names {
                if !scopes.is_array() {
                    let message = match scopes.is_object() {
                        true => "a scheme is named with a list of scopes, and this is an object; it is read as always required",
                        false => "a scheme is named with a list of scopes",
                    };
                    *scopes = json!([]);
                    self.tell(
                        &pointer::join(&at, name),
                        message,
                        format!("write `{name}: []`"),
                    );
                }
            }
            true
        });
    }

    /// The flows of OAuth schemes say which grants there are. What says nothing of tokens matters to nobody who does not name it.
    pub(super) fn schemes(&mut self, components: &mut Value) {
        let place = pointer::join_all("/components", &["securitySchemes"]);
        for (name, scheme) in members(components, "securitySchemes") {
            let at = pointer::join(&place, name);
            let is_oauth = SecurityScheme(scheme).kind() == "oauth2";
            let Some(members) = scheme.as_object_mut().filter(|_| is_oauth) else {
                continue;
            };
            scalar::text(members, "description");
            self.flows(members, &at);
            if says_where(scheme)
                && let Err(error) = openapiv3::SecurityScheme::deserialize(&*scheme)
            {
                let message = format!("the security scheme is left out: {error}");
                let diagnostic = Diagnostic::new(Rule::LeftOut, &at, message);
                self.diagnostics.push(
                    diagnostic.help("compare it with https://spec.openapis.org/oas/v3.0.3.html"),
                );
            }
        }
    }

    fn flows(&mut self, scheme: &mut Map<String, Value>, at: &str) {
        let place = pointer::join(at, "flows");
        let has_flows = scheme
            .get("flows")
            .is_some_and(|flows| flows.as_object().is_none_or(|flows| !flows.is_empty()));
        if !has_flows && scheme.get("flow").is_some_and(Value::is_string) {
            swagger::raise_flow(scheme);
            self.tell(
                at,
                "the flow stands in the scheme, as in Swagger 2.0",
                "put it below `flows`",
            );
        }
        if let Some(Value::Array(list)) = scheme.get("flows") {
            let flows = list.iter().filter_map(Value::as_object).flatten();
            let flows: Map<String, Value> = flows
                .map(|(name, flow)| (name.clone(), flow.clone()))
                .collect();
            scheme.insert("flows".to_owned(), Value::Object(flows));
            self.tell(&place, "`flows` is an object", "remove the `-`");
        }
        let Some(Value::Object(flows)) = scheme.get_mut("flows") else {
            return;
        };
        let names: Vec<String> = flows.keys().cloned().collect();
        for name in names {
            let at = pointer::join(&place, &name);
            if name.starts_with("x-") {
                continue;
            }
            let Some(mut flow) = flows.remove(&name) else {
                continue;
            };
            let known = swagger::flow_name(&name);
            if let Some(known) = known.filter(|known| *known != name) {
                if flows.contains_key(known) {
                    continue;
                }
                self.tell(
                    &at,
                    format!("`{name}` is not a flow"),
                    format!("write `{known}`"),
                );
            }
            let name = known.unwrap_or(&name);
            if self.flow(name, &mut flow, &at) {
                flows.insert(name.to_owned(), flow);
            }
        }
    }

    /// Whether it is a flow that can be read.
    fn flow(&mut self, name: &str, flow: &mut Value, at: &str) -> bool {
        if flow.is_null() {
            return false;
        }
        let Some(members) = flow.as_object_mut() else {
            self.tell(
                at,
                "a flow is an object; it is left out",
                "write `{tokenUrl: ..., scopes: {}}`",
            );
            return false;
        };
        for url in ["tokenUrl", "refreshUrl", "authorizationUrl"] {
            scalar::text(members, url);
        }
        self.scopes(members, &pointer::join(at, "scopes"));
        let needed = match name {
            "implicit" => "authorizationUrl",
            _ => "tokenUrl",
        };
        if !members.contains_key(needed) {
            self.tell(
                at,
                format!("the flow has no `{needed}`; it is left out"),
                format!("add `{needed}:`"),
            );
            return false;
        }
        if name == "authorizationCode" && !members.contains_key("authorizationUrl") {
            // An empty one is none.
            members.insert("authorizationUrl".to_owned(), json!(""));
            self.tell(
                at,
                "the flow has no `authorizationUrl`",
                "add `authorizationUrl:`",
            );
        }
        true
    }

    fn scopes(&mut self, flow: &mut Map<String, Value>, at: &str) {
        let help = "write `scopes: {}`, or each with its description";
        match flow.get_mut("scopes") {
            Some(Value::Object(scopes)) => {
                for text in scopes.values_mut() {
                    scalar::to_text(text);
                    if !text.is_string() {
                        *text = json!("");
                    }
                }
            }
            Some(Value::Array(names)) => {
                let names = names.iter().filter_map(Value::as_str);
                let scopes: Map<String, Value> =
                    names.map(|name| (name.to_owned(), json!(""))).collect();
                flow.insert("scopes".to_owned(), Value::Object(scopes));
                self.tell(at, "`scopes` is an object", help);
            }
            None | Some(Value::Null) => {
                flow.insert("scopes".to_owned(), json!({}));
            }
            Some(_) => {
                flow.insert("scopes".to_owned(), json!({}));
                self.tell(at, "`scopes` is an object", help);
            }
        }
    }
}

/// Whether a scheme, or a flow of it, says where tokens are.
fn says_where(scheme: &Value) -> bool {
    let has_url = |value: &Value| value.get("tokenUrl").is_some();
    let mut flows = SecurityScheme(scheme).flows();
    has_url(scheme) || flows.any(|(_, flow)| has_url(flow))
}
