//! What is kept under a name, besides the tokens: they are in stores.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokensmith_cache::Keyring;
use tokensmith_runtime::{Secret, ServerMetadata};

use super::storage::KeyPlace;
use super::stored::StoredNames;
use crate::args::GrantArgs;
use crate::credentials::ClientIdentity;
use crate::failure::Failure;

/// What can be read without the key. A member that is added later has a default: records are read by
/// later versions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) name: String,
    /// Where the key is.
    pub(super) key: KeyPlace,
    /// The provider, for people.
    #[serde(default)]
    pub(super) provider: String,
    #[serde(default)]
    pub(super) scope: Option<Vec<String>>,
    /// Unix time in whole seconds.
    #[serde(default)]
    pub(super) expires_at: Option<u64>,
    /// Whether a new access token can be had without a person.
    #[serde(default)]
    pub(super) renews: bool,
    /// The names of the tokens in the stores.
    #[serde(default)]
    pub(super) stored: StoredNames,
    /// The [`Details`], encrypted, in base64.
    sealed: String,
}

/// What a token is asked for by. A member that is added later has a default, as those of [`Record`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Details {
    pub(super) grant: GrantArgs,
    /// What the redirect has said of the server's URL, as `--server-variable` has it.
    #[serde(default)]
    pub(super) redirect_variables: Vec<String>,
    pub(super) issuer: Option<String>,
    /// The metadata of the issuer.
    pub(super) metadata: Option<KeptMetadata>,
    pub(super) client_id: String,
    pub(super) client_secret: Option<String>,
    /// Whom the ID token was about, if one was checked.
    pub(super) subject: Option<String>,
    /// The secret parameters of a request that is sent again when the token expires. `None` if the
    /// token is refreshed.
    pub(super) repeat: Option<Vec<(String, String)>>,
    /// What else came with the first token.
    #[serde(default)]
    pub(super) extra: Map<String, Value>,
}

/// The members of metadata by which tokens are refreshed and revoked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct KeptMetadata {
    issuer: String,
    token_endpoint: Option<String>,
    revocation_endpoint: Option<String>,
    userinfo_endpoint: Option<String>,
    jwks_uri: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    pub(super) end_session_endpoint: Option<String>,
}

impl KeptMetadata {
    pub(super) fn of(metadata: &ServerMetadata) -> Self {
        let methods = &metadata.token_endpoint_auth_methods_supported;
        Self {
            issuer: metadata.issuer.clone(),
            token_endpoint: metadata.token_endpoint.clone(),
            revocation_endpoint: metadata.revocation_endpoint.clone(),
            userinfo_endpoint: metadata.userinfo_endpoint.clone(),
            jwks_uri: metadata.jwks_uri.clone(),
            token_endpoint_auth_methods_supported: methods.clone(),
            end_session_endpoint: metadata.end_session_endpoint.clone(),
        }
    }

    pub(super) fn metadata(&self) -> Result<ServerMetadata, Failure> {
        let value = serde_json::to_value(self);
        let metadata = value.and_then(serde_json::from_value);
        metadata.map_err(|error| Failure::Failed(format!("cannot use the kept metadata: {error}")))
    }
}

impl Details {
    pub(super) fn identity(&self) -> ClientIdentity {
        ClientIdentity {
            id: self.client_id.clone(),
            secret: self.client_secret.clone().map(Secret::from),
        }
    }

    /// Whether both are of the same provider, by the same options.
    pub(super) fn is_of_same_provider(&self, grant: &GrantArgs, issuer: Option<&str>) -> bool {
        self.issuer.as_deref() == issuer && self.grant.source == grant.source
    }

    /// The arguments with what the redirect has said of the server's URL.
    pub(super) fn grant(&self) -> GrantArgs {
        let mut grant = self.grant.clone();
        let variables = &mut grant.source.server_variable;
        let name_of = |pair: &String| pair.split('=').next().map(str::to_owned);
        let said: Vec<_> = self.redirect_variables.iter().map(name_of).collect();
        variables.retain(|pair| !said.contains(&name_of(pair)));
        variables.extend(self.redirect_variables.iter().cloned());
        grant
    }
}

