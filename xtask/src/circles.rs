//! Whether modules of a crate know each other in a circle: none of them can then be read, tested or moved alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use tokensmith_codegen::diagnostic::output;

/// Modules that test others, and so know them whatever the order of the stages.
const TEST_MODULES: [&str; 2] = ["tests", "testing"];

/// The files that name a top-level module in another one: by the module that they belong to, and the one that they name.
type Arrows = BTreeMap<(String, String), BTreeSet<String>>;

/// Tells of each circle of top-level modules in the crates of the project; `true` where there is none.
pub(crate) fn has_none(root: &Path) -> Result<bool, String> {
    let mut has_none = true;
    for source in sources(root)? {
        let arrows = arrows(&source)?;
        for circle in circles(&arrows) {
            let place = source.strip_prefix(root).unwrap_or(&source);
            output::print(format!("{}: {}", place.display(), told(&circle, &arrows)));
            has_none = false;
        }
    }
    Ok(has_none)
}

/// The folders `src` of the project's own programs and crates. Generated crates are laid out by codegen.
fn sources(root: &Path) -> Result<Vec<PathBuf>, String> {
    let mut packages = vec![root.join("xtask"), root.join("tests")];
    for folder in ["crates", "tests"] {
        packages.extend(read_dir(&root.join(folder))?);
    }
    let sources = packages.into_iter().map(|package| package.join("src"));
    Ok(sources.filter(|source| source.is_dir()).collect())
}

fn read_dir(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let failed = |error| format!("{}: {error}", folder.display());
    let entries = fs::read_dir(folder).map_err(failed)?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths: Vec<_> = paths.collect::<Result<_, _>>().map_err(failed)?;
    paths.sort();
    Ok(paths)
}

/// Which top-level modules of a crate name which others.
fn arrows(source: &Path) -> Result<Arrows, String> {
    let mut files = Vec::new();
    visit(source, &mut Vec::new(), &mut files)?;
    let known: BTreeSet<&String> = files.iter().map(|file| &file.module[0]).collect();
    let owners = owners(source)?;
    let mut arrows = Arrows::new();
    for file in &files {
        let own = &file.module[0];
        let meant = file.named.iter().map(|name| match owners.get(name) {
            Some(owner) if !known.contains(name) => owner,
            _ => name,
        });
        let others = meant.filter(|name| known.contains(name));
        for other in others.filter(|other| *other != own) {
            let arrow = arrows.entry((own.clone(), other.clone()));
            arrow.or_default().insert(file.name.clone());
        }
    }
    Ok(arrows)
}

/// The modules of the items that the root of a crate takes from them, by the name that each has there: to name such an item by
/// `crate::` is to name its module.
fn owners(source: &Path) -> Result<BTreeMap<String, String>, String> {
    let mut owners = BTreeMap::new();
    for root in ["lib.rs", "main.rs"].map(|name| source.join(name)) {
        if !root.is_file() {
            continue;
        }
        let tokens: Vec<TokenTree> = tokens_of(&root)?.into_iter().collect();
        for (at, _) in tokens
            .iter()
            .enumerate()
            .filter(|(_, token)| is_ident(token, "use"))
        {
            let path = tokens[at + 1..].iter();
            let path: Vec<TokenTree> = path
                .take_while(|token| !is_punct(token, ';'))
                .skip_while(|token| {
                    is_ident(token, "crate") || is_ident(token, "self") || is_punct(token, ':')
                })
                .cloned()
                .collect();
            if let Some(TokenTree::Ident(module)) = path.first() {
                let mut names = Vec::new();
                find_last_names(&path, &mut names);
                owners.extend(names.into_iter().map(|name| (name, module.to_string())));
            }
        }
    }
    Ok(owners)
}

/// Finds the names under which a `use` has what it leads to.
fn find_last_names(path: &[TokenTree], names: &mut Vec<String>) {
    for (at, token) in path.iter().enumerate() {
        let next = path.get(at + 1);
        let ends = next.is_none_or(|next| is_punct(next, ','));
        match token {
            TokenTree::Ident(name) if ends => names.push(name.to_string()),
            TokenTree::Group(group) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                find_last_names(&inner, names);
            }
            _ => {}
        }
    }
}

fn tokens_of(path: &Path) -> Result<TokenStream, String> {
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let text = fs::read_to_string(path).map_err(|error| failed(&error))?;
    text.parse().map_err(|error| failed(&error))
}

/// A file of a crate.
struct File {
    /// Its path below `src`.
    name: String,
    /// The path of its module, from the root of the crate.
    module: Vec<String>,
    /// The modules at the root of the crate that it names.
    named: BTreeSet<String>,
}

/// Reads the files below a folder, those of tests and the root of the crate left out.
fn visit(folder: &Path, module: &mut Vec<String>, files: &mut Vec<File>) -> Result<(), String> {
    for path in read_dir(folder)? {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        if TEST_MODULES.contains(&&*stem) || stem.ends_with("_tests") {
            continue;
        }
        let is_file = path.extension().is_some_and(|ending| ending == "rs");
        let is_own = is_file && stem == "mod";
        if !is_own {
            module.push(stem.clone().into_owned());
        }
        if path.is_dir() {
            visit(&path, module, files)?;
        } else if is_file && !["lib", "main"].contains(&module.join("::").as_str()) {
            files.push(read(&path, module)?);
        }
        if !is_own {
            module.pop();
        }
    }
    Ok(())
}

