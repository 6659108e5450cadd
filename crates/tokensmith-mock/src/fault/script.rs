//! Faults in YAML.

use std::fmt;
use std::time::Duration;

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use tokensmith_description::refusal::MEANINGS;
use tokensmith_runtime::EndpointKind;

use super::{Effect, Fault, MOST_FAULTS};
use crate::clock::MOST_SECONDS;

/// The longest script, in bytes.
const LONGEST: usize = 64 * 1024;

/// A script that is not a list of faults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadScript(String);

impl fmt::Display for BadScript {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "invalid list of faults: {}", self.0)
    }
}

impl std::error::Error for BadScript {}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Entry {
    status: Option<u16>,
    refuse: Option<String>,
    refuse_at_success: Option<String>,
    #[serde(default)]
    lost: bool,
    truncate: Option<usize>,
    #[serde(default)]
    wrong_types: bool,
    #[serde(default)]
    captive_portal: bool,
    redirect: Option<String>,
    clock_skew: Option<i64>,
    #[serde(default)]
    gzip: bool,
    delay: Option<u64>,
    retry_after: Option<u64>,
    grant: Option<String>,
    client: Option<String>,
    endpoint: Option<String>,
    times: Option<u64>,
    #[serde(default)]
    after: u64,
    probability: Option<f64>,
}

/// Reads a script.
pub(super) fn read(text: &str) -> Result<Vec<Fault>, BadScript> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    if text.len() > LONGEST {
        let (length, longest) = (text.len(), LONGEST);
        return Err(BadScript(format!(
            "it has {length} bytes, more than {longest}"
        )));
    }
    let Entries(entries) =
        serde_yaml::from_str(text).map_err(|error| BadScript(error.to_string()))?;
    let numbered = entries.into_iter().enumerate();
    let faults = numbered.map(|(index, entry)| {
        let at = |message: String| BadScript(format!("fault {}: {message}", index + 1));
        entry.fault().map_err(at)
    });
    faults.collect()
}

/// A list of faults, of which so many are read and no more: an alias of YAML repeats a long fault in
/// two bytes.
struct Entries(Vec<Entry>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(List)
    }
}

struct List;

impl<'de> Visitor<'de> for List {
    type Value = Entries;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of faults, such as `- {status: 503, times: 1}`")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Entries, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = list.next_element()? {
            if entries.len() == MOST_FAULTS {
                let message = format!("there are more than {MOST_FAULTS} faults");
                return Err(A::Error::custom(message));
            }
            entries.push(entry);
        }
        Ok(Entries(entries))
    }
}

impl Entry {
    fn fault(self) -> Result<Fault, String> {
        let effects = [
            self.status.map(Effect::Status),
            self.refuse.map(Effect::Refuse),
            self.refuse_at_success.map(Effect::RefuseAtSuccess),
            self.lost.then_some(Effect::Lost),
            self.truncate.map(Effect::Truncated),
            self.wrong_types.then_some(Effect::WrongTypes),
            self.captive_portal.then_some(Effect::CaptivePortal),
            self.redirect.map(Effect::Redirect),
            self.clock_skew.map(Effect::Skewed),
            self.gzip.then_some(Effect::Gzip),
        ];
        let mut effects = effects.into_iter().flatten();
        let effect = effects.next();
        if effects.next().is_some() {
            return Err("it has two effects: write a fault for each".to_owned());
        }
        match &effect {
            None if self.delay.is_none() => {
                return Err("it has no effect, such as `status: 503`".to_owned());
            }
            Some(effect) => possible(effect)?,
            None => {}
        }
        if self
            .probability
            .is_some_and(|least| !(0.0..=1.0).contains(&least))
        {
            return Err("`probability` is not between 0 and 1".to_owned());
        }
        let endpoint = self.endpoint.as_deref().map(endpoint).transpose()?;
        Ok(Fault {
            effect,
            delay: Duration::from_millis(self.delay.unwrap_or_default()),
            retry_after: self.retry_after.map(Duration::from_secs),
            grant: self.grant,
            client: self.client,
            endpoint,
            times: self.times,
            after: self.after,
            probability: self.probability,
        })
    }
}

