//! Grants as contributors name them, and what a document says of each.

use tokensmith_codegen::model::rfc;

/// A grant of a document that is to be begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The `grant_type`.
    pub value: String,
    /// Parameters beside those of the RFC; all of them where no RFC defines the grant.
    pub parameters: Vec<Parameter>,
}

/// A parameter of a grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Whether every request has to have it.
    pub is_required: bool,
}

/// What `specs/common/oauth2.yaml` and examples call a grant of an RFC.
pub(super) struct Common {
    value: &'static str,
    /// The schema below `components`.
    pub(super) schema: &'static str,
    /// The name of its example.
    pub(super) example: &'static str,
    pub(super) description: &'static str,
}

const fn common(
    value: &'static str,
    schema: &'static str,
    example: &'static str,
    description: &'static str,
) -> Common {
    Common {
        value,
        schema,
        example,
        description,
    }
}

const COMMON: [Common; 9] = [
    common(
        "client_credentials",
        "ClientCredentials",
        "clientCredentials",
        "Asks for a token for the client itself.",
    ),
    common(
        "authorization_code",
        "AuthorizationCode",
        "code",
        "Redeems the code that a user came back with.",
    ),
    common(
        "refresh_token",
        "RefreshToken",
        "refresh",
        "Asks for a new access token.",
    ),
    common(
        "password",
        "Password",
        "password",
        "Asks for a token by the user's name and password.",
    ),
    common(
        "urn:ietf:params:oauth:grant-type:device_code",
        "DeviceCode",
        "device",
        "Asks whether the user has approved on another device.",
    ),
    common(
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "JwtBearer",
        "jwt",
        "Exchanges a signed JWT.",
    ),
    common(
        "urn:ietf:params:oauth:grant-type:saml2-bearer",
        "Saml2Bearer",
        "saml",
        "Exchanges a SAML 2.0 assertion.",
    ),
    common(
        "urn:ietf:params:oauth:grant-type:token-exchange",
        "TokenExchange",
        "exchange",
        "Exchanges a token for another.",
    ),
    common(
        "urn:openid:params:grant-type:ciba",
        "Ciba",
        "ciba",
        "Asks whether the user has approved on another device.",
    ),
];

/// Returns the short names of the grants that RFCs define, such as `device_code`.
pub fn short_names() -> impl Iterator<Item = String> {
    rfc::GRANTS.iter().map(|grant| short(grant.value))
}

/// `device_code` of `urn:ietf:params:oauth:grant-type:device_code`.
fn short(value: &str) -> String {
    let last = value.rsplit(':').next().unwrap_or(value);
    last.replace('-', "_").to_ascii_lowercase()
}

/// Returns the `grant_type` that a contributor means: of a short name that of the RFC, else the name
/// or the URI itself.
///
/// # Errors
///
/// A message that says which characters a `grant_type` can have, where it has others.
pub fn find_grant(text: &str) -> Result<String, String> {
    let known = rfc::GRANTS.iter().find(|grant| {
        grant.value.eq_ignore_ascii_case(text)
            || short(grant.value) == short(text) && !text.contains(':')
    });
    if let Some(grant) = known {
        return Ok(grant.value.to_owned());
    }
    let is_uri = text.contains(':');
    let is_allowed = |character: char| {
        character.is_ascii_alphanumeric()
            || "-._".contains(character)
            || is_uri && ":/?#%~+=@&!$*;".contains(character)
    };
    if !text.is_empty() && text.chars().all(is_allowed) {
        return Ok(text.to_owned());
    }
    let known: Vec<String> = short_names().collect();
    Err(format!(
        "`{}` cannot be a grant type: write {}, the URI of another, or a provider's own name of letters, digits, `-`, `.` and `_`",
        text.escape_debug(),
        known.join(", ")
    ))
}

/// Reads `NAME`, or `NAME?` where requests may leave the parameter out.
///
/// # Errors
///
/// A message that says which characters a name can have, where it has others.
pub fn read_parameter(text: &str) -> Result<Parameter, String> {
    let (name, is_required) = match text.strip_suffix('?') {
        Some(name) => (name, false),
        None => (text, true),
    };
    let is_allowed =
        |character: char| character.is_ascii_alphanumeric() || "-._[]".contains(character);
    if name.is_empty() || !name.chars().all(is_allowed) {
        return Err(format!(
            "`{}` cannot be a parameter: write letters, digits, `-`, `.` and `_`, and `?` at the end if requests may leave it out",
            text.escape_debug()
        ));
    }
    if matches!(name, "grant_type" | "client_id" | "client_secret") {
        return Err(format!(
            "the parameter `{name}` is in the document already: the grant and --client-auth say how it is sent"
        ));
    }
    Ok(Parameter {
        name: name.to_owned(),
        is_required,
    })
}

