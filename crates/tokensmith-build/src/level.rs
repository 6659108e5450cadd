//! What a build does about a diagnostic.

use tokensmith_codegen::{Rule, Severity};

/// What a build does about one diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// Says nothing.
    Allow,
    /// Warns.
    Warn,
    /// Fails.
    Deny,
}

/// What a build does about each rule.
#[derive(Debug)]
pub(crate) struct Levels {
    /// The warnings that are not shown.
    pub(crate) allowed: Vec<Rule>,
    pub(crate) denies_warnings: bool,
}

impl Levels {
    pub(crate) fn of(&self, rule: Rule) -> Level {
        match rule.severity() {
            Severity::Error => Level::Deny,
            Severity::Warning if self.allowed.contains(&rule) => Level::Allow,
            Severity::Warning if self.denies_warnings || rule == Rule::UndeclaredToken => {
                Level::Deny
            }
            Severity::Warning => Level::Warn,
            // The document is somebody else's as a rule, and the module is as it has it.
            Severity::Note => Level::Allow,
        }
    }
}
