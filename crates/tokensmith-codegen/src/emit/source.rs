//! Where a description comes from, as it says itself: `Source: docs.example.com`.
//!
//! Whoever maintains a document needs that at each description; whoever uses the crate needs it once, in the README.

use std::collections::BTreeSet;

use crate::model::{Endpoint, Model, Operation, ParameterKind, TypeDef};

/// A description without its sources.
pub(crate) fn without(description: &str) -> String {
    let (text, _) = split(description);
    text.trim_end().to_owned()
}

/// All sources that the descriptions of a document name.
pub(crate) fn all(model: &Model) -> BTreeSet<String> {
    let mut sources = BTreeSet::new();
    for description in descriptions(model) {
        let (_, named) = split(description);
        // A folded text has its line breaks anywhere.
        let named = named.iter().map(|text| text.split_whitespace());
        let named = named.map(|words| words.collect::<Vec<_>>().join(" "));
        for text in named {
            let single = text.trim_end_matches('.').split("; ");
            sources.extend(single.map(str::to_owned));
        }
    }
    sources
}

/// Takes a description apart: what it says, and what it names as its sources, up to the ends of their paragraphs.
fn split(description: &str) -> (String, Vec<&str>) {
    let (mut text, mut sources) = (String::new(), Vec::new());
    let mut rest = description;
    while let Some((start, named)) = find(rest) {
        text.push_str(rest[..start].trim_end());
        let after = &rest[named..];
        let end = after.find("\n\n").unwrap_or(after.len());
        sources.push(&after[..end]);
        rest = &after[end..];
    }
    text.push_str(rest);
    (text, sources)
}

/// Where the next sources are named: the beginning of the mark, and its end.
fn find(text: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(found) = text[from..].find("Source") {
        let start = from + found;
        let before = text[..start].trim_end();
        let is_sentence = before.is_empty() || before.ends_with(['.', ')', '!', '?', '"', '`']);
        let is_apart = before.len() < start || before.is_empty();
        let after = &text[start..];
        let mark = ["Source: ", "Sources: "]
            .into_iter()
            .find(|mark| after.starts_with(mark));
        if let Some(mark) = mark.filter(|_| is_sentence && is_apart) {
            return Some((start, start + mark.len()));
        }
        from = start + "Source".len();
    }
    None
}

/// Every description of which the crate shows something.
fn descriptions(model: &Model) -> Vec<&str> {
    let mut descriptions: Vec<Option<&String>> = vec![model.description.as_ref()];
    for endpoint in &model.endpoints {
        let Endpoint {
            description,
            operations,
            errors,
            paths,
            client,
            ..
        } = endpoint;
        descriptions.push(description.as_ref());
        let words = client.id.iter().chain(&client.secret);
        descriptions.extend(words.map(|words| Some(&words.text)));
        descriptions.extend(errors.iter().map(|case| case.description.as_ref()));
        descriptions.extend(paths.iter().map(|choice| choice.description.as_ref()));
        for Operation {
            description,
            parameters,
            ..
        } in operations
        {
            descriptions.push(description.as_ref());
            for parameter in parameters {
                descriptions.push(parameter.description.as_ref());
                if let ParameterKind::Enum(def) = &parameter.kind {
                    descriptions.push(def.description.as_ref());
                }
            }
        }
    }
    for def in &model.types {
        match def {
            TypeDef::Struct(def) => {
                descriptions.push(def.description.as_ref());
                descriptions.extend(def.fields.iter().map(|field| field.description.as_ref()));
            }
            TypeDef::Enum(def) => descriptions.push(def.description.as_ref()),
        }
    }
    descriptions.extend(model.scopes.iter().map(|scope| scope.description.as_ref()));
    for server in &model.servers {
        descriptions.push(server.description.as_ref());
        let variables = server.variables.iter();
        descriptions.extend(variables.map(|variable| variable.description.as_ref()));
    }
    descriptions
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_taken_from_the_end_of_a_paragraph() {
        let parts = |text| {
            let (text, sources) = split(text);
            (text, sources.join("|"))
        };
        let parted = |text: &str, sources: &str| (text.to_owned(), sources.to_owned());
        assert_eq!(
            parts("The token. Source: a; b, `c`."),
            parted("The token.", "a; b, `c`.")
        );
        assert_eq!(
            parts("One.\n\nSources: a,\nb.\n\nTwo."),
            parted("One.\n\nTwo.", "a,\nb.")
        );
        assert_eq!(parts("Source: a"), parted("", "a"));
        for text in ["The data Source: x", "Sources of income", "a.Source: b"] {
            assert_eq!(parts(text), parted(text, ""));
        }
    }
}
