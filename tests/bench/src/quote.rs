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
    use std::fs;

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

    #[test]
    fn readme_quotes_the_benchmarks() {
        let read = |name| fs::read_to_string(crate::root().join(name)).expect(name);
        let readme = read("README.md");
        let updated = updated(&readme, &read("docs/BENCHMARKS.md")).expect("quotations are known");
        assert!(
            readme == updated,
            "README.md quotes other numbers than docs/BENCHMARKS.md has; \
             `cargo xtask bench NAME` measures again and updates both"
        );
    }

    /// A number with a unit in README's section on speed is a quotation.
    #[test]
    fn readme_has_no_other_numbers_about_speed() {
        let readme = fs::read_to_string(crate::root().join("README.md")).expect("README.md");
        let (_, section) = readme
            .split_once("\n## Speed\n")
            .expect("README has a section Speed");
        // A table at its end is closed by the empty line before the next heading.
        let section = section.split("\n## ").next().unwrap_or(section).to_owned() + "\n";
        let mut own = String::new();
        let mut rest = section.as_str();
        while let Some(quotation) = Quotation::find(rest).expect("quotations are closed") {
            own.push_str(&rest[..quotation.start]);
            own.push('…');
            rest = &rest[quotation.end..];
        }
        own.push_str(rest);
        const UNITS: [&str; 12] = [
            "ns",
            "µs",
            "ms",
            "s",
            "seconds",
            "kB",
            "MB",
            "bytes",
            "times",
            "%",
            "crates",
            "allocations",
        ];
        let words: Vec<&str> = own.split_whitespace().collect();
        for pair in words.windows(2) {
            let number = pair[0].trim_start_matches('(').parse::<f64>();
            let unit = pair[1].trim_end_matches(['.', ',', ';', ')', ':']);
            assert!(
                number.is_err() || !UNITS.contains(&unit),
                "`{} {}` in README is not quoted from docs/BENCHMARKS.md",
                pair[0],
                pair[1]
            );
        }
    }
}
