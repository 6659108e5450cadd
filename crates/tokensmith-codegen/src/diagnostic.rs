//! What is wrong with a document, where, and what to write instead.

mod bound;
pub(crate) mod budget;
mod excerpt;
pub mod finding;
pub mod output;
pub mod report;
mod rule;
pub(crate) mod visible;

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use std::rc::Rc;

pub(crate) use bound::shortened;
pub use excerpt::Excerpt;
pub use rule::Rule;

use crate::diagnostic::budget::{Budget, DIAGNOSTICS, Limit};
use crate::diagnostic::finding::{Finding, Findings};
use crate::pointer;

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is generated from the document.
    Error,
    /// The crate is generated; what it sends or reads may not be what the provider means.
    Warning,
    /// The crate is as the document has it, which could say more.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}

/// Where in a file a diagnostic points. Both count from one; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// Line, from one.
    pub line: u32,
    /// Column, from one, in characters.
    pub column: u32,
}

impl Position {
    /// A place in a text; what is less than one counts as one.
    pub(crate) fn new(line: usize, column: usize) -> Self {
        let from_one = |number: usize| u32::try_from(number.max(1)).unwrap_or(u32::MAX);
        Self {
            line: from_one(line),
            column: from_one(column),
        }
    }
}

/// One thing that is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// The rule that is broken.
    pub rule: Rule,
    /// The file, as it was named when it was loaded.
    pub file: String,
    /// JSON Pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)) of the value at fault; empty for the whole document.
    pub pointer: String,
    /// Line and column of that value, where they could be found.
    pub position: Option<Position>,
    /// The lines around it, where they could be found.
    pub excerpt: Option<Box<Excerpt>>,
    /// What is wrong, and what was expected.
    pub message: String,
    /// What to add or change.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A diagnostic about the value at `pointer` of the document that is being read.
    ///
    /// File and position are filled in when the stage is over, by whoever knows them.
    pub(crate) fn new(rule: Rule, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            rule,
            file: String::new(),
            pointer: pointer.into(),
            position: None,
            excerpt: None,
            message: bound::bounded(message.into()),
            help: None,
        }
    }

    /// Says what to add or change.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(bound::bounded(help.into()));
        self
    }

    /// Says what to add, as a text that is of use only as a whole. One that is too long is left out.
    pub(crate) fn help_as_written(mut self, help: &str) -> Self {
        self.help = bound::whole(help);
        self
    }

    /// Says which file it is about, for a diagnostic that is not about the main document.
    pub(crate) fn in_file(mut self, file: &str) -> Self {
        self.file = file.to_owned();
        self
    }

    /// How much the diagnostic matters.
    pub fn severity(&self) -> Severity {
        self.rule.severity()
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}[{}]: {}",
            self.severity(),
            self.rule.code(),
            self.message
        )?;
        write!(formatter, "\n  --> {}", self.file)?;
        if let Some(Position { line, column }) = self.position {
            write!(formatter, ":{line}:{column}")?;
        }
        if !self.pointer.is_empty() {
            write!(formatter, "\n   at {}", self.pointer)?;
        }
        if let Some(help) = &self.help {
            let mut lines = help.lines();
            write!(formatter, "\n  fix: {}", lines.next().unwrap_or_default())?;
            for line in lines {
                write!(formatter, "\n       {line}")?;
            }
        }
        Ok(())
    }
}

impl Limit {
    /// Says that the part at `at` is beyond the limit.
    pub(crate) fn exceeded(&self, at: &str) -> Diagnostic {
        let Self {
            what, most, unit, ..
        } = self;
        let message = format!("{what}: more than {most} {unit}");
        Diagnostic::new(Rule::TooLarge, at, message).help(self.help)
    }
}

/// Diagnostics as they are found, all of a document's at once, each once; and the findings, of
/// which some are told by a diagnostic.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics {
    found: Vec<Diagnostic>,
    findings: Findings,
    seen: BTreeSet<Identity>,
    budget: Rc<Budget>,
}

/// What tells a diagnostic from others: its rule, file, pointer and message.
type Identity = (Rule, String, String, String);

fn identity(diagnostic: &Diagnostic) -> Identity {
    (
        diagnostic.rule,
        diagnostic.file.clone(),
        diagnostic.pointer.clone(),
        diagnostic.message.clone(),
    )
}

impl Diagnostics {
    /// A list of its own for what may be thrown away; it counts against the same budget.
    pub(crate) fn aside(&self) -> Self {
        Self {
            budget: Rc::clone(&self.budget),
            ..Self::default()
        }
    }

    /// What the document has used of what it may.
    pub(crate) fn budget(&self) -> &Budget {
        &self.budget
    }

    /// Where something is told by a rule of these.
    pub(crate) fn pointers(&self, is_of: impl Fn(Rule) -> bool) -> BTreeSet<String> {
        let told = self.found.iter().filter(|found| is_of(found.rule));
        told.map(|found| found.pointer.clone()).collect()
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.found.len()
    }

    /// Records what was found, and tells it where it is inferred.
    pub(crate) fn find(&mut self, finding: Finding) {
        if let Some(diagnostic) = finding.diagnostic() {
            self.push(diagnostic);
        }
        self.findings.push(finding);
    }

