//! Wire names become Rust identifiers.

use crate::model::rfc;

/// Words that no identifier may be, even raw.
const NEVER_RAW: [&str; 4] = ["self", "Self", "super", "crate"];

/// The words of a name, split at whatever is no letter or digit and where lower case turns to upper case.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    let characters: Vec<char> = name.chars().collect();
    for (index, &character) in characters.iter().enumerate() {
        if !character.is_ascii_alphanumeric() {
            open = false;
            continue;
        }
        let before = index.checked_sub(1).map(|before| characters[before]);
        let after = characters.get(index + 1);
        let camel = character.is_ascii_uppercase()
            && before.is_some_and(|before| {
                before.is_ascii_lowercase()
                    || before.is_ascii_digit()
                    || before.is_ascii_uppercase() && after.is_some_and(char::is_ascii_lowercase)
            });
        match words.last_mut() {
            Some(word) if open && !camel => word.push(character.to_ascii_lowercase()),
            _ => words.push(character.to_ascii_lowercase().to_string()),
        }
        open = true;
    }
    words
}

/// `OauthToken` for `oauth_token`; `None` when nothing in the name can stand in an identifier.
pub(crate) fn pascal(name: &str) -> Option<String> {
    let mut identifier = String::new();
    for word in words(name) {
        let mut characters = word.chars();
        identifier.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        identifier.push_str(characters.as_str());
    }
    if identifier.starts_with(|first: char| first.is_ascii_digit()) {
        identifier.insert(0, 'N');
    }
    if identifier == "Self" {
        identifier.push('_');
    }
    (!identifier.is_empty()).then_some(identifier)
}

/// `oauth_token` for `oauthToken`; a keyword becomes a raw identifier.
pub(crate) fn snake(name: &str) -> Option<String> {
    let mut identifier = words(name).join("_");
    if identifier.starts_with(|first: char| first.is_ascii_digit()) {
        // Clippy does not take digits and underscores for a name.
        let has_letter = identifier.contains(|letter: char| letter.is_ascii_alphabetic());
        identifier.insert(0, if has_letter { '_' } else { 'n' });
    }
    if NEVER_RAW.contains(&identifier.as_str()) {
        identifier.push('_');
    } else if is_keyword(&identifier) {
        identifier.insert_str(0, "r#");
    }
    (!identifier.is_empty()).then_some(identifier)
}

/// Two type names as one, in which words that the first ends with and the second begins with stand once:
/// `ExchangeTokenError` of `ExchangeToken` and `TokenError`. Nor does the second repeat what the first begins with:
/// `ExpressAuthorize` of `AuthorizeExpress` and `Authorize`.
pub(crate) fn joined(first: &str, second: &str) -> String {
    let (of_first, of_second) = (words(first), words(second));
    let length = |words: &[String]| words.iter().map(String::len).sum::<usize>();
    if of_first.len() > of_second.len() && of_first.starts_with(&of_second) {
        let rest = first.get(length(&of_second)..).unwrap_or(first);
        return format!("{rest}{second}");
    }
    let most = of_first.len().min(of_second.len());
    let mut shared = (1..=most).rev().filter_map(|count| of_second.get(..count));
    let shared = shared.find(|words| of_first.ends_with(words));
    let rest = second.get(shared.map_or(0, length)..).unwrap_or(second);
    format!("{first}{rest}")
}

/// `OAUTH_TOKEN` for `oauthToken`.
pub(crate) fn screaming(name: &str) -> Option<String> {
    let mut identifier = words(name).join("_").to_ascii_uppercase();
    if identifier.starts_with(|first: char| first.is_ascii_digit()) {
        identifier.insert(0, '_');
    }
    (!identifier.is_empty()).then_some(identifier)
}

/// A name with its punctuation in words: ` colon ` for `:`.
pub(crate) fn spelt(name: &str) -> String {
    let mut spelt = String::with_capacity(name.len());
    for character in name.chars() {
        let word = match character {
            letter if letter.is_ascii_alphanumeric() => {
                spelt.push(letter);
                continue;
            }
            '*' => "star",
            '.' => "dot",
            ':' => "colon",
            '/' => "slash",
            '-' => "hyphen",
            '_' => "underscore",
            '+' => "plus",
            '@' => "at",
            '#' => "hash",
            '|' => "bar",
            '&' => "and",
            '=' => "equals",
            ' ' => "space",
            other => {
                spelt.push_str(&format!(" u{:x} ", u32::from(other)));
                continue;
            }
        };
        spelt.push_str(&format!(" {word} "));
    }
    spelt
}

