//! What may be seen of a text.

use scraper::ElementRef;

use crate::texts::Text;

/// Elements that a text may ask for, with the attributes that a renderer gives them.
const ELEMENTS: [(&str, &[&str]); 32] = [
    ("a", &["href", "class"]),
    ("blockquote", &[]),
    ("br", &[]),
    ("code", &["class"]),
    ("del", &[]),
    ("div", &["class"]),
    ("em", &[]),
    ("h1", &["id"]),
    ("h2", &["id"]),
    ("h3", &["id"]),
    ("h4", &["id"]),
    ("h5", &["id"]),
    ("h6", &["id"]),
    ("hr", &[]),
    ("li", &[]),
    ("ol", &["start"]),
    ("p", &[]),
    ("pre", &["class", "lang"]),
    ("span", &["class"]),
    ("strong", &[]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", &["align", "style"]),
    ("th", &["align", "style"]),
    ("thead", &[]),
    ("tr", &[]),
    ("ul", &[]),
    ("wbr", &[]),
    // Of the parser's own.
    ("html", &[]),
    ("head", &[]),
    ("body", &[]),
    ("colgroup", &[]),
];

/// Everything below an element that its text did not ask for.
pub(crate) fn foreign(shown: ElementRef<'_>, markdown: &str) -> Vec<String> {
    let elements = shown.descendent_elements();
    elements
        .filter(|element| element.id() != shown.id())
        .flat_map(|element| judge(element, markdown))
        .collect()
}

fn judge(element: ElementRef<'_>, markdown: &str) -> Vec<String> {
    let name = element.value().name();
    let Some((_, known)) = ELEMENTS.iter().find(|(known, _)| *known == name) else {
        return vec![format!("an element {name}")];
    };
    let mut complaints = Vec::new();
    for (attribute, value) in element.value().attrs() {
        if !known.contains(&attribute) {
            complaints.push(format!("an attribute {attribute} of {name}"));
        }
        if attribute == "href" && !is_asked_for(value, markdown) {
            complaints.push(format!("a link to {value}"));
        }
    }
    complaints
}

/// A heading's own place in the page, a URL whose host the text has, or an address in it, which GitHub makes a link.
fn is_asked_for(url: &str, markdown: &str) -> bool {
    let (url, markdown) = (url.to_lowercase(), markdown.to_lowercase());
    if let Some(address) = url.strip_prefix("mailto:") {
        return markdown.contains(address);
    }
    let host = |scheme| {
        let rest = url.strip_prefix(scheme)?;
        rest.split(['/', '?', '#']).next()
    };
    match host("https://").or_else(|| host("http://")) {
        Some(host) => markdown.contains(&format!("://{host}")),
        None => url.starts_with('#'),
    }
}

/// What is hidden in the text that is shown, or missing from it.
pub(crate) fn unreadable(shown: ElementRef<'_>, text: &Text) -> Option<String> {
    let seen: String = shown.text().collect();
    let is_hidden = |character: char| {
        character.is_control() && character != '\n'
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
    };
    if let Some(hidden) = seen.chars().find(|character| is_hidden(*character)) {
        return Some(format!("{hidden:?} is in the page"));
    }
    let mut rest = seen.as_str();
    for word in &text.words {
        match rest.split_once(word.as_str()) {
            Some((_, after)) => rest = after,
            None => return Some(format!("{word} is not shown")),
        }
    }
    None
}
