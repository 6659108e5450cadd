//! The client's credentials in a header of the provider's own, which the caller has to put together.

use crate::diagnostic::{Diagnostic, Rule};
use crate::lint::list;
use crate::model::Endpoint;

/// Tells the headers that have the base64 of the client's identifier and secret: requests make none of them from `Credentials`.
pub(super) fn tell(at: &str, endpoint: &Endpoint) -> Option<Diagnostic> {
    let parameters = endpoint.operations.iter().flat_map(|one| &one.parameters);
    let headers = parameters.filter(|parameter| parameter.has_client_in_base64());
    let mut names: Vec<&str> = headers.map(|header| header.wire.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.first()?;
    let message = format!(
        "by its description, {} has the client's identifier and secret in base64; it is not made from `Credentials`, the caller gives it as it is sent",
        list(&names)
    );
    let help = "encode `identifier:secret` by base64 and give it to the setter of the request";
    Some(Diagnostic::new(Rule::Unused, at, message).help(help))
}
