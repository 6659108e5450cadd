//! The values that the schema of `grant_type` has.

use crate::diagnostic::finding::{Evidence, EvidenceKind, Finding, Question};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::schema::{Kind, Shape};
use crate::model::rfc;

/// The values that are stated: an enum, a const, those of the branches of a choice, or a pattern that is one or several texts. Without
/// any, its default or its single example.
pub(crate) fn values(shape: &Shape<'_>, diagnostics: &mut Diagnostics) -> Vec<String> {
    let stated = stated(shape, diagnostics);
    if stated.is_empty() {
        suggested(shape, diagnostics)
    } else {
        stated
    }
}

/// The values that are stated: none where another branch of the choice allows any text.
pub(crate) fn stated(shape: &Shape<'_>, diagnostics: &mut Diagnostics) -> Vec<String> {
    if is_open(shape) {
        return Vec::new();
    }
    listed(shape, diagnostics)
}

/// The values of all branches of a choice, of which some may allow any text.
pub(super) fn listed(shape: &Shape<'_>, diagnostics: &mut Diagnostics) -> Vec<String> {
    let mut found = raw(shape)
        .iter()
        .flat_map(|text| read(text, &shape.pointer, diagnostics))
        .collect::<Vec<_>>();
    found.sort();
    found.dedup();
    found
}

/// The default or the single example, which may be one of several values.
fn suggested(shape: &Shape<'_>, diagnostics: &mut Diagnostics) -> Vec<String> {
    let text = shape.default.as_ref().or(shape.example.as_ref());
    text.map(|text| read(text, &shape.pointer, diagnostics))
        .unwrap_or_default()
}

/// Whether a branch of a choice allows any text, or what no list can say.
fn is_open(shape: &Shape<'_>) -> bool {
    let allows_any = |branch: &Shape<'_>| {
        let is_text = branch.kind == Kind::Text || branch.pattern.is_some();
        is_text && branch.branches.is_empty() && raw(branch).is_empty()
    };
    let mut branches = shape.branches.iter();
    shape.values.is_empty() && branches.any(|branch| allows_any(branch) || is_open(branch))
}

/// The patterns that say more than a list of values could.
pub(super) fn open_patterns<'a>(shape: &Shape<'a>) -> Vec<&'a str> {
    if !shape.values.is_empty() {
        return Vec::new();
    }
    let own = shape
        .pattern
        .filter(|pattern| literal_alternatives(pattern).is_none());
    let of_branches = shape.branches.iter().flat_map(open_patterns);
    own.into_iter().chain(of_branches).collect()
}

fn raw(shape: &Shape<'_>) -> Vec<String> {
    if !shape.values.is_empty() {
        return shape.values.clone();
    }
    let of_branches: Vec<String> = shape.branches.iter().flat_map(raw).collect();
    if !of_branches.is_empty() {
        return of_branches;
    }
    shape
        .pattern
        .and_then(literal_alternatives)
        .unwrap_or_default()
}

/// A value without the spaces and quotes around it; one that lists several grants of the RFCs is those.
pub(super) fn read(text: &str, at: &str, diagnostics: &mut Diagnostics) -> Vec<String> {
    let value = bare(text);
    if value.is_empty() {
        let message = "the name of a grant is empty; the document is read without it";
        diagnostics.push(Diagnostic::new(Rule::Repaired, at, message).help("remove the value"));
        return Vec::new();
    }
    let listed: Vec<&str> = value
        .split([',', '|', ';'])
        .flat_map(|part| part.split(" or "))
        .map(bare)
        .collect();
    if listed.len() > 1 && listed.iter().all(|part| rfc::grant(part).is_some()) {
        let list = listed.join(", ");
        let message = format!(
            "`{}` is not a grant; it is read as {list}",
            text.escape_debug()
        );
        let help = format!("list the values one by one:\nenum: [{list}]");
        let finding = Finding::new(Question::Grants, list)
            .on(Evidence::new(EvidenceKind::Name, at).saying(text))
            .inferred(at, message, help);
        diagnostics.find(finding);
        return listed.into_iter().map(str::to_owned).collect();
    }
    if value != text {
        let message = format!(
            "the grant `{}` has spaces or quotes around it; it is read as `{}`",
            text.escape_debug(),
            value.escape_debug()
        );
        diagnostics.push(
            Diagnostic::new(Rule::Repaired, at, message)
                .help(format!("write the value alone:\nenum: [{value}]")),
        );
    }
    vec![value.to_owned()]
}

