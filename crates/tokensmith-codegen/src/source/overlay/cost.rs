//! What it takes to evaluate a JSONPath, before anybody does.
//!
//! A target is untrusted. A few characters of JSONPath can ask for more work than any machine has: each `..` goes through all below, each
//! selector of several doubles what comes, and a filter may ask the same of every value. Real targets have one of these, or two.

/// The longest target, in bytes.
const MAX_LENGTH: usize = 1_000;
/// The deepest nesting of brackets and parentheses.
const MAX_NESTING: usize = 12;
/// The most filters, and the most steps of `..`.
const MAX_FILTERS: usize = 4;
const MAX_DESCENTS: usize = 3;
/// The most combinations that brackets of several selectors make.
const MAX_COMBINATIONS: usize = 64;
/// The longest pattern that `match` and `search` take.
const MAX_PATTERN: usize = 100;
/// The most steps of all targets of an overlay together, and how many more a large document may take for each of its values: a second
/// or two.
const MAX_STEPS: usize = 20_000_000;
const STEPS_OF_VALUE: usize = 20;
/// A regular expression is compiled for each value that it is tried on.
const PATTERN_STEPS: usize = 500;

/// The most steps of all targets of an overlay, for a document of so many values.
pub(super) fn most_steps(values: usize) -> usize {
    MAX_STEPS.saturating_add(values.saturating_mul(STEPS_OF_VALUE))
}

/// What stands in a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cost {
    descents: usize,
    filters: usize,
    combinations: usize,
    functions: usize,
    /// Whether it goes through several values at all.
    is_several: bool,
    /// Whether a filter asks for much that is the same for every value: it goes from the root through several values, or compares
    /// two values below the root.
    asks_root: bool,
}

impl Cost {
    /// Reads a target; an error says what there is too much of.
    pub(super) fn of(target: &str) -> Result<Self, String> {
        if target.len() > MAX_LENGTH {
            return Err(format!("it is longer than {MAX_LENGTH} characters"));
        }
        let mut cost = Self {
            descents: 0,
            filters: 0,
            combinations: 1,
            functions: 0,
            is_several: false,
            asks_root: false,
        };
        let mut roots = 0;
        let mut open: Vec<usize> = Vec::new();
        let mut patterns = 0;
        let mut rest = target;
        while let Some(character) = rest.chars().next() {
            let is_several = matches!(character, '*' | '?' | ':' | ',');
            let goes_on = is_several || rest.starts_with("..");
            match character {
                '"' | '\'' => {
                    let length = quoted(rest, character);
                    let text = rest.get(..length).unwrap_or(rest);
                    if cost.functions > 0 {
                        pattern(text)?;
                        patterns += 1;
                    }
                    rest = rest.get(length..).unwrap_or_default();
                    continue;
                }
                '[' | '(' => open.push(1),
                ',' => {
                    if let Some(selectors) = open.last_mut() {
                        *selectors += 1;
                    }
                }
                ']' => {
                    let selectors = open.pop().unwrap_or(1);
                    cost.combinations = cost.combinations.saturating_mul(selectors);
                }
                ')' => drop(open.pop()),
                '?' => cost.filters += 1,
                '$' if !open.is_empty() => roots += 1,
                '.' if rest.starts_with("..") => {
                    cost.descents += 1;
                    rest = rest.get(1..).unwrap_or_default();
                }
                'm' | 's' if rest.starts_with("match(") || rest.starts_with("search(") => {
                    cost.functions += 1;
                }
                _ => {}
            }
            cost.is_several |= is_several;
            cost.asks_root |= roots > 1 || roots > 0 && goes_on;
            if open.is_empty() {
                roots = 0;
            }
            if open.len() > MAX_NESTING {
                return Err(format!("it is nested more than {MAX_NESTING} deep"));
            }
            rest = rest.get(character.len_utf8()..).unwrap_or_default();
        }
        let too_many = [
            (cost.descents > MAX_DESCENTS, MAX_DESCENTS, "times `..`"),
            (cost.filters > MAX_FILTERS, MAX_FILTERS, "filters"),
            (
                cost.combinations > MAX_COMBINATIONS,
                MAX_COMBINATIONS,
                "combinations of selectors",
            ),
            (cost.functions > MAX_FILTERS, MAX_FILTERS, "functions"),
        ];
        if patterns < cost.functions {
            return Err("a pattern does not stand in the target".to_owned());
        }
        match too_many.into_iter().find(|(is_too_many, ..)| *is_too_many) {
            Some((_, most, what)) => Err(format!("it has more than {most} {what}")),
            None => Ok(cost),
        }
    }