impl Grant {
    /// A grant with the parameters of its RFC.
    pub fn new(value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            parameters: Vec::new(),
        }
    }

    /// Whether no RFC defines it.
    pub fn is_own(&self) -> bool {
        rfc::grant(&self.value).is_none()
    }

    pub(super) fn is(&self, short_name: &str) -> bool {
        !self.is_own() && short(&self.value) == short_name
    }

    pub(super) fn common(&self) -> Option<&'static Common> {
        COMMON.iter().find(|common| common.value == self.value)
    }

    /// Its parameters in order: those of the RFC, then the others.
    pub(super) fn all(&self) -> Vec<Parameter> {
        let of_rfc = rfc::grant(&self.value).map_or(&[][..], |grant| grant.parameters);
        let of_rfc = of_rfc.iter().map(|&(name, is_required)| Parameter {
            name: name.to_owned(),
            // RFC 6749 leaves it out only where the authorization request had none.
            is_required: is_required || name == "redirect_uri",
        });
        let mut all: Vec<Parameter> = of_rfc.collect();
        for parameter in &self.parameters {
            match all.iter_mut().find(|other| other.name == parameter.name) {
                Some(known) => known.is_required = parameter.is_required,
                None => all.push(parameter.clone()),
            }
        }
        all
    }

    pub(super) fn has_scope(&self) -> bool {
        self.all().iter().any(|parameter| parameter.name == "scope")
    }

    /// What a request of it does.
    pub(super) fn description(&self) -> String {
        self.common().map_or_else(
            || format!("The grant `{}`, which no RFC defines.", self.value),
            |common| common.description.to_owned(),
        )
    }

    /// The name of its example: letters and digits.
    pub(super) fn example_name(&self) -> String {
        if let Some(common) = self.common() {
            return common.example.to_owned();
        }
        let last = self
            .value
            .rsplit([':', '/', '#', '='])
            .find(|part| !part.is_empty());
        let words = last.unwrap_or(&self.value);
        let mut name = String::new();
        for word in words.split(|character: char| !character.is_ascii_alphanumeric()) {
            let mut letters = word.chars();
            match letters.next() {
                Some(first) if !name.is_empty() => {
                    name.push(first.to_ascii_uppercase());
                    name.push_str(letters.as_str());
                }
                _ => name.push_str(word),
            }
        }
        if name.is_empty() {
            "own".to_owned()
        } else {
            name
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_is_found_by_its_short_name() {
        for (text, value) in [
            ("Password", "password"),
            (
                "device_code",
                "urn:ietf:params:oauth:grant-type:device_code",
            ),
            (
                "device-code",
                "urn:ietf:params:oauth:grant-type:device_code",
            ),
            ("jwt_bearer", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            (
                "token_exchange",
                "urn:ietf:params:oauth:grant-type:token-exchange",
            ),
            ("ciba", "urn:openid:params:grant-type:ciba"),
            ("account_credentials", "account_credentials"),
            ("urn:acme:device_code", "urn:acme:device_code"),
            (
                "https://acme.example/grants/installed",
                "https://acme.example/grants/installed",
            ),
        ] {
            assert_eq!(find_grant(text).as_deref(), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_a_grant_is_told() {
        for text in [
            "",
            "a b",
            "a\"b",
            "a'b",
            "a\nb",
            "urn:a\u{202e}b",
            "a,b",
            "\u{e9}",
        ] {
            let told = find_grant(text).expect_err(text);
            assert!(
                told.contains("cannot be a grant type") && !told.contains('\u{202e}'),
                "{told}"
            );
        }
    }

    #[test]
    fn a_parameter_is_a_name() {
        let parameter = |name: &str, is_required| Parameter {
            name: name.to_owned(),
            is_required,
        };
        assert_eq!(
            read_parameter("account_id"),
            Ok(parameter("account_id", true))
        );
        assert_eq!(
            read_parameter("audience?"),
            Ok(parameter("audience", false))
        );
        for text in ["", "?", "a b", "a: b", "a\n", "grant_type", "client_id"] {
            assert!(read_parameter(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_grant_of_an_rfc_has_a_schema() {
        for grant in &rfc::GRANTS {
            assert!(
                Grant::new(grant.value).common().is_some(),
                "{}",
                grant.value
            );
        }
        assert_eq!(
            Grant::new("urn:acme:grant:one-time_pin").example_name(),
            "oneTimePin"
        );
    }
}
