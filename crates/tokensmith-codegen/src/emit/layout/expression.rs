//! Expressions: calls, and literals of arrays and structs.

use syn::{Expr, FieldValue};

use super::list::{CALL_WIDTH, Item, List, Tactic, definitive, right_hand_side, write};
use super::shape::{Shape, TAB, newline};
use super::{chain, matches, not_written, types};

/// rustfmt's `struct_lit_width`.
const STRUCT_WIDTH: usize = 18;

impl Item for Expr {
    fn rewrite(&self, shape: Shape) -> Option<String> {
        rewrite(self, shape)
    }

    fn rewrite_on_one_line(&self, shape: Shape) -> Option<String> {
        chain::on_one_line(|| rewrite(self, shape))
    }

    fn is_expression(&self) -> bool {
        true
    }

    fn can_overflow(&self, of: usize) -> bool {
        match self {
            Expr::Array(_)
            | Expr::Struct(_)
            | Expr::Macro(_)
            | Expr::Call(_)
            | Expr::MethodCall(_)
            | Expr::Tuple(_) => of == 1,
            Expr::Closure(_) => true,
            Expr::Reference(inner) => inner.expr.can_overflow(of),
            Expr::Try(inner) => inner.expr.can_overflow(of),
            _ => false,
        }
    }

    fn is_call(&self) -> bool {
        match self {
            Expr::Call(_) | Expr::Macro(_) => true,
            Expr::Reference(inner) => inner.expr.is_call(),
            Expr::Try(inner) => inner.expr.is_call(),
            _ => false,
        }
    }

    fn is_method_call(&self) -> bool {
        match self {
            Expr::MethodCall(_) => true,
            Expr::Reference(inner) => inner.expr.is_method_call(),
            Expr::Try(inner) => inner.expr.is_method_call(),
            _ => false,
        }
    }

    fn is_simple(&self) -> bool {
        match self {
            Expr::Lit(_) => true,
            Expr::Path(path) => path.path.segments.len() <= 1,
            Expr::Reference(inner) => inner.expr.is_simple(),
            Expr::Try(inner) => inner.expr.is_simple(),
            Expr::Field(inner) => inner.base.is_simple(),
            _ => false,
        }
    }
}

/// The expression in this shape; `None` where it cannot be made to fit.
pub(super) fn rewrite(expr: &Expr, shape: Shape) -> Option<String> {
    match expr {
        // A text is never broken: where it is too long, so be it.
        Expr::Lit(literal) => Some(types::literal(&literal.lit)),
        Expr::Path(path) => shape.fitting(types::path(&path.path)),
        Expr::Reference(reference) => {
            let mark = if reference.mutability.is_some() {
                "&mut "
            } else {
                "&"
            };
            Some(mark.to_owned() + &rewrite(&reference.expr, shape.offset_left(mark.len())?)?)
        }
        Expr::Infer(_) => shape.fitting("_".to_owned()),
        Expr::Unary(unary) => {
            let mark = match unary.op {
                syn::UnOp::Neg(_) => "-",
                syn::UnOp::Not(_) => "!",
                _ => not_written("operator but `-` and `!`"),
            };
            Some(mark.to_owned() + &rewrite(&unary.expr, shape.offset_left(mark.len())?)?)
        }
        Expr::Array(array) => {
            let items: Vec<&Expr> = array.elems.iter().collect();
            list("", ("[", "]"), &items).rewrite(shape)
        }
        Expr::Tuple(tuple) if tuple.elems.is_empty() => shape.fitting("()".to_owned()),
        Expr::Tuple(tuple) if tuple.elems.len() > 1 => {
            let items: Vec<&Expr> = tuple.elems.iter().collect();
            list("", ("(", ")"), &items).rewrite(shape)
        }
        Expr::Call(call) => {
            let callee = rewrite(&call.func, shape)?;
            let items: Vec<&Expr> = call.args.iter().collect();
            list(&callee, ("(", ")"), &items).rewrite(shape)
        }
        Expr::MethodCall(_) | Expr::Field(_) | Expr::Try(_) | Expr::Await(_) => {
            chain::chain(expr, shape)
        }
        Expr::Macro(call) => formatting_macro(&call.mac, shape),
        Expr::Struct(literal) => struct_literal(literal, shape),
        Expr::Assign(assign) => {
            let left = rewrite(&assign.left, shape)?;
            right_hand_side(&format!("{left} ="), &*assign.right, shape)
        }
        Expr::Binary(binary) => {
            let (left, right) = (
                rewrite(&binary.left, shape)?,
                rewrite(&binary.right, shape)?,
            );
            match binary.op {
                syn::BinOp::Eq(_) => shape.fitting(format!("{left} == {right}")),
                _ => not_written("operator but `==`"),
            }
        }
        Expr::Closure(closure) => {
            let inputs: Vec<String> = closure
                .inputs
                .iter()
                .map(|input| matches::pattern(input, shape))
                .collect();
            let head = format!("|{}| ", inputs.join(", "));
            let body = rewrite(&closure.body, shape.offset_left(head.len())?)?;
            Some(head + &body)
        }
        Expr::Match(matched) => Some(matches::match_expression(matched, shape)),
        _ => not_written("expression of this kind"),
    }
}

