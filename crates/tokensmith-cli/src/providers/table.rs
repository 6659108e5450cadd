//! Several providers: a line for each, with its name, its title and its grants.

use super::facts::{ProviderFacts, short_grant};

/// The number of columns that a line has at most.
const WIDTH: usize = 100;

/// Returns the lines, with the columns below each other.
pub(super) fn table(providers: &[ProviderFacts]) -> String {
    let widest = |text: fn(&ProviderFacts) -> &str| {
        let widths = providers.iter().map(|facts| text(facts).chars().count());
        widths.max().unwrap_or(0)
    };
    let (names, titles) = (widest(|facts| facts.name), widest(|facts| facts.title));
    let room = WIDTH.saturating_sub(names + titles + 4);
    let lines = providers.iter().map(|facts| {
        let (name, title) = (facts.name, facts.title);
        let grants = listed(&short_grants(facts), room);
        format!("{name:names$}  {title:titles$}  {grants}\n")
    });
    lines.collect()
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
