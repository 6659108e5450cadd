//! Token requests with nothing in them, of operations that say in words what is asked for.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Rule};
use crate::model::{Endpoint, EndpointKind, Method};
use crate::openapi::operation::Operation;
use crate::prose::listed;
use crate::select::grants_in_words::grants_in_words;

/// Tells a token endpoint that declares no request, where its words name grants or where nothing says who asks.
pub(super) fn tell(operation: &Operation<'_>, endpoint: &Endpoint) -> Option<Diagnostic> {
    let [only] = endpoint.operations.as_slice() else {
        return None;
    };
    let attributes = &endpoint.attributes;
    let is_empty = only.grant.is_none()
        && only.parameters.is_empty()
        && operation.parameters().is_empty()
        && operation.body().is_none();
    if endpoint.kind != EndpointKind::Token || attributes.method != Method::Post || !is_empty {
        return None;
    }
    let texts = ["summary", "description"].into_iter();
    let texts = texts.filter_map(|key| operation.members.get(key).and_then(Value::as_str));
    let grants = grants_in_words(&texts.collect::<Vec<_>>().join("\n"));
    // What stands in the `Authorization` header may be all that is asked for.
    if grants.is_empty() && attributes.authentication.method.is_in_authorization() {
        return None;
    }
    let named: Vec<String> = grants.iter().map(|grant| format!("`{grant}`")).collect();
    let words = match named.as_slice() {
        [] => String::new(),
        [only] => format!("; its description names the grant {only}"),
        several => format!(
            "; its description names the grants {}",
            listed(several, "and")
        ),
    };
    let message = format!(
        "the operation declares no parameters and no body: requests for tokens are sent with nothing in them{words}"
    );
    let list = match grants.is_empty() {
        true => "client_credentials".to_owned(),
        false => grants.join(", "),
    };
    let help = format!("list the grants that it takes:\nx-tokensmith: {{grants: [{list}]}}");
    Some(Diagnostic::new(Rule::Unused, operation.pointer, message).help(help))
}
