//! The page of each rule: its bad document breaks the rule, its good one does not, and this is how it is shown.

use std::collections::BTreeMap;
use std::fs;

use tokensmith_codegen::diagnostic::report;
use tokensmith_codegen::{Diagnostic, Rule, Severity, Source};

use crate::documents;

/// A code block of a page: what stands behind `yaml`, and the text.
struct Block<'a> {
    words: Vec<&'a str>,
    text: String,
}

impl Block<'_> {
    fn is(&self, word: &str) -> bool {
        self.words.contains(&word)
    }

    fn provider(&self) -> &str {
        let name = self
            .words
            .iter()
            .find_map(|word| word.strip_prefix("name="));
        name.unwrap_or("acme")
    }
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(words) = line.strip_prefix("```yaml") {
            let text = lines.by_ref().take_while(|line| *line != "```");
            blocks.push(Block {
                words: words.split_whitespace().collect(),
                text: text.map(|line| format!("{line}\n")).collect(),
            });
        }
    }
    blocks
}

/// What a block's document, or the overlay that it is, gives.
fn diagnostics(block: &Block<'_>) -> Vec<Diagnostic> {
    let plain = blocks(Rule::Syntax.page());
    let source = Source::new;
    let (document, overlay) = if block.is("overlay") {
        let overlay = source("acme.overlay.yaml", block.text.as_bytes());
        (source("acme.yaml", plain[1].text.as_bytes()), Some(overlay))
    } else {
        (source("acme.yaml", block.text.as_bytes()), None)
    };
    tokensmith_codegen::read(block.provider(), document, overlay).diagnostics
}

#[test]
fn a_bad_example_breaks_its_rule_and_a_good_one_does_not() {
    for rule in Rule::ALL {
        let blocks = blocks(rule.page());
        let [bad, good] = blocks.as_slice() else {
            panic!("{} has {} examples", rule.code(), blocks.len());
        };
        assert!(bad.is("bad") && good.is("good"), "{}", rule.code());
        let of_rule = |found: &[Diagnostic]| {
            found
                .iter()
                .filter(|diagnostic| diagnostic.rule == *rule)
                .count()
        };
        let found = diagnostics(bad);
        assert!(
            of_rule(&found) > 0,
            "{}: {}",
            rule.code(),
            documents::rendered(&found)
        );
        let others = found
            .iter()
            .filter(|diagnostic| diagnostic.severity() == Severity::Error);
        assert!(
            others.clone().all(|diagnostic| diagnostic.rule == *rule),
            "{}: {}",
            rule.code(),
            documents::rendered(&found)
        );
        let found = diagnostics(good);
        let errors = found
            .iter()
            .filter(|diagnostic| diagnostic.severity() == Severity::Error)
            .count();
        assert_eq!(
            (of_rule(&found), errors),
            (0, 0),
            "{}: {}",
            rule.code(),
            documents::rendered(&found)
        );
    }
}

#[test]
fn every_rule_is_shown_as_its_snapshot_has_it() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/rules");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for rule in Rule::ALL {
        let found = diagnostics(&blocks(rule.page())[0]);
        let shown: Vec<&Diagnostic> = found
            .iter()
            .filter(|diagnostic| diagnostic.rule == *rule)
            .collect();
        let human: Vec<String> = shown
            .iter()
            .map(|diagnostic| report::human(diagnostic, false))
            .collect();
        let github: Vec<String> = shown
            .iter()
            .map(|diagnostic| report::github(diagnostic))
            .collect();
        let json: Vec<String> = shown
            .iter()
            .map(|diagnostic| format!("{:#}", report::json(diagnostic)))
            .collect();
        let text = [human.join("\n\n"), github.join("\n"), json.join("\n")].join("\n\n----\n\n");
        settings.bind(|| insta::assert_snapshot!(rule.code(), text));
    }
}

#[test]
fn the_index_lists_every_rule() {
    let folder = documents::tests().join("../crates/tokensmith-codegen/rules");
    let mut index = String::from(
        "# Rules\n\nWhat Tokensmith reports about documents. `tokensmith check --explain CODE` prints a page.\n\n| code | rule | severity | meaning |\n|---|---|---|---|\n",
    );
    for rule in Rule::ALL {
        index.push_str(&format!(
            "| [{0}]({0}.md) | {1} | {2} | {3} |\n",
            rule.code(),
            rule.name(),
            rule.severity(),
            rule.summary()
        ));
    }
    let path = folder.join("README.md");
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::write(&path, &index).expect("is writable");
    }
    assert_eq!(
        fs::read_to_string(&path).unwrap_or_default(),
        index,
        "INSTA_UPDATE=always writes it anew"
    );
    let pages: BTreeMap<String, ()> = fs::read_dir(&folder)
        .expect("is a folder")
        .map(|entry| {
            (
                entry
                    .expect("is readable")
                    .file_name()
                    .to_string_lossy()
                    .into_owned(),
                (),
            )
        })
        .collect();
    assert_eq!(
        pages.len(),
        Rule::ALL.len() + 1,
        "a page of no rule: {:?}",
        pages.keys()
    );
}
