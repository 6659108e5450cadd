//! How a response says when its token expires, where `x-tokensmith` does not say.

mod form;
mod names;

use super::field_location::{distance, is_of_another, other_tokens};
use crate::diagnostic::finding::{Evidence, EvidenceKind, Finding, Question};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::response_member::Member;
use crate::infer::schema::Kind;
use crate::model::name::letters;
use crate::model::{Expiry, ExpiryFormat};
use crate::pointer;
use crate::prose::listed;
use form::{duration, is_shown_as_time, is_zero_never, looks_like_a_time, time};
use names::{EITHER, LIFETIMES, TIMES, is_about_another, without_unit};

/// How a member says when the token expires.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Lifetime {
    pub(super) format: ExpiryFormat,
    pub(super) pointer: String,
    /// Whether its name or its words had to be interpreted.
    is_inferred: bool,
    /// Whether words say that zero has no end.
    is_zero_never: bool,
    declared_at: String,
    /// What else is called like the token's lifetime, and is not read: the pointers.
    others: Vec<String>,
}

/// What is found of a lifetime.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    /// Something that is called so, and whose value cannot be read.
    Unread(String),
    Lifetime(Lifetime),
}

/// Something that is called like a lifetime, and what is read of it.
struct Candidate<'m> {
    pointer: &'m str,
    /// Whether it is neither beside the token nor beside something that has the token in it.
    is_elsewhere: bool,
    is_time: bool,
    distance: usize,
    /// How much its name says, the least first.
    rank: usize,
    lifetime: Option<Lifetime>,
}

