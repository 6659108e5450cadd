//! Tokens that are signed with a key of the settings.

use serde::Deserialize;
use serde::de::{self, Deserializer};
use serde_json::{Map, Value};

use super::value::{pattern, scopes};
use super::{SecretSetting, SettingError};

/// A JWT (RFC 7519) that is signed anew with a key of the settings.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedJwt {
    /// The private key in PEM, or the shared secret of HS256, HS384 and HS512. Usually it is in a
    /// file: `file:key.pem`.
    pub key: SecretSetting,
    /// The signature algorithm by its name of RFC 7518: `RS256` unless set.
    #[serde(default = "rs256")]
    pub algorithm: String,
    /// The identifier of the key: `kid`.
    pub key_id: Option<String>,
    /// Who signs: `iss`.
    pub issuer: Option<String>,
    /// Whom it is about: `sub`.
    pub subject: Option<String>,
    /// Whom it is for: `aud`, a text or a list of them.
    #[serde(default, deserialize_with = "audience")]
    pub audience: Vec<String>,
    /// The scopes, in the claim `scope` with spaces between them: a list, or a text.
    #[serde(default, deserialize_with = "scopes")]
    pub scopes: Vec<String>,
    /// The lifetime in whole seconds, from 1 to 86400: 300 unless set.
    #[serde(default = "five_minutes")]
    pub lifetime: u64,
    /// More claims, of any JSON type. `iat` and `exp` are made anew each time.
    #[serde(default)]
    pub claims: Map<String, Value>,
    /// More members of the header, such as `typ`, which is `JWT` unless set.
    #[serde(default)]
    pub headers: Map<String, Value>,
}

/// A signed JWT that is the bearer token itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Jwt {
    /// The JWT. Without a `key_id`, the thumbprint of the key is its `kid` (RFC 7638), as in the
    /// set that `tokensmith jwks` prints.
    pub token: SignedJwt,
    /// The name of the header that carries it: `Authorization` unless set.
    pub header_key: String,
    /// The value of the header, in which `{token}` stands for the JWT: `Bearer {token}` unless set.
    pub header_value_pattern: String,
}

/// The settings of a [`Jwt`] that are not those of the JWT itself.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JwtCarrier {
    #[serde(default = "super::authorization")]
    pub(super) header_key: String,
    #[serde(default = "super::bearer", deserialize_with = "pattern")]
    pub(super) header_value_pattern: String,
}

/// The longest lifetime, in seconds: a day.
const LONGEST: u64 = 86_400;

/// The claims that have a setting, or are made anew each time.
const OWN_CLAIMS: [(&str, &str); 6] = [
    ("iss", "set `issuer`"),
    ("sub", "set `subject`"),
    ("aud", "set `audience`"),
    ("scope", "set `scopes`"),
    ("iat", "it is the time of signing"),
    ("exp", "set `lifetime`"),
];

impl SignedJwt {
    /// Fails if it cannot be signed.
    pub(super) fn check(&self) -> Result<(), SettingError> {
        if !(1..=LONGEST).contains(&self.lifetime) {
            let message = format!(
                "{} is not from 1 to {LONGEST}: expected the lifetime in seconds",
                self.lifetime
            );
            return Err(SettingError::new(message).within("lifetime"));
        }
        let is_set = |claim: &str| match claim {
            "iss" => self.issuer.is_some(),
            "sub" => self.subject.is_some(),
            "aud" => !self.audience.is_empty(),
            "scope" => !self.scopes.is_empty(),
            _ => true,
        };
        for (claim, instead) in OWN_CLAIMS {
            if self.claims.contains_key(claim) && is_set(claim) {
                let message = format!("the claim is given twice: {instead}");
                return Err(SettingError::new(message).within(claim).within("claims"));
            }
        }
        for (member, instead) in [("alg", "algorithm"), ("kid", "key_id")] {
            if self.headers.contains_key(member) {
                let message = format!("set `{instead}` instead");
                return Err(SettingError::new(message).within(member).within("headers"));
            }
        }
        self.check_key()
    }

    #[cfg(not(feature = "jwt"))]
    fn check_key(&self) -> Result<(), SettingError> {
        Err(SettingError::new(
            "signing needs the feature `jwt` of tokensmith-runtime",
        ))
    }
}

#[cfg(feature = "jwt")]
mod signing {
    use std::time::{Duration, SystemTime};

