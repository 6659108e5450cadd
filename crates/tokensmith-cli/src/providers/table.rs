//! Several providers: a line for each, with its name, its title and its grants.

use tokensmith_codegen::diagnostic::output::{Style, Styled};

use super::facts::{ProviderFacts, short_grant};

/// The number of columns that a line has at most.
const WIDTH: usize = 100;

/// Returns the lines, with the columns below each other.
pub(super) fn table(providers: &[ProviderFacts], coloured: bool) -> Styled {
    let widest = |text: fn(&ProviderFacts) -> &str| {
        let widths = providers.iter().map(|facts| text(facts).chars().count());
        widths.max().unwrap_or(0)
    };
    let (names, titles) = (widest(|facts| facts.name), widest(|facts| facts.title));
    let room = WIDTH.saturating_sub(names + titles + 4);
    let mut text = Styled::new(coloured);
    for facts in providers {
        let (name, title) = (facts.name, facts.title);
        let grants = listed(&short_grants(facts), room);
        text.push(Style::Strong, &format!("{name:names$}"));
        text.text(&format!("  {title:titles$}  "));
        text.push(Style::Label, &grants).end_line();
    }
    text
}

fn short_grants<'a>(facts: &'a ProviderFacts) -> Vec<&'a str> {
    let mut grants: Vec<&'a str> = Vec::new();
    for grant in facts.grants().map(short_grant) {
        if !grants.contains(&grant) {
            grants.push(grant);
        }
    }
    grants
}

/// Lists as many grants as there is room for, and counts the others.
fn listed(grants: &[&str], room: usize) -> String {
    let mut count = grants.len();
    loop {
        let mut words: Vec<String> = grants.iter().take(count).map(ToString::to_string).collect();
        if count < grants.len() {
            words.push(format!("(+{})", grants.len() - count));
        }
        let line = words.join(" ");
        if line.chars().count() <= room || count == 0 {
            return line;
        }
        count -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grants_that_have_no_room_are_counted() {
        let grants = ["client_credentials", "refresh_token", "password"];
        assert_eq!(
            listed(&grants, 41),
            "client_credentials refresh_token password"
        );
        assert_eq!(listed(&grants, 40), "client_credentials refresh_token (+1)");
        assert_eq!(listed(&grants, 5), "(+3)");
        assert_eq!(listed(&[], 0), "");
    }
}
