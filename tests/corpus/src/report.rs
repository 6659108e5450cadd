//! What came of every document, for people and for programs.

use serde_json::{Value, json};

/// What became of a document in one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// An earlier step failed.
    NotTried,
    /// It went well; how, where there is more than one way.
    Done(String),
    /// It did not, and why.
    Failed(String),
    /// Prism did not take the document or the request, and why.
    Refused(String),
}

impl Step {
    pub(super) fn is_done(&self) -> bool {
        matches!(self, Self::Done(_))
    }

    fn word(&self) -> &'static str {
        match self {
            Self::NotTried => "-",
            Self::Done(_) => "yes",
            Self::Failed(_) => "NO",
            Self::Refused(_) => "refused",
        }
    }

    fn detail(&self) -> Option<&str> {
        match self {
            Self::Failed(text) | Self::Refused(text) => Some(text),
            Self::NotTried | Self::Done(_) => None,
        }
    }

    fn value(&self) -> Value {
        match self {
            Self::NotTried => Value::Null,
            Self::Done(how) => json!({"done": true, "how": how}),
            Self::Failed(why) => json!({"done": false, "why": why}),
            Self::Refused(why) => json!({"done": false, "refused_by_prism": true, "why": why}),
        }
    }
}

/// What became of a document.
pub(super) struct Row {
    pub(super) slug: String,
    pub(super) overlay_lines: usize,
    /// Whether `check` came to an end, with or without errors.
    pub(super) check: Step,
    pub(super) generated: Step,
    pub(super) compiled: Step,
    pub(super) token: Step,
    /// How many diagnostics say that a part has no effect: each is a fact that a reader of the crate would miss.
    pub(super) unused: usize,
    /// What was understood of each token endpoint: its grants and its client authentication.
    pub(super) meaning: Vec<String>,
    /// What its crate shows under `Debug`, for review.
    pub(super) visible_texts: Vec<String>,
    /// The first error, or else the first warning.
    pub(super) diagnostic: String,
}

impl Row {
    pub(super) fn new(slug: &str, overlay_lines: usize) -> Self {
        Self {
            slug: slug.to_owned(),
            overlay_lines,
            check: Step::NotTried,
            generated: Step::NotTried,
            compiled: Step::NotTried,
            token: Step::NotTried,
            unused: 0,
            meaning: Vec::new(),
            visible_texts: Vec::new(),
            diagnostic: String::new(),
        }
    }

    fn steps(&self) -> [&Step; 4] {
        [&self.check, &self.generated, &self.compiled, &self.token]
    }

    fn is_whole(&self) -> bool {
        self.compiled.is_done() && self.token.is_done()
    }

    fn cells(&self) -> [String; 9] {
        let reasons: Vec<&str> = self.steps().into_iter().filter_map(Step::detail).collect();
        let remark = match reasons.as_slice() {
            [] | ["errors"] => match &self.token {
                Step::Done(how) if how.contains(": ") => how.clone(),
                _ => self.diagnostic.clone(),
            },
            reasons => reasons.join("; "),
        };
        let overlay = match self.overlay_lines {
            0 => "-".to_owned(),
            lines => lines.to_string(),
        };
        [
            self.slug.clone(),
            self.check.word().to_owned(),
            self.generated.word().to_owned(),
            self.compiled.word().to_owned(),
            self.token.word().to_owned(),
            overlay,
            self.unused.to_string(),
            self.meaning.join("; "),
            remark.replace('\n', " "),
        ]
    }
}

const HEADINGS: [&str; 9] = [
    "document",
    "checked",
    "generated",
    "compiled",
    "token",
    "overlay",
    "unused",
    "token endpoints",
    "first diagnostic, or what failed",
];

/// A row per document, then the totals.
pub(super) fn table(rows: &[Row]) -> String {
    let mut lines = vec![HEADINGS.map(str::to_owned)];
    lines.extend(rows.iter().map(Row::cells));
    let widths: [usize; 9] = std::array::from_fn(|column| {
        let widths = lines.iter().map(|cells| cells[column].chars().count());
        widths.max().unwrap_or_default()
    });
    let mut text = String::new();
    for cells in lines {
        let cells: Vec<String> = cells
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    let totals = totals(rows);
    let number = |name: &str| totals[name].as_u64().unwrap_or_default();
    text.push_str(&format!(
        "\n{} documents: {} generated, {} compiled, {} got a token, {} refused by Prism\n\
         crate and token: {} in all, {} without an overlay, {} with one of at most ten lines\n",
        number("documents"),
        number("generated"),
        number("compiled"),
        number("token"),
        number("refused_by_prism"),
        number("whole"),
        number("whole_without_overlay"),
        number("whole_with_short_overlay"),
    ));
    text
}

/// The same as one JSON object.
pub(super) fn json(rows: &[Row]) -> String {
    let documents: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "document": row.slug,
                "checked": row.check.value(),
                "generated": row.generated.value(),
                "compiled": row.compiled.value(),
                "token": row.token.value(),
                "overlay_lines": row.overlay_lines,
                "unused": row.unused,
                "token_endpoints": row.meaning,
                "visible_texts": row.visible_texts,
                "diagnostic": row.diagnostic,
            })
        })
        .collect();
    format!(
        "{:#}\n",
        json!({"documents": documents, "totals": totals(rows)})
    )
}

fn totals(rows: &[Row]) -> Value {
    let count = |holds: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| holds(row)).count();
    json!({
        "documents": rows.len(),
        "checked": count(&|row| row.check.is_done()),
        "generated": count(&|row| row.generated.is_done()),
        "compiled": count(&|row| row.compiled.is_done()),
        "token": count(&|row| row.token.is_done()),
        "refused_by_prism": count(&|row| matches!(row.token, Step::Refused(_))),
        "whole": count(&Row::is_whole),
        "whole_without_overlay": count(&|row| row.is_whole() && row.overlay_lines == 0),
        "whole_with_short_overlay": count(&|row| row.is_whole() && (1..=10).contains(&row.overlay_lines)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_tell_overlays_and_refusals_apart() {
        let row = |slug, overlay_lines, token| Row {
            generated: Step::Done(String::new()),
            compiled: Step::Done(String::new()),
            token,
            ..Row::new(slug, overlay_lines)
        };
        let got = || Step::Done("client_credentials".to_owned());
        let rows = [
            row("a", 0, got()),
            row("b", 9, got()),
            row("c", 11, got()),
            row("d", 0, Step::Refused("odd".to_owned())),
            Row::new("e", 0),
        ];
        let totals = totals(&rows);
        assert_eq!(totals["generated"], 4);
        assert_eq!(totals["whole"], 3);
        assert_eq!(totals["whole_without_overlay"], 1);
        assert_eq!(totals["whole_with_short_overlay"], 1);
        assert_eq!(totals["refused_by_prism"], 1);
        assert!(table(&rows).contains("5 documents: 4 generated"));
    }
}
