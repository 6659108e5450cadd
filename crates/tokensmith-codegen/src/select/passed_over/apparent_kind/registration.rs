//! Operations that register clients, and that manage registrations.

use std::collections::BTreeSet;

use super::{Called, has};
use crate::model::name::letters;
use crate::select::operation_text::said;
use crate::select::operation_view::OperationView;

/// What an operation is called that registers clients.
const REGISTRATION: [&str; 2] = ["register", "registration"];

/// Whether an operation is called after registering, or says that it registers clients.
pub(super) fn is_called_registration(view: &OperationView<'_>, called: &Called) -> bool {
    called.by(&REGISTRATION) || is_registration_in_words(view)
}

/// Whether an operation takes or gives the credentials of a client, and is called so or says so.
pub(super) fn registers(view: &OperationView<'_>, called: &Called) -> bool {
    let takes = |name| has(view, &[name]);
    called.by(&REGISTRATION) && (takes("clientid") && takes("clientsecret") || gives_client(view))
        || is_registration_in_words(view) && gives_client(view)
}

fn is_registration_in_words(view: &OperationView<'_>) -> bool {
    const WORDS: [&str; 5] = [
        "client registration",
        "register a client",
        "register a new client",
        "registers a client",
        "registers a new client",
    ];
    let said = said(view);
    WORDS.iter().any(|words| said.contains(words))
}

/// Whether a success has the credentials of a client.
fn gives_client(view: &OperationView<'_>) -> bool {
    let names = view.success_names().iter();
    let names: BTreeSet<String> = names.map(|name| letters(name)).collect();
    names.contains("clientid") && names.contains("clientsecret")
}

/// Whether a path is that of one registered client, below where clients are registered, or there with its identifier in the query.
pub(super) fn is_of_registration(view: &OperationView<'_>, path: &str) -> bool {
    let mut segments = path.trim_end_matches('/').rsplit('/');
    let last = segments.next().unwrap_or_default();
    if REGISTRATION.contains(&letters(last).as_str()) {
        return has(view, &["clientid"]) && !has(view, &["responsetype"]);
    }
    let is_one = last.starts_with('{');
    let parent = segments.next().map(letters);
    let is_below = parent.is_some_and(|parent| REGISTRATION.contains(&parent.as_str()));
    is_one && is_below && view.is_about_oauth(path)
}
