//! What generated files may contain: what the model has, and nothing that a document put there.
//!
//! A document is untrusted, and its crate is compiled and run. `syn` says what is in a file, and pulldown-cmark, which rustdoc uses too, what
//! its documentation shows; neither knows how the file was made.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, Options, Parser, Tag};
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, Item, Lit, Meta};
use tokensmith_codegen::Model;
use tokensmith_codegen::model::{Endpoint, Operation, ParameterKind};

/// Every way in which the files are not what the model asks for; none if they are right.
pub fn complaints(model: &Model, files: &BTreeMap<String, String>) -> Vec<String> {
    let mut complaints = Vec::new();
    for (name, text) in files {
        if name.contains("..") || name.starts_with('/') || name.contains('\\') {
            complaints.push(format!("{name}: leaves its folder"));
        }
        if let Some(hidden) = text
            .chars()
            .find(|character| character.is_control() && *character != '\n' || is_bidi(*character))
        {
            complaints.push(format!("{name}: contains {hidden:?}"));
        }
        if name.ends_with(".rs") {
            match syn::parse_file(text) {
                Ok(file) => {
                    let mut judge = Judge {
                        file: name,
                        complaints: &mut complaints,
                    };
                    // One for each example, under its name.
                    match name.strip_prefix("tests/examples/") {
                        Some(_) => judge.tests(&file),
                        None => judge.items(&file, &expected(model, name)),
                    }
                    judge.visit_file(&file);
                }
                Err(error) => complaints.push(format!("{name}: does not parse: {error}")),
            }
        }
        if name.ends_with(".md") {
            // The mark of a generated file is the only comment; nothing in it is compiled.
            let text = text
                .split_once("-->\n")
                .map_or(text.as_str(), |(_, text)| text);
            let shown = markdown_complaints(text, &["rust", "sh", "text", "toml"]);
            complaints.extend(
                shown
                    .into_iter()
                    .map(|complaint| format!("{name}: {complaint}")),
            );
        }
    }
    complaints
}

/// Characters that reverse the direction of text: code would be read as what it is not.
fn is_bidi(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The names of the items that a file may define.
fn expected(model: &Model, file: &str) -> BTreeSet<String> {
    let operations = || {
        model
            .endpoints
            .iter()
            .flat_map(|endpoint| &endpoint.operations)
    };
    match file {
        "src/lib.rs" => names([
            "about", "client", "endpoint", "error", "request", "response", "scope", "server",
        ]),
        "src/about.rs" => BTreeSet::new(),
        "src/client.rs" => names(["blocking", "Client", "Token"]),
        "src/endpoint.rs" => {
            let endpoints = model
                .endpoints
                .iter()
                .map(|Endpoint { ident, .. }| format!("{}_ENDPOINT", screaming(ident)));
            let tables = operations().flat_map(|Operation { ident, .. }| {
                ["OPERATION", "PARAMETERS"].map(|end| format!("{}_{end}", screaming(ident)))
            });
            names(["DESCRIPTION", "SERVERS"])
                .into_iter()
                .chain(endpoints)
                .chain(tables)
                .collect()
        }
        "src/request.rs" => {
            let enums = operations()
                .flat_map(|operation| &operation.parameters)
                .filter_map(|parameter| match &parameter.kind {
                    ParameterKind::Enum(def) => Some(def.ident.clone()),
                    _ => None,
                });
            let paths = model.endpoints.iter().filter_map(Endpoint::path_type);
            operations()
                .map(|operation| operation.ident.clone())
                .chain(enums)
                .chain(paths)
                .collect()
        }
        "src/response.rs" => model
            .types
            .iter()
            .map(|def| def.ident().to_owned())
            .collect(),
        "src/error.rs" => model
            .endpoints
            .iter()
            .map(|endpoint| endpoint.error.clone())
            .collect(),
        "src/server.rs" => names(["Server"]),
        "src/scope.rs" => model
            .scopes
            .iter()
            .map(|scope| scope.ident.clone())
            .collect(),
        "examples/token.rs" => names(["main"]),
        _ => BTreeSet::new(),
    }
}

fn names<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
    names.map(str::to_owned).into()
}

