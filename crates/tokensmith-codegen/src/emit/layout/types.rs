//! Types and paths.

use syn::{GenericArgument, PathArguments, Type, TypeParamBound};

use super::list::{Item, List};
use super::not_written;
use super::shape::{MAX_WIDTH, Shape};

/// A path on one line.
pub(super) fn path(path: &syn::Path) -> String {
    let mut text = if path.leading_colon.is_some() {
        "::".to_owned()
    } else {
        String::new()
    };
    for (index, segment) in path.segments.iter().enumerate() {
        if index > 0 {
            text.push_str("::");
        }
        text.push_str(&segment.ident.to_string());
        if let PathArguments::AngleBracketed(arguments) = &segment.arguments {
            if arguments.colon2_token.is_some() {
                text.push_str("::");
            }
            let arguments: Vec<String> = arguments.args.iter().map(argument).collect();
            text.push_str(&format!("<{}>", arguments.join(", ")));
        }
    }
    text
}

fn argument(argument: &GenericArgument) -> String {
    match argument {
        GenericArgument::Type(ty) => text(ty),
        GenericArgument::AssocType(assigned) => {
            format!("{} = {}", assigned.ident, text(&assigned.ty))
        }
        GenericArgument::Lifetime(lifetime) => lifetime.to_string(),
        _ => not_written("type argument of this kind"),
    }
}

/// A literal; texts are escaped already.
pub(super) fn literal(literal: &syn::Lit) -> String {
    match literal {
        syn::Lit::Str(text) => text.token().to_string(),
        syn::Lit::Int(number) => number.to_string(),
        syn::Lit::Float(number) => number.to_string(),
        syn::Lit::Bool(value) => value.value.to_string(),
        _ => not_written("literal of this kind"),
    }
}

/// A type on one line.
pub(super) fn text(ty: &Type) -> String {
    match ty {
        Type::Path(named) => path(&named.path),
        Type::Reference(reference) => {
            let lifetime = reference
                .lifetime
                .as_ref()
                .map(|lifetime| format!("{lifetime} "))
                .unwrap_or_default();
            let mutable = if reference.mutability.is_some() {
                "mut "
            } else {
                ""
            };
            format!("&{lifetime}{mutable}{}", text(&reference.elem))
        }
        Type::Slice(slice) => format!("[{}]", text(&slice.elem)),
        Type::Tuple(tuple) => {
            let elements: Vec<String> = tuple.elems.iter().map(text).collect();
            format!("({})", elements.join(", "))
        }
        Type::ImplTrait(opaque) => format!("impl {}", bounds(&opaque.bounds)),
        Type::TraitObject(object) => format!("dyn {}", bounds(&object.bounds)),
        _ => not_written("type of this kind"),
    }
}

fn bounds<'a>(bounds: impl IntoIterator<Item = &'a TypeParamBound>) -> String {
    let bound = |bound: &TypeParamBound| match bound {
        TypeParamBound::Trait(bound) => path(&bound.path),
        _ => not_written("bound that is no trait"),
    };
    bounds
        .into_iter()
        .map(bound)
        .collect::<Vec<_>>()
        .join(" + ")
}

impl Item for Type {
    /// On one line, or else broken between the brackets of its arguments.
    fn rewrite(&self, shape: Shape) -> Option<String> {
        match self {
            Type::Path(named) => breakable_path(&named.path, shape),
            Type::Reference(reference) => {
                let whole = text(self);
                let before = whole.len() - text(&reference.elem).len();
                let inner = reference.elem.rewrite(shape.offset_left(before)?)?;
                Some(whole[..before].to_owned() + &inner)
            }
            // rustfmt takes four columns for the two brackets.
            Type::Slice(slice) => Some(format!(
                "[{}]",
                slice.elem.rewrite(shape.offset_left(1)?.sub_width(3)?)?
            )),
            Type::ImplTrait(opaque) => match opaque.bounds.first() {
                // rustfmt takes none for `impl `.
                Some(TypeParamBound::Trait(only)) if opaque.bounds.len() == 1 => {
                    Some(format!("impl {}", breakable_path(&only.path, shape)?))
                }
                _ => shape.fitting(text(self)),
            },
            _ => shape.fitting(text(self)),
        }
    }
}

fn breakable_path(path: &syn::Path, shape: Shape) -> Option<String> {
    let whole = self::path(path);
    let last = path.segments.last()?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) if whole.len() > shape.width => {
            let before = path.segments.iter().take(path.segments.len() - 1);
            let head: String = before
                .map(|segment| format!("{}::", segment.ident))
                .collect();
            let head = format!("{head}{}", last.ident);
            let items: Vec<Argument<'_>> = arguments.args.iter().map(Argument).collect();
            let list = List {
                head: &head,
                brackets: ("<", ">"),
                items: &items,
                max_width: MAX_WIDTH,
                trailing_comma: true,
                formats: false,
            };
            list.rewrite(shape.offset_left(head.len()).map(|_| shape)?)
        }
        _ => shape.fitting(whole),
    }
}

/// An argument of a generic type.
struct Argument<'a>(&'a GenericArgument);

impl Item for Argument<'_> {
    fn rewrite(&self, shape: Shape) -> Option<String> {
        match self.0 {
            GenericArgument::Type(ty) => ty.rewrite(shape),
            other => shape.fitting(argument(other)),
        }
    }
}
