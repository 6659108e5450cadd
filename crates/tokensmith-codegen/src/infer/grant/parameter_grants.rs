//! Which grants a parameter belongs to that all requests declare.

use crate::model::rfc;

/// Whether a grant takes a parameter that the document declares for all grants alike: those that an RFC names go to the grants
/// that the RFC gives them, if the endpoint takes any of those. A scope is what a document may mean for any of them.
pub(super) fn belongs(name: &str, grant: &str, grants: &[String]) -> bool {
    let extension = rfc::extension_grant(grant);
    let mut extensions = grants
        .iter()
        .filter_map(|other| rfc::extension_grant(other));
    if extensions.any(|other| other.has(name)) {
        return extension.is_some_and(|extension| extension.has(name));
    }
    if name == "scope" || !rfc::is_grant_parameter(name) {
        return true;
    }
    match rfc::grant(grant) {
        Some(known) if known.has(name) => true,
        None if extension.is_none() => true,
        _ => !grants
            .iter()
            .any(|other| rfc::grant(other).is_some_and(|other| other.has(name))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_go_to_the_grants_of_their_rfc() {
        let grants = ["client_credentials", "password", "own"].map(str::to_owned);
        assert!(belongs("username", "password", &grants));
        assert!(!belongs("username", "client_credentials", &grants));
        assert!(belongs("username", "own", &grants));
        assert!(belongs("tenant", "client_credentials", &grants));
        // No grant of the endpoint has it by its RFC: it is the provider's own idea.
        assert!(belongs("code", "client_credentials", &grants));
        assert!(belongs("scope", "authorization_code", &grants));
        assert!(belongs("scope", "client_credentials", &grants));
    }
}