/// [Strict and reserved keywords](https://doc.rust-lang.org/reference/keywords.html) that may be raw.
fn is_keyword(identifier: &str) -> bool {
    const KEYWORDS: [&str; 46] = [
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do",
        "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in",
        "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
        "return", "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe",
        "unsized", "use", "virtual", "where",
    ];
    KEYWORDS.contains(&identifier) || ["while", "yield"].contains(&identifier)
}

/// Whether every generated crate has this name at its root already, or may have.
pub(crate) fn is_taken(ident: &str) -> bool {
    const EXPORTS: [&str; 32] = [
        "Assertion",
        "Authorization",
        "BodyFormat",
        "Client",
        "ClientAuth",
        "Credentials",
        "DeviceAuthorization",
        "DpopKey",
        "Error",
        "ErrorCode",
        "ErrorKind",
        "ExpectedIdToken",
        "Extra",
        "HyperTransport",
        "IdToken",
        "Introspection",
        "Logout",
        "Metadata",
        "PendingAuthorization",
        "PendingLogout",
        "PushedAuthorization",
        "Redirect",
        "RegisteredClient",
        "Retry",
        "Secret",
        "Server",
        "Settings",
        "Timeouts",
        "TlsOptions",
        "Token",
        "Untyped",
        "UserInfo",
    ];
    // The examples import a request by its name, and write these.
    const EXAMPLES: [&str; 2] = ["Box", "Result"];
    EXPORTS.contains(&ident) || EXAMPLES.contains(&ident)
}

/// The type that stands for a provider.
pub(crate) fn provider_type(provider: &str) -> String {
    let ident = pascal(provider).unwrap_or_default();
    let is_request = rfc::REQUESTS.contains(&ident.as_str())
        || rfc::GRANTS.iter().any(|grant| grant.ident == ident);
    if ident.is_empty() || is_request || is_taken(&ident) {
        ident + "Provider"
    } else {
        ident
    }
}

/// A provider's name for a file of any name: `acme-auth-v2` for `Acme_Auth.v2`.
pub(crate) fn provider_name(stem: &str) -> String {
    words(stem).join("-")
}

