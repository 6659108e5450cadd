//! Lists between brackets: arguments, elements, type parameters.
//!
//! A list stands on one line if it is short, with its last item running over if that is all that does not fit, and on a line for
//! each item otherwise.

use super::shape::{
    MAX_WIDTH, Shape, TAB, count_newlines, extra_offset, first_line_width, last_line_width,
    newline, width,
};

/// rustfmt's `fn_call_width` and `array_width`.
pub(super) const CALL_WIDTH: usize = 60;
/// rustfmt's `attr_fn_like_width`.
pub(super) const ATTRIBUTE_WIDTH: usize = 70;
/// rustfmt's `short_array_element_width_threshold`.
const SHORT_ELEMENT: usize = 10;

/// Something that stands in a list.
pub(super) trait Item {
    fn rewrite(&self, shape: Shape) -> Option<String>;

    /// The same, but a chain of calls may not be broken at its dots.
    fn rewrite_on_one_line(&self, shape: Shape) -> Option<String> {
        self.rewrite(shape)
    }

    fn is_expression(&self) -> bool {
        false
    }

    /// Whether its first line may share a line with what stands before it, as the last of so many.
    fn can_overflow(&self, _of: usize) -> bool {
        false
    }

    fn is_call(&self) -> bool {
        false
    }

    fn is_method_call(&self) -> bool {
        false
    }

    /// Whether it has no parts.
    fn is_simple(&self) -> bool {
        false
    }
}

/// How the items stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tactic {
    /// On one line.
    Horizontal,
    /// One to a line.
    Vertical,
    /// As many to a line as fit.
    Mixed,
    /// On a line of their own, all together: the format string of a macro.
    Alone,
}

/// A list between brackets, and what stands before it.
pub(super) struct List<'a, I> {
    pub(super) head: &'a str,
    pub(super) brackets: (&'a str, &'a str),
    pub(super) items: &'a [I],
    /// Most columns of a list of several items on one line.
    pub(super) max_width: usize,
    /// Whether the last of the items that have a line each is followed by a comma.
    pub(super) trailing_comma: bool,
    /// Whether it holds the arguments of a macro that formats.
    pub(super) formats: bool,
}

impl<I: Item> List<'_, I> {
    pub(super) fn rewrite(&self, shape: Shape) -> Option<String> {
        let used = extra_offset(self.head, shape);
        let room = shape.width.saturating_sub(used + 2);
        let nested = shape.block_indent(TAB).with_max_width();
        let nested = Shape {
            width: nested.width.saturating_sub(1),
            ..nested
        };
        let (tactic, items) = self.tactic(shape, nested, room)?;
        let items = write(&items, tactic, nested, self.trailing_comma);
        Some(self.wrap(&items, tactic == Tactic::Horizontal, shape, nested))
    }

    /// How the items stand, and their texts.
    fn tactic(&self, shape: Shape, nested: Shape, room: usize) -> Option<(Tactic, Vec<String>)> {
        let on_line = shape
            .offset_left(last_line_width(self.head) + 1)
            .and_then(|shape| shape.sub_width(1))
            .unwrap_or(Shape { width: 0, ..shape });
        let mut texts: Vec<Option<String>> =
            self.items.iter().map(|item| item.rewrite(nested)).collect();
        let Some(last) = self.items.last() else {
            return Some((Tactic::Horizontal, Vec::new()));
        };
        let at = self.items.len() - 1;
        let is_only = at == 0;
        let combines = is_only && last.is_expression() && self.head.len() < TAB;
        let overflows = combines || last.can_overflow(self.items.len());
        let overflowed = overflows.then(|| {
            let shape = self.overflow_shape(&texts, on_line)?;
            let on_one_line = !combines && last.is_method_call();
            if on_one_line {
                last.rewrite_on_one_line(shape)
            } else {
                last.rewrite(shape)
            }
        });
        let overflowed = overflowed.flatten();
        if let Some(text) = &overflowed {
            texts[at] = text.split('\n').next().map(str::to_owned);
        }
        let mut tactic = definitive(&texts, room.min(self.max_width));
        match overflowed {
            Some(overflowed) if tactic == Tactic::Horizontal => {
                let whole = (is_only && count_newlines(&overflowed) == 1)
                    .then(|| last.rewrite(nested).filter(|text| !text.contains('\n')))
                    .flatten();
                texts[at] = Some(whole.unwrap_or(overflowed));
            }
            _ => {
                texts[at] = last.rewrite(nested);
                let text = texts[at].as_deref().unwrap_or_default();
                if is_only && room != 0 && !text.contains('\n') && width(text) <= room {
                    tactic = Tactic::Horizontal;
                } else {
                    tactic = definitive(&texts, room.min(self.max_width));
                    if tactic == Tactic::Vertical {
                        tactic = self.vertical(&texts);
                    }
                }
            }
        }
        Some((tactic, texts.into_iter().collect::<Option<_>>()?))
    }

    /// Lists that do not stand on one line, but not one to a line either.
    fn vertical(&self, texts: &[Option<String>]) -> Tactic {
        let is_short =
            |text: &Option<String>| text.as_ref().is_none_or(|text| text.len() <= SHORT_ELEMENT);
        if self.formats {
            return if self.items.len() == 1 {
                Tactic::Alone
            } else {
                Tactic::Vertical
            };
        }
        if self.items.iter().all(Item::is_simple) && texts.iter().all(is_short) {
            return Tactic::Mixed;
        }
        Tactic::Vertical
    }

    fn overflow_shape(&self, texts: &[Option<String>], shape: Shape) -> Option<Shape> {
        if self.items.len() == 1 && !self.items[0].is_call() {
            return Some(shape);
        }
        let before: usize = texts[..texts.len() - 1]
            .iter()
            .map(|text| 2 + text.as_ref().map_or(0, String::len))
            .sum();
        Shape {
            width: shape.width.min(self.max_width),
            ..shape
        }
        .offset_left(before)
    }

    fn wrap(&self, items: &str, is_extendable: bool, shape: Shape, nested: Shape) -> String {
        let room = shape.width.saturating_sub(last_line_width(self.head));
        let extended = if items.is_empty() {
            2
        } else {
            first_line_width(items) + 1
        };
        let (open, close) = self.brackets;
        if is_extendable && extended <= room {
            return format!("{}{open}{items}{close}", self.head);
        }
        let inside = if items.is_empty() {
            String::new()
        } else {
            newline(nested.indent) + items
        };
        format!(
            "{}{open}{inside}{}{close}",
            self.head,
            newline(shape.indent)
        )
    }
}