/// `CLIENT_CREDENTIALS` for `ClientCredentials`, whatever stands where words begin: underscores do not count.
fn screaming(ident: &str) -> String {
    ident.replace('_', "").to_ascii_uppercase()
}

/// Whether a function is one that the tests of a crate share.
fn is_shared(name: &str) -> bool {
    name == "client" || name.ends_with("_response")
}

struct Judge<'a> {
    file: &'a str,
    complaints: &'a mut Vec<String>,
}

impl Judge<'_> {
    fn complain(&mut self, what: impl std::fmt::Display) {
        self.complaints.push(format!("{}: {what}", self.file));
    }

    /// Holds the items of a file of tests against what it may define: tests without arguments, and what they share.
    fn tests(&mut self, file: &syn::File) {
        for item in &file.items {
            match item {
                Item::Use(_) => {}
                Item::Mod(item)
                    if item.content.is_none()
                        && ["requests", "responses", "support"]
                            .iter()
                            .any(|name| item.ident == name) => {}
                Item::Type(item) if item.ident == "Client" => {}
                Item::Fn(item) if is_shared(&item.sig.ident.to_string()) => {}
                Item::Fn(item)
                    if item.sig.inputs.is_empty()
                        && item
                            .attrs
                            .iter()
                            .any(|attribute| attribute.path().is_ident("test")) => {}
                other => self.complain(format!("no test: {other:?}")),
            }
        }
    }

    /// Holds the items of a file against the names that it may define.
    fn items(&mut self, file: &syn::File, expected: &BTreeSet<String>) {
        let is_static = self.file == "src/endpoint.rs";
        let mut provider_types = 0;
        for item in &file.items {
            let ident = match item {
                Item::Const(item) => &item.ident,
                Item::Enum(item) if self.file == "src/client.rs" && item.variants.is_empty() => {
                    provider_types += 1;
                    continue;
                }
                Item::Enum(item) => &item.ident,
                Item::Fn(item) => &item.sig.ident,
                Item::Mod(item) => &item.ident,
                Item::Static(item) => &item.ident,
                Item::Struct(item) => &item.ident,
                Item::Type(item) => &item.ident,
                Item::Impl(_) | Item::Use(_) => continue,
                other => {
                    self.complain(format!("an item that is never generated: {other:?}"));
                    continue;
                }
            };
            let ident = ident.to_string();
            let plain = ident.trim_start_matches("r#");
            // The words of a static are split by rules that are not repeated here.
            let is_expected = expected.contains(&ident)
                || is_static
                    && expected
                        .iter()
                        .any(|name| name.replace('_', "") == plain.replace('_', ""));
            if !is_expected {
                self.complain(format!("`{ident}` is in no model"));
            }
        }
        if self.file == "src/client.rs" && provider_types != 1 {
            self.complain(format!("{provider_types} types of providers"));
        }
    }
}