impl Record {
    pub(super) fn new(name: &str, provider: String, key: KeyPlace) -> Self {
        Self {
            name: name.to_owned(),
            key,
            provider,
            scope: None,
            expires_at: None,
            renews: false,
            stored: StoredNames::default(),
            sealed: String::new(),
        }
    }

    pub(super) fn seal(&mut self, details: &Details, keyring: &Keyring) -> Result<(), Failure> {
        let plain = serde_json::to_vec(details)
            .map_err(|error| Failure::Failed(format!("`{}` cannot be kept: {error}", self.name)))?;
        let sealed = keyring.seal(&purpose(&self.name), &plain);
        let sealed = sealed.ok_or_else(|| {
            Failure::Failed("the operating system returned no random bytes".to_owned())
        })?;
        self.sealed = BASE64_STANDARD.encode(sealed);
        Ok(())
    }

    pub(super) fn open(&self, keyring: &Keyring) -> Result<Details, Failure> {
        let name = &self.name;
        let failed = |what: String| {
            Failure::Failed(format!(
                "what is kept as `{name}` {what}; `tokensmith logout {name} --forget` removes it"
            ))
        };
        let sealed = BASE64_STANDARD.decode(&self.sealed);
        let sealed = sealed.map_err(|_| failed("is damaged: `sealed` is not base64".to_owned()))?;
        let plain = keyring.open(&purpose(name), &sealed).ok_or_else(|| {
            failed(format!(
                "cannot be decrypted with the key {}: the key is another one, or the record was changed",
                self.key.place()
            ))
        })?;
        // Not serde's reason: it may quote a secret.
        serde_json::from_slice(&plain).map_err(|_| {
            failed(format!(
                "has other members than tokensmith {} reads",
                env!("CARGO_PKG_VERSION")
            ))
        })
    }

    /// Whether both were kept at once: what is sealed is never the same twice.
    pub(super) fn is_of_same_sign_in(&self, other: &Self) -> bool {
        (self.key, &self.sealed) == (other.key, &other.sealed)
    }

    /// When the access token expires.
    pub(super) fn expiry(&self) -> Option<SystemTime> {
        UNIX_EPOCH.checked_add(Duration::from_secs(self.expires_at?))
    }
}

/// What it is encrypted for: what is kept under one name is of no use under another.
fn purpose(name: &str) -> Vec<u8> {
    format!("tokensmith kept {name}").into_bytes()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(sealed: &str) -> Record {
        let record = json!({"name": "work", "key": "environment", "sealed": sealed});
        serde_json::from_value(record).expect("a record")
    }

    #[test]
    fn members_that_came_later_have_defaults() {
        assert_eq!(record("").stored, StoredNames::default());
        let details = json!({"grant": {"source": {"provider": "moov"}}, "client_id": "app"});
        let details: Details = serde_json::from_value(details).expect("details");
        assert!(details.redirect_variables.is_empty() && details.extra.is_empty());
        let client = &details.grant.client;
        assert_eq!(client.client_key_algorithm.as_str(), "RS256");
        assert_eq!(client.dpop_algorithm.as_str(), "ES256");
    }

    #[test]
    fn a_record_that_cannot_be_opened_says_why() {
        let keyring = Keyring::new("test", [7; 32]);
        let message = |record: &Record| match record.open(&keyring) {
            Ok(_) => panic!("it is opened"),
            Err(failure) => failure.message(),
        };
        assert!(message(&record("?")).contains("`sealed` is not base64"));
        let said = message(&record("AAAA"));
        assert!(
            said.contains("cannot be decrypted with the key in TOKENSMITH_KEY"),
            "{said}"
        );

        let plain = br#"{"client_id": ["canary"]}"#;
        let sealed = keyring.seal(&purpose("work"), plain).expect("random bytes");
        let said = message(&record(&BASE64_STANDARD.encode(sealed)));
        assert!(said.contains("other members than tokensmith"), "{said}");
        assert!(
            !said.contains("decrypt") && !said.contains("canary"),
            "{said}"
        );
    }
}
