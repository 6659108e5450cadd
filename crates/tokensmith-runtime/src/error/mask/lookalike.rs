//! What looks like a credential, whoever issued it.
//!
//! Nothing here knows a secret. Words, numbers, names in snake or camel case, UUIDs and times pass;
//! runs of letters and digits that no person would write do not, and neither does what stands
//! behind words such as `Bearer`.

mod shape;

use std::ops::Range;

use self::shape::Shape;
use super::byte_list;
use super::prefix;
use super::vocabulary;

/// The parts of a text that look like credentials.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<_> = user_infos(text).collect();
    found.extend(byte_list::find(tokens(text)));
    let mut before = Before::default();
    for (range, word) in tokens(text) {
        let rest = text.get(range.end..).unwrap_or_default();
        let is_padded = rest.starts_with("==") && word.len() >= 8;
        let gap = text.get(before.end..range.start).unwrap_or_default();
        let is_introduced = before.introduces(gap, word) || before.is_scheme_of(gap, word, rest);
        if is_padded || is_credential(word) || is_introduced {
            found.push(range.clone());
        }
        let is = |name: &&str| word.eq_ignore_ascii_case(name);
        if before.names_credential && ["is", "was"].iter().any(is) {
            before.end = range.end;
            continue;
        }
        let is_any_scheme = before.is_authorization && gap.starts_with(':');
        before = Before {
            end: range.end,
            is_authorization: is(&"authorization"),
            is_header: word.contains('-'),
            names_credential: names_credential(word),
            names_code: word.to_ascii_lowercase().ends_with("code"),
            is_scheme: is_any_scheme || SCHEMES.iter().any(is),
            is_short_name: SHORT_NAMES.iter().any(is),
        };
    }
    found
}

/// Whether a run of characters, such as a segment of a path, looks like a credential.
pub(super) fn is_credential(token: &str) -> bool {
    if is_uuid(token) || is_time(token) {
        return false;
    }
    let atoms = || token.split(|character: char| !character.is_ascii_alphanumeric());
    let length: usize = atoms().map(str::len).sum();
    let mixed = atoms().filter(|atom| Shape::of(atom).is_odd()).count();
    prefix::is_credential(token)
        || token.starts_with("eyJ") && length >= 12
        || token.matches("\\u").count() >= 4
        || mixed >= 3
        || mixed == 2 && length >= 20
        || atoms().any(|atom| Shape::of(atom).is_random())
}

