//! Where a response has its access token, where `x-tokensmith` does not say.

use serde_json::Value;

use crate::diagnostic::Diagnostics;
use crate::diagnostic::finding::{Evidence, EvidenceKind, Finding, Question};
use crate::infer::response_member::{Member, members, of_value};
use crate::infer::schema::{Kind, Schemas, Shape};
use crate::model::name;
use crate::model::name::letters;
use crate::pointer;

/// How sure it is that a member is the access token, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sureness {
    /// Called as in RFC 6749.
    Standard,
    /// The same in another way of writing.
    Alike,
    /// Called `token`.
    Token,
    /// Another kind of token, and the only one.
    Kindred,
}

/// Where the token is.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) pointer: String,
    pub(super) sureness: Sureness,
    /// Other places that are as likely.
    others: Vec<String>,
}

/// The place of the token in what a schema describes.
pub(super) fn of_schema<'a>(
    response: &Shape<'a>,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> Option<Place> {
    of_members(&members(response, schemas, diagnostics))
}

/// The place of the token in an example, if its name says that it is one.
pub(super) fn of_examples(examples: &[&Value]) -> Option<Place> {
    let places = examples
        .iter()
        .filter_map(|example| of_members(&of_value(example)));
    places
        .filter(|place| place.sureness < Sureness::Kindred)
        .min_by_key(|place| place.sureness)
}

impl Place {
    /// Records where the token is read from, and says why unless the document says so.
    pub(super) fn tell(&self, at: &str, kind: EvidenceKind, diagnostics: &mut Diagnostics) {
        let Self {
            pointer, others, ..
        } = self;
        let mut finding = Finding::new(Question::AccessToken, pointer).by(kind, at);
        let help = format!(
            "say where the token is, as a JSON Pointer into the response:\nx-tokensmith: {{access-token: {pointer}}}"
        );
        if self.sureness != Sureness::Standard || !pointer.ends_with("/access_token") {
            let message = format!(
                "the success response has no `access_token`; `{pointer}` is read as the token"
            );
            let by_name = finding.clone().by(EvidenceKind::Name, at);
            finding = by_name.inferred(at, message, &help);
        }
        if others.is_empty() {
            diagnostics.find(finding);
            return;
        }
        if finding.is_inferred() {
            diagnostics.find(finding.clone());
        }
        let listed = others.join("`, `");
        let message = format!(
            "the success response has several access tokens; `{pointer}` is taken, and not `{listed}`"
        );
        let others = others
            .iter()
            .map(|other| Evidence::new(kind, at).saying(other));
        let finding = others.fold(finding, Finding::against);
        diagnostics.find(finding.inferred(at, message, help));
    }
}

/// The surest member, the nearest to the root of these.
pub(super) fn of_members(members: &[Member<'_>]) -> Option<Place> {
    let surest = [Sureness::Standard, Sureness::Alike, Sureness::Token];
    let named = surest.into_iter().find_map(|sureness| {
        let alike: Vec<&Member<'_>> = members
            .iter()
            .filter(|member| self::sureness(&member.name) == Some(sureness))
            .filter(|member| !is_of_refresh_token(member))
            .collect();
        let mut places: Vec<(usize, String)> = alike
            .iter()
            .filter_map(|member| Some((member.depth, token_in(member, members, sureness)?)))
            .collect();
        places.sort_by_key(|(depth, _)| *depth);
        let (nearest, pointer) = places.first().cloned()?;
        let others = places
            .into_iter()
            .skip(1)
            .filter(|(depth, _)| *depth == nearest)
            .map(|(_, pointer)| pointer);
        Some(Place {
            pointer,
            sureness,
            others: others.collect(),
        })
    });
    named.or_else(|| kindred(members))
}

fn sureness(name: &str) -> Option<Sureness> {
    if name == "access_token" {
        return Some(Sureness::Standard);
    }
    match letters(name).as_str() {
        "accesstoken" => Some(Sureness::Alike),
        "token" => Some(Sureness::Token),
        _ => None,
    }
}
/// Whether a member is in an object that is about the refresh token.
fn is_of_refresh_token(member: &Member<'_>) -> bool {
    pointer::tokens(member.parent()).any(|name| letters(&name).starts_with("refresh"))
}

/// The member itself; or, where it is an object, the text in it that is the token.
fn token_in(member: &Member<'_>, members: &[Member<'_>], sureness: Sureness) -> Option<String> {
    const INNER: [&str; 3] = ["token", "value", "accesstoken"];
    match member.kind {
        Kind::Text | Kind::Any => Some(member.pointer.clone()),
        Kind::Object => {
            let inner = INNER.iter().find_map(|name| {
                members.iter().find(|inner| {
                    let parent = pointer::parent(&inner.pointer);
                    parent == Some(member.pointer.as_str())
                        && letters(&inner.name) == *name
                        && matches!(inner.kind, Kind::Text | Kind::Any)
                })
            });
            inner.map(|inner| inner.pointer.clone())
        }
        // Under its own name it is the token whatever its schema says.
        _ if sureness == Sureness::Standard => Some(member.pointer.clone()),
        _ => None,
    }
}

