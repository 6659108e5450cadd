//! Statements laid out by rustfmt's rules.
//!
//! What is here: imports, signatures, assignments, chains, calls and slices, each on one line where it fits rustfmt's default widths.

use super::MAX_WIDTH;

/// rustfmt's `chain_width`, `fn_call_width` and `array_width`.
const NARROW: usize = 60;
/// rustfmt's `short_array_element_width_threshold`.
const SHORT_ELEMENT: usize = 10;

/// How the statement ends that this line begins, if it is one that is laid out here.
pub(super) fn end_of(line: &str) -> Option<&'static str> {
    const STATEMENTS: [&str; 11] = [
        "static ", "pub(crate) static ", "const ", "pub const ", "type ", "pub type ", "let ", "use ", "pub use ",
        "parameters", "println!",
    ];
    let text = line.trim_start();
    let assigns = text.starts_with("self.") && text.contains(" =");
    if assigns || STATEMENTS.iter().any(|start| text.starts_with(start)) {
        return Some(";");
    }
    ["fn ", "pub fn ", "pub(crate) fn "].iter().any(|start| text.starts_with(start)).then_some("{")
}

/// Adds the next line of a statement that was broken.
pub(super) fn append(whole: &mut String, next: &str) {
    let closes = next.starts_with([')', ']', '>']) || next == "};" || next.starts_with('}');
    if closes {
        if whole.ends_with(',') {
            whole.pop();
        }
    } else if !whole.ends_with(['(', '[', '<']) && !whole.ends_with("::{") && !next.starts_with(['.', '?']) {
        whole.push(' ');
    }
    whole.push_str(next);
}

/// The lines of a statement that stands on one, indentation included.
pub(super) fn lay_out(whole: &str) -> Vec<String> {
    let text = whole.trim_start();
    let indent = whole.len() - text.len();
    let lines = if whole.len() <= MAX_WIDTH && text.contains("use ") && text.starts_with(['u', 'p']) && text.contains("::{") {
        vec![text.to_owned()]
    } else if text.starts_with("use ") || text.starts_with("pub use ") {
        import(text, indent)
    } else if text.ends_with('{') {
        signature(text, indent)
    } else {
        assignment(text, indent)
    };
    let pad = " ".repeat(indent);
    lines.into_iter().map(|line| format!("{pad}{line}")).collect()
}

fn import(text: &str, indent: usize) -> Vec<String> {
    let Some((head, rest)) = text.split_once('{') else { return vec![text.to_owned()] };
    let Some((names, _)) = rest.split_once('}') else { return vec![text.to_owned()] };
    if indent + text.len() <= MAX_WIDTH {
        return vec![text.to_owned()];
    }
    let names: Vec<&str> = names.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let mut lines = vec![format!("{head}{{")];
    lines.extend(filled(&names, indent + 4));
    lines.push("};".to_owned());
    lines
}

/// As many to a line as fit.
fn filled(items: &[&str], indent: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for item in items {
        match lines.last_mut() {
            Some(line) if indent - 4 + line.len() + 2 + item.len() <= MAX_WIDTH => {
                line.push(' ');
                line.push_str(item);
                line.push(',');
            }
            _ => lines.push(format!("    {item},")),
        }
    }
    lines
}

fn signature(text: &str, indent: usize) -> Vec<String> {
    if indent + text.len() <= MAX_WIDTH {
        return vec![text.to_owned()];
    }
    let Some((open, close)) = parameter_list(text) else { return vec![text.to_owned()] };
    let mut lines = vec![text[..=open].to_owned()];
    lines.extend(split(&text[open + 1..close]).into_iter().map(|parameter| format!("    {parameter},")));
    lines.push(text[close..].to_owned());
    lines
}