/// The runs of characters that a credential may consist of, in any encoding, without the
/// punctuation around them.
fn tokens(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let words = text.split(is_separator).filter(|word| !word.is_empty());
    words.filter_map(move |word| {
        let token = word.trim_matches(|character: char| matches!(character, '.' | ':' | '!' | '-'));
        let start = (token.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
        (!token.is_empty()).then(|| (start..start + token.len(), token))
    })
}

fn is_separator(character: char) -> bool {
    character.is_whitespace() || is_quote(character) || ")]}>,;|?&=".contains(character)
}

fn is_quote(character: char) -> bool {
    "\"'`<([{\u{2018}\u{201c}".contains(character)
}

/// What URLs have before their hosts: a name, a password, or both.
fn user_infos(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices("://").filter_map(|(index, mark)| {
        let start = index + mark.len();
        let rest = text.get(start..)?;
        let end = rest.find(|character: char| character.is_whitespace() || is_quote(character));
        let rest = rest.get(..end.unwrap_or(rest.len()))?;
        let authority = rest.split(['/', '?', '#']).next()?;
        let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
        let is_cut = authority
            .rsplit_once(':')
            .is_some_and(|(_, port)| !is_port(port));
        // A password with a slash in it ends what looks like the authority too early.
        let place = if is_cut { rest } else { authority };
        let length = place.rfind('@').filter(|length| *length > 0)?;
        Some(start..start + length)
    })
}

/// The schemes of `Authorization` that a token follows, whatever it consists of.
const SCHEMES: [&str; 2] = ["bearer", "dpop"];

/// Names of credentials that are words of their own, or parts of such: what is assigned to them counts.
const SHORT_NAMES: [&str; 12] = [
    "cookie",
    "pass",
    "pat",
    "pin",
    "pwd",
    "rt",
    "session",
    "sid",
    "sig",
    "signature",
    "ticket",
    "tkn",
];

/// What stands before a token.
#[derive(Default)]
struct Before {
    end: usize,
    names_credential: bool,
    /// Which is that of an error as often as that of an authorization.
    names_code: bool,
    is_scheme: bool,
    is_short_name: bool,
    /// The header, behind which any word is a scheme.
    is_authorization: bool,
    /// A name with hyphens, as headers have them.
    is_header: bool,
}

impl Before {
    /// Whether the token is what was just named: any value that is quoted or assigned, and in prose
    /// all but words.
    fn introduces(&self, gap: &str, token: &str) -> bool {
        if self.is_short_name && gap.starts_with('=') {
            return true;
        }
        if !self.names_credential {
            return false;
        }
        // The name itself may be quoted.
        let gap = gap.trim_start_matches(is_quote);
        let is_prose = gap
            .chars()
            .all(|character| character.is_whitespace() || ":([".contains(character));
        let is_value = gap.contains(is_quote) || gap.contains('=');
        if is_prose {
            let is_of_header = self.is_header && gap.starts_with(':');
            !is_word(token)
                || is_hexadecimal(token)
                || is_of_header && !vocabulary::is_of_schemes(token)
        } else {
            let is_number = token.len() <= 8 && token.bytes().all(|byte| byte.is_ascii_digit());
            let is_error_code = self.names_code && is_number;
            is_value
                && !gap.contains([',', ';', ')', ']', '}'])
                && !names_credential(token)
                && !is_error_code
        }
    }

    /// Whether the token ends `Authorization: Bearer abcdefgh`, or whatever quotes that. Words of
    /// texts about tokens stay, as in `expected a Bearer token`.
    fn is_scheme_of(&self, gap: &str, token: &str, rest: &str) -> bool {
        let gap = gap.strip_prefix(':').unwrap_or(gap);
        let is_space = !gap.is_empty() && gap.chars().all(char::is_whitespace);
        let after = rest.trim_start_matches(['.', '!', ':']).chars().next();
        let is_end = after.is_none_or(|after| is_quote(after) || ")]},;>".contains(after));
        self.is_scheme
            && is_space
            && is_end
            && token.len() >= SHORTEST_TOKEN
            && !vocabulary::is_of_schemes(token)
    }
}

/// A token of an authorization that is shorter is taken for a word.
const SHORTEST_TOKEN: usize = 6;

/// Letters that a person would take for hexadecimal digits: `deadbeef`.
fn is_hexadecimal(token: &str) -> bool {
    token.len() >= 8
        && token
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() && byte.is_ascii_alphabetic())
}

/// A word, a number, or a name such as `invalid_client`, `OAuthException` or `AADSTS700016`.
fn is_word(token: &str) -> bool {
    vocabulary::atoms(token).all(|atom| {
        let shape = Shape::of(atom);
        shape.others == 0 && !shape.is_mixed() || is_code(atom)
    })
}

/// Capitals and then digits, as many error codes are.
fn is_code(atom: &str) -> bool {
    let digits = atom.trim_start_matches(|character: char| character.is_ascii_uppercase());
    digits.len() < atom.len() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a word says that a credential follows: `Bearer`, `secret`, `access_token`,
/// `clientSecret`.
fn names_credential(word: &str) -> bool {
    const NAMES: [&str; 16] = [
        "bearer",
        "basic",
        "dpop",
        "token",
        "secret",
        "password",
        "passwd",
        "passcode",
        "code",
        "apikey",
        "key",
        "assertion",
        "verifier",
        "jwt",
        "authorization",
        "otp",
    ];
    let lower = word.to_ascii_lowercase();
    NAMES.iter().any(|name| lower.ends_with(name))
}

/// 8-4-4-4-12 hexadecimal digits: what identifies requests, clients and tenants.
fn is_uuid(token: &str) -> bool {
    let mut groups = token.split('-');
    let lengths = [8, 4, 4, 4, 12];
    lengths.iter().all(|length| {
        groups.next().is_some_and(|group| {
            group.len() == *length && group.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    }) && groups.next().is_none()
}

/// `2025-04-04T21:10:04.123Z`, or a part of it.
fn is_time(token: &str) -> bool {
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    token
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"-:.+TZ".contains(&byte))
        && token.contains(['-', ':'])
        && token.bytes().filter(|byte| *byte == b'T').count() <= 1
        && token.matches(':').count() <= 3
        && digits <= 24
}

#[cfg(test)]
mod tests;
