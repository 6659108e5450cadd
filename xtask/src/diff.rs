//! `cargo xtask diff`: what changed documents mean for the users of the crates.

mod base;
mod code;
mod crates;
mod markdown;
mod text;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};
use tokensmith_codegen::author::diff::{self, Change, Step};
use tokensmith_codegen::diagnostic::output;
use tokensmith_codegen::diagnostic::report;
use tokensmith_codegen::{Model, project, read};

use crate::options::Arguments;
use crate::specs;
use code::Code;

/// What is reported.
struct Comparison<'a> {
    /// What it is compared with.
    base: &'a str,
    providers: &'a [Provider],
    /// The generated crates that differ.
    code: BTreeMap<String, Code>,
}

/// What became of one provider.
struct Provider {
    name: String,
    fate: Fate,
}

enum Fate {
    /// Its document is new.
    New(Box<Model>),
    /// Its document is gone.
    Gone,
    /// Its document has errors.
    Broken,
    /// Its document had errors at the base, so that there is nothing to compare with.
    Repaired(Box<Model>),
    /// Both documents could be read.
    Compared(Box<Compared>),
}

struct Compared {
    before: Model,
    after: Model,
    changes: Vec<Change>,
}

impl Compared {
    /// Whether there is nothing to tell.
    fn is_quiet(&self) -> bool {
        self.changes.is_empty() && self.wanted().is_none()
    }

    /// The least version that the document has to give; nothing where it does.
    fn wanted(&self) -> Option<String> {
        let (before, after) = (&self.before.version, &self.after.version);
        let is_enough = diff::is_enough(before, after, self.step());
        (!is_enough).then(|| diff::least(before, &self.changes).to_string())
    }

    fn step(&self) -> Option<Step> {
        diff::step(&self.changes)
    }
}

/// Compares the documents of the working tree with those of a revision; fails where a version is too low.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<ExitCode, String> {
    let arguments = Arguments::read(
        arguments,
        &["--base", "--format"],
        &["--without-semver-checks"],
    )?;
    if let Some(odd) = arguments.plain.first() {
        return Err(format!(
            "`{odd}` is not an option: cargo xtask diff [--base REV] [--format text|json|markdown] [--without-semver-checks]"
        ));
    }
    let format = arguments
        .one("--format")?
        .unwrap_or_else(|| "text".to_owned());
    let print: fn(&Comparison<'_>) -> String = match format.as_str() {
        "text" => text::report,
        "json" => |comparison| report::json_text(&json(comparison)) + "\n",
        "markdown" => markdown::report,
        other => {
            return Err(format!(
                "`{other}` is not a format: the choices are text, json and markdown"
            ));
        }
    };
    let base = base::find(root, arguments.one("--base")?)?;
    let folder = root.join("target/diff");
    base.write_specs(root, &folder.join("base"))?;
    let providers = compare(&folder.join("base"), root)?;
    let comparison = Comparison {
        base: &base.name,
        providers: &providers,
        code: code::changed(root, &base)?,
    };
    output::print(print(&comparison).trim_end());
    let mut is_right = providers.iter().all(|provider| match &provider.fate {
        Fate::Compared(compared) => compared.wanted().is_none(),
        Fate::New(_) | Fate::Gone | Fate::Repaired(_) => true,
        Fate::Broken => false,
    });
    if !arguments.has("--without-semver-checks") {
        is_right &= crates::agree(root, &folder, &providers)?;
    }
    Ok(if is_right {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// A text of a document, which is anybody's, without what a terminal would obey or what hides how it reads.
pub(crate) fn plain(text: &str) -> String {
    let plain = |character: char| match character {
        '"' | '\'' | '\\' => character.to_string(),
        other => other.escape_debug().to_string(),
    };
    text.chars().map(plain).collect()
}

fn compare(before: &Path, after: &Path) -> Result<Vec<Provider>, String> {
    let documents = |root: &Path| match root.join("specs").is_dir() {
        true => project::documents(root).map_err(|error| error.to_string()),
        false => Ok(Vec::new()),
    };
    let (old, new) = (documents(before)?, documents(after)?);
    let mut names: Vec<&str> = old
        .iter()
        .chain(&new)
        .map(|document| document.name.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    let mut providers = Vec::new();
    for name in names {
        let of = |documents: &[project::Document]| {
            documents
                .iter()
                .find(|document| document.name == name)
                .cloned()
        };
        let fate = match (of(&old), of(&new)) {
            (_, None) => Fate::Gone,
            (None, Some(document)) => {
                model(&document)?.map_or(Fate::Broken, |model| Fate::New(Box::new(model)))
            }
            (Some(before), Some(after)) => match (model(&before)?, model(&after)?) {
                (Some(before), Some(after)) => {
                    let changes = diff::diff(&before, &after);
                    Fate::Compared(Box::new(Compared {
                        before,
                        after,
                        changes,
                    }))
                }
                (None, Some(after)) => Fate::Repaired(Box::new(after)),
                (_, None) => Fate::Broken,
            },
        };
        let name = name.to_owned();
        providers.push(Provider { name, fate });
    }
    Ok(providers)
}

/// What a document means; nothing if it has errors, which `codegen` tells of.
fn model(document: &project::Document) -> Result<Option<Model>, String> {
    let bytes = specs::read_own(&document.path)?;
    let overlay = document
        .overlay
        .as_deref()
        .map(specs::read_own)
        .transpose()?;
    let name = document.path.to_string_lossy();
    let source = tokensmith_codegen::Source::new(&name, &bytes).in_folder(document.path.parent());
    let overlay = overlay
        .as_ref()
        .map(|bytes| tokensmith_codegen::Source::new("overlay", bytes));
    Ok(read(&document.name, source, overlay).model)
}

/// `{"base", "providers": [{"name", "fate", "before", "after", "step", "wanted", "changes": [{"step", "kind", "subject", "what"}]}], "code": [{"name",
/// "files", "added", "removed"}]}`.
///
/// `fate` is `new`, `gone`, `broken`, `repaired` (it had errors at the base), `unchanged` or `changed`; `step` and `wanted` are null where nothing is asked for.
fn json(comparison: &Comparison<'_>) -> Value {
    let providers = comparison.providers.iter().map(|Provider { name, fate }| match fate {
        Fate::New(model) => json!({"name": name, "fate": "new", "after": model.version.to_string()}),
        Fate::Gone => json!({"name": name, "fate": "gone"}),
        Fate::Broken => json!({"name": name, "fate": "broken"}),
        Fate::Repaired(model) => json!({"name": name, "fate": "repaired", "after": model.version.to_string()}),
        Fate::Compared(compared) => {
            let changes = compared.changes.iter().map(|change| {
                json!({"step": change.step.as_str(), "kind": change.kind.as_str(), "subject": change.subject, "what": change.what})
            });
            json!({
                "name": name,
                "fate": if compared.changes.is_empty() { "unchanged" } else { "changed" },
                "before": compared.before.version.to_string(),
                "after": compared.after.version.to_string(),
                "step": compared.step().map(Step::as_str),
                "wanted": compared.wanted(),
                "changes": changes.collect::<Vec<_>>(),
            })
        }
    });
    let code = comparison.code.iter().map(|(name, code)| {
        json!({"name": name, "files": code.files, "added": code.added, "removed": code.removed})
    });
    json!({"base": comparison.base, "providers": providers.collect::<Vec<_>>(), "code": code.collect::<Vec<_>>()})
}
