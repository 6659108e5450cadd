//! Credentials that say what they are: their issuers begin them with a prefix of their own.

use super::vocabulary;

/// What nobody writes otherwise.
const TELLING: [&str; 30] = [
    "xoxa-",
    "xoxb-",
    "xoxe-",
    "xoxe.",
    "xoxo-",
    "xoxp-",
    "xoxr-",
    "xoxs-",
    "xapp-",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "gldt-",
    "shpat_",
    "shpca_",
    "shppa_",
    "shpss_",
    "ya29.",
    "AIza",
    "GOCSPX-",
    "sq0atp-",
    "sq0csp-",
    "dop_v1_",
    "PMAK-",
    "NRAK-",
    "pypi-",
];

/// What is the beginning of other names as well: a digit has to follow somewhere.
const SHARED: [&str; 16] = [
    "sk-", "sk_", "pk_", "rk_", "hf_", "npm_", "key-", "tok_", "pat-", "api-", "SG.", "EAA",
    "AKIA", "ASIA", "lin_api_", "1//",
];

/// How many letters and digits follow a prefix at least.
const SHORTEST: usize = 8;

/// Whether a run of characters begins as the credentials of a known issuer do.
pub(super) fn is_credential(token: &str) -> bool {
    let rest = |prefixes: &[&str]| {
        prefixes
            .iter()
            .find_map(|prefix| token.strip_prefix(prefix))
    };
    let (rest, is_telling) = match (rest(&TELLING), rest(&SHARED)) {
        (Some(rest), _) => (rest, true),
        (None, Some(rest)) => (rest, false),
        (None, None) => return false,
    };
    let count = |is: fn(&u8) -> bool| rest.bytes().filter(is).count();
    let is_long = count(u8::is_ascii_alphanumeric) >= SHORTEST;
    // A word behind a prefix is said of the credential: `github_pat_required`.
    let is_word = vocabulary::is_of_schemes(rest);
    is_long && !is_word && (is_telling || count(u8::is_ascii_digit) > 0)
}