fn bare(text: &str) -> &str {
    text.trim_matches(|letter: char| letter.is_whitespace() || "'\"`".contains(letter))
}

/// `a`, `^a$`, `a|b` and `^(?:a|b)$` allow a fixed set of values.
fn literal_alternatives(pattern: &str) -> Option<Vec<String>> {
    let without_anchors = |text: &str| {
        let text = text.strip_prefix('^').unwrap_or(text);
        text.strip_suffix('$').unwrap_or(text).to_owned()
    };
    let inner = without_anchors(pattern);
    let group = inner
        .strip_prefix("(?:")
        .or_else(|| inner.strip_prefix('('))
        .and_then(|inner| inner.strip_suffix(')'));
    let alternatives = group.unwrap_or(&inner).split('|');
    alternatives
        .map(|text| literal(&without_anchors(text)))
        .collect()
}

/// The only text that a pattern without groups stands for.
fn literal(pattern: &str) -> Option<String> {
    let mut text = String::new();
    let mut escaped = false;
    for letter in pattern.chars() {
        let is_plain = letter.is_ascii_alphanumeric() && !escaped || "_-:/".contains(letter);
        match letter {
            '\\' if !escaped => {
                escaped = true;
                continue;
            }
            '.' if escaped => {}
            _ if is_plain => {}
            _ => return None,
        }
        escaped = false;
        text.push(letter);
    }
    (!text.is_empty() && !escaped).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(shape: &Shape<'_>) -> (Vec<String>, Vec<Rule>) {
        let mut diagnostics = Diagnostics::default();
        let values = values(shape, &mut diagnostics);
        let rules = diagnostics.into_vec().into_iter();
        (values, rules.map(|diagnostic| diagnostic.rule).collect())
    }

    fn enumerated(values: &[&str]) -> Shape<'static> {
        Shape {
            values: values.iter().map(|value| (*value).to_owned()).collect(),
            ..Shape::default()
        }
    }

    #[test]
    fn a_pattern_of_fixed_texts_lists_them() {
        for (pattern, expected) in [
            ("client_credentials", vec!["client_credentials"]),
            ("^password$", vec!["password"]),
            ("^(a|b)$", vec!["a", "b"]),
            ("^(?:a|b)$", vec!["a", "b"]),
            ("^a$|^b$", vec!["a", "b"]),
            (r"http:\/\/a\.example\/b", vec!["http://a.example/b"]),
            ("^[a-z_]+$", vec![]),
            (r"\w", vec![]),
            ("a.b", vec![]),
            ("", vec![]),
        ] {
            let found = literal_alternatives(pattern).unwrap_or_default();
            assert_eq!(found, expected, "{pattern}");
        }
    }

    #[test]
    fn quotes_and_spaces_are_no_part_of_a_value() {
        let (values, rules) = of(&enumerated(&["'client_credentials'", " password"]));
        assert_eq!(values, ["client_credentials", "password"]);
        assert_eq!(rules, [Rule::Repaired, Rule::Repaired]);
        let (values, rules) = of(&enumerated(&["client_credentials"]));
        assert_eq!(values, ["client_credentials"]);
        assert_eq!(rules, []);
    }

    #[test]
    fn an_example_may_list_several_grants() {
        let example = |text: &str| Shape {
            example: Some(text.to_owned()),
            ..Shape::default()
        };
        let (values, rules) = of(&example("client_credentials, password"));
        assert_eq!(values, ["client_credentials", "password"]);
        assert_eq!(rules, [Rule::Inferred]);
        assert_eq!(of(&example("own, grant")).0, ["own, grant"]);
    }

    #[test]
    fn a_choice_with_any_text_lists_nothing() {
        let any = Shape {
            kind: Kind::Text,
            ..Shape::default()
        };
        let family = Shape {
            pattern: Some("^urn:x:.*$"),
            ..Shape::default()
        };
        for other in [any, family.clone()] {
            let shape = Shape {
                branches: vec![enumerated(&["b"]), other],
                ..Shape::default()
            };
            assert_eq!(of(&shape).0, [""; 0]);
            assert_eq!(listed(&shape, &mut Diagnostics::default()), ["b"]);
        }
        assert_eq!(open_patterns(&family), ["^urn:x:.*$"]);
    }

    #[test]
    fn a_choice_has_the_values_of_its_branches() {
        let shape = Shape {
            branches: vec![enumerated(&["b"]), enumerated(&["a"]), Shape::default()],
            ..Shape::default()
        };
        assert_eq!(of(&shape).0, ["a", "b"]);
    }
}
