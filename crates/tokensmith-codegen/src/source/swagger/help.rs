//! Fixes in the words of Swagger 2.0, for those that are written in the words of OpenAPI 3.

/// A fix as a document of Swagger 2.0 can have it.
pub(crate) fn in_its_words(help: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut open = help.lines().peekable();
    while let Some(line) = open.next() {
        let url = open
            .peek()
            .and_then(|next| next.trim().strip_prefix("- url: "));
        match (line.strip_suffix("servers:"), url) {
            (Some(before), Some(url)) => {
                lines.extend(server(url).map(|line| format!("{before}{line}")));
                open.next();
                // Nothing in Swagger 2.0 describes a server.
                open.next_if(|next| next.trim().starts_with("description: "));
            }
            _ => lines.push(changed(line)),
        }
    }
    lines.join("\n")
}

/// What a server's URL is apart.
fn server(url: &str) -> impl Iterator<Item = String> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let path = (!path.is_empty()).then(|| format!("basePath: /{path}"));
    let lines = [format!("host: {host}"), format!("schemes: [{scheme}]")];
    lines.into_iter().chain(path)
}

fn changed(line: &str) -> String {
    let line = line
        .replace("securitySchemes", "securityDefinitions")
        .replace("{type: http, scheme: basic}", "{type: basic}")
        .replace(
            "{type: http, scheme: bearer}",
            "{type: apiKey, name: Authorization, in: header}",
        )
        .replace(
            "one branch of `oneOf`",
            "one branch of `oneOf`, which OpenAPI 3 has and Swagger 2.0 has not",
        );
    let line = match line.trim_start().starts_with("- {name: ") {
        true => without_braces(&line, "schema: {", 1),
        false => line,
    };
    match line.contains("content: {application/json: {schema: ") {
        true => without_braces(&line, "content: {application/json: {", 2),
        false => line,
    }
}

/// A line without what opens objects, and without what closes so many of them at its end.
fn without_braces(line: &str, opening: &str, count: usize) -> String {
    let closing = "}".repeat(count);
    match line.split_once(opening) {
        Some((before, rest)) if rest.ends_with(&closing) => {
            format!("{before}{}", &rest[..rest.len() - count])
        }
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::in_its_words;

    #[test]
    fn a_fix_has_the_keys_of_the_document() {
        for (help, expected) in [
            (
                "servers:\n  - url: https://api.example.com\n    description: Production",
                "host: api.example.com\nschemes: [https]",
            ),
            (
                "servers:\n  - url: https://api.example.com/v1\nor no other",
                "host: api.example.com\nschemes: [https]\nbasePath: /v1\nor no other",
            ),
            (
                "declare it:\nparameters:\n- {name: state, in: query, schema: {type: string}}",
                "declare it:\nparameters:\n- {name: state, in: query, type: string}",
            ),
            (
                "'400': {description: Refused., content: {application/json: {schema: {properties: {error: {type: string}}}}}}",
                "'400': {description: Refused., schema: {properties: {error: {type: string}}}}",
            ),
            (
                "declare a security scheme:\nsecuritySchemes: {basic: {type: http, scheme: basic}}",
                "declare a security scheme:\nsecurityDefinitions: {basic: {type: basic}}",
            ),
            (
                "say so:\nx-tokensmith: {client-auth: basic}",
                "say so:\nx-tokensmith: {client-auth: basic}",
            ),
        ] {
            assert_eq!(in_its_words(help), expected);
        }
    }
}