    /// Finds again what was found elsewhere.
    pub(crate) fn repeat(&mut self, others: &Self) {
        for diagnostic in &others.found {
            self.push(diagnostic.clone());
        }
        self.findings.repeat(&others.findings);
    }

    /// How many findings there are.
    pub(crate) fn count_findings(&self) -> usize {
        self.findings.len()
    }

    /// Says of the findings behind the first so many which endpoint they are about.
    pub(crate) fn findings_belong_to(&mut self, first: usize, endpoint: &str) {
        self.findings.belong_to(first, endpoint);
    }

    /// Gives the findings of stages that know no endpoints to those in which their evidence stands.
    pub(crate) fn place_findings_by_evidence(&mut self, endpoints: &[&str]) {
        self.findings.belong_by_evidence(endpoints);
    }

    /// The findings as they were made, which leave the diagnostics behind.
    pub(crate) fn take_findings(&mut self) -> Findings {
        std::mem::take(&mut self.findings)
    }

    /// Forgets those that were found after the first so many, and what was found with them.
    pub(crate) fn truncate(&mut self, count: usize) {
        self.findings.clear();
        for forgotten in self.found.drain(count.min(self.found.len())..) {
            self.seen.remove(&identity(&forgotten));
        }
    }

    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        if self.found.len() > DIAGNOSTICS.most && diagnostic.rule != Rule::TooLarge {
            return;
        }
        let identity = identity(&diagnostic);
        if self.found.len() < DIAGNOSTICS.most || diagnostic.rule == Rule::TooLarge {
            if self.seen.insert(identity) {
                self.found.push(diagnostic);
            }
        } else if self.found.len() == DIAGNOSTICS.most && !self.seen.contains(&identity) {
            self.push(DIAGNOSTICS.exceeded(""));
        }
    }

    pub(crate) fn extend(&mut self, others: Self) {
        self.findings.extend(others.findings);
        others
            .found
            .into_iter()
            .for_each(|diagnostic| self.push(diagnostic));
    }

    pub(crate) fn retain(&mut self, stays: impl Fn(&Diagnostic) -> bool) {
        let Self { found, seen, .. } = self;
        found.retain(|diagnostic| {
            let stays = stays(diagnostic);
            if !stays {
                seen.remove(&identity(diagnostic));
            }
            stays
        });
    }

    /// Writes the help of each in other words.
    pub(crate) fn rewrite_help(&mut self, written: impl Fn(&str) -> String) {
        for diagnostic in &mut self.found {
            diagnostic.help = diagnostic.help.as_deref().map(&written);
        }
    }

    /// Whether there is one like this.
    pub(crate) fn has(&self, is_one: impl Fn(&Diagnostic) -> bool) -> bool {
        self.found.iter().any(is_one)
    }

    /// Whether a rule was broken at a place of the document, or below it.
    pub(crate) fn has_within(&self, rule: Rule, place: &str) -> bool {
        let at = |pointer: String| (rule, String::new(), pointer, String::new());
        let next = |pointer: String| self.seen.range(at(pointer)..).next();
        // Names that begin with the last of the place stand between it and what is below it.
        [place.to_owned(), format!("{place}/")]
            .into_iter()
            .filter_map(next)
            .any(|(found, file, pointer, _)| {
                *found == rule && file.is_empty() && pointer::is_within(pointer, place)
            })
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.has_error_of(|_| true)
    }

    /// The error that was found first.
    pub(crate) fn first_error(&self) -> Option<&Diagnostic> {
        let mut found = self.found.iter();
        found.find(|diagnostic| diagnostic.severity() == Severity::Error)
    }

    /// Whether there is an error of such a rule.
    pub(crate) fn has_error_of(&self, is_one: impl Fn(Rule) -> bool) -> bool {
        let mut errors = self
            .found
            .iter()
            .filter(|diagnostic| diagnostic.severity() == Severity::Error);
        errors.any(|diagnostic| is_one(diagnostic.rule))
    }

    pub(crate) fn into_vec(self) -> Vec<Diagnostic> {
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_broken_at_a_place_or_below_it() {
        let mut diagnostics = Diagnostics::default();
        for pointer in ["/a-b", "/a/b", "/c"] {
            diagnostics.push(Diagnostic::new(Rule::WrongExample, pointer, "x"));
        }
        let has = |place: &str| diagnostics.has_within(Rule::WrongExample, place);
        assert!(has("/a") && has("/a/b") && has("/a-b") && has("/c"));
        assert!(!has("/a/b/c") && !has("/b") && !has("/d"));
        assert!(!diagnostics.has_within(Rule::Repaired, "/a"));
    }

    #[test]
    fn what_was_forgotten_can_be_found_again() {
        let one = |pointer: &str| Diagnostic::new(Rule::Inferred, pointer, "x");
        let mut diagnostics = Diagnostics::default();
        diagnostics.push(one("/a"));
        diagnostics.push(one("/b"));
        diagnostics.truncate(1);
        assert!(!diagnostics.has_within(Rule::Inferred, "/b"));
        diagnostics.push(one("/b"));
        assert_eq!(diagnostics.len(), 2);
        diagnostics.retain(|one| one.pointer != "/a");
        assert!(!diagnostics.has_within(Rule::Inferred, "/a"));
        diagnostics.push(one("/a"));
        assert_eq!(diagnostics.len(), 2);
    }
}
