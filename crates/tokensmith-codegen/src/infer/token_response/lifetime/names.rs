//! What members are called that say when a token expires.

use crate::infer::response_member::Member;
use crate::model::ExpiryFormat;
use crate::model::name;

/// What a lifetime is called, the most telling first, by the letters of the name without a unit at its end.
pub(super) const LIFETIMES: [&str; 17] = [
    "expiresin",
    "expirein",
    "expiryin",
    "accesstokenexpiresin",
    "tokenexpiresin",
    "accesstokenlifetime",
    "tokenlifetime",
    "lifetime",
    "ttl",
    "tokenttl",
    "accesstokenttl",
    "validfor",
    "validity",
    "validityperiod",
    "tokenvalidity",
    "maxage",
    "expiresafter",
];
/// What the time of the end is called.
pub(super) const TIMES: [&str; 18] = [
    "expiresat",
    "expireat",
    "expireson",
    "accesstokenexpiresat",
    "accesstokenexpireson",
    "tokenexpiresat",
    "expirationtime",
    "expirationdate",
    "expirytime",
    "expirydate",
    "expiretime",
    "expiredat",
    "expiresdate",
    "expirationtimestamp",
    "tokenexpirationtime",
    "validuntil",
    "validto",
    "tokenexpirydate",
];
/// What may be either.
pub(super) const EITHER: [&str; 12] = [
    "expires",
    "expire",
    "expiry",
    "expiration",
    "exp",
    "accesstokenexpires",
    "accesstokenexpiry",
    "accesstokenexpiration",
    "tokenexpires",
    "tokenexpiry",
    "tokenexpiration",
    "expirytoken",
];
/// Units at the end of a name.
const UNITS: [(&str, ExpiryFormat); 8] = [
    ("milliseconds", ExpiryFormat::Milliseconds),
    ("millis", ExpiryFormat::Milliseconds),
    ("ms", ExpiryFormat::Milliseconds),
    ("minutes", ExpiryFormat::Minutes),
    ("mins", ExpiryFormat::Minutes),
    ("seconds", ExpiryFormat::Seconds),
    ("secs", ExpiryFormat::Seconds),
    ("sec", ExpiryFormat::Seconds),
];

/// Whether it is the lifetime of something else than the access token: by its name, and by what it is in beside the token.
pub(super) fn is_about_another(member: &Member<'_>, parent: &str) -> bool {
    let own = member
        .pointer
        .strip_prefix(parent)
        .unwrap_or(&member.pointer);
    let snake = name::snake(&own.replace('/', "_")).unwrap_or_default();
    [
        "refresh",
        "id",
        "session",
        "cookie",
        "user",
        "code",
        "subscription",
        "password",
        "scope",
        "nonce",
        "ext",
        "extended",
    ]
    .iter()
    .any(|other| snake.split('_').any(|word| word == *other))
}

/// The letters of a name without the unit at their end, and that unit.
pub(super) fn without_unit(letters: &str) -> (&str, Option<ExpiryFormat>) {
    let found = UNITS.iter().find_map(|(unit, format)| {
        let stem = letters.strip_suffix(unit)?.trim_end_matches("in");
        let stem = if letters.contains("expiresin") {
            "expiresin"
        } else {
            stem
        };
        (stem.len() > 2).then_some((stem, *format))
    });
    found.map_or((letters, None), |(stem, format)| (stem, Some(format)))
}
