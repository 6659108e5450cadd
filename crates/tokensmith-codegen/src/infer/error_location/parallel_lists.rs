//! Error codes in one list, and what they mean in another.

use super::is_in_containers;
use crate::infer::response_member::Member;
use crate::infer::schema::Kind;
use crate::model::name::letters;
use crate::pointer;

/// The first items of two lists of texts beside each other: `errors` with codes, and one with what they mean.
pub(super) fn find(members: &[Member<'_>]) -> Option<(String, String)> {
    const MEANINGS: [&str; 4] = [
        "descriptions",
        "errordescriptions",
        "errormessages",
        "messages",
    ];
    let is_item = |member: &&Member<'_>| {
        member.kind == Kind::Text
            && member.pointer.ends_with("/0")
            && is_in_containers(member.parent())
    };
    let is_code = |member: &&Member<'_>| {
        let words = member.words.unwrap_or_default().to_lowercase();
        let is_called_code = words.split(|letter: char| !letter.is_alphabetic());
        letters(&member.name) == "errors"
            && (member.has_pattern || is_called_code.into_iter().any(|word| word == "code"))
    };
    let list = |member: &Member<'_>| pointer::parent(member.parent()).map(str::to_owned);
    let code = members.iter().filter(is_item).find(is_code)?;
    let mut meanings = members.iter().filter(is_item);
    let meaning = meanings.find(|member| {
        list(member) == list(code) && MEANINGS.contains(&letters(&member.name).as_str())
    })?;
    Some((code.pointer.clone(), meaning.pointer.clone()))
}
