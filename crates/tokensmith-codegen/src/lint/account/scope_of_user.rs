//! A `scope` of a token response that holds something else than scopes.

use crate::diagnostic::{Diagnostic, Rule};
use crate::model::{Endpoint, Model, Success, TypeDef};
use crate::prose::plain;

/// Tells a `scope` whose description says that it is a user, and nothing of what a token allows.
pub(super) fn tell(model: &Model, endpoint: &Endpoint) -> Option<Diagnostic> {
    let Success::Token(response) = &endpoint.response else {
        return None;
    };
    let TypeDef::Struct(def) = model.type_def(response)? else {
        return None;
    };
    let scope = def.fields.iter().find(|field| field.wire == "scope")?;
    if !is_of_user(&plain(scope.description.as_deref()?)) {
        return None;
    }
    let at = endpoint.declared_at.first()?;
    let message = "by its description, `scope` of the token response is a user; `Token::scopes` returns it as the granted scopes";
    let help = "where it is scopes, correct the description, in an overlay where the document is a vendor's; else leave `Token::scopes` alone";
    Some(Diagnostic::new(Rule::Unused, at, message).help(help))
}

fn is_of_user(text: &str) -> bool {
    const OF_SCOPES: [&str; 9] = [
        "access",
        "allow",
        "authori",
        "grant",
        "level",
        "permi",
        "privilege",
        "right",
        "scope",
    ];
    // What is of users, by them or for them is another thing.
    const OTHERS: [&str; 7] = ["by", "for", "of", "that", "to", "what", "which"];
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    let mut words = words.take_while(|word| !OTHERS.contains(word));
    let is_user = words.any(|word| ["user", "username", "email"].contains(&word));
    is_user && !OF_SCOPES.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::is_of_user;

    #[test]
    fn a_user_is_no_scope() {
        assert!(is_of_user(
            "the owning api-only user of the custom service that was used to authenticate"
        ));
        assert!(!is_of_user("what the user has granted"));
        assert!(!is_of_user("the scopes of the user"));
        assert!(!is_of_user("everything that the user has approved"));
        assert!(!is_of_user("the area that a token is for"));
    }
}
