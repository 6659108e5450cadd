//! Diagnostics that say the same of several parts of a document, as one.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Rule};

/// What a diagnostic says, without the names in it, and these names in their order.
struct Statement {
    form: String,
    names: Vec<String>,
}

/// Folds what TS026 and TS030 say of several parts of a file in the same words into the first of
/// them. Its help names the places of the others, and what is called otherwise there.
pub fn grouped<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> Vec<Diagnostic> {
    let mut groups: Vec<(&Diagnostic, Statement, Vec<String>)> = Vec::new();
    let mut known: BTreeMap<(Rule, &str, String), usize> = BTreeMap::new();
    for diagnostic in diagnostics {
        let statement = Statement::of(&diagnostic.message);
        let key = (
            diagnostic.rule,
            diagnostic.file.as_str(),
            statement.form.clone(),
        );
        let is_folded = matches!(diagnostic.rule, Rule::Repaired | Rule::Inferred);
        let group = known.get(&key).filter(|_| is_folded);
        match group.and_then(|index| groups.get_mut(*index)) {
            Some((_, first, others)) => others.push(other(diagnostic, &statement, first)),
            None => {
                known.insert(key, groups.len());
                groups.push((diagnostic, statement, Vec::new()));
            }
        }
    }
    let groups = groups.into_iter();
    groups
        .map(|(first, _, others)| folded(first, &others))
        .collect()
}

/// The diagnostics that say the same of several parts, of any rule and in any file, in the order in which the first of each stands.
pub fn alike<'a>(
    diagnostics: impl IntoIterator<Item = &'a Diagnostic>,
) -> Vec<Vec<&'a Diagnostic>> {
    let mut groups: Vec<Vec<&Diagnostic>> = Vec::new();
    let mut known: BTreeMap<(Rule, String), usize> = BTreeMap::new();
    for diagnostic in diagnostics {
        let key = (diagnostic.rule, Statement::of(&diagnostic.message).form);
        let index = *known.entry(key).or_insert(groups.len());
        match groups.get_mut(index) {
            Some(group) => group.push(diagnostic),
            None => groups.push(vec![diagnostic]),
        }
    }
    groups
}

/// A diagnostic that speaks for others.
fn folded(first: &Diagnostic, others: &[String]) -> Diagnostic {
    /// Places that are named.
    const SHOWN: usize = 12;
    let mut diagnostic = first.clone();
    if others.is_empty() {
        return diagnostic;
    }
    let mut same = others.iter().take(SHOWN).cloned().collect::<Vec<_>>();
    let more = others.len().saturating_sub(SHOWN);
    if more > 0 {
        same.push(format!("and {more} more, which `--format json` names"));
    }
    let help = diagnostic.help.take().unwrap_or_default();
    diagnostic.help(format!("{help}\nthe same holds at {}", same.join(", ")))
}

/// Where another one stands, with the names that are others there.
fn other(diagnostic: &Diagnostic, statement: &Statement, first: &Statement) -> String {
    let place = match diagnostic.position {
        Some(position) => format!("{}:{}", position.line, position.column),
        None => diagnostic.pointer.clone(),
    };
    let pairs = statement.names.iter().zip(&first.names);
    let mut names: Vec<&str> = pairs
        .filter(|(own, of_first)| own != of_first)
        .map(|(own, _)| own.as_str())
        .collect();
    names.dedup();
    match names.is_empty() {
        true => place,
        false => format!("{place} ({})", names.join(", ")),
    }
}

impl Statement {
    fn of(message: &str) -> Self {
        let (mut form, mut names) = (String::new(), Vec::new());
        for (index, piece) in message.split('`').enumerate() {
            if index % 2 == 1 {
                form.push('`');
                names.push(format!("`{piece}`"));
                continue;
            }
            let mut before = "";
            for word in piece.split_inclusive(' ') {
                let bare = word.trim_end_matches([' ', ',', ';', '.']);
                // A grant stands in messages as it is.
                let is_name = bare.contains('_') || bare.starts_with("urn:") || before == "grant";
                match is_name && !bare.is_empty() {
                    true => {
                        form.push('_');
                        form.push_str(&word[bare.len()..]);
                        names.push(bare.to_owned());
                    }
                    false => form.push_str(word),
                }
                before = bare;
            }
        }
        Self { form, names }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Position;

    fn one(rule: Rule, line: usize, message: &str) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(rule, "/a", message)
            .help("do it")
            .in_file("a.yaml");
        diagnostic.position = Some(Position::new(line, 3));
        diagnostic
    }

    #[test]
    fn what_says_the_same_of_several_parts_is_one() {
        let all = [
            one(
                Rule::Inferred,
                1,
                "`a` is of another grant; requests of the grant password lack it",
            ),
            one(
                Rule::Inferred,
                2,
                "`b` is of another grant; requests of the grant password lack it",
            ),
            one(
                Rule::Inferred,
                2,
                "`b` is of another grant; requests of the grant device_code lack it",
            ),
            one(Rule::Repaired, 3, "a URN is written as it stands"),
            one(Rule::Repaired, 4, "a URN is written as it stands"),
            one(Rule::Inferred, 5, "`a` is something else"),
            // Of other rules each one stands for itself.
            one(Rule::Unused, 6, "`a` is not used"),
            one(Rule::Unused, 7, "`b` is not used"),
        ];
        let found = grouped(&all);
        let found: Vec<(u32, &str)> = found
            .iter()
            .map(|one| {
                let line = one.position.map_or(0, |place| place.line);
                (line, one.help.as_deref().unwrap_or_default())
            })
            .collect();
        assert_eq!(
            found,
            [
                (
                    1,
                    "do it\nthe same holds at 2:3 (`b`), 2:3 (`b`, device_code)"
                ),
                (3, "do it\nthe same holds at 4:3"),
                (5, "do it"),
                (6, "do it"),
                (7, "do it"),
            ]
        );
    }

    #[test]
    fn what_is_alike_stands_together_whatever_the_rule() {
        let all = [
            one(Rule::Unused, 1, "`a` is not used"),
            one(Rule::Unused, 2, "`a` is not sent"),
            one(Rule::Unused, 3, "`b` is not used"),
            one(Rule::Repaired, 4, "`a` is not used"),
        ];
        let counts: Vec<usize> = alike(&all).iter().map(Vec::len).collect();
        assert_eq!(counts, [2, 1, 1]);
    }

    #[test]
    fn of_many_places_the_first_are_named() {
        let all: Vec<Diagnostic> = (1..=20)
            .map(|line| one(Rule::Repaired, line, "the same"))
            .collect();
        let found = grouped(&all);
        let [one] = found.as_slice() else {
            panic!("{found:?}");
        };
        let help = one.help.as_deref().unwrap_or_default();
        let end = "13:3, and 7 more, which `--format json` names";
        assert!(help.ends_with(end), "{help}");
    }
}