    use serde_json::{Map, Value};

    use super::SignedJwt;
    use crate::client::connector::{Jwt, SettingError};
    use crate::jwt::{self, Algorithm, Key};
    use crate::{Assertion, Secret};

    impl SignedJwt {
        pub(super) fn check_key(&self) -> Result<(), SettingError> {
            self.signing_key().map(drop)
        }

        /// The key with its identifier, if the settings have one.
        fn signing_key(&self) -> Result<Key, SettingError> {
            let algorithm: Algorithm = self.algorithm.parse().map_err(|error| {
                let found = self.algorithm.escape_debug();
                SettingError::new(format!("`{found}`: {error}")).within("algorithm")
            })?;
            let in_key = |error: SettingError| error.within("key");
            let key = self.key.get().map_err(in_key)?;
            let is_secret = algorithm.as_str().starts_with("HS");
            let key = match is_secret {
                true => Key::from_secret(key, algorithm),
                false => Key::from_pem(key, algorithm),
            };
            let key = key.map_err(|error| in_key(SettingError::new(error.reason().to_string())))?;
            Ok(match &self.key_id {
                Some(id) => key.with_id(id),
                None => key,
            })
        }

        /// The claims that stay the same.
        fn fixed_claims(&self) -> Map<String, Value> {
            let mut claims = self.claims.clone();
            let mut claim = |name: &str, value: Value| claims.insert(name.to_owned(), value);
            if let Some(issuer) = &self.issuer {
                claim("iss", issuer.as_str().into());
            }
            if let Some(subject) = &self.subject {
                claim("sub", subject.as_str().into());
            }
            match self.audience.as_slice() {
                [] => {}
                [one] => drop(claim("aud", one.as_str().into())),
                several => drop(claim("aud", several.into())),
            }
            if !self.scopes.is_empty() {
                claim("scope", self.scopes.join(" ").into());
            }
            claims
        }

        /// The assertion of a grant (RFC 7523 section 2.1), which is signed anew for each try.
        pub(in crate::client::connector) fn assertion(&self) -> Result<Assertion, SettingError> {
            let mut assertion = jwt::Assertion::new(self.signing_key()?)
                .with_lifetime(Duration::from_secs(self.lifetime));
            for (name, value) in self.fixed_claims() {
                assertion = assertion.with_claim(name, value);
            }
            for (name, value) in &self.headers {
                assertion = assertion.with_header(name, value.clone());
            }
            Ok(assertion.into())
        }
    }

    impl Jwt {
        /// Signs the JWT with the time of this machine.
        ///
        /// # Errors
        ///
        /// If a setting is wrong, or the key cannot sign.
        pub fn sign(&self) -> Result<Secret, SettingError> {
            self.sign_at(SystemTime::now())
        }

        pub(in crate::client::connector) fn sign_at(
            &self,
            now: SystemTime,
        ) -> Result<Secret, SettingError> {
            let token = &self.token;
            let mut key = token.signing_key()?;
            if let (None, Some(thumbprint)) = (&token.key_id, key.jwk_thumbprint()) {
                key = key.with_id(thumbprint);
            }
            let mut header = Map::from_iter([("typ".to_owned(), Value::from("JWT"))]);
            header.extend(token.headers.clone());
            let now = jwt::unix_seconds(now);
            let mut claims = token.fixed_claims();
            claims.insert("iat".to_owned(), now.into());
            claims.insert("exp".to_owned(), now.saturating_add(token.lifetime).into());
            jwt::sign(&key, header, &claims)
                .map_err(|error| SettingError::new(error.reason().to_string()).within("key"))
        }
    }
}

#[cfg(not(feature = "jwt"))]
impl SignedJwt {
    pub(super) fn assertion(&self) -> Result<crate::Assertion, SettingError> {
        self.check_key().map(|()| crate::Assertion::from(""))
    }
}

#[cfg(not(feature = "jwt"))]
impl Jwt {
    pub(super) fn sign(&self) -> Result<crate::Secret, SettingError> {
        self.token.check_key().map(|()| crate::Secret::default())
    }
}

fn rs256() -> String {
    "RS256".to_owned()
}

fn five_minutes() -> u64 {
    300
}

fn audience<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(Vec::new()),
        Value::String(text) => Ok(vec![text]),
        value => Vec::deserialize(value)
            .map_err(|_| de::Error::custom("expected a text, or a list of texts")),
    }
}
