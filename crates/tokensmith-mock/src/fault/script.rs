//! Faults in YAML.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use tokensmith_runtime::EndpointKind;

use super::{Effect, Fault};
use crate::clock::MOST_SECONDS;

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
    let entries: Vec<Entry> =
        serde_yaml::from_str(text).map_err(|error| BadScript(error.to_string()))?;
    let numbered = entries.into_iter().enumerate();
    let faults = numbered.map(|(index, entry)| {
        let at = |message: &str| BadScript(format!("fault {}: {message}", index + 1));
        entry.fault().map_err(at)
    });
    faults.collect()
}

impl Entry {
    fn fault(self) -> Result<Fault, &'static str> {
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
        ];
        let mut effects = effects.into_iter().flatten();
        let effect = effects.next();
        if effects.next().is_some() {
            return Err("it has two effects: write a fault for each");
        }
        if effect.is_none() && self.delay.is_none() {
            return Err("it has no effect, such as `status: 503`");
        }
        if matches!(effect, Some(Effect::Status(status)) if !(100..=599).contains(&status)) {
            return Err("`status` is not an HTTP status");
        }
        if matches!(effect, Some(Effect::Skewed(by)) if by.unsigned_abs() > MOST_SECONDS) {
            return Err("`clock-skew` is more than a thousand years");
        }
        if self
            .probability
            .is_some_and(|least| !(0.0..=1.0).contains(&least))
        {
            return Err("`probability` is not between 0 and 1");
        }
        let endpoint = self.endpoint.map(|name| kind(&name)).transpose()?;
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

fn kind(name: &str) -> Result<EndpointKind, &'static str> {
    let kinds = [
        EndpointKind::Token,
        EndpointKind::Revocation,
        EndpointKind::Introspection,
        EndpointKind::DeviceAuthorization,
        EndpointKind::Authorization,
    ];
    let mut kinds = kinds.into_iter();
    let found = kinds.find(|kind| kind.as_str().replace(' ', "-") == name);
    found.ok_or(
        "`endpoint` is not one of: token, revocation, introspection, device-authorization, authorization",
    )
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
        ";
        let expected = [
            Fault::status(429)
                .retry_after(Duration::from_secs(3))
                .grant("refresh_token")
                .times(2),
            Fault::lost().client("a").probability(0.5).after(1),
            Fault::delayed(Duration::from_millis(20)).endpoint(EndpointKind::DeviceAuthorization),
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
            ("- {status: 700}", "not an HTTP status"),
            ("- {lost: true, probability: 2}", "not between 0 and 1"),
            ("- {lost: true, endpoint: tokens}", "is not one of"),
            ("- {stauts: 429}", "stauts"),
            ("status: 429", "invalid list of faults"),
        ];
        for (script, expected) in cases {
            let message = read(script).map_err(|error| error.to_string());
            let message = message.expect_err(script);
            assert!(message.contains(expected), "{script}: {message}");
        }
    }
}