impl Item for &Expr {
    fn rewrite(&self, shape: Shape) -> Option<String> {
        (**self).rewrite(shape)
    }

    fn rewrite_on_one_line(&self, shape: Shape) -> Option<String> {
        (**self).rewrite_on_one_line(shape)
    }

    fn is_expression(&self) -> bool {
        true
    }

    fn can_overflow(&self, of: usize) -> bool {
        (**self).can_overflow(of)
    }

    fn is_call(&self) -> bool {
        (**self).is_call()
    }

    fn is_method_call(&self) -> bool {
        (**self).is_method_call()
    }

    fn is_simple(&self) -> bool {
        (**self).is_simple()
    }
}

pub(super) fn list<'a, 'e>(
    head: &'a str,
    brackets: (&'a str, &'a str),
    items: &'a [&'e Expr],
) -> List<'a, &'e Expr> {
    List {
        head,
        brackets,
        items,
        max_width: CALL_WIDTH,
        trailing_comma: true,
        formats: false,
    }
}

impl Item for syn::Macro {
    fn rewrite(&self, shape: Shape) -> Option<String> {
        formatting_macro(self, shape)
    }
}

/// `format!` and `println!`.
fn formatting_macro(call: &syn::Macro, shape: Shape) -> Option<String> {
    let parser = syn::punctuated::Punctuated::<Expr, syn::Token![,]>::parse_terminated;
    let arguments = call.parse_body_with(parser).ok()?;
    let items: Vec<&Expr> = arguments.iter().collect();
    let head = format!("{}!", types::path(&call.path));
    List {
        trailing_comma: false,
        formats: true,
        ..list(&head, ("(", ")"), &items)
    }
    .rewrite(shape)
}

fn struct_literal(literal: &syn::ExprStruct, shape: Shape) -> Option<String> {
    let path = types::path(&literal.path);
    let nested = Shape::indented(shape.indent + TAB);
    let fields: Vec<Option<String>> = literal
        .fields
        .iter()
        .map(|field| struct_field(field, nested.sub_width(1)?))
        .collect();
    braced(&path, fields, shape, nested)
}

fn struct_field(field: &FieldValue, shape: Shape) -> Option<String> {
    let name = member(&field.member);
    if field.colon_token.is_none() {
        return Some(name);
    }
    let beside = shape
        .offset_left(name.len() + 2)
        .and_then(|shape| rewrite(&field.expr, shape));
    match beside {
        Some(text) => Some(format!("{name}: {text}")),
        None => {
            let below = Shape::indented(shape.indent + TAB);
            Some(format!(
                "{name}:{}{}",
                newline(below.indent),
                rewrite(&field.expr, below)?
            ))
        }
    }
}

/// `Path { a, b }`, on one line if its fields are short.
pub(super) fn braced(
    path: &str,
    fields: Vec<Option<String>>,
    shape: Shape,
    nested: Shape,
) -> Option<String> {
    let room = shape
        .width
        .checked_sub(path.len() + 5)
        .map_or(0, |room| room.min(STRUCT_WIDTH));
    let tactic = definitive(&fields, room);
    let fields: Vec<String> = fields.into_iter().collect::<Option<_>>()?;
    let text = write(&fields, tactic, nested, true);
    Some(match tactic {
        Tactic::Horizontal => format!("{path} {{ {text} }}"),
        _ => format!(
            "{path} {{{}{text}{}}}",
            newline(nested.indent),
            newline(shape.indent)
        ),
    })
}

/// The name of a field, or its number.
pub(super) fn member(member: &syn::Member) -> String {
    match member {
        syn::Member::Named(name) => name.to_string(),
        syn::Member::Unnamed(index) => index.index.to_string(),
    }
}
