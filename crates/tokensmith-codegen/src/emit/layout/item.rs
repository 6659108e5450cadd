//! Items: imports, types, tables.

use syn::{Fields, ImplItem, Item as AnyItem, Type, UseTree, Visibility};

use super::function::generic_parameters;
use super::list::{CALL_WIDTH, Item, List, import, right_hand_side};
use super::shape::{MAX_WIDTH, Shape, TAB, newline, or_too_long};
use super::{not_written, order, types};

/// Writes lines at an indentation.
pub(super) struct Writer {
    text: String,
    pub(super) indent: usize,
}

impl Writer {
    pub(super) fn new() -> Self {
        Self {
            text: String::new(),
            indent: 0,
        }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// A line, or several of which all but the first are indented already.
    pub(super) fn line(&mut self, text: &str) {
        if !text.is_empty() {
            self.text.push_str(&format!("{:1$}{text}", "", self.indent));
        }
        self.text.push('\n');
    }

    fn blank(&mut self) {
        self.text.push('\n');
    }

    pub(super) fn shape(&self) -> Shape {
        Shape::indented(self.indent)
    }

    /// `head { .. }`, the brace on a line of its own if the head is too long; rustfmt does not count the indentation.
    fn block(&mut self, head: &str, end: &str, body: impl FnOnce(&mut Self)) {
        if head.len() + " {".len() <= MAX_WIDTH {
            self.line(&format!("{head} {{"));
        } else {
            self.line(head);
            self.line("{");
        }
        self.indent += TAB;
        body(self);
        self.indent -= TAB;
        self.line(end);
    }

    /// Items with blank lines between them, but for those that stand together.
    pub(super) fn items(&mut self, items: &[AnyItem]) {
        let mut previous: Option<&AnyItem> = None;
        for item in items {
            if previous.is_some_and(|previous| !stand_together(previous, item)) {
                self.blank();
            }
            self.item(item);
            previous = Some(item);
        }
    }

    pub(super) fn item(&mut self, item: &AnyItem) {
        match item {
            AnyItem::Use(item) => {
                let vis = visibility(&item.vis);
                self.line(&import_of(&format!("{vis}use "), &item.tree));
            }
            AnyItem::Mod(item) => {
                self.attributes(&item.attrs);
                let head = format!("{}mod {}", visibility(&item.vis), item.ident);
                match &item.content {
                    None => self.line(&format!("{head};")),
                    Some((_, items)) => self.block(&head, "}", |writer| writer.items(items)),
                }
            }
            AnyItem::Struct(item) => self.structure(item),
            AnyItem::Enum(item) => self.enumeration(item),
            AnyItem::Impl(item) => self.implementation(item),
            AnyItem::Fn(item) => {
                self.attributes(&item.attrs);
                self.function(&visibility(&item.vis), &item.sig, &item.block);
            }
            AnyItem::Static(item) => {
                self.attributes(&item.attrs);
                let head = self.typed(
                    &format!("{}static {}:", visibility(&item.vis), item.ident),
                    &item.ty,
                );
                self.value(&head, &*item.expr);
            }
            AnyItem::Const(item) => {
                self.attributes(&item.attrs);
                let head = self.typed(
                    &format!("{}const {}:", visibility(&item.vis), item.ident),
                    &item.ty,
                );
                self.value(&head, &*item.expr);
            }
            AnyItem::Type(item) => {
                self.attributes(&item.attrs);
                let generics = generic_parameters(&item.generics);
                let head = format!("{}type {}{generics} =", visibility(&item.vis), item.ident);
                self.value(&head, &*item.ty);
            }
            _ => not_written("item of this kind"),
        }
    }

    /// `name: type =`
    fn typed(&self, name: &str, ty: &Type) -> String {
        // 1 = ` `, 2 = ` =`
        let beside = self.shape().offset_left(name.len() + 1 + 2);
        if let Some(ty) = beside.and_then(|shape| ty.rewrite(shape)) {
            return format!("{name} {ty} =");
        }
        let below = Shape::indented(self.indent + TAB);
        format!(
            "{name}{}{} =",
            newline(below.indent),
            or_too_long(|| ty.rewrite(below))
        )
    }

    /// `head value;`
    pub(super) fn value(&mut self, head: &str, value: &dyn Item) {
        // 1 = `;`
        let shape = self.shape().sub_width(1).unwrap_or(self.shape());
        let text = or_too_long(|| right_hand_side(head, value, shape));
        self.line(&format!("{text};"));
    }

    fn structure(&mut self, item: &syn::ItemStruct) {
        self.attributes(&item.attrs);
        let head = format!("{}struct {}", visibility(&item.vis), item.ident);
        match &item.fields {
            Fields::Named(fields) => self.block(&head, "}", |writer| {
                for field in &fields.named {
                    writer.field(field);
                }
            }),
            Fields::Unnamed(fields) => {
                let fields: Vec<String> = fields
                    .unnamed
                    .iter()
                    .map(|field| types::text(&field.ty))
                    .collect();
                self.line(&format!("{head}({});", fields.join(", ")));
            }
            Fields::Unit => self.line(&format!("{head};")),
        }
    }

    fn field(&mut self, field: &syn::Field) {
        self.attributes_before(&field.attrs, ",");
        let name = field
            .ident
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        let head = format!("{}{name}:", visibility(&field.vis));
        // 1 = `,`
        let shape = self.shape().sub_width(1).unwrap_or(self.shape());
        let text = or_too_long(|| right_hand_side(&head, &field.ty, shape));
        self.line(&format!("{text},"));
    }

    fn enumeration(&mut self, item: &syn::ItemEnum) {
        self.attributes(&item.attrs);
        let head = format!("{}enum {}", visibility(&item.vis), item.ident);
        if item.variants.is_empty() {
            self.line(&format!("{head} {{}}"));
            return;
        }
        self.block(&head, "}", |writer| {
            for variant in &item.variants {
                writer.attributes(&variant.attrs);
                writer.variant(variant);
            }
        });
    }

    fn variant(&mut self, variant: &syn::Variant) {
        let name = variant.ident.to_string();
        match &variant.fields {
            Fields::Unit => self.line(&format!("{name},")),
            Fields::Unnamed(fields) => {
                let items: Vec<&Type> = fields.unnamed.iter().map(|field| &field.ty).collect();
                let list = List {
                    head: &name,
                    brackets: ("(", ")"),
                    items: &items,
                    max_width: CALL_WIDTH,
                    trailing_comma: true,
                    formats: false,
                };
                let shape = self.shape().sub_width(1).unwrap_or(self.shape());
                let text = or_too_long(|| list.rewrite(shape));
                self.line(&format!("{text},"));
            }
            Fields::Named(fields) => self.block(&name, "},", |writer| {
                for field in &fields.named {
                    writer.field(field);
                }
            }),
        }
    }

    fn implementation(&mut self, item: &syn::ItemImpl) {
        self.attributes(&item.attrs);
        let ty = types::text(&item.self_ty);
        let head = match &item.trait_ {
            None => format!("impl {ty}"),
            Some((path, _)) => format!("impl {} for {ty}", types::path(path)),
        };
        // 2 = ` {`
        if self.indent + head.len() + 2 <= MAX_WIDTH {
            self.block(&head, "}", |writer| writer.members(&item.items));
            return;
        }
        let below = newline(self.indent + TAB);
        self.line(&match &item.trait_ {
            None => format!("impl{below}{ty}"),
            Some((path, _)) => format!("impl {}{below}for {ty}", types::path(path)),
        });
        self.line("{");
        self.indent += TAB;
        self.members(&item.items);
        self.indent -= TAB;
        self.line("}");
    }

    /// Functions are set apart; types stand together.
    fn members(&mut self, members: &[ImplItem]) {
        let mut previous: Option<&ImplItem> = None;
        for member in members {
            let is_type = |member: &ImplItem| matches!(member, ImplItem::Type(_));
            if previous.is_some_and(|previous| !(is_type(previous) && is_type(member))) {
                self.blank();
            }
            previous = Some(member);
            match member {
                ImplItem::Fn(function) => {
                    self.attributes(&function.attrs);
                    self.function(&visibility(&function.vis), &function.sig, &function.block);
                }
                ImplItem::Type(item) => self.value(&format!("type {} =", item.ident), &item.ty),
                ImplItem::Const(item) => {
                    self.value(
                        &self.typed(&format!("const {}:", item.ident), &item.ty),
                        &item.expr,
                    );
                }
                _ => not_written("member of this kind"),
            }
        }
    }
}

impl Item for &Type {
    fn rewrite(&self, shape: Shape) -> Option<String> {
        (**self).rewrite(shape)
    }
}

fn visibility(vis: &Visibility) -> String {
    match vis {
        Visibility::Public(_) => "pub ".to_owned(),
        Visibility::Restricted(restricted) => format!("pub({}) ", types::path(&restricted.path)),
        Visibility::Inherited => String::new(),
    }
}

fn import_of(head: &str, tree: &UseTree) -> String {
    match tree {
        UseTree::Path(path) => import_of(&format!("{head}{}::", path.ident), &path.tree),
        UseTree::Name(name) => format!("{head}{};", name.ident),
        UseTree::Group(group) => {
            let mut names: Vec<String> = group.items.iter().map(name_of).collect();
            names.sort_by(|left, right| order::names(left, right));
            match names.as_slice() {
                [only] => format!("{head}{only};"),
                _ => import(head, &names),
            }
        }
        UseTree::Rename(_) | UseTree::Glob(_) => not_written("import of this kind"),
    }
}

fn name_of(tree: &UseTree) -> String {
    match tree {
        UseTree::Name(name) => name.ident.to_string(),
        _ => not_written("import within an import"),
    }
}

/// Imports and bare module declarations need no blank line between them.
pub(super) fn stand_together(previous: &AnyItem, next: &AnyItem) -> bool {
    let is_public = |vis: &Visibility| matches!(vis, Visibility::Public(_));
    match (previous, next) {
        (AnyItem::Use(previous), AnyItem::Use(next)) => {
            is_public(&previous.vis) == is_public(&next.vis)
        }
        (AnyItem::Mod(previous), AnyItem::Mod(next)) => {
            previous.content.is_none() && next.content.is_none()
        }
        _ => false,
    }
}
