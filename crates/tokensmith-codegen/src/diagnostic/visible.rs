//! Characters that are not shown, or that change how others are shown.

/// Writes out control characters and what hides how a text reads, as `\u{202e}`. Tabs and carriage returns become
/// spaces.
pub(crate) fn visible(text: &str) -> String {
    // Most texts, at the speed of bytes.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\t' | '\r' => shown.push(' '),
            hidden if is_hidden(hidden) => shown.extend(hidden.escape_unicode()),
            other => shown.push(other),
        }
    }
    shown
}

/// Whether a reader cannot see the character: control characters, line separators, directional and zero-width
/// formatting, tags.
pub(crate) fn is_hidden(character: char) -> bool {
    is_control(character)
        || matches!(
            character,
            '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// Whether a program that shows the character may obey it: C0 and C1 controls, DEL, line and paragraph separators, and
/// [directional formatting](https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters).
pub(crate) fn is_control(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// Takes from each line what programs that run builds would obey: the workflow commands of GitHub (`::error::`, and
/// `##[error]` anywhere in a line) and of Azure Pipelines (`##vso[..]`), and the instructions of a build script to cargo
/// (`cargo::rustc-link-arg=..`), which may pass on what another program printed.
pub(crate) fn without_commands(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(without_command).collect();
    lines.join("\n")
}

fn without_command(line: &str) -> String {
    let (start, rest) = line.split_at(line.len() - line.trim_start().len());
    let command = ["::", "cargo:"]
        .iter()
        .find_map(|command| Some((command.strip_suffix(':')?, rest.strip_prefix(command)?)));
    let line = match command {
        Some((before, rest)) => format!("{start}{before}\\u{{3a}}{rest}"),
        None => line.to_owned(),
    };
    line.replace("##[", "#\\u{23}[")
        .replace("##vso[", "#\\u{23}vso[")
}