/// Checks that an effect can be had.
fn possible(effect: &Effect) -> Result<(), String> {
    match effect {
        Effect::Status(status) if !(200..=599).contains(status) => {
            Err(format!("`status` is {status}, not from 200 to 599"))
        }
        Effect::Skewed(by) if by.unsigned_abs() > MOST_SECONDS => {
            Err("`clock-skew` is more than a thousand years".to_owned())
        }
        Effect::Redirect(url) if http::HeaderValue::from_str(url).is_err() => {
            Err("`redirect` is not a URL".to_owned())
        }
        Effect::Refuse(code) | Effect::RefuseAtSuccess(code)
            if !MEANINGS.contains(&code.as_str()) =>
        {
            let (code, known) = (code.escape_debug(), MEANINGS.join(", "));
            Err(format!("unknown code `{code}`: expected one of {known}"))
        }
        _ => Ok(()),
    }
}

/// Finds what an endpoint is for by its name in a script.
fn endpoint(name: &str) -> Result<&'static str, String> {
    let kinds = EndpointKind::ALL.iter();
    let kinds = kinds.map(|kind| kind.as_str());
    let known = || kinds.clone().chain(["jwks", "userinfo"]);
    let hyphenated = |known: &str| known.replace(' ', "-");
    let mut found = known().filter(|known| hyphenated(known) == name);
    found.next().ok_or_else(|| {
        let known: Vec<String> = known().map(hyphenated).collect();
        let (name, known) = (name.escape_debug(), known.join(", "));
        format!("unknown endpoint `{name}`: expected one of {known}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_says_what_the_builder_says() {
        let script = "
            - {status: 429, retry-after: 3, grant: refresh_token, times: 2}
            - {lost: true, client: a, probability: 0.5, after: 1}
            - {delay: 20, endpoint: device-authorization}
            - {gzip: true, endpoint: jwks}
        ";
        let expected = [
            Fault::status(429)
                .retry_after(Duration::from_secs(3))
                .grant("refresh_token")
                .times(2),
            Fault::lost().client("a").probability(0.5).after(1),
            Fault::delayed(Duration::from_millis(20)).endpoint(EndpointKind::DeviceAuthorization),
            Fault::gzip().jwks(),
        ];
        assert_eq!(read(script), Ok(expected.to_vec()));
        assert_eq!(read(" "), Ok(Vec::new()));
    }

    #[test]
    fn mistakes_in_a_script_are_named() {
        let cases = [
            ("- {status: 429, lost: true}", "fault 1: it has two effects"),
            (
                "- {delay: 1}\n- {grant: password}",
                "fault 2: it has no effect",
            ),
            ("- {status: 700}", "`status` is 700, not from 200 to 599"),
            ("- {status: 101}", "`status` is 101"),
            ("- {redirect: \"https://a\\r\\nb: c\"}", "not a URL"),
            (
                "- {refuse: invalid-grant}",
                "fault 1: unknown code `invalid-grant`: expected one of invalid_request, ",
            ),
            ("- {refuse-at-success: nope}", "rate_limited"),
            ("- {lost: true, probability: 2}", "not between 0 and 1"),
            (
                "- {lost: true, endpoint: tokens}",
                "unknown endpoint `tokens`: expected one of token, revocation, introspection, \
                 device-authorization, pushed-authorization, authorization, end-session, \
                 metadata, registration, jwks, userinfo",
            ),
            ("- {stauts: 429}", "stauts"),
            ("status: 429", "invalid list of faults"),
        ];
        for (script, expected) in cases {
            let message = read(script).map_err(|error| error.to_string());
            let message = message.expect_err(script);
            assert!(message.contains(expected), "{script}: {message}");
        }
    }

    #[test]
    fn a_script_stays_small() {
        let long = format!("- {{redirect: \"{}\"}}", "x".repeat(70_000));
        let message = read(&long).map_err(|error| error.to_string());
        assert!(message.expect_err("is long").contains("more than 65536"));
        // Each of these stands for a thousand bytes.
        let first = format!("- &a {{redirect: \"{}\"}}\n", "x".repeat(1_000));
        let repeated = |times| read(&format!("{first}{}", "- *a\n".repeat(times)));
        assert_eq!(
            repeated(MOST_FAULTS - 1).map(|all| all.len()),
            Ok(MOST_FAULTS)
        );
        let message = repeated(MOST_FAULTS).map_err(|error| error.to_string());
        assert!(
            message
                .expect_err("is long")
                .contains("more than 1000 faults")
        );
    }
}
