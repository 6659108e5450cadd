//! Which names carry a credential: whoever reads the value may act as somebody else.
//!
//! A name is read by its words, however they are joined and written: `refreshToken`, `refresh-token`
//! and `REFRESH_TOKEN` are one. What a document marks (`format: password`, `writeOnly`,
//! `x-tokensmith: {secret: ..}`) does not depend on names.

/// What a name that carries a credential ends with, without what joins its words.
const ENDINGS: [&str; 78] = [
    "accesscode",
    "accesskey",
    "apikey",
    "assertion",
    "authcode",
    "authenticationcode",
    "authkey",
    "authorization",
    "authorizationcode",
    "authreqid",
    "authsession",
    "backupcode",
    "basicauth",
    "clientkey",
    "clientpw",
    "codeverifier",
    "connectionstring",
    "cookie",
    "credential",
    "creds",
    "devicecode",
    "dpop",
    "dpopproof",
    "emailcode",
    "emailotp",
    "encryptionkey",
    "exchangecode",
    "grantcode",
    "integrationkey",
    "kbaanswer",
    "kennwort",
    "licensekey",
    "logincode",
    "loginpass",
    "magiclink",
    "masterkey",
    "mfacode",
    "motdepasse",
    "oauthverifier",
    "onetimecode",
    "oobcode",
    "otpcode",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "passwort",
    "phpsessid",
    "pincode",
    "preauthorizedcode",
    "privatekey",
    "pwd",
    "recoverycode",
    "samlart",
    "samlresponse",
    "secret",
    "secretanswer",
    "secrethash",
    "secretkey",
    "securityanswer",
    "securitycode",
    "sessid",
    "sessionid",
    "sessionkey",
    "sharedkey",
    "signature",
    "signedrequest",
    "signingkey",
    "smscode",
    "smsotp",
    "ssosession",
    "subscriptionkey",
    "tempcode",
    "temporarycode",
    "token",
    "tokenhint",
    "txcode",
    "userpass",
];

/// Words that say the same only where they are the last of several, or the only one. `pins` are
/// places on a map as well.
const LAST_WORDS: [&str; 29] = [
    "bearer",
    "contrasena",
    "contraseña",
    "cred",
    "cvc",
    "cvv",
    "hmac",
    "jws",
    "jwt",
    "mfa",
    "mnemonic",
    "otp",
    "otps",
    "pass",
    "passkey",
    "passkeys",
    "pat",
    "pats",
    "pin",
    "psw",
    "pw",
    "senha",
    "sig",
    "ticket",
    "tickets",
    "tkn",
    "tok",
    "totp",
    "verifier",
];

/// Words that say the same only where they are the whole name.
const WHOLE_NAMES: [&str; 6] = ["refresh", "rt", "saml", "seed", "session", "sid"];

/// Headers of which it is usual, although the word alone says less.
const HEADERS: [&str; 2] = ["xauth", "xsession"];

/// What names of a credential's value end with, as `token_value` does, or of the same value written otherwise.
const OF_A_VALUE: [&str; 14] = [
    "b64",
    "base64",
    "confirm",
    "confirmation",
    "encoded",
    "encrypted",
    "hash",
    "md5",
    "pem",
    "plain",
    "raw",
    "string",
    "text",
    "value",
];

/// Codes that are sent to a person or shown by a device of theirs.
const CODES: [&str; 6] = ["2fa", "email", "factor", "sms", "totp", "verification"];

/// Returns whether a parameter or a header of a request carries a credential by its name.
pub fn is_credential_parameter(name: &str) -> bool {
    // Of a response, `code` is a status as a rule (see `is_credential_field`).
    name == "code" || is_credential_field(name)
}

/// Whether a description says that a parameter is a credential, of whatever name: that it is an API
/// key, or the Base64 of a client's credentials.
pub(crate) fn is_described_as_credential(name: &str, description: &str) -> bool {
    let words = description.to_lowercase();
    let words = words
        .replace("json web token (jwt)", "jwt")
        .replace("json web token", "jwt");
    let is_key = words.contains("api key") || words.contains("api-key") || words.contains("apikey");
    let is_pair =
        words.contains("base64") && (words.contains("credential") || words.contains("secret"));
    let begins = words
        .trim_start_matches("the ")
        .trim_start_matches("a ")
        .trim_start_matches("an ")
        .trim_start_matches("your ")
        .trim_start_matches("valid ");
    let begins = ["account's ", "client's ", "customer's ", "user's "]
        .iter()
        .find_map(|whose| begins.strip_prefix(whose))
        .unwrap_or(begins);
    let is_named = [
        "api key",
        "client secret",
        "jwt",
        "secret ",
        "password",
        "session token",
    ]
    .iter()
    .any(|what| begins.starts_with(what));
    let is_jwt = ["jwt access token", "signed jwt", "is a jwt", "encoded jwt"]
        .iter()
        .any(|what| words.contains(what) && !words.contains(&format!("not {what}")))
        || ["jwt", "cookie"].contains(&subject(begins));
    // What is said of a grant or of a kind of token begins with the same words, and goes on otherwise.
    let is_value = [
        "access token",
        "authorization code",
        "bearer token",
        "code verifier",
        "device code",
        "one time pass",
        "one-time pass",
        "one-time code",
        "pkce code verifier",
        "refresh token",
    ]
    .iter()
    .any(|what| begins.strip_prefix(what).is_some_and(is_of_one));
    let is_kept_secret = [
        "keep it secret",
        "keep this secret",
        "keep this value secret",
        "kept secret",
    ]
    .iter()
    .any(|what| words.contains(what));
    let last = self::words(name).pop().unwrap_or_default();
    let is_value = is_value || is_named_credential(description);
    (is_value || is_kept_secret) && !is_said_of_it(&last)
        || is_jwt && !is_said_of_it(&last)
        || is_key && ["key", "apikey"].contains(&last.as_str())
        || is_pair
        || is_named && !is_said_of_it(&last)
}

