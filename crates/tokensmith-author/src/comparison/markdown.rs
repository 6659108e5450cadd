//! The comparison as a comment on a pull request.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Code, Compared, Comparison, Fate, Provider};
use crate::diff::{Change, Step};
use crate::markdown::{block, cell, code};

/// GitHub takes comments of 65,536 characters; what comes after the report needs some.
const MOST: usize = 60_000;

/// Changes of documentation alone are counted and not listed.
pub(super) fn report(comparison: &Comparison) -> String {
    let Comparison {
        base,
        providers,
        code: crates,
    } = comparison;
    let mut text = format!(
        "## What this means for users\n\nCompared with {}.\n\n| crate | version | step | asks for |\n|---|---|---|---|\n",
        code(base)
    );
    for Provider { name, fate, .. } in providers {
        let name = package(name);
        // Writing to a text does not fail.
        let _ = match fate {
            Fate::New(model) => {
                writeln!(text, "| {name} | {} | new | |", model.version)
            }
            Fate::Gone => writeln!(text, "| {name} | | **gone** | |"),
            Fate::Broken => writeln!(text, "| {name} | | **its document has errors** | |"),
            Fate::Repaired(model) => writeln!(
                text,
                "| {name} | {} | had errors: not compared | |",
                model.version
            ),
            Fate::Compared(compared) if compared.is_quiet() => continue,
            Fate::Compared(compared) => {
                let Compared { before, after, .. } = &**compared;
                let step = compared.step().map_or("", Step::as_str);
                let wanted = compared
                    .wanted()
                    .map_or_else(|| "✓".to_owned(), |wanted| format!("**{wanted}**"));
                writeln!(
                    text,
                    "| {name} | {} → {} | {step} | {wanted} |",
                    before.version, after.version
                )
            }
        };
    }
    for Provider { name, fate, .. } in providers {
        if let Fate::Compared(compared) = fate
            && !compared.changes.is_empty()
        {
            details(&mut text, name, &compared.changes);
        }
    }
    statistic(&mut text, crates);
    for provider in providers {
        explanation(&mut text, provider);
    }
    text
}

/// What a document is taken to mean, unless the report becomes longer than a comment can be.
fn explanation(text: &mut String, provider: &Provider) {
    let Provider {
        name, explanation, ..
    } = provider;
    if explanation.is_empty() {
        return;
    }
    let page = format!(
        "\n<details><summary>{}: what the document is taken to mean</summary>\n\n{}\n</details>\n",
        html(name),
        block(explanation)
    );
    if text.len() + page.len() <= MOST {
        text.push_str(&page);
    } else {
        let _ = writeln!(
            text,
            "\nWhat the document of {} is taken to mean is too long for a comment: run `tokensmith check --explain-model` on it.",
            package(name)
        );
    }
}

/// What a reviewer of the generated code has before them.
fn statistic(text: &mut String, crates: &BTreeMap<String, Code>) {
    if crates.is_empty() {
        text.push_str("\nNo generated code differs.\n");
        return;
    }
    text.push_str("\n### Generated code\n\n| crate | files | lines |\n|---|---|---|\n");
    for (name, differences) in crates {
        let Code {
            files,
            added,
            removed,
        } = differences;
        let name = package(name);
        let _ = writeln!(text, "| {name} | {files} | +{added} −{removed} |");
    }
}

fn details(text: &mut String, name: &str, changes: &[Change]) {
    let (told, quiet): (Vec<&Change>, Vec<&Change>) =
        changes.iter().partition(|change| change.step > Step::Patch);
    let _ = write!(
        text,
        "\n<details><summary>{}: {}</summary>\n\n",
        html(name),
        count(changes.len())
    );
    for change in told {
        let _ = writeln!(
            text,
            "- **{}** ({}) {}",
            change.step,
            change.kind.as_str(),
            code(&format!("{} {}", change.subject, change.what))
        );
    }
    if !quiet.is_empty() {
        let _ = writeln!(text, "- {} of words only", count(quiet.len()));
    }
    text.push_str("\n</details>\n");
}

/// The crate of a provider, in a cell of a table or in a line. A provider's name is the name of a
/// file or folder, which may be any text.
fn package(name: &str) -> String {
    cell(&format!("tokensmith-{name}"))
}

/// The crate of a provider within HTML, where Markdown's code is not code. All but letters, digits
/// and hyphens is shown as `?`: GitHub makes mentions and links of what stands there.
fn html(name: &str) -> String {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || character == '-';
    let shown = |character| if is_plain(character) { character } else { '?' };
    let name: String = name.chars().map(shown).collect();
    format!("<code>tokensmith-{name}</code>")
}

fn count(number: usize) -> String {
    format!("{number} change{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_more_than_code() {
        let name = "a` | @octocat www.evil.example </summary>|";
        let provider = |fate| Provider {
            name: name.to_owned(),
            fate,
            explanation: "grants: none".to_owned(),
        };
        let comparison = Comparison {
            base: "main".to_owned(),
            providers: vec![provider(Fate::Gone), provider(Fate::Broken)],
            code: BTreeMap::from([(name.to_owned(), Code::default())]),
        };
        let mut report = report(&comparison);
        details(&mut report, name, &[]);
        let shown = "`tokensmith-a' ¦ @octocat www.evil.example </summary>¦`";
        assert_eq!(report.matches(shown).count(), 3, "{report}");
        // Nothing of the name is left beside code.
        let report = report.replace(shown, "");
        assert!(
            !report.contains(['@']) && !report.contains("www."),
            "{report}"
        );
        assert_eq!(report.matches("</summary>").count(), 3, "{report}");
        assert_eq!(
            report.matches("|  | | **gone** | |\n").count(),
            1,
            "{report}"
        );
    }
}
