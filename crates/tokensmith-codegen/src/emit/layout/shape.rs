//! The room that a piece of code has.

use std::cell::Cell;

use unicode_width::UnicodeWidthStr;

/// rustfmt's `max_width`.
pub(super) const MAX_WIDTH: usize = 100;
/// rustfmt's `tab_spaces`.
pub(super) const TAB: usize = 4;

thread_local! {
    /// Whether lines may be too long.
    static LENIENT: Cell<bool> = const { Cell::new(false) };
}

/// Does the work again, if it came to nothing, with lines that may be too long.
///
/// A text that is longer than a line cannot be broken. rustfmt leaves a statement or table that has one as it is.
pub(super) fn or_too_long(work: impl Fn() -> Option<String>) -> String {
    if let Some(text) = work() {
        return text;
    }
    let before = LENIENT.replace(true);
    let text = work();
    LENIENT.set(before);
    text.unwrap_or_default()
}

/// Where a piece of code begins, and how much room it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// Columns that the last line may take, from where the first begins.
    pub(super) width: usize,
    /// Columns before the lines that follow the first.
    pub(super) indent: usize,
    /// Columns of the first line that are taken already, beside the indentation.
    pub(super) offset: usize,
}

impl Shape {
    /// All that is left of a line after its indentation.
    pub(super) fn indented(indent: usize) -> Self {
        Self {
            width: MAX_WIDTH.saturating_sub(indent),
            indent,
            offset: 0,
        }
    }

    pub(super) fn with_max_width(self) -> Self {
        Self {
            width: MAX_WIDTH.saturating_sub(self.indent),
            ..self
        }
    }

    /// One level deeper, or at the same level, on a line of its own.
    pub(super) fn block_indent(self, columns: usize) -> Self {
        Self {
            indent: self.indent + columns,
            offset: 0,
            ..self
        }
    }

    /// Less room at the end.
    pub(super) fn sub_width(self, columns: usize) -> Option<Self> {
        let width = self
            .width
            .checked_sub(columns)
            .or(LENIENT.get().then_some(0))?;
        Some(Self { width, ..self })
    }

    /// Less room at the start.
    pub(super) fn offset_left(self, columns: usize) -> Option<Self> {
        Self {
            offset: self.offset + columns,
            ..self
        }
        .sub_width(columns)
    }

    pub(super) fn used_width(self) -> usize {
        self.indent + self.offset
    }

    /// What the caller puts behind, such as `;`.
    pub(super) fn rhs_overhead(self) -> usize {
        MAX_WIDTH.saturating_sub(self.used_width() + self.width)
    }

    /// The text, if it fits.
    pub(super) fn fitting(self, text: String) -> Option<String> {
        (LENIENT.get() || self.fits(&text)).then_some(text)
    }

    /// Whether the first line fits the width, the others the page, and the last both.
    pub(super) fn fits(self, text: &str) -> bool {
        let is_single = !text.contains('\n');
        first_line_width(text) <= self.width
            && (is_single
                || text.lines().skip(1).all(|line| width(line) <= MAX_WIDTH)
                    && last_line_width(text) <= self.used_width() + self.width)
    }
}

/// A line break, and the indentation of what follows.
pub(super) fn newline(indent: usize) -> String {
    format!("\n{:indent$}", "")
}

/// Columns, of which rustfmt gives some characters two or none.
pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        UnicodeWidthStr::width(text)
    }
}

pub(super) fn first_line_width(text: &str) -> usize {
    width(text.split('\n').next().unwrap_or_default())
}

pub(super) fn last_line_width(text: &str) -> usize {
    width(text.rsplit('\n').next().unwrap_or_default())
}

/// Columns that a text takes of the line on which something follows it.
pub(super) fn extra_offset(text: &str, shape: Shape) -> usize {
    match text.rfind('\n') {
        Some(index) => text.len().saturating_sub(index + 1 + shape.used_width()),
        None => text.len(),
    }
}

pub(super) fn count_newlines(text: &str) -> usize {
    text.matches('\n').count()
}
