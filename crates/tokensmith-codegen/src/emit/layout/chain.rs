//! Chains of calls: on one line if they are short, a line to each call otherwise.

use std::cell::Cell;

use syn::Expr;

use super::expression::{list, member, rewrite};
use super::shape::{Shape, TAB, first_line_width, last_line_width, newline, width};
use super::{not_written, types};

/// rustfmt's `chain_width`.
const CHAIN_WIDTH: usize = 60;

thread_local! {
    /// Whether a chain that does not fit on one line is an error.
    static ON_ONE_LINE: Cell<bool> = const { Cell::new(false) };
}

/// Does the work with chains on one line, or not at all.
pub(super) fn on_one_line<T>(work: impl FnOnce() -> T) -> T {
    let before = ON_ONE_LINE.replace(true);
    let result = work();
    ON_ONE_LINE.set(before);
    result
}

/// An expression with the `?` behind it.
struct Link<'a> {
    kind: LinkKind<'a>,
    tries: usize,
}

enum LinkKind<'a> {
    Parent(&'a Expr),
    Method(&'a syn::ExprMethodCall),
    Field(&'a syn::Member),
    Await,
}

impl Link<'_> {
    fn rewrite(&self, shape: Shape) -> Option<String> {
        let shape = shape.sub_width(self.tries)?;
        let text = match self.kind {
            LinkKind::Parent(expr) => rewrite(expr, shape)?,
            LinkKind::Method(call) => {
                let items: Vec<&Expr> = call.args.iter().collect();
                let types = turbofish(call);
                list(&format!(".{}{types}", call.method), ("(", ")"), &items).rewrite(shape)?
            }
            LinkKind::Field(name) => format!(".{}", member(name)),
            LinkKind::Await => ".await".to_owned(),
        };
        Some(text + &"?".repeat(self.tries))
    }

    fn is_block(&self, text: &str) -> bool {
        fn is_block(expr: &Expr, text: &str) -> bool {
            match expr {
                Expr::Call(_) | Expr::Macro(_) | Expr::Array(_) | Expr::Struct(_) => {
                    text.contains('\n')
                }
                Expr::Try(inner) => is_block(&inner.expr, text),
                _ => false,
            }
        }
        matches!(self.kind, LinkKind::Parent(expr) if is_block(expr, text))
    }
}

/// What a chain begins with, and its links.
fn links(mut expr: &Expr) -> (Link<'_>, Vec<Link<'_>>) {
    let mut links = Vec::new();
    let mut tries = 0;
    let parent = loop {
        let (kind, receiver) = match expr {
            Expr::Try(inner) => {
                tries += 1;
                expr = &inner.expr;
                continue;
            }
            Expr::MethodCall(call) => (LinkKind::Method(call), &call.receiver),
            Expr::Field(field) => (LinkKind::Field(&field.member), &field.base),
            Expr::Await(inner) => (LinkKind::Await, &inner.base),
            parent => {
                break Link {
                    kind: LinkKind::Parent(parent),
                    tries,
                };
            }
        };
        links.push(Link {
            kind,
            tries: std::mem::take(&mut tries),
        });
        expr = receiver;
    };
    links.reverse();
    (parent, links)
}

pub(super) fn chain(expr: &Expr, shape: Shape) -> Option<String> {
    let (parent, links) = links(expr);
    let mut root = parent.rewrite(shape)?;
    if links.is_empty() {
        return Some(root);
    }
    // A short root would look lost on a line of its own.
    let mut ends_with_block = parent.is_block(&root);
    let tab = TAB.saturating_sub(shape.offset);
    let mut rest = links.as_slice();
    while root.len() <= tab && !root.contains('\n') {
        let Some((first, others)) = rest.split_first() else {
            break;
        };
        let Some(text) = first.rewrite(shape.offset_left(root.len())?) else {
            break;
        };
        root.push_str(&text);
        ends_with_block = is_extendable(&root);
        rest = others;
    }
    let Some((last, middle)) = rest.split_last() else {
        return shape.fitting(root);
    };
    let child = shape
        .block_indent(if ends_with_block { 0 } else { TAB })
        .with_max_width();
    let mut texts = vec![root];
    for link in middle {
        texts.push(link.rewrite(child)?);
    }
    let (text, on_one_line) = last_link(last, &texts, links.len(), shape, child)?;
    texts.push(text);
    if !on_one_line && ON_ONE_LINE.get() {
        return None;
    }
    let between = if on_one_line {
        String::new()
    } else {
        newline(child.indent)
    };
    shape.fitting(texts.join(&between))
}

/// The text of the last link, and whether the whole chain stands on one line, but for what the last link holds.
fn last_link(
    last: &Link<'_>,
    before: &[String],
    links: usize,
    shape: Shape,
    child: Shape,
) -> Option<(String, bool)> {
    let extendable = is_extendable(&before[0]);
    let taken = last.tries
        + if extendable {
            last_line_width(&before[0])
        } else {
            before.iter().map(|text| width(text)).sum()
        };
    let budget = if links == 1 {
        shape.width
    } else {
        shape.width.min(CHAIN_WIDTH)
    }
    .saturating_sub(taken);
    let all_in_one_line = budget > 0 && before.iter().all(|text| !text.contains('\n'));
    let below = || child.sub_width(shape.rhs_overhead() + last.tries);
    let last_shape = if all_in_one_line {
        shape.sub_width(last.tries)?
    } else if extendable {
        child.sub_width(last.tries)?
    } else {
        below()?
    };
    let mut chosen = None;
    if (all_in_one_line || extendable)
        && let Some(beside_shape) = last_shape.offset_left(taken)
        && let Some(beside) = last.rewrite(beside_shape)
    {
        let lines = beside.lines().count();
        let fits = first_line_width(&beside) <= budget;
        chosen = Some(if fits && lines >= 5 {
            (beside, all_in_one_line)
        } else {
            match last.rewrite(below()?) {
                Some(below) if !fits || below.lines().count() < lines => (below, false),
                _ => (beside, fits && all_in_one_line),
            }
        });
    }
    // What does not fit on a line of its own does not fit at all.
    let alone = last.rewrite(last_shape)?;
    Some(chosen.unwrap_or((alone, false)))
}

/// Whether the last line consists of closing brackets.
fn is_extendable(text: &str) -> bool {
    let last = text.rsplit('\n').next().unwrap_or_default();
    last.chars().all(|character| {
        matches!(character, '(' | ')' | ']' | '}' | '?' | '>') || character.is_whitespace()
    })
}

/// The types that a method is told, if any.
fn turbofish(call: &syn::ExprMethodCall) -> String {
    let Some(arguments) = &call.turbofish else {
        return String::new();
    };
    let texts = arguments.args.iter().map(|argument| match argument {
        syn::GenericArgument::Type(ty) => types::text(ty),
        _ => not_written("argument of a method but types"),
    });
    format!("::<{}>", texts.collect::<Vec<_>>().join(", "))
}
