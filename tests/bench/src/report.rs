//! What a benchmark found: its tables as Markdown, and the figures that README may quote.

use std::fmt::Display;

/// A number of a benchmark, with its unit, under the name by which README quotes it.
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) value: String,
}

/// The result of one benchmark. What is added is printed at once, since a benchmark takes minutes.
#[derive(Default)]
pub(crate) struct Report {
    pub(crate) markdown: String,
    pub(crate) figures: Vec<Figure>,
}

impl Report {
    /// Adds a paragraph.
    pub(crate) fn text(&mut self, text: impl Display) {
        self.lines(&format!("{text}\n"));
    }

    /// Adds a table that README may quote by `name`.
    pub(crate) fn table(&mut self, name: &str, rows: &[String]) {
        self.lines(&format!("<!-- table: {name} -->\n{}\n", rows.join("\n")));
    }

    /// Adds a figure that README may quote by `name`.
    pub(crate) fn figure(&mut self, name: &'static str, value: impl Display) {
        let value = value.to_string();
        self.figures.push(Figure { name, value });
    }

    fn lines(&mut self, lines: &str) {
        println!("{lines}");
        self.markdown.push_str(lines);
        self.markdown.push('\n');
    }
}