/// Whether the items stand on one line.
pub(super) fn definitive(texts: &[Option<String>], room: usize) -> Tactic {
    let widths = texts.iter().map(|text| text.as_deref().map_or(0, width));
    let total = widths.sum::<usize>() + 2 * texts.len().saturating_sub(1);
    let is_multiline = texts.iter().flatten().any(|text| text.contains('\n'));
    if total <= room && !is_multiline {
        Tactic::Horizontal
    } else {
        Tactic::Vertical
    }
}

/// The items with their commas, from where the first begins.
pub(super) fn write(
    texts: &[String],
    tactic: Tactic,
    shape: Shape,
    trailing_comma: bool,
) -> String {
    match tactic {
        Tactic::Horizontal | Tactic::Alone => texts.join(", "),
        Tactic::Vertical => {
            let text = texts.join(&format!(",{}", newline(shape.indent)));
            if trailing_comma && !texts.is_empty() {
                text + ","
            } else {
                text
            }
        }
        Tactic::Mixed => filled(texts, shape),
    }
}

/// As many to a line as fit.
fn filled(texts: &[String], shape: Shape) -> String {
    let mut result = String::new();
    let mut line = 0;
    let mut is_broken = false;
    for (index, text) in texts.iter().enumerate() {
        let is_last = index + 1 == texts.len();
        let total = width(text) + usize::from(!is_last || is_broken);
        if line > 0 && line + 1 + total > shape.width {
            result.push_str(&newline(shape.indent));
            line = 0;
            is_broken = true;
        } else if line > 0 {
            result.push(' ');
            line += 1;
        }
        line += total;
        result.push_str(text);
        result.push(',');
    }
    result
}

/// A right-hand side beside its left one, or below it where that is better.
pub(super) fn right_hand_side(lhs: &str, item: &dyn Item, shape: Shape) -> Option<String> {
    let taken = last_line_width(lhs) + 1;
    let beside_shape = shape.offset_left(taken).unwrap_or(Shape {
        width: 0,
        offset: shape.offset + taken,
        ..shape
    });
    let beside = item.rewrite(beside_shape);
    if let Some(text) = beside
        .as_ref()
        .filter(|text| !text.contains('\n') && width(text) <= beside_shape.width)
    {
        return Some(format!("{lhs} {text}"));
    }
    let below_shape = Shape::indented(shape.indent + TAB).sub_width(beside_shape.rhs_overhead())?;
    let below = item.rewrite(below_shape);
    let is_below = match (&beside, &below) {
        (Some(beside), Some(below)) => below_shape.fits(below) && prefer_next_line(beside, below),
        (None, Some(_)) => true,
        (Some(_), None) => false,
        (None, None) => return None,
    };
    let text = if is_below { below? } else { beside? };
    let space = if is_below {
        newline(shape.indent + TAB)
    } else {
        " ".to_owned()
    };
    Some(format!("{lhs}{space}{text}"))
}

pub(super) fn prefer_next_line(beside: &str, below: &str) -> bool {
    let opens = |bracket: char| {
        let ends = |text: &str| {
            text.split('\n')
                .next()
                .is_some_and(|line| line.ends_with(bracket))
        };
        ends(beside) && !ends(below)
    };
    !below.contains('\n')
        || count_newlines(beside) > count_newlines(below) + 1
        || opens('(')
        || opens('{')
        || opens('[')
}

/// The names of an import, between braces.
pub(super) fn import(head: &str, names: &[String]) -> String {
    // 2 = `{}`, 1 = `;`, and rustfmt leaves two columns free.
    let room = MAX_WIDTH.saturating_sub(head.len() + 2 + 1 + 2);
    let texts: Vec<Option<String>> = names.iter().cloned().map(Some).collect();
    if definitive(&texts, room) == Tactic::Horizontal {
        return format!("{head}{{{}}};", names.join(", "));
    }
    let nested = Shape {
        width: MAX_WIDTH - TAB - 1,
        indent: TAB,
        offset: 0,
    };
    format!("{head}{{{}{}\n}};", newline(TAB), filled(names, nested))
}
