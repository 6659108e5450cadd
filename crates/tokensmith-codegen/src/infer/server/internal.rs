//! Servers that a document marks as internal: those for everybody come before them.

use openapiv3::Server as ApiServer;
use serde_json::Value;

use crate::diagnostic::finding::{Evidence, EvidenceKind, Finding, Question};
use crate::pointer;

/// What marks a server that is not for everybody.
const KEY: &str = "x-internal";

/// Servers and their places in the document, those last that are internal: a client goes to the first one.
pub(super) fn for_callers_first(
    servers: &[ApiServer],
) -> impl Iterator<Item = (usize, &ApiServer)> {
    let servers = servers.iter().enumerate();
    let (internal, others): (Vec<_>, Vec<_>) =
        servers.partition(|(_, server)| is_marked(server.extensions.get(KEY)));
    others.into_iter().chain(internal)
}

/// The first server of a list as it was read.
pub(super) fn first(servers: &[Value]) -> Option<&Value> {
    let mut all = servers.iter();
    let for_callers = all.find(|server| !is_marked(server.get(KEY)));
    for_callers.or(servers.first())
}

fn is_marked(value: Option<&Value>) -> bool {
    value == Some(&Value::Bool(true))
}

/// Says that clients go to another server than the one that a document names first.
pub(super) fn passed_over(servers: &[ApiServer], at: &str) -> Option<Finding> {
    let (index, used) = for_callers_first(servers).next()?;
    let first = servers.first().filter(|_| index > 0)?;
    let used = used.url.escape_debug();
    let message = format!(
        "the first server, `{}`, is marked `{KEY}: true`; `Client::new` goes to `{used}`, and there only if it is chosen",
        first.url.escape_debug(),
    );
    let help =
        "put the server that callers use first, in an overlay where the document is a vendor's";
    let place = pointer::join(at, "0");
    let evidence = Evidence::new(EvidenceKind::Convention, &place).saying(KEY);
    let finding = Finding::new(Question::Url, used.to_string()).on(evidence);
    Some(finding.inferred(&place, message, help))
}