    /// The most steps that it takes in a tree of so many values, so deep.
    pub(super) fn steps(self, values: usize, depth: usize) -> usize {
        if self.descents == 0 && !self.is_several {
            return depth;
        }
        let again = self.descents.saturating_sub(1);
        let chains = (0..again).fold(1_usize, |chains, _| chains.saturating_mul(depth));
        // A filter that goes through all below, or from the root, asks that of every value.
        let nested = if self.filters > 0 && (self.descents > 1 || self.asks_root) {
            values
        } else {
            1
        };
        values
            .saturating_mul(chains)
            .saturating_mul(nested)
            .saturating_mul(self.combinations)
            .saturating_mul(self.functions.saturating_mul(PATTERN_STEPS).max(1))
    }
}

/// The bytes of the quoted text that begins here.
fn quoted(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if character == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Refuses patterns that take long to compile: a count in braces multiplies.
fn pattern(quoted: &str) -> Result<(), String> {
    if quoted.len() > MAX_PATTERN {
        return Err(format!("a pattern is longer than {MAX_PATTERN} characters"));
    }
    if quoted.contains('{') {
        return Err("a pattern has braces".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_targets_are_cheap() {
        for target in [
            "$",
            "$.paths['/oauth/token'].post",
            "$.paths.*.post.responses['200']",
            "$..parameters[?@.name == 'client_secret']",
            "$.paths['/a{b}'].post.parameters[?search(@.name, '^client_')]",
            "$.paths[?@.post.requestBody]..properties['scope', 'audience']",
            "$.servers[0, 1, 2]",
        ] {
            let cost = Cost::of(target);
            assert!(
                cost.as_ref()
                    .is_ok_and(|cost| cost.steps(20_000, 12) <= MAX_STEPS),
                "{target}: {cost:?}"
            );
        }
    }

    #[test]
    fn targets_that_ask_for_too_much_are_refused() {
        let targets = [
            format!("$[?{}@.a{}]", "(".repeat(20_000), ")".repeat(20_000)),
            format!("$[?{}@.a{}]", "(".repeat(400), ")".repeat(400)),
            format!("$[?{}@.a{}]", "!(".repeat(400), ")".repeat(400)),
            format!("${}", "[*,*,*,*,*,*,*,*]".repeat(8)),
            format!("$..{}", "[*,*]".repeat(10)),
            format!("$..*{}", "..*".repeat(10)),
            format!("$..{}a{}", "[?@..".repeat(60), "]".repeat(60)),
            format!("$..[?search(@, '{}')]", "(a|b)?".repeat(100)),
            "$..[?match(@, '(a{1000}){1000}')]".to_owned(),
            "$..[?match(@.a, @.b)]".to_owned(),
        ];
        for target in targets {
            assert!(Cost::of(&target).is_err(), "{target}");
        }
    }

    #[test]
    fn steps_grow_with_what_a_target_goes_through() {
        let steps = |target: &str| Cost::of(target).map(|cost| cost.steps(1_000, 10));
        assert_eq!(steps("$.a.b"), Ok(10));
        assert_eq!(steps("$.*"), Ok(1_000));
        assert_eq!(steps("$..a"), Ok(1_000));
        assert_eq!(steps("$..a..b"), Ok(10_000));
        assert_eq!(steps("$..[?$..a]"), Ok(10_000_000));
        assert_eq!(steps("$.a[?$..b]"), Ok(1_000_000));
        assert_eq!(steps("$.a[?($.b.*)]"), Ok(1_000_000));
        assert_eq!(steps("$.a[?$.b == $.c]"), Ok(1_000_000));
        assert_eq!(steps("$.a[?@.b == $.c.d]"), Ok(1_000));
        assert_eq!(steps("$.a['?..*'].b"), Ok(10));
    }
}
