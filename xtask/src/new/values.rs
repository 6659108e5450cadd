//! Answers as values.

use tokensmith_author::template::{Grant, find_grant, read_parameter};
use tokensmith_codegen::model::ClientAuth;

/// Grants between commas or blanks, each once.
pub(super) fn grants(text: &str) -> Result<Vec<Grant>, String> {
    let mut grants: Vec<Grant> = Vec::new();
    let written = text.split([' ', ',']).filter(|grant| !grant.is_empty());
    for grant in written {
        let grant = Grant::new(find_grant(grant)?);
        if !grants.contains(&grant) {
            grants.push(grant);
        }
    }
    if grants.is_empty() {
        return Err("name one at least".to_owned());
    }
    Ok(grants)
}

/// Gives each grant the parameters that are said to be its: `account_id?`, `token_exchange=audience`.
pub(super) fn add_parameters(grants: &mut [Grant], given: &[String]) -> Result<(), String> {
    for text in given {
        // A URI may have a `=` of its own; a parameter has none.
        let (grant, parameter) = match text.rsplit_once('=') {
            Some((grant, parameter)) => (Some(find_grant(grant)?), parameter),
            None => (None, text.as_str()),
        };
        let parameter = read_parameter(parameter)?;
        let mut candidates = grants.iter_mut().filter(|candidate| match &grant {
            Some(grant) => candidate.value == *grant,
            None => candidate.is_own(),
        });
        match (candidates.next(), candidates.next()) {
            (Some(grant), None) => grant.parameters.push(parameter),
            (None, _) if grant.is_some() => {
                return Err(format!("--grant does not name the grant of `{text}`"));
            }
            _ => {
                return Err(format!(
                    "`{text}` does not say which grant's parameter it is: write GRANT={text}"
                ));
            }
        }
    }
    Ok(())
}

pub(super) fn client_auth(text: &str) -> Result<ClientAuth, String> {
    let known: Vec<&str> = ClientAuth::ALL
        .iter()
        .map(|method| method.as_str())
        .collect();
    text.to_ascii_lowercase()
        .parse::<ClientAuth>()
        .map_err(|_| {
            format!(
                "`{text}` is not a client authentication: the choices are {}",
                known.join(", ")
            )
        })
}

/// One of several words, in whatever case it is written.
pub(super) fn choice<T: Copy>(text: &str, choices: &[(&str, T)]) -> Result<T, String> {
    let found = choices
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(text));
    found.map(|(_, value)| *value).ok_or_else(|| {
        let known: Vec<String> = choices
            .iter()
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        format!(
            "`{text}` is not a choice: the choices are {}",
            known.join(", ")
        )
    })
}

/// `space`, `comma`, or the character itself.
pub(super) fn separator(text: &str) -> Result<char, String> {
    let mut characters = text.chars();
    match (
        text.to_ascii_lowercase().as_str(),
        characters.next(),
        characters.next(),
    ) {
        ("space", ..) => Ok(' '),
        ("comma", ..) => Ok(','),
        (_, Some(only), None) if only == ' ' || only.is_ascii_punctuation() => Ok(only),
        _ => Err(format!(
            "`{text}` cannot stand between scopes: write `space`, `comma`, or the character"
        )),
    }
}

/// Seconds: `3600`, `60m`, `24h`, `90d`.
pub(super) fn lifetime(text: &str) -> Result<u32, String> {
    let (number, unit) = match text.char_indices().next_back() {
        Some((at, 's')) => (&text[..at], 1),
        Some((at, 'm')) => (&text[..at], 60),
        Some((at, 'h')) => (&text[..at], 3_600),
        Some((at, 'd')) => (&text[..at], 86_400),
        _ => (text, 1),
    };
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = number.parse::<u32>().ok().filter(|_| is_number);
    let seconds = seconds.and_then(|number| number.checked_mul(unit));
    seconds.filter(|seconds| *seconds > 0).ok_or_else(|| {
        format!("`{text}` is not a lifetime: write seconds, or a number with `m`, `h` or `d`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_finds_its_grant() {
        let mut given = grants("token_exchange, account_credentials").expect("is right");
        let parameters = ["account_id", "token_exchange=audience?"].map(str::to_owned);
        add_parameters(&mut given, &parameters).expect("is right");
        let names = |grant: &Grant| {
            grant
                .parameters
                .iter()
                .map(|one| one.name.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(names(&given[0]), ["audience"]);
        assert_eq!(names(&given[1]), ["account_id"]);
        for (grants_given, wrong) in [
            ("password", "x"),
            ("one,two", "x"),
            ("password", "magic=x"),
            ("magic", "a: b"),
            ("magic", "a\n"),
        ] {
            let mut given = grants(grants_given).expect("is right");
            let told = add_parameters(&mut given, &[wrong.to_owned()]);
            assert!(told.is_err(), "{grants_given} {wrong}");
        }
    }

    #[test]
    fn a_lifetime_is_read_in_several_units() {
        for (text, seconds) in [
            ("3600", 3600),
            ("90s", 90),
            ("60m", 3600),
            ("24h", 86_400),
            ("90d", 7_776_000),
        ] {
            assert_eq!(lifetime(text), Ok(seconds));
        }
        for text in [
            "",
            "0",
            "h",
            "-1",
            "+1",
            "1.5h",
            "1w",
            "99999999d",
            "\u{e9}",
        ] {
            assert!(lifetime(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_separator_is_one_character() {
        for (text, separator) in [("Space", ' '), ("comma", ','), ("+", '+'), (" ", ' ')] {
            assert_eq!(super::separator(text), Ok(separator));
        }
        for text in ["", "x", "1", "\n", "::", "\u{202e}"] {
            assert!(separator(text).is_err(), "{text:?}");
        }
    }
}
