//! A server that a document marks as internal, and that comes before those for everybody.

use serde_json::{Value, json};

use crate::diagnostic::{Diagnostic, Rule};

/// Tells that clients go to an internal server unless another one is chosen.
pub(super) fn tell(root: &Value) -> Option<Diagnostic> {
    const KEY: &str = "x-internal";
    let servers = root.get("servers")?.as_array()?;
    let is_internal = |server: &Value| server.get(KEY) == Some(&json!(true));
    let first = servers.first().filter(|server| is_internal(server))?;
    let other = servers.iter().find(|server| !is_internal(server))?;
    let url = |server: &Value| {
        let url = server.get("url").and_then(Value::as_str);
        url.unwrap_or_default().escape_debug().to_string()
    };
    let message = format!(
        "the first server, `{}`, is marked `{KEY}: true`, which is not read: `Client::new` goes there, and to `{}` only if it is chosen",
        url(first),
        url(other)
    );
    let help =
        "put the server that callers use first, in an overlay where the document is a vendor's";
    Some(Diagnostic::new(Rule::Unused, "/servers/0", message).help(help))
}