impl<'ast> Visit<'ast> for Judge<'_> {
    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        const KNOWN: [&str; 13] = [
            "allow",
            "cfg",
            "cfg_attr",
            "default",
            "deprecated",
            "derive",
            "doc",
            "expect",
            "must_use",
            "non_exhaustive",
            "rustfmt",
            "serde",
            "test",
        ];
        let name = attribute.path().segments.first();
        let name = name.map(|segment| segment.ident.to_string());
        let name = name.unwrap_or_default();
        if !KNOWN.contains(&name.as_str()) {
            self.complain(format!("an attribute `{name}`"));
        }
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        // The documentation of a module stands in pieces of one line each.
        self.documentation(&module.attrs);
        visit::visit_item_mod(self, module);
    }

    fn visit_file(&mut self, file: &'ast syn::File) {
        self.documentation(&file.attrs);
        visit::visit_file(self, file);
    }

    fn visit_item(&mut self, item: &'ast Item) {
        match item {
            Item::Const(item) => self.documentation(&item.attrs),
            Item::Enum(item) => self.documentation(&item.attrs),
            Item::Fn(item) => self.documentation(&item.attrs),
            Item::Static(item) => self.documentation(&item.attrs),
            Item::Struct(item) => self.documentation(&item.attrs),
            Item::Type(item) => self.documentation(&item.attrs),
            Item::Macro(_) | Item::ForeignMod(_) | Item::ExternCrate(_) => {
                self.complain("code from elsewhere")
            }
            _ => {}
        }
        visit::visit_item(self, item);
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        self.documentation(&field.attrs);
        visit::visit_field(self, field);
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        self.documentation(&variant.attrs);
        visit::visit_variant(self, variant);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.documentation(&function.attrs);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        const KNOWN: [&str; 7] = [
            "assert",
            "assert_eq",
            "format",
            "matches",
            "panic",
            "println",
            "vec",
        ];
        let name = call
            .path
            .get_ident()
            .map(ToString::to_string)
            .unwrap_or_default();
        if !KNOWN.contains(&name.as_str()) {
            self.complain(format!("a macro `{name}`"));
        }
    }

    fn visit_expr_unsafe(&mut self, _: &'ast syn::ExprUnsafe) {
        self.complain("unsafe code");
    }
}

impl Judge<'_> {
    fn documentation(&mut self, attributes: &[Attribute]) {
        let lines: Vec<String> = attributes.iter().filter_map(doc_line).collect();
        for complaint in markdown_complaints(&lines.join("\n"), &["no_run", "text"]) {
            self.complain(complaint);
        }
    }
}

fn doc_line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else {
        return None;
    };
    match &pair.value {
        Expr::Lit(literal) if pair.path.is_ident("doc") => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// What a text must not be shown as: HTML, images, links to anything but the web, code in other languages than these.
pub fn markdown_complaints(text: &str, languages: &[&str]) -> Vec<String> {
    let mut links = BTreeSet::new();
    let mut complaints = Vec::new();
    // rustdoc takes `[Client]` for a link to an item.
    let mut item = |link: BrokenLink<'_>| {
        links.insert(link.reference.to_string());
        None::<(CowStr<'_>, CowStr<'_>)>
    };
    let parser = Parser::new_with_broken_link_callback(text, rustdoc_options(), Some(&mut item));
    for (event, range) in parser.into_offset_iter() {
        if let Some(what) = event_complaint(&event, languages) {
            complaints.push(format!("{what}: {}", text.get(range).unwrap_or_default()));
        }
    }
    let is_ours = |link: &String| {
        let path = link.trim_matches('`').trim_end_matches("()");
        ["crate::", "Self::", "tokensmith_runtime::"]
            .iter()
            .any(|start| path.starts_with(start))
    };
    let foreign = links.into_iter().filter(|link| !is_ours(link));
    complaints.extend(foreign.map(|link| format!("a link to the item `{link}`")));
    complaints
}

fn event_complaint(event: &Event<'_>, languages: &[&str]) -> Option<&'static str> {
    let is_foreign = match event {
        Event::Html(_) | Event::InlineHtml(_) => return Some("HTML"),
        Event::Start(Tag::Image { .. }) => return Some("an image"),
        Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => true,
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
            !languages.contains(&&**language)
        }
        Event::Start(Tag::Link { dest_url, .. }) => {
            let is_web = ["http://", "https://"]
                .iter()
                .any(|start| dest_url.starts_with(start));
            return (!is_web).then_some("a link into nowhere");
        }
        _ => false,
    };
    is_foreign.then_some("code that is compiled")
}

/// What rustdoc turns on.
fn rustdoc_options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION
}
