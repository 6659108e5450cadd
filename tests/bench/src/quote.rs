//! What README quotes from `docs/BENCHMARKS.md`.
//!
//! A figure stands between `<!-- figure: NAME -->` and `<!-- end -->`; a table follows
//! `<!-- table: NAME -->` and ends at the next empty line.

const FIGURE: &str = "<!-- figure: ";
const TABLE: &str = "<!-- table: ";
const CLOSE: &str = " -->";
const END: &str = "<!-- end -->";

/// Returns the text with each quotation as `benchmarks` has it.
///
/// # Errors
///
/// If a quotation is not closed, or its name is unknown there.
pub(crate) fn updated(text: &str, benchmarks: &str) -> Result<String, String> {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(quotation) = Quotation::find(rest)? {
        result.push_str(&rest[..quotation.start]);
        result.push_str(&quotation.source(benchmarks)?);
        rest = &rest[quotation.end..];
    }
    result.push_str(rest);
    Ok(result)
}

/// A place of the text that is quoted from the benchmarks.
struct Quotation<'a> {
    is_table: bool,
    name: &'a str,
    /// Where the quoted text begins and ends.
    start: usize,
    end: usize,
}

impl<'a> Quotation<'a> {
    /// The first one of a text.
    fn find(text: &'a str) -> Result<Option<Self>, String> {
        let figure = text.find(FIGURE).map(|at| (at, false));
        let table = text.find(TABLE).map(|at| (at, true));
        let Some((at, is_table)) = figure.into_iter().chain(table).min() else {
            return Ok(None);
        };
        let opening = if is_table { TABLE } else { FIGURE };
        let name = at + opening.len();
        let unclosed = || {
            format!(
                "`{}` is not closed",
                text[at..].lines().next().unwrap_or("")
            )
        };
        let length = text[name..].find(CLOSE).ok_or_else(unclosed)?;
        let start = name + length + CLOSE.len();
        let end = if is_table { "\n\n" } else { END };
        let end = text[start..].find(end).ok_or_else(unclosed)?;
        Ok(Some(Self {
            is_table,
            name: &text[name..name + length],
            start,
            end: start + end,
        }))
    }

    /// What the benchmarks have under its name.
    fn source(&self, benchmarks: &str) -> Result<String, String> {
        let unknown = || {
            format!(
                "docs/BENCHMARKS.md has no {} `{}`; `cargo xtask bench` writes that page",
                if self.is_table { "table" } else { "figure" },
                self.name
            )
        };
        if self.is_table {
            let table = format!("{TABLE}{}{CLOSE}", self.name);
            let (_, rest) = benchmarks.split_once(&table).ok_or_else(unknown)?;
            return Ok(rest
                .split("\n\n")
                .next()
                .unwrap_or(rest)
                .trim_end()
                .to_owned());
        }
        let row = format!("\n| `{}` | ", self.name);
        let (_, rest) = benchmarks.split_once(&row).ok_or_else(unknown)?;
        let value = rest.split(" |").next();
        value.map(str::to_owned).ok_or_else(unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BENCHMARKS: &str = "\
## codegen

<!-- table: codegen -->
| a | b |
|---|---|
| 1 | 2 |

| figure | value |
|---|---:|
| `codegen.fresh` | 1.8 s |
";

    #[test]
    fn quotations_are_replaced() {
        let text = "It takes <!-- figure: codegen.fresh -->9 s<!-- end -->.\n\n<!-- table: codegen -->\n| old |\n\nEnd.";
        let expected = "It takes <!-- figure: codegen.fresh -->1.8 s<!-- end -->.\n\n\
            <!-- table: codegen -->\n| a | b |\n|---|---|\n| 1 | 2 |\n\nEnd.";
        assert_eq!(updated(text, BENCHMARKS).as_deref(), Ok(expected));
    }

    #[test]
    fn unknown_names_and_open_quotations_are_errors() {
        for text in [
            "<!-- figure: codegen.other -->1<!-- end -->",
            "<!-- table: other -->\n| 1 |\n\n",
            "<!-- figure: codegen.fresh -->1",
            "<!-- figure: codegen.fresh",
        ] {
            assert!(updated(text, BENCHMARKS).is_err(), "{text}");
        }
    }
}
