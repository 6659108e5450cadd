//! `match`, its arms and their patterns.

use syn::Expr;

use super::expression::{braced, member, rewrite};
use super::list::prefer_next_line;
use super::shape::{Shape, TAB, extra_offset, first_line_width, newline, or_too_long, width};
use super::{not_written, types};

pub(super) fn match_expression(matched: &syn::ExprMatch, shape: Shape) -> String {
    let head = or_too_long(|| rewrite(&matched.expr, shape));
    let arm_shape = shape.block_indent(TAB).with_max_width();
    let arms: String = matched
        .arms
        .iter()
        .map(|arm| newline(arm_shape.indent) + &match_arm(arm, arm_shape))
        .collect();
    format!("match {head} {{{arms}{}}}", newline(shape.indent))
}

fn match_arm(arm: &syn::Arm, shape: Shape) -> String {
    let pattern = pattern(
        &arm.pat,
        Shape {
            width: shape.width.saturating_sub(5),
            ..shape
        },
    );
    // 4 = ` => `, 1 = `,`
    let beside_shape = shape
        .offset_left(extra_offset(&pattern, shape) + 4)
        .and_then(|shape| shape.sub_width(1));
    let beside = beside_shape.and_then(|shape| rewrite(&arm.body, shape));
    let room = beside_shape.map_or(0, |shape| shape.width);
    let below_shape = Shape::indented(shape.indent + TAB);
    let is_below = match &beside {
        Some(text) if !text.contains('\n') && width(text) <= room => false,
        beside => match (beside, rewrite(&arm.body, below_shape)) {
            (Some(beside), Some(below)) if prefer_next_line(beside, &below) => true,
            (Some(beside), _) if can_extend(&arm.body) && first_line_width(beside) <= room => false,
            (Some(beside), Some(_)) => beside.contains('\n'),
            (None, _) => true,
            (Some(_), None) => false,
        },
    };
    if !is_below && let Some(text) = beside {
        return format!("{pattern} => {text},");
    }
    let text = or_too_long(|| rewrite(&arm.body, below_shape));
    format!(
        "{pattern} => {{{}{text}{}}}",
        newline(below_shape.indent),
        newline(shape.indent)
    )
}

fn can_extend(body: &Expr) -> bool {
    match body {
        Expr::Match(_)
        | Expr::Closure(_)
        | Expr::Array(_)
        | Expr::Call(_)
        | Expr::MethodCall(_) => true,
        Expr::Macro(_) | Expr::Struct(_) | Expr::Tuple(_) => true,
        Expr::Reference(inner) => can_extend(&inner.expr),
        Expr::Try(inner) => can_extend(&inner.expr),
        _ => false,
    }
}

pub(super) fn pattern(pattern: &syn::Pat, shape: Shape) -> String {
    match pattern {
        syn::Pat::Struct(with_fields) => {
            let fields: Vec<Option<String>> = with_fields
                .fields
                .iter()
                .map(|field| Some(member(&field.member)))
                .collect();
            let path = types::path(&with_fields.path);
            braced(&path, fields, shape, Shape::indented(shape.indent + TAB)).unwrap_or(path)
        }
        syn::Pat::TupleStruct(tuple) => {
            let elements: Vec<String> = tuple
                .elems
                .iter()
                .map(|element| self::pattern(element, shape))
                .collect();
            format!("{}({})", types::path(&tuple.path), elements.join(", "))
        }
        syn::Pat::Path(path) => types::path(&path.path),
        syn::Pat::Lit(literal) => types::literal(&literal.lit),
        syn::Pat::Range(range) => {
            let end = |end: &Option<Box<Expr>>| {
                end.as_ref()
                    .map(|end| or_too_long(|| rewrite(end, shape)))
                    .unwrap_or_default()
            };
            format!("{}..={}", end(&range.start), end(&range.end))
        }
        syn::Pat::Ident(name) => name.ident.to_string(),
        syn::Pat::Wild(_) => "_".to_owned(),
        _ => not_written("pattern of this kind"),
    }
}