/// Where the parameters of a signature begin and end: the first parenthesis and its partner.
fn parameter_list(text: &str) -> Option<(usize, usize)> {
    let open = text.find('(')?;
    let mut depth = 0_usize;
    for (index, character) in text.char_indices().skip(open) {
        match character {
            '(' => depth += 1,
            ')' if depth == 1 => return Some((open, index)),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn assignment(text: &str, indent: usize) -> Vec<String> {
    let body = text.strip_suffix(';').unwrap_or(text);
    let Some(equals) = body.find(" = ").map(|at| top_level_equals(body, at)) else {
        return lay_out_expression(body, indent, 0, ";");
    };
    let (head, value) = (&body[..equals + 2], &body[equals + 3..]);
    let beside = lay_out_expression(value, indent, head.len() + 1, ";");
    let fits_beside = indent + head.len() + 1 + beside[0].len() <= MAX_WIDTH;
    let below = lay_out_expression(value, indent + 4, 0, ";");
    // rustfmt moves a value to the next line where that makes it whole, or where its first line would not fit.
    let whole_below = below.len() == 1 && beside.len() > 1;
    if fits_beside && !whole_below && (beside.len() <= below.len() || !is_chain(value)) {
        return joined(head, beside);
    }
    let mut lines = vec![head.to_owned()];
    lines.extend(below.into_iter().map(|line| format!("    {line}")));
    lines
}

fn joined(head: &str, mut lines: Vec<String>) -> Vec<String> {
    lines[0] = format!("{head} {}", lines[0]);
    lines
}

/// The `=` that assigns, not one of a generic default such as `<T = X>`.
fn top_level_equals(body: &str, first: usize) -> usize {
    let mut angle = 0_i32;
    for (index, character) in body.char_indices() {
        match character {
            '<' => angle += 1,
            '>' if !body[..index].ends_with('-') => angle -= 1,
            '=' if angle == 0 && body[..index].ends_with(' ') && body[index + 1..].starts_with(' ') => return index - 1,
            _ => {}
        }
    }
    first
}

fn is_chain(expression: &str) -> bool {
    chain(expression).len() > 2
}

/// The lines of an expression; the first begins `used` columns after the indentation.
fn lay_out_expression(expression: &str, indent: usize, used: usize, end: &str) -> Vec<String> {
    let fits = indent + used + expression.len() + end.len() <= MAX_WIDTH;
    if fits && is_narrow(expression) {
        return vec![format!("{expression}{end}")];
    }
    let segments = chain(expression);
    // A single call whose arguments do not fit is broken at its arguments, not at its dot.
    let breaks_at_dot = segments.len() == 2 && is_narrow(segments[1]) && !fits;
    if segments.len() > 2 || breaks_at_dot {
        return vertical_chain(&segments, indent, used, end);
    }
    if let Some(items) = slice(expression) {
        return bracketed("&[", &items, "]", indent, end);
    }
    if let Some((callee, arguments)) = call(expression) {
        return lay_out_call(callee, &arguments, indent, used, end);
    }
    vec![format!("{expression}{end}")]
}

fn vertical_chain(segments: &[&str], indent: usize, used: usize, end: &str) -> Vec<String> {
    let mut lines = lay_out_expression(segments[0], indent, used, "");
    // After a head of several lines the calls stand below its closing bracket.
    let deeper = if lines.len() == 1 { 4 } else { 0 };
    for segment in &segments[1..] {
        let nested = lay_out_expression(segment, indent + deeper, 0, "");
        lines.extend(nested.into_iter().map(|line| format!("{:deeper$}{line}", "")));
    }
    if let Some(last) = lines.last_mut() {
        last.push_str(end);
    }
    lines
}

fn lay_out_call(callee: &str, arguments: &[&str], indent: usize, used: usize, end: &str) -> Vec<String> {
    if let Some((last, first)) = arguments.split_last()
        && let Some(items) = slice(last)
    {
        let before: String = first.iter().map(|argument| format!("{argument}, ")).collect();
        let open = format!("{callee}({before}&[");
        let is_short = is_narrow(last) && indent + 4 + last.len() < MAX_WIDTH;
        if !is_short
            && indent + used + open.len() <= MAX_WIDTH
            && before.len() <= NARROW
        {
            return bracketed(&open, &items, "])", indent, end);
        }
    }
    bracketed(&format!("{callee}("), arguments, ")", indent, end)
}

/// One item to a line between brackets; short ones share lines.
fn bracketed(open: &str, items: &[&str], close: &str, indent: usize, end: &str) -> Vec<String> {
    let mut lines = vec![open.to_owned()];
    if open.ends_with('[') && items.len() > 1 && items.iter().all(|item| item.len() <= SHORT_ELEMENT) {
        lines.extend(filled(items, indent + 4));
    } else {
        for item in items {
            let nested = lay_out_expression(item, indent + 4, 0, ",");
            lines.extend(nested.into_iter().map(|line| format!("    {line}")));
        }
    }
    lines.push(format!("{close}{end}"));
    lines
}

/// Whether every part of an expression is within rustfmt's narrower widths.
fn is_narrow(expression: &str) -> bool {
    let segments = chain(expression);
    if segments.len() > 2 && expression.len() > NARROW {
        return false;
    }
    segments.iter().all(|segment| match (slice(segment), call(segment)) {
        (Some(items), _) => list_is_narrow(&items),
        (None, Some((_, arguments))) => list_is_narrow(&arguments),
        (None, None) => true,
    })
}

fn list_is_narrow(items: &[&str]) -> bool {
    let width = items.iter().map(|item| item.len() + 2).sum::<usize>().saturating_sub(2);
    (width <= NARROW || items.len() == 1) && items.iter().all(|item| is_narrow(item))
}

/// `a.b(c).d()` as `a`, `.b(c)` and `.d()`.
fn chain(expression: &str) -> Vec<&str> {
    let mut segments = Vec::new();
    let mut from = 0;
    for (index, character) in top_level(expression) {
        let is_method = expression[index + 1..].starts_with(|next: char| next.is_ascii_lowercase());
        if character == '.' && is_method && index > 0 {
            segments.push(&expression[from..index]);
            from = index;
        }
    }
    segments.push(&expression[from..]);
    segments
}

/// The items of `&[a, b]`.
fn slice(expression: &str) -> Option<Vec<&str>> {
    let inner = expression.strip_prefix("&[")?.strip_suffix(']')?;
    Some(split(inner))
}

/// `a.b(c, d)` as `a.b` and its arguments.
fn call(expression: &str) -> Option<(&str, Vec<&str>)> {
    let inner = expression.strip_suffix(')')?;
    let open = inner.find('(')?;
    let arguments = &inner[open + 1..];
    let closes_early = top_level(arguments).any(|(_, character)| character == ')');
    (!closes_early).then(|| (&expression[..open], split(arguments)))
}

/// The parts between commas.
fn split(list: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut from = 0;
    for (index, character) in top_level(list) {
        if character == ',' {
            parts.push(list[from..index].trim());
            from = index + 1;
        }
    }
    parts.push(list[from..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// The characters outside brackets and string literals; a closing bracket without its partner counts.
fn top_level(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut depth = 0_i32;
    let mut quoted = false;
    let mut escaped = false;
    text.char_indices().filter(move |(_, character)| {
        if quoted {
            match character {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => quoted = false,
                _ => {}
            }
            return false;
        }
        match character {
            '"' => quoted = true,
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' | '>' => {
                depth -= 1;
                return depth < 0;
            }
            _ => return depth == 0,
        }
        false
    })
}
