//! `src/scope.rs`: the scopes that the document knows.
//!
//! They are put together as syntax: there may be hundreds, and to parse each of them takes longer than all else.

use proc_macro2::Span;
use quote::quote;
use syn::{
    ConstModifiers, Expr, ExprLit, File, Generics, Ident, Item, ItemConst, Lit, LitStr, Token,
    Type, TypePath, TypeReference, Visibility,
};

use super::code_names::{ident, template};
use super::docs;
use super::print::parsed;
use crate::model::{Model, ParameterKind, Scope};

pub(crate) fn module(model: &Model) -> File {
    let title = docs::inline(&model.title);
    let mut parameters = model
        .endpoints
        .iter()
        .flat_map(|endpoint| &endpoint.operations)
        .flat_map(|operation| &operation.parameters)
        .filter(|parameter| matches!(parameter.kind, ParameterKind::Scopes { .. }))
        .peekable();
    let is_asked_for = parameters.peek().is_some();
    let others = match parameters.all(|parameter| !parameter.values.is_empty()) {
        _ if !is_asked_for => " No request takes a scope.",
        true => "",
        false => " Any other scope can be asked for as well: a scope is a string.",
    };
    let docs = docs::inner_attribute(&format!("Scopes that {title} documents.{others}"));
    File {
        shebang: None,
        frontmatter: None,
        attrs: vec![docs],
        items: model.scopes.iter().flat_map(scope).collect(),
    }
}

fn scope(scope: &Scope) -> Vec<Item> {
    let shown = docs::code(&scope.wire);
    let docs = docs::labelled(&shown, scope.description.as_deref(), &shown);
    if !scope.parameters.is_empty() {
        return function(scope, &docs);
    }
    vec![Item::Const(ItemConst {
        attrs: docs::outer_attribute(&docs).into_iter().collect(),
        vis: Visibility::Public(<Token![pub]>::default()),
        modifiers: ConstModifiers::default(),
        const_token: <Token![const]>::default(),
        ident: ident(&scope.ident),
        generics: Generics::default(),
        colon_token: <Token![:]>::default(),
        ty: Box::new(text_type()),
        eq_token: <Token![=]>::default(),
        expr: Box::new(Expr::Lit(ExprLit {
            attrs: Vec::new(),
            lit: Lit::Str(LitStr::new(&scope.wire, Span::call_site())),
        })),
        semi_token: <Token![;]>::default(),
    })]
}

/// `&str`
fn text_type() -> Type {
    Type::Reference(TypeReference {
        attrs: Vec::new(),
        and_token: <Token![&]>::default(),
        lifetime: None,
        mutability: None,
        elem: Box::new(Type::Path(TypePath {
            attrs: Vec::new(),
            qself: None,
            path: Ident::new("str", Span::call_site()).into(),
        })),
    })
}

/// A scope with parameters.
fn function(scope: &Scope, docs: &str) -> Vec<Item> {
    let (docs, name) = (docs::outer(docs), ident(&scope.ident));
    let arguments = scope.parameters.iter().map(|(_, name)| ident(name));
    let pairs: Vec<_> = scope
        .parameters
        .iter()
        .map(|(wire, name)| (wire.as_str(), name.as_str()))
        .collect();
    let template = template(&scope.wire, &pairs);
    parsed(quote! {
        #docs
        pub fn #name(#(#arguments: &str),*) -> String {
            #template
        }
    })
    .items
}
