//! Functions: signatures and statements.

use syn::{FnArg, ReceiverKind, ReturnType, Stmt};

use super::item::Writer;
use super::list::{Item, Tactic, definitive};
use super::shape::{MAX_WIDTH, Shape, TAB, newline, or_too_long};
use super::{expression, matches, not_written, types};

impl Writer {
    pub(super) fn function(&mut self, vis: &str, signature: &syn::Signature, body: &syn::Block) {
        let head = self.signature(vis, signature);
        self.line(&format!("{head} {{"));
        self.indent += TAB;
        for statement in &body.stmts {
            self.statement(statement);
        }
        self.indent -= TAB;
        self.line("}");
    }

    fn signature(&self, vis: &str, signature: &syn::Signature) -> String {
        let head = format!(
            "{vis}fn {}{}",
            signature.ident,
            generic_parameters(&signature.generics)
        );
        let output = match &signature.output {
            ReturnType::Default => String::new(),
            ReturnType::Type(_, ty) => format!(" -> {}", types::text(ty)),
        };
        // 1 = `,`
        let nested = Shape::indented(self.indent + TAB);
        let nested = nested.sub_width(1).unwrap_or(nested);
        let inputs: Vec<Option<String>> = signature
            .inputs
            .iter()
            .map(|input| Some(parameter(input, nested)))
            .collect();
        // 2 = `()`, 2 = ` {`
        let taken = self.indent + head.len() + output.len() + 4;
        let tactic = definitive(&inputs, MAX_WIDTH.saturating_sub(taken));
        let inputs: Vec<String> = inputs.into_iter().flatten().collect();
        if inputs.is_empty() || tactic == Tactic::Horizontal {
            return format!("{head}({}){output}", inputs.join(", "));
        }
        let below = newline(self.indent + TAB);
        let inputs: String = inputs
            .iter()
            .map(|input| format!("{below}{input},"))
            .collect();
        format!("{head}({inputs}{}){output}", newline(self.indent))
    }

    fn statement(&mut self, statement: &Stmt) {
        let shape = self.shape();
        match statement {
            Stmt::Local(local) => {
                let name = matches::pattern(&local.pat, shape);
                if let Some(init) = &local.init {
                    self.value(&format!("let {name} ="), &*init.expr);
                }
            }
            Stmt::Expr(expr, semicolon) => {
                let end = if semicolon.is_some() { ";" } else { "" };
                let text = or_too_long(|| expression::rewrite(expr, shape.sub_width(end.len())?));
                self.line(&format!("{text}{end}"));
            }
            Stmt::Macro(call) => {
                let end = if call.semi_token.is_some() { ";" } else { "" };
                let text = or_too_long(|| call.mac.rewrite(shape.sub_width(end.len())?));
                self.line(&format!("{text}{end}"));
            }
            Stmt::Item(item) => self.item(item),
        }
    }
}

pub(super) fn generic_parameters(generics: &syn::Generics) -> String {
    let parameter = |parameter: &syn::GenericParam| match parameter {
        syn::GenericParam::Type(parameter) => match &parameter.default {
            Some((_, default)) => format!("{} = {}", parameter.ident, types::text(default)),
            None => parameter.ident.to_string(),
        },
        syn::GenericParam::Lifetime(parameter) => parameter.lifetime.to_string(),
        syn::GenericParam::Const(_) => not_written("constant parameter"),
    };
    let parameters: Vec<String> = generics.params.iter().map(parameter).collect();
    if parameters.is_empty() {
        String::new()
    } else {
        format!("<{}>", parameters.join(", "))
    }
}

fn parameter(input: &FnArg, shape: Shape) -> String {
    match input {
        FnArg::Receiver(receiver) => match &receiver.kind {
            ReceiverKind::Value if receiver.mutability.is_some() => "mut self".to_owned(),
            ReceiverKind::Value => "self".to_owned(),
            ReceiverKind::Reference(_, lifetime, mutable) => {
                let lifetime = lifetime
                    .as_ref()
                    .map(|lifetime| format!("{lifetime} "))
                    .unwrap_or_default();
                format!(
                    "&{lifetime}{}self",
                    if mutable.is_some() { "mut " } else { "" }
                )
            }
            _ => not_written("receiver of this kind"),
        },
        FnArg::Typed(typed) => {
            let name = matches::pattern(&typed.pat, shape);
            let ty = shape
                .sub_width(name.len() + 2)
                .and_then(|shape| typed.ty.rewrite(shape));
            format!("{name}: {}", ty.unwrap_or_else(|| types::text(&typed.ty)))
        }
    }
}
