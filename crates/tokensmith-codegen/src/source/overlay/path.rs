//! Targets: JSONPath.

use serde_json_path::JsonPath;

/// The path, or what is wrong with it and what to write instead.
pub(super) fn parse(target: &str) -> Result<JsonPath, (String, String)> {
    JsonPath::parse(target).map_err(|error| {
        let message = format!("`{target}` is not a JSONPath: {error}");
        let help = match with_names_in_quotes(target) {
            Some(meant) => format!("a name with other characters than letters, digits and `_` stands in brackets: write {meant}"),
            None => "write a JSONPath (RFC 9535), such as $.paths['/oauth/token'].post".to_owned(),
        };
        (message, help)
    })
}

/// The path with names behind dots in brackets where they have to be; nothing where that does not make it one.
fn with_names_in_quotes(target: &str) -> Option<String> {
    let mut rest = target.strip_prefix('$')?;
    let mut meant = "$".to_owned();
    while !rest.is_empty() {
        let dots = rest.len() - rest.trim_start_matches('.').len();
        let (before, name) = rest.split_at(dots);
        let end = match dots {
            // What stands in brackets is right or wrong by itself.
            0 => bracketed(name)?,
            _ => name.find(['.', '[']).unwrap_or(name.len()),
        };
        let (name, behind) = name.split_at(end);
        let is_name = |name: &str| JsonPath::parse(&format!("$.{name}")).is_ok();
        match (dots, name) {
            (0, _) => meant.push_str(name),
            (_, "") => meant.push_str(before),
            _ if is_name(name) => meant.extend([before, name]),
            _ => {
                let before = if dots > 1 { ".." } else { "" };
                let name = name.replace('\\', "\\\\").replace('\'', "\\'");
                meant.push_str(&format!("{before}['{name}']"));
            }
        }
        rest = behind;
    }
    JsonPath::parse(&meant).is_ok().then_some(meant)
}

/// Where brackets that begin a text end.
fn bracketed(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut open = 0_usize;
    let mut characters = text.char_indices();
    while let Some((index, character)) = characters.next() {
        match (quote, character) {
            (Some(_), '\\') => {
                characters.next();
            }
            (Some(mark), _) if mark == character => quote = None,
            (None, '\'' | '"') => quote = Some(character),
            (None, '[') => open += 1,
            (None, ']') => open = open.checked_sub(1)?,
            _ => {}
        }
        if quote.is_none() && open == 0 {
            return (character == ']').then_some(index + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_need_quotes_get_them() {
        let meant = |target: &str| with_names_in_quotes(target);
        assert_eq!(meant("$..x-m").as_deref(), Some("$..['x-m']"));
        assert_eq!(
            meant("$.paths./oauth/token.post").as_deref(),
            Some("$.paths['/oauth/token'].post")
        );
        assert_eq!(
            meant("$.paths['/a.b'].*.x-y[?@.c == ']'][0]").as_deref(),
            Some("$.paths['/a.b'].*['x-y'][?@.c == ']'][0]")
        );
        for hopeless in ["paths", "$.a[", "$.a.", "$", "$]", "$['a", "a-b"] {
            assert_eq!(
                meant(hopeless).filter(|_| hopeless != "$"),
                None,
                "{hopeless}"
            );
        }
    }
}