fn read(path: &Path, module: &[String]) -> Result<File, String> {
    let mut named = BTreeSet::new();
    find_named(tokens_of(path)?, module.len(), &mut named);
    let root = path.ancestors().nth(match path.file_stem() {
        Some(stem) if stem == "mod" => module.len() + 1,
        _ => module.len(),
    });
    let name = root.and_then(|root| path.strip_prefix(root).ok());
    Ok(File {
        name: name.unwrap_or(path).display().to_string(),
        module: module.to_vec(),
        named,
    })
}

/// Finds what code that is `depth` modules below the root names there, by `crate::` or by enough `super::`.
fn find_named(tokens: TokenStream, depth: usize, named: &mut BTreeSet<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        if is_of_tests(&tokens[at..]) {
            at += item_length(&tokens[at..]);
            continue;
        }
        let is_module = at > 0 && is_ident(&tokens[at - 1], "mod");
        match &tokens[at] {
            TokenTree::Ident(name) if *name == "crate" => add_next(&tokens[at + 1..], named),
            TokenTree::Ident(name) if *name == "super" => {
                let mut up = 1;
                while is_path(&tokens[at + 1..]) && is_ident(&tokens[at + 3], "super") {
                    at += 3;
                    up += 1;
                }
                if up == depth {
                    add_next(&tokens[at + 1..], named);
                }
            }
            TokenTree::Ident(_) if is_module => {
                if let Some(TokenTree::Group(body)) = tokens.get(at + 1) {
                    find_named(body.stream(), depth + 1, named);
                    at += 1;
                }
            }
            TokenTree::Group(group) => find_named(group.stream(), depth, named),
            _ => {}
        }
        at += 1;
    }
}

/// Adds the first name behind `::`, or the first of each path in the braces there.
fn add_next(tokens: &[TokenTree], named: &mut BTreeSet<String>) {
    if !is_path(tokens) {
        return;
    }
    match &tokens[2] {
        TokenTree::Ident(name) => {
            named.insert(name.to_string());
        }
        TokenTree::Group(group) => {
            let mut begins = true;
            for token in group.stream() {
                if let (true, TokenTree::Ident(name)) = (begins, &token) {
                    named.insert(name.to_string());
                }
                begins = is_punct(&token, ',');
            }
        }
        _ => {}
    }
}

/// Whether these tokens begin with `::` and what it leads to.
fn is_path(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [first, second, _, ..] if is_punct(first, ':') && is_punct(second, ':'))
}

/// Whether an item follows that only tests have.
fn is_of_tests(tokens: &[TokenTree]) -> bool {
    let [hash, TokenTree::Group(attribute), ..] = tokens else {
        return false;
    };
    is_punct(hash, '#') && attribute.stream().to_string().replace(' ', "") == "cfg(test)"
}

/// How many tokens an item has with its attributes: it ends with a semicolon or a body.
fn item_length(tokens: &[TokenTree]) -> usize {
    let ends = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        token => is_punct(token, ';'),
    };
    let end = tokens.iter().position(ends);
    end.map_or(tokens.len(), |end| end + 1)
}

fn is_ident(token: &TokenTree, name: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if *ident == name)
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

/// The sets of modules of which each leads to each other.
fn circles(arrows: &Arrows) -> BTreeSet<BTreeSet<&str>> {
    let modules: BTreeSet<&str> = arrows.keys().map(|(from, _)| from.as_str()).collect();
    let reached: BTreeMap<&str, BTreeSet<&str>> = modules
        .iter()
        .map(|module| (*module, reached_from(module, arrows)))
        .collect();
    let in_circles = modules
        .iter()
        .filter(|module| reached[**module].contains(*module));
    let circle = |module: &&str| {
        let others = reached[*module].iter().copied();
        let returns = others.filter(|other| {
            let back = reached.get(other);
            back.is_some_and(|back| back.contains(*module))
        });
        returns.collect()
    };
    in_circles.map(circle).collect()
}

/// The modules that arrows lead to from one; itself only by a circle.
fn reached_from<'a>(module: &'a str, arrows: &'a Arrows) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open = vec![module];
    while let Some(from) = open.pop() {
        let next = arrows.keys().filter(|(start, _)| start == from);
        open.extend(
            next.map(|(_, to)| to.as_str())
                .filter(|to| reached.insert(*to)),
        );
    }
    reached
}

/// A circle for people: its modules, and its arrows with the files that tie them, those that are tied by the fewest first.
fn told(circle: &BTreeSet<&str>, arrows: &Arrows) -> String {
    let within = |(from, to): &(String, String)| {
        circle.contains(from.as_str()) && circle.contains(to.as_str())
    };
    let mut ties: Vec<_> = arrows.iter().filter(|(arrow, _)| within(arrow)).collect();
    ties.sort_by_key(|(_, files)| files.len());
    let names: Vec<&str> = circle.iter().copied().collect();
    let mut text = format!("modules know each other in a circle: {}", names.join(", "));
    for (index, ((from, to), files)) in ties.into_iter().enumerate() {
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let advice = if index == 0 {
            " (cut this one first)"
        } else {
            ""
        };
        text += &format!("\n    {from} -> {to}: {}{advice}", files.join(", "));
    }
    text
}

#[cfg(test)]
mod tests;