/// Whether a description begins with a credential by its name, as code: "Your previously issued `authToken`."
fn is_named_credential(description: &str) -> bool {
    const BEFORE: [&str; 16] = [
        "a",
        "an",
        "any",
        "current",
        "existing",
        "issued",
        "last",
        "latest",
        "obtained",
        "one",
        "previous",
        "previously",
        "received",
        "the",
        "valid",
        "your",
    ];
    let Some((before, rest)) = description.split_once('`') else {
        return false;
    };
    let Some((name, rest)) = rest.split_once('`') else {
        return false;
    };
    let mut before = before.split_whitespace().peekable();
    let is_one = before.peek().is_some()
        && before.all(|word| BEFORE.contains(&word.to_lowercase().as_str()));
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
    is_one
        && name.chars().all(is_name)
        && is_credential_field(name)
        && is_of_one(&rest.to_lowercase())
}

/// The last word of what a description begins with: "cookie" of "session cookie that was passed".
fn subject(begins: &str) -> &str {
    const BEHIND: [&str; 11] = [
        "as", "for", "from", "issued", "obtained", "of", "passed", "received", "returned", "that",
        "which",
    ];
    let sentence = begins.split(['.', ',', ';', ':', '(']).next();
    let words = sentence.unwrap_or_default().split_whitespace();
    let subject = words.take_while(|word| !BEHIND.contains(word));
    subject.last().unwrap_or_default()
}

/// Whether a text goes on about one credential: how it was got, what for, or not at all.
fn is_of_one(rest: &str) -> bool {
    const WORDS: [&str; 14] = [
        "for",
        "from",
        "generated",
        "granted",
        "issued",
        "obtained",
        "of",
        "previously",
        "received",
        "returned",
        "sent",
        "that",
        "to",
        "which",
    ];
    // The rest of "passcode" and "password".
    let rest = ["word", "code"]
        .iter()
        .find_map(|end| rest.strip_prefix(end))
        .unwrap_or(rest);
    let rest = rest.trim_start_matches([' ', '`', '*']);
    let word = rest
        .split(|letter: char| !letter.is_alphanumeric())
        .next()
        .unwrap_or_default();
    let is_end = rest.is_empty() || rest.starts_with(['.', ',', ';', '(', ':', '\n']);
    is_end || WORDS.contains(&word)
}

/// Whether the last word of a name says something of a credential, such as how it is written.
fn is_said_of_it(word: &str) -> bool {
    const WORDS: [&str; 30] = [
        "algorithm",
        "at",
        "count",
        "date",
        "duration",
        "encoding",
        "expiration",
        "expires",
        "expiry",
        "format",
        "hint",
        "id",
        "in",
        "issuer",
        "kind",
        "length",
        "lifetime",
        "name",
        "scope",
        "scopes",
        "state",
        "status",
        "time",
        "timestamp",
        "ttl",
        "type",
        "uri",
        "url",
        "validity",
        "version",
    ];
    WORDS.contains(&word)
}

/// Whether a member of a response carries a credential by its name.
pub(crate) fn is_credential_field(name: &str) -> bool {
    let mut words = words(name);
    let is_of_a_value = |word: &String| OF_A_VALUE.contains(&word.as_str());
    while words.len() > 1 && words.last().is_some_and(is_of_a_value) {
        words.pop();
    }
    let joined = words.concat();
    // `access_token2` beside `access_token`.
    let joined = joined.trim_end_matches(|character: char| character.is_ascii_digit());
    let singular = joined.strip_suffix('s').unwrap_or(joined);
    let ends = |ending: &&str| joined.ends_with(ending) || singular.ends_with(ending);
    let last = words.last().map_or("", String::as_str);
    let is_code = ["code", "codes"].contains(&last)
        && words.iter().any(|word| CODES.contains(&word.as_str()));
    let is_whole = WHOLE_NAMES.contains(&joined) || HEADERS.contains(&joined);
    ENDINGS.iter().any(ends) || LAST_WORDS.contains(&last) || is_code || is_whole
}

/// Whether a number of this name is a time or a count as a rule: `refresh: 3600`, `tokens: 5`.
pub(crate) fn is_word_of_a_count(name: &str) -> bool {
    let words = words(name);
    let is_plural = words.last().is_some_and(|last| last.ends_with('s'));
    is_plural || WHOLE_NAMES.contains(&words.concat().as_str())
}

/// Whether a member of an object that is named after a credential is the credential itself: the
/// `value` in `refresh_token: {value: ..}`.
pub(crate) fn is_its_value(member: &str) -> bool {
    const VALUES: [&str; 7] = ["data", "encoded", "key", "raw", "string", "text", "value"];
    VALUES.contains(&words(member).concat().as_str())
}

/// The words of a name, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut characters = name.chars().peekable();
    let mut before = ' ';
    while let Some(character) = characters.next() {
        let is_word = character.is_alphanumeric();
        let follows_lower = before.is_lowercase() || before.is_ascii_digit();
        let starts_lower = characters.peek().is_some_and(|next| next.is_lowercase());
        let begins =
            character.is_uppercase() && (follows_lower || before.is_uppercase() && starts_lower);
        if (!is_word || begins) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if is_word {
            word.extend(character.to_lowercase());
        }
        before = character;
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests;