/// Finds what says when the token at `token` expires: what is beside the token or around it, a lifetime before a time, the nearest to
/// the token, then the most telling name.
pub(super) fn find(members: &[Member<'_>], token: &str) -> Found {
    let parent = pointer::parent(token).unwrap_or_default();
    let others = other_tokens(members, parent);
    let candidates = members.iter().filter_map(|member| {
        let (rank, lifetime) = candidate(member, parent)?;
        if is_of_another(member, &others, parent) {
            return None;
        }
        let format = lifetime.as_ref().map(|lifetime| lifetime.format);
        Some(Candidate {
            pointer: &member.pointer,
            is_elsewhere: !pointer::is_within(parent, member.parent()),
            is_time: format.is_none_or(is_time),
            distance: distance(member.parent(), parent),
            rank,
            lifetime,
        })
    });
    let mut candidates: Vec<Candidate<'_>> = candidates.collect();
    candidates.sort_by_key(|candidate| {
        let Candidate {
            is_elsewhere,
            is_time,
            distance,
            rank,
            pointer,
            ..
        } = *candidate;
        (is_elsewhere, is_time, distance, rank, pointer)
    });
    let Some(first) = candidates.first() else {
        return Found::Nothing;
    };
    let unread = first.pointer.to_owned();
    let Some(read) = candidates
        .iter()
        .position(|candidate| candidate.lifetime.is_some())
    else {
        return Found::Unread(unread);
    };
    let candidate = candidates.remove(read);
    let Some(mut lifetime) = candidate.lifetime else {
        return Found::Unread(unread);
    };
    // A time says the same as a lifetime.
    let others = candidates.into_iter().filter(|other| {
        let is_time = other.lifetime.is_some() && other.is_time;
        !other.is_elsewhere && (!is_time || candidate.is_time)
    });
    lifetime.others = others.map(|other| other.pointer.to_owned()).collect();
    Found::Lifetime(lifetime)
}

impl Lifetime {
    /// The same as the model has it; `expires_in` in seconds beside the token is RFC 6749's.
    pub(super) fn expiry(&self, token: &str) -> Expiry<String> {
        let mut expiry = Expiry::new(self.format);
        let standard = token
            .rsplit_once('/')
            .map_or("", |(parent, _)| parent)
            .to_owned()
            + "/expires_in";
        expiry.pointer = Some(self.pointer.clone()).filter(|pointer| *pointer != standard);
        expiry.is_zero_never = self.is_zero_never;
        expiry
    }

    /// Whether it is a lifetime, which is `expires_in` under whatever name.
    pub(super) fn is_duration(&self) -> bool {
        !is_time(self.format)
    }

    /// Leaves out what words say of zero.
    pub(super) fn forget_zero(&mut self) {
        self.is_zero_never = false;
    }

    /// Records what is read, and says so where a name or words had to be interpreted.
    pub(super) fn tell(&self, at: &str, diagnostics: &mut Diagnostics) {
        let answer = format!("{} at {}", self.format.as_str(), self.pointer);
        let declared_at = Some(self.declared_at.as_str()).filter(|place| !place.is_empty());
        let place = declared_at.unwrap_or(at);
        if self.is_zero_never {
            diagnostics.find(self.endless(place, at));
        }
        let mut finding = Finding::new(Question::Expiry, answer).by(EvidenceKind::Name, place);
        for other in &self.others {
            finding = finding.against(Evidence::new(EvidenceKind::Name, at).saying(other));
        }
        self.tell_others(at, diagnostics);
        if !self.is_inferred {
            diagnostics.find(finding);
            return;
        }
        let Self {
            format, pointer, ..
        } = self;
        let what = match format {
            ExpiryFormat::Seconds => "the token's lifetime in seconds",
            ExpiryFormat::Milliseconds => "the token's lifetime in milliseconds",
            ExpiryFormat::Minutes => "the token's lifetime in minutes",
            ExpiryFormat::Duration | ExpiryFormat::DaysHoursMinutes => {
                "the token's lifetime as a duration"
            }
            ExpiryFormat::UnixSeconds => "the time of the token's end, as a Unix time",
            ExpiryFormat::UnixMilliseconds => {
                "the time of the token's end, as a Unix time in milliseconds"
            }
            ExpiryFormat::DateTime => "the date and time of the token's end",
        };
        let message = format!("`{pointer}` of the response is read as {what}");
        let help = format!(
            "say so on the operation:\nx-tokensmith: {{expiry: {{format: {}, at: {pointer}}}}}",
            format.as_str()
        );
        diagnostics.find(finding.inferred(at, message, help));
    }
}

impl Lifetime {
    /// Says that something else is called like the token's lifetime, and is not read.
    fn tell_others(&self, at: &str, diagnostics: &mut Diagnostics) {
        /// Places that are shown.
        const MOST: usize = 8;
        let others: Vec<String> = self
            .others
            .iter()
            .take(MOST)
            .map(|other| format!("`{}`", other.escape_debug()))
            .collect();
        if others.is_empty() {
            return;
        }
        let Self {
            format, pointer, ..
        } = self;
        let verb = if others.len() == 1 { "looks" } else { "look" };
        let message = format!(
            "{} of the response {verb} like the token's lifetime, too; only `{pointer}` is read",
            listed(&others, "and")
        );
        let help = format!(
            "say on the operation which one counts:\nx-tokensmith: {{expiry: {{format: {}, at: {pointer}}}}}",
            format.as_str()
        );
        diagnostics.push(Diagnostic::new(Rule::Unused, at, message).help(help));
    }

    /// The finding that zero stands for a token without an end.
    fn endless(&self, place: &str, at: &str) -> Finding {
        let Self {
            format, pointer, ..
        } = self;
        let message = format!(
            "by its description, zero in `{pointer}` of the response means that the token does not expire"
        );
        let help = format!(
            "say so on the operation:\nx-tokensmith: {{expiry: {{format: {}, at: {pointer}, zero: never}}}}",
            format.as_str()
        );
        Finding::new(Question::Expiry, "zero: never")
            .by(EvidenceKind::Description, place)
            .inferred(at, message, help)
    }
}

/// Says that a member is called like a lifetime and is not read as one.
pub(super) fn tell_unread(pointer: &str, at: &str, diagnostics: &mut Diagnostics) {
    if pointer.ends_with("/expires_in") {
        let message = format!(
            "`{pointer}` of the response is read in seconds, as RFC 6749 has it; its description or its example has another form"
        );
        let help = "where the description is wrong, correct it in an overlay; no other unit than seconds, minutes and milliseconds is read";
        diagnostics.push(Diagnostic::new(Rule::Unused, at, message).help(help));
        return;
    }
    let message = format!(
        "`{pointer}` of the response looks like the token's lifetime, in a form that is not read; the lifetime is not known"
    );
    diagnostics.push(Diagnostic::new(Rule::Unused, at, message).help(format!(
        "say which format it has (seconds, minutes, milliseconds, duration, unix, unix-milliseconds, date-time or \
         days-hours-minutes):\nx-tokensmith: {{expiry: {{format: seconds, at: {pointer}}}}}"
    )));
}

fn is_time(format: ExpiryFormat) -> bool {
    matches!(
        format,
        ExpiryFormat::UnixSeconds | ExpiryFormat::UnixMilliseconds | ExpiryFormat::DateTime
    )
}

/// How telling the name of a member is, and what its value says; nothing for what is called otherwise.
fn candidate(member: &Member<'_>, parent: &str) -> Option<(usize, Option<Lifetime>)> {
    if is_about_another(member, parent) || matches!(member.kind, Kind::List | Kind::Boolean) {
        return None;
    }
    let letters = letters(&member.name);
    let (stem, unit) = without_unit(&letters);
    let position = |names: &[&str]| names.iter().position(|name| *name == stem);
    if member.kind == Kind::Object {
        // It may have the number and its unit: nothing reads both.
        let is_called_so = [&LIFETIMES[..], &TIMES[..], &EITHER[..]]
            .into_iter()
            .any(|names| position(names).is_some());
        return is_called_so.then_some((usize::MAX, None));
    }
    let (rank, format, is_plain) = if let Some(rank) = position(&LIFETIMES) {
        let format = match unit {
            // The name says a lifetime.
            None if is_shown_as_time(member) => time(member).map(|(format, _)| (format, true)),
            unit => duration(member, unit),
        };
        (rank, format, rank == 0)
    } else if let Some(rank) = position(&TIMES) {
        let in_milliseconds = unit == Some(ExpiryFormat::Milliseconds);
        let stated = in_milliseconds.then_some((ExpiryFormat::UnixMilliseconds, false));
        let is_plain = ["expiresat", "expireson"].contains(&stem);
        (rank, stated.or_else(|| time(member)), is_plain)
    } else {
        // What is called after the end in any other way is told, if it is not read.
        let is_alike =
            || stem.contains("expir") || ["ttl", "notafter", "timetolive"].contains(&stem);
        let is_described = is_described_as_lifetime(member);
        let rank =
            position(&EITHER).or_else(|| (is_described || is_alike()).then_some(EITHER.len()))?;
        let is_known = rank < EITHER.len() || is_described;
        let format = match looks_like_a_time(member) {
            true => time(member),
            false if is_known || unit.is_some() => duration(member, unit),
            false => None,
        };
        (LIFETIMES.len() + rank, format, false)
    };
    let lifetime = format.map(|(format, by_words)| Lifetime {
        format,
        pointer: member.pointer.clone(),
        is_inferred: by_words || !is_plain,
        is_zero_never: is_zero_never(member) && !is_time(format),
        declared_at: member.declared_at.clone(),
        others: Vec::new(),
    });
    Some((rank, lifetime))
}

/// Whether a number is described as how long a token is good for, whatever it is called.
fn is_described_as_lifetime(member: &Member<'_>) -> bool {
    // A token's own description says how long it is good for, too.
    if letters(&member.name).ends_with("token") {
        return false;
    }
    let words = member.words.unwrap_or_default().to_lowercase();
    let is_about = |words: &str, list: &[&str]| list.iter().any(|word| words.contains(word));
    is_about(&words, &["valid", "expir", "lifetime", "time to live"])
        && is_about(&words, &["second", "minute", "millisecond"])
        && !is_about(
            &words,
            &["refresh", "session", "code", "password", "id token"],
        )
}

#[cfg(test)]
mod tests;
