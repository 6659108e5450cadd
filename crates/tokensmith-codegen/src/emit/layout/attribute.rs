//! Attributes and documentation.

use syn::{Attribute, Expr, Meta};

use super::item::Writer;
use super::list::{ATTRIBUTE_WIDTH, Item, List};
use super::shape::{Shape, or_too_long};
use super::{not_written, types};

impl Writer {
    pub(super) fn attributes(&mut self, attributes: &[Attribute]) {
        self.attributes_before(attributes, "");
    }

    /// Attributes of something that ends in this.
    pub(super) fn attributes_before(&mut self, attributes: &[Attribute], end: &str) {
        for attribute in attributes {
            let text = self.attribute(attribute, end.len());
            self.line(&text);
        }
    }

    fn attribute(&self, attribute: &Attribute, taken: usize) -> String {
        let is_inner = matches!(attribute.style, syn::AttrStyle::Inner(_));
        if let Some(text) = documentation(attribute) {
            return format!("{}{text}", if is_inner { "//!" } else { "///" });
        }
        let prefix = if is_inner { "#![" } else { "#[" };
        let shape = self
            .shape()
            .offset_left(prefix.len())
            .and_then(|shape| shape.sub_width(taken));
        format!(
            "{prefix}{}]",
            meta(&attribute.meta, shape.unwrap_or(self.shape()))
        )
    }
}

/// The text of a documentation attribute.
fn documentation(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(meta) = &attribute.meta else {
        return None;
    };
    let Expr::Lit(syn::ExprLit {
        lit: syn::Lit::Str(text),
        ..
    }) = &meta.value
    else {
        return None;
    };
    attribute.path().is_ident("doc").then(|| text.value())
}

fn meta(meta: &Meta, shape: Shape) -> String {
    match meta {
        Meta::Path(path) => types::path(path),
        Meta::NameValue(pair) => format!(
            "{} = {}",
            types::path(&pair.path),
            or_too_long(|| pair.value.rewrite(shape))
        ),
        Meta::List(list) => {
            let parser = syn::punctuated::Punctuated::<Meta, syn::Token![,]>::parse_terminated;
            let head = types::path(&list.path);
            let Ok(items) = list.parse_args_with(parser) else {
                not_written("attribute of this kind")
            };
            let items: Vec<Meta> = items.into_iter().collect();
            let list = List {
                head: &head,
                brackets: ("(", ")"),
                items: &items,
                max_width: ATTRIBUTE_WIDTH,
                trailing_comma: false,
                formats: false,
            };
            // 1 = `]`
            or_too_long(|| list.rewrite(shape.sub_width(1)?))
        }
    }
}

impl Item for Meta {
    fn rewrite(&self, shape: Shape) -> Option<String> {
        let text = meta(self, shape);
        match self {
            // A value may be too long: there is no way to break it.
            Meta::NameValue(pair) => {
                (types::path(&pair.path).len() + 3 <= shape.width).then_some(text)
            }
            _ => shape.fitting(text),
        }
    }

    fn can_overflow(&self, of: usize) -> bool {
        of == 1
    }

    fn is_simple(&self) -> bool {
        matches!(self, Meta::Path(_))
    }
}