/// The only text that is a token of some kind; an ID token is one where there is no other.
fn kindred(members: &[Member<'_>]) -> Option<Place> {
    let is_token = |member: &&Member<'_>| {
        let words = name::snake(&member.name).unwrap_or_default();
        let mut words = words.split('_');
        let last = words.next_back();
        member.kind == Kind::Text
            && last.is_some_and(|last| {
                ["token", "jwt", "bearer"].contains(&last) || last.ends_with("token")
            })
            && !words.any(|word| ["refresh", "csrf", "xsrf", "page", "next"].contains(&word))
    };
    let found: Vec<&Member<'_>> = members.iter().filter(is_token).collect();
    let is_other = |member: &&&Member<'_>| letters(&member.name) != "idtoken";
    let only = match found.as_slice() {
        [only] => only,
        _ => {
            let mut others = found.iter().filter(is_other);
            others.next().filter(|_| others.next().is_none())?
        }
    };
    Some(Place {
        pointer: only.pointer.clone(),
        sureness: Sureness::Kindred,
        others: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn place(response: Value) -> Option<(String, Sureness, Vec<String>)> {
        let place = of_members(&of_value(&response))?;
        Some((place.pointer, place.sureness, place.others))
    }

    #[test]
    fn the_surest_name_counts_and_then_the_nearest() {
        let found = |response| place(response).map(|(pointer, sureness, _)| (pointer, sureness));
        let is = |pointer: &str, sureness| Some((pointer.to_owned(), sureness));
        assert_eq!(
            found(json!({"token": "a", "data": {"access_token": "b"}})),
            is("/data/access_token", Sureness::Standard)
        );
        assert_eq!(
            found(json!({"AccessToken": "a", "token": "b"})),
            is("/AccessToken", Sureness::Alike)
        );
        assert_eq!(
            found(json!({"token": {"value": "a", "expiresIn": 1}})),
            is("/token/value", Sureness::Token)
        );
        assert_eq!(
            found(json!([{"access_token": "a"}])),
            is("/0/access_token", Sureness::Standard)
        );
        assert_eq!(
            found(
                json!({"bearerToken": "a", "refresh_token": "b", "id_token": "c", "token_type": "d"})
            ),
            is("/bearerToken", Sureness::Kindred)
        );
        assert_eq!(
            found(json!({"id_token": "a"})),
            is("/id_token", Sureness::Kindred)
        );
        assert_eq!(found(json!({"jwt": "a", "api_token": "b"})), None);
        assert_eq!(found(json!({"refresh_token": "a"})), None);
    }

    #[test]
    fn places_as_likely_are_told() {
        let two = place(json!({"b": {"access_token": "x"}, "a": {"access_token": "y"}}));
        let (pointer, _, others) = two.expect("has a token");
        assert_eq!(pointer, "/a/access_token");
        assert_eq!(others, ["/b/access_token"]);
    }
}
