//! Where a response has what RFC 6749 and OpenID Connect put beside the access token, where `x-tokensmith` does not say.

use crate::diagnostic::Diagnostics;
use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::infer::response_member::Member;
use crate::infer::schema::Kind;
use crate::model::name::letters;
use crate::pointer;

/// The names of the RFCs, what else members are called by their letters, and what objects are called that hold the value.
const FIELDS: [(&str, &[&str], &[&str]); 4] = [
    (
        "refresh_token",
        &[
            "refreshtoken",
            "newrefreshtoken",
            "oauthrefreshtoken",
            "refreshtokenstring",
            "refreshtokenvalue",
            "refreshvalue",
            "refresh",
        ],
        &["refreshtoken", "refresh"],
    ),
    ("id_token", &["idtoken"], &["idtoken"]),
    (
        "scope",
        &["scope", "scopes", "grantedscope", "grantedscopes"],
        &[],
    ),
    ("token_type", &["tokentype"], &[]),
];

/// What the value is called in an object of its own.
const INNER: [&str; 3] = ["token", "value", "refreshtoken"];

/// The fields that have another name than the RFC's or another place than beside the token: the RFC's name, and a pointer.
pub(super) fn elsewhere(members: &[Member<'_>], token: &str) -> Vec<(String, String)> {
    let parent = pointer::parent(token).unwrap_or_default();
    let others = other_tokens(members, parent);
    let found = FIELDS.iter().filter_map(|(field, names, holders)| {
        let is_there = |member: &Member<'_>| {
            member.parent() == parent && member.name == *field && member.kind != Kind::Object
        };
        if members.iter().any(is_there) {
            return None;
        }
        let rank = |member: &Member<'_>| {
            let called = letters(&member.name);
            names.iter().position(|name| *name == called)
        };
        let named = members.iter().filter(|member| {
            rank(member).is_some() && is_value(member) && !is_about_refreshing(member)
        });
        let held = members
            .iter()
            .filter(|member| is_inner(member, members, holders));
        let mut all: Vec<&Member<'_>> = named
            .chain(held)
            .filter(|member| member.pointer != token && !is_of_another(member, &others, parent))
            .collect();
        all.sort_by_key(|member| {
            let place = distance(member.parent(), parent);
            (place, rank(member).unwrap_or(usize::MAX), &member.pointer)
        });
        Some(((*field).to_owned(), all.first()?.pointer.clone()))
    });
    found.collect()
}

/// Says where fields are read from, unless their name differs in nothing but its letters.
pub(super) fn tell(
    fields: &[(String, String)],
    token: &str,
    at: &str,
    diagnostics: &mut Diagnostics,
) {
    let parent = pointer::parent(token).unwrap_or_default();
    for (field, pointer) in fields {
        let (holder, name) = pointer.rsplit_once('/').unwrap_or_default();
        let finding = Finding::new(Question::Field, pointer)
            .of(field)
            .by(EvidenceKind::Name, at);
        if holder == parent && letters(name) == letters(field) {
            diagnostics.find(finding);
            continue;
        }
        let message = format!("by its name, `{pointer}` of the response is read as `{field}`");
        let help =
            format!("say so on the operation:\nx-tokensmith: {{fields: {{{field}: {pointer}}}}}");
        diagnostics.find(finding.inferred(at, message, help));
    }
}

/// The objects that have an access token of their own, and in which the token at `parent` is not.
pub(super) fn other_tokens<'m>(members: &'m [Member<'_>], parent: &str) -> Vec<&'m str> {
    let tokens = members
        .iter()
        .filter(|member| member.kind == Kind::Text && letters(&member.name) == "accesstoken");
    let holders = tokens.map(Member::parent);
    let mut others: Vec<&str> = holders
        .filter(|holder| !pointer::is_within(parent, holder))
        .collect();
    others.dedup();
    others
}

/// Whether a member says something of another thing than the token: of one of several in a list, or of another token.
pub(super) fn is_of_another(member: &Member<'_>, other_tokens: &[&str], parent: &str) -> bool {
    let at = member.parent();
    // What the token is in itself is about the token.
    if pointer::is_within(parent, at) {
        return false;
    }
    let known = match pointer::is_within(at, parent) {
        true => pointer::tokens(parent).count(),
        false => 0,
    };
    let mut own = pointer::tokens(at).skip(known);
    let mut others = other_tokens.iter();
    own.any(|token| is_index(&token)) || others.any(|other| pointer::is_within(at, other))
}

fn is_index(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|digit| digit.is_ascii_digit())
}

/// Whether a member that is called "refresh" says where or when that is done.
fn is_about_refreshing(member: &Member<'_>) -> bool {
    const ABOUT: [&str; 7] = [
        "interval", "link", "seconds", "uri", "url", "whether", "until",
    ];
    let words = member.words.unwrap_or_default().to_lowercase();
    let example = member.example.as_deref();
    letters(&member.name) == "refresh"
        && (member.format.is_some()
            || example.is_some_and(|example| example.contains("://"))
            || words
                .split(|letter: char| !letter.is_alphanumeric())
                .any(|word| ABOUT.contains(&word)))
}

