//! The counts on record, and how far a count may be from them.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Map, Value, json};

/// How much more or fewer instructions are the same.
pub(crate) const TOLERANCE: f64 = 0.05;

/// What `baseline.json` has.
pub(crate) struct Baseline {
    /// The compiler, as `rustc --version` names it. Another one makes other instructions.
    pub(crate) rustc: String,
    pub(crate) counts: Vec<(String, u64)>,
}

/// How a count compares with the record.
#[derive(Debug, PartialEq)]
pub(crate) enum Verdict {
    Same,
    Slower,
    Faster,
}

pub(crate) fn verdict(recorded: u64, count: u64) -> Verdict {
    let ratio = count as f64 / recorded as f64;
    if ratio > 1.0 + TOLERANCE {
        Verdict::Slower
    } else if ratio < 1.0 - TOLERANCE {
        Verdict::Faster
    } else {
        Verdict::Same
    }
}

impl Baseline {
    pub(crate) fn read() -> Result<Self, String> {
        let text = fs::read(path()).map_err(|error| format!("baseline.json: {error}"))?;
        let value: Value =
            serde_json::from_slice(&text).map_err(|error| format!("baseline.json: {error}"))?;
        let rustc = value["rustc"].as_str().unwrap_or_default().to_owned();
        let members = value["instructions"].as_object().into_iter().flatten();
        let counts = members.filter_map(|(name, count)| Some((name.clone(), count.as_u64()?)));
        Ok(Self {
            rustc,
            counts: counts.collect(),
        })
    }

    pub(crate) fn count(&self, name: &str) -> Result<u64, String> {
        let found = self.counts.iter().find(|(other, _)| other == name);
        let missing = || format!("baseline.json has no count of `{name}`: record it");
        found.map(|(_, count)| *count).ok_or_else(missing)
    }

    pub(crate) fn write(&self) -> Result<(), String> {
        let counts = self.counts.iter();
        let counts: Map<String, Value> = counts
            .map(|(name, count)| (name.clone(), json!(count)))
            .collect();
        let value = json!({"rustc": self.rustc, "instructions": counts});
        fs::write(path(), format!("{value:#}\n")).map_err(|error| format!("baseline.json: {error}"))
    }
}

/// The compiler of this build.
pub(crate) fn rustc() -> Result<String, String> {
    let output = Command::new("rustc")
        .arg("--version")
        .output()
        .map_err(|error| format!("cannot run rustc: {error}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("baseline.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_in_a_hundred_are_the_same() {
        for (count, expected) in [
            (94, Verdict::Faster),
            (96, Verdict::Same),
            (100, Verdict::Same),
            (105, Verdict::Same),
            (106, Verdict::Slower),
        ] {
            assert_eq!(verdict(100, count), expected, "{count}");
        }
    }

    #[test]
    fn each_work_is_on_record() {
        let baseline = Baseline::read().expect("baseline.json");
        for work in &crate::WORKS {
            assert!(baseline.count(work.name).is_ok(), "{}", work.name);
        }
    }
}