/// Why a provider cannot have a name.
pub(crate) enum NameFault {
    /// It is no plain name of a folder.
    Form,
    /// Something else has it: what.
    Taken(&'static str),
}

/// Fails where a provider cannot have this name, of which a folder, a crate, a module and a type are made. Keywords that
/// Rust takes as raw identifiers are names: there is a provider called Box.
pub(crate) fn check_provider_name(name: &str) -> Result<(), NameFault> {
    const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];
    const PROJECT: [&str; 15] = [
        "author",
        "build",
        "cache",
        "cli",
        "codegen",
        "description",
        "fuzz",
        "mock",
        "providers",
        "runtime",
        "seal",
        "template",
        "tests",
        "web",
        "xtask",
    ];
    // Crates of Rust itself, and folders of cargo's.
    const RUST: [&str; 9] = [
        "alloc",
        "core",
        "deps",
        "examples",
        "incremental",
        "proc-macro",
        "std",
        "target",
        "test",
    ];
    let is_plain = (1..=64).contains(&name.len())
        && !name.starts_with('-')
        && !name.ends_with('-')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let is_port = |prefix: &str| {
        name.strip_prefix(prefix)
            .is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if !is_plain {
        Err(NameFault::Form)
    } else if DEVICES.contains(&name) || is_port("com") || is_port("lpt") {
        Err(NameFault::Taken("a device of Windows"))
    } else if PROJECT.contains(&name) {
        Err(NameFault::Taken("a crate of Tokensmith"))
    } else if RUST.contains(&name) {
        Err(NameFault::Taken("a crate or folder of Rust"))
    } else if NEVER_RAW.contains(&name) {
        Err(NameFault::Taken("a keyword of Rust"))
    } else {
        Ok(())
    }
}

/// The ASCII letters and digits of a name in lower case: what is left of it however its words are put together.
pub(crate) fn letters(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// An identifier without the mark of a raw one.
pub(crate) fn without_raw_mark(ident: &str) -> &str {
    ident.strip_prefix("r#").unwrap_or(ident)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_joined_repeat_no_words() {
        for (first, second, expected) in [
            ("ExchangeToken", "TokenError", "ExchangeTokenError"),
            (
                "IntrospectToken",
                "TokenTypeHint",
                "IntrospectTokenTypeHint",
            ),
            ("AuthorizeExpress", "Authorize", "ExpressAuthorize"),
            ("Refresh", "RefreshToken", "RefreshToken"),
            ("Token", "TokenError", "TokenError"),
            ("StableToken", "StableTokenError", "StableTokenError"),
            ("Store", "TenantToken", "StoreTenantToken"),
            ("UserV2", "V2Token", "UserV2Token"),
            ("Author", "Authorize", "AuthorAuthorize"),
            ("", "TokenError", "TokenError"),
        ] {
            assert_eq!(joined(first, second), expected);
        }
    }

    #[test]
    fn names_are_split_at_words() {
        assert_eq!(
            pascal("oauth-token_generated").as_deref(),
            Some("OauthTokenGenerated")
        );
        assert_eq!(pascal("AuthToken").as_deref(), Some("AuthToken"));
        assert_eq!(pascal("IAMError").as_deref(), Some("IamError"));
        assert_eq!(snake("accountID").as_deref(), Some("account_id"));
        assert_eq!(
            screaming("/accounts.write").as_deref(),
            Some("ACCOUNTS_WRITE")
        );
    }

    #[test]
    fn keywords_and_digits_are_mended() {
        assert_eq!(snake("type").as_deref(), Some("r#type"));
        assert_eq!(snake("self").as_deref(), Some("self_"));
        assert_eq!(snake("2fa").as_deref(), Some("_2fa"));
        assert_eq!(snake("1-2").as_deref(), Some("n1_2"));
        assert_eq!(pascal("self").as_deref(), Some("Self_"));
        assert_eq!(pascal("2fa").as_deref(), Some("N2fa"));
    }

    #[test]
    fn a_name_without_letters_has_no_identifier() {
        assert_eq!(pascal("--"), None);
        assert_eq!(snake("日本"), None);
    }

    #[test]
    fn a_provider_is_called_like_nothing_else_in_its_crate() {
        assert_eq!(provider_type("moov"), "Moov");
        assert_eq!(provider_type("error-kind"), "ErrorKindProvider");
        assert_eq!(provider_type("password"), "PasswordProvider");
    }

    #[test]
    fn provider_names_are_folder_names() {
        for name in [
            "moov",
            "auth0-cc",
            "a1",
            "3gpp",
            "box",
            "type",
            "build-kite",
            "comp",
        ] {
            assert!(check_provider_name(name).is_ok(), "{name}");
        }
        for name in ["", "../x", "Moov", "a_b", "-a", "a-", "a b", "\u{e9}"] {
            let fault = check_provider_name(name);
            assert!(matches!(fault, Err(NameFault::Form)), "{name}");
        }
        for name in [
            "con", "com1", "lpt9", "test", "core", "std", "self", "crate",
        ] {
            let fault = check_provider_name(name);
            assert!(matches!(fault, Err(NameFault::Taken(_))), "{name}");
        }
    }

    #[test]
    fn no_provider_has_the_name_of_a_crate_of_the_project() {
        let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut names = Vec::new();
        for entry in std::fs::read_dir(crates).expect("is a folder") {
            let name = entry.expect("is there").file_name();
            let name = name.to_string_lossy().into_owned();
            names.extend(name.strip_prefix("tokensmith-").map(str::to_owned));
        }
        assert!(names.len() >= 5, "{names:?}");
        for name in names {
            let fault = check_provider_name(&name);
            assert!(matches!(fault, Err(NameFault::Taken(_))), "{name}");
        }
    }
}
