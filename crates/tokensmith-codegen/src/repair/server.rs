//! Servers and their variables.

use serde_json::{Map, Value, json};

use super::{Repairs, scalar};
use crate::pointer;

impl Repairs<'_> {
    pub(super) fn servers(&mut self, owner: &mut Value, at: &str) {
        let at = pointer::join(at, "servers");
        self.list(owner, "servers", &at);
        let Some(Value::Array(servers)) = owner.get_mut("servers") else {
            return;
        };
        let mut index = 0;
        servers.retain_mut(|server| {
            let at = pointer::join(&at, &index.to_string());
            index += 1;
            self.server(server, &at)
        });
    }

    /// Whether it is a server.
    fn server(&mut self, server: &mut Value, at: &str) -> bool {
        const MESSAGE: &str = "a server is an object with a `url`";
        const HELP: &str = "write `- url: ...`";
        if server.is_string() {
            *server = json!({ "url": server });
            self.tell(at, MESSAGE, HELP);
        }
        let Some(members) = server.as_object_mut() else {
            self.tell(at, MESSAGE, HELP);
            return false;
        };
        scalar::text(members, "url");
        scalar::text(members, "description");
        match members.get_mut("url") {
            Some(Value::String(url)) => *url = url.trim().to_owned(),
            _ => {
                self.tell(at, MESSAGE, HELP);
                return false;
            }
        }
        let place = pointer::join(at, "variables");
        match members.get_mut("variables") {
            Some(Value::Object(variables)) => self.variables(variables, &place),
            Some(_) => {
                members.remove("variables");
                let message = "`variables` is an object with the name of each";
                self.tell(&place, message, "write `variables: {name: {default: ...}}`");
            }
            None => {}
        }
        true
    }

    fn variables(&mut self, variables: &mut Map<String, Value>, at: &str) {
        for (name, variable) in variables {
            let at = pointer::join(at, name);
            if !variable.is_object() {
                scalar::to_text(variable);
                let default = variable.as_str().unwrap_or_default();
                *variable = json!({ "default": default });
                self.tell(&at, "a variable is an object", "write `{default: ...}`");
            }
            let Some(variable) = variable.as_object_mut() else {
                continue;
            };
            scalar::text(variable, "default");
            scalar::text(variable, "description");
            match variable.get_mut("enum") {
                Some(Value::Array(values)) => {
                    values.iter_mut().for_each(scalar::to_text);
                    values.retain(Value::is_string);
                }
                Some(_) => {
                    variable.remove("enum");
                }
                None => {}
            }
            if !variable.contains_key("default") {
                // An empty one is none.
                variable.insert("default".to_owned(), json!(""));
                let message =
                    format!("the variable `{name}` has no default: every client has to set it");
                self.tell(&at, message, "add `default: ...`, if there is one");
            }
        }
    }
}