fn is_value(member: &Member<'_>) -> bool {
    matches!(member.kind, Kind::Text | Kind::Any | Kind::List)
}

/// Whether a member is the value in an object that is called like the field.
fn is_inner(member: &Member<'_>, members: &[Member<'_>], holders: &[&str]) -> bool {
    let is_holder = |holder: &Member<'_>| {
        holder.pointer == member.parent() && holders.contains(&letters(&holder.name).as_str())
    };
    is_value(member)
        && INNER.contains(&letters(&member.name).as_str())
        && members.iter().any(is_holder)
}

/// How many steps lead from one object to another.
pub(super) fn distance(from: &str, to: &str) -> usize {
    let (mut from, mut to) = (
        from.split('/').skip(1).peekable(),
        to.split('/').skip(1).peekable(),
    );
    while from.peek().is_some() && from.peek() == to.peek() {
        from.next();
        to.next();
    }
    from.count() + to.count()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::infer::response_member::of_value;

    fn found(response: Value, token: &str) -> Vec<(String, String)> {
        elsewhere(&of_value(&response), token)
    }

    #[test]
    fn a_refresh_token_may_be_called_otherwise() {
        let pair = |field: &str, pointer: &str| (field.to_owned(), pointer.to_owned());
        let held = json!({"access_token": "a", "refresh_token": {"value": "b", "expires_in": 1}});
        assert_eq!(
            found(held, "/access_token"),
            [pair("refresh_token", "/refresh_token/value")]
        );
        for name in [
            "refresh",
            "newRefreshToken",
            "refresh_token_value",
            "refreshValue",
        ] {
            assert_eq!(
                found(json!({"access_token": "a", name: "b"}), "/access_token"),
                [pair("refresh_token", &format!("/{name}"))]
            );
        }
        let both = json!({"access_token": "a", "refresh": "b", "refreshToken": "c"});
        assert_eq!(
            found(both, "/access_token"),
            [pair("refresh_token", "/refreshToken")]
        );
        let mut worded = of_value(&json!({"access_token": "a", "refresh": "b"}));
        worded[1].words = Some("Use it one time, when the access token expires.");
        assert_eq!(elsewhere(&worded, "/access_token").len(), 1);
        let link = json!({"access_token": "a", "refresh": "https://a.example/refresh"});
        assert_eq!(found(link, "/access_token"), []);
    }

    #[test]
    fn fields_are_found_by_their_letters() {
        let pair = |field: &str, pointer: &str| (field.to_owned(), pointer.to_owned());
        assert_eq!(
            found(
                json!({"accessToken": "a", "refreshToken": "b", "tokenType": "Bearer", "scopes": ["c"]}),
                "/accessToken"
            ),
            [
                pair("refresh_token", "/refreshToken"),
                pair("scope", "/scopes"),
                pair("token_type", "/tokenType")
            ]
        );
        assert_eq!(
            found(
                json!({"data": {"token": "a"}, "refresh_token": "b", "profile": {"id_token": "c"}}),
                "/data/token"
            ),
            [
                pair("refresh_token", "/refresh_token"),
                pair("id_token", "/profile/id_token")
            ]
        );
        assert_eq!(
            found(
                json!({"tokens": {"access": {"token": "a"}, "refresh": {"token": "b"}}}),
                "/tokens/access/token"
            ),
            [pair("refresh_token", "/tokens/refresh/token")]
        );
        let others = json!({
            "access_token": "a",
            "identities": {"access_token": "b", "refresh_token": "c", "scopes": ["d", "f"]},
            "restricted_to": [{"scope": "e"}]
        });
        assert_eq!(found(others, "/access_token"), [], "of other things");
        let listed = json!({"tokens": [{"access_token": "a", "refreshToken": "b"}]});
        assert_eq!(
            found(listed, "/tokens/0/access_token"),
            [pair("refresh_token", "/tokens/0/refreshToken")]
        );
        let of_list = |pointer: &str| Member {
            declared_at: String::new(),
            pointer: pointer.to_owned(),
            name: "scopes".to_owned(),
            kind: Kind::Text,
            depth: 3,
            format: None,
            words: None,
            values: Vec::new(),
            example: None,
            fixed: None,
            has_pattern: false,
        };
        let first = of_list("/restricted_to/0/scopes/0");
        assert_eq!(elsewhere(&[first], "/access_token"), [], "of one in a list");
        assert_eq!(elsewhere(&[of_list("/scopes/0")], "/access_token").len(), 1);
        let standard = json!({"access_token": "a", "refresh_token": "b", "refreshToken": "c"});
        assert_eq!(found(standard, "/access_token"), []);
    }
}
