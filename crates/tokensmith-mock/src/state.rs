//! What a mock has issued.

mod recent;

use tokensmith_runtime::Secret;

pub(crate) use recent::{Recent, Size};

/// What a mock has issued, by the credential.
#[derive(Debug, Default)]
pub(crate) struct State {
    counter: u64,
    seed: u64,
    codes: Recent<Code>,
    access_tokens: Recent<Token>,
    refresh_tokens: Recent<RefreshToken>,
    pub(crate) devices: Recent<Device>,
    pub(crate) consents: Recent<Consent>,
    pub(crate) pushed: Recent<Pushed>,
    /// The identifiers of proofs of possession.
    pub(crate) proofs: Recent<()>,
    /// The identifiers of client assertions, each with its client.
    pub(crate) assertions: Recent<()>,
    /// Sign-ins of which all tokens are revoked.
    revoked: Recent<()>,
}

/// Who may do what: what all tokens of a sign-in share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Grant {
    /// All tokens that come of one sign-in.
    pub(crate) family: u64,
    pub(crate) client: Option<String>,
    pub(crate) scopes: Vec<String>,
    /// What the ID token has to repeat.
    pub(crate) nonce: Option<String>,
    /// The key that tokens are bound to, by its thumbprint.
    pub(crate) key: Option<String>,
    /// The certificate that tokens are bound to, by its thumbprint (RFC 8705 section 3).
    pub(crate) certificate: Option<String>,
}

/// An authorization code.
#[derive(Debug, Clone, Default)]
pub(crate) struct Code {
    pub(crate) grant: Grant,
    pub(crate) redirect_uri: Option<String>,
    /// The challenge, and whether it is a hash of the verifier.
    pub(crate) challenge: Option<(String, bool)>,
    pub(crate) expires: i64,
    pub(crate) used: bool,
}

/// An access token.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) grant: Grant,
    pub(crate) issued: i64,
    pub(crate) expires: Option<i64>,
    pub(crate) revoked: bool,
}

/// A refresh token.
#[derive(Debug, Clone)]
pub(crate) struct RefreshToken {
    pub(crate) grant: Grant,
    /// When it was replaced.
    pub(crate) replaced: Option<i64>,
    pub(crate) revoked: bool,
}

/// A device that waits for its user.
#[derive(Debug, Clone, Default)]
pub(crate) struct Device {
    pub(crate) user_code: String,
    pub(crate) grant: Grant,
    pub(crate) expires: i64,
    pub(crate) interval: i64,
    pub(crate) polled: Option<i64>,
    /// Whether the user has agreed; nothing as long as nobody has decided.
    pub(crate) decision: Option<bool>,
    pub(crate) used: bool,
}

/// An authorization request that waits for its user.
#[derive(Debug, Clone, Default)]
pub(crate) struct Consent {
    pub(crate) code: Code,
    /// Where the browser goes back to: the URI, and what is added to it.
    pub(crate) redirect_uri: String,
    pub(crate) added: Vec<(String, String)>,
    /// The name of the code in the redirect.
    pub(crate) code_name: String,
    /// The parameter that signs the redirect, and the secret that it is signed with.
    pub(crate) signature: Option<(String, Secret)>,
    pub(crate) form_post: bool,
}

/// An authorization request that was pushed (RFC 9126).
#[derive(Debug, Clone, Default)]
pub(crate) struct Pushed {
    /// Its parameters, form-encoded.
    pub(crate) query: String,
    pub(crate) client: Option<String>,
    pub(crate) expires: i64,
    pub(crate) used: bool,
}

impl Size for Pushed {
    fn size(&self) -> usize {
        self.query.size() + self.client.size()
    }
}

impl Size for Grant {
    fn size(&self) -> usize {
        let texts = [&self.client, &self.nonce, &self.key, &self.certificate];
        self.scopes.size() + texts.map(Size::size).iter().sum::<usize>()
    }
}

impl Size for Code {
    fn size(&self) -> usize {
        let challenge = self.challenge.as_ref().map(|(text, _)| text.size());
        self.grant.size() + self.redirect_uri.size() + challenge.unwrap_or_default()
    }
}

impl Size for Token {
    fn size(&self) -> usize {
        self.grant.size()
    }
}

impl Size for RefreshToken {
    fn size(&self) -> usize {
        self.grant.size()
    }
}

impl Size for Device {
    fn size(&self) -> usize {
        self.user_code.size() + self.grant.size()
    }
}

impl Size for Consent {
    fn size(&self) -> usize {
        let texts = [&self.redirect_uri, &self.code_name];
        let texts = texts.map(Size::size).iter().sum::<usize>();
        let signature = self.signature.as_ref();
        let signature = signature.map_or(0, |(name, secret)| name.size() + secret.expose().len());
        self.code.size() + self.added.size() + signature + texts
    }
}

impl State {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            ..Self::default()
        }
    }

    /// Returns the next number of a row that looks random and is the same for the same seed.
    pub(crate) fn random(&mut self) -> u64 {
        self.counter += 1;
        // splitmix64.
        let mut mixed = self
            .seed
            .wrapping_add(self.counter.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a credential that has not been issued before.
    pub(crate) fn credential(&mut self, kind: &str) -> String {
        let random = self.random();
        let number = self.counter;
        format!("mock-{kind}-{number}-{random:016x}")
    }

    /// Returns a code that a user can type.
    pub(crate) fn user_code(&mut self) -> String {
        // No vowels and nothing that looks like something else (RFC 8628 section 6.1).
        const LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";
        let mut random = self.random();
        let mut letters = String::new();
        while letters.len() < 9 {
            if letters.len() == 4 {
                letters.push('-');
            }
            let index = usize::try_from(random % 20).unwrap_or_default();
            letters.push(char::from(LETTERS.get(index).copied().unwrap_or(b'B')));
            random /= 20;
        }
        letters
    }

    /// Begins a sign-in.
    pub(crate) fn grant(&mut self, client: Option<String>, scopes: Vec<String>) -> Grant {
        self.counter += 1;
        Grant {
            family: self.counter,
            client,
            scopes,
            nonce: None,
            key: None,
            certificate: None,
        }
    }

    pub(crate) fn add_code(&mut self, text: String, code: Code) {
        self.codes.insert(text, code);
    }

    pub(crate) fn code(&mut self, text: &str) -> Option<&mut Code> {
        self.codes.get_mut(text)
    }

    pub(crate) fn add_access_token(&mut self, text: String, token: Token) {
        self.access_tokens.insert(text, token);
    }

    pub(crate) fn add_refresh_token(&mut self, text: String, grant: Grant) {
        let token = RefreshToken {
            grant,
            replaced: None,
            revoked: false,
        };
        self.refresh_tokens.insert(text, token);
    }

    pub(crate) fn refresh_token(&mut self, text: &str) -> Option<&mut RefreshToken> {
        self.refresh_tokens.get_mut(text)
    }

    /// Returns an access token that is valid now.
    pub(crate) fn valid_access_token(&self, text: &str, now: i64) -> Option<&Token> {
        let token = self.access_tokens.get(text)?;
        let is_valid = !token.revoked
            && token.expires.is_none_or(|expires| expires > now)
            && !self.is_revoked(&token.grant);
        is_valid.then_some(token)
    }

    /// Returns what a refresh token that can be used stands for.
    pub(crate) fn valid_refresh_token(&self, text: &str) -> Option<&Grant> {
        let token = self.refresh_tokens.get(text)?;
        let is_valid = !token.revoked && token.replaced.is_none() && !self.is_revoked(&token.grant);
        is_valid.then_some(&token.grant)
    }

    pub(crate) fn is_revoked(&self, grant: &Grant) -> bool {
        self.revoked.get(&grant.family.to_string()).is_some()
    }

    /// Revokes all tokens of a sign-in.
    pub(crate) fn revoke_family(&mut self, family: u64) {
        self.revoked.insert(family.to_string(), ());
    }

    /// Whether a token was issued to another client.
    pub(crate) fn is_of_another(&self, text: &str, client: Option<&str>) -> bool {
        let access = self.access_tokens.get(text).map(|token| &token.grant);
        let refresh = self.refresh_tokens.get(text).map(|token| &token.grant);
        let owner = access.or(refresh).and_then(|grant| grant.client.as_deref());
        owner.is_some_and(|owner| client.is_some_and(|client| owner != client))
    }

    /// Revokes a token, if there is one; with a refresh token, all tokens of the sign-in.
    pub(crate) fn revoke(&mut self, text: &str) {
        if let Some(token) = self.access_tokens.get_mut(text) {
            token.revoked = true;
        } else if let Some(token) = self.refresh_tokens.get_mut(text) {
            token.revoked = true;
            let family = token.grant.family;
            self.revoke_family(family);
        }
    }

    /// Decides on a device by what its user typed; whether there is such a device.
    pub(crate) fn decide(&mut self, user_code: &str, approved: bool) -> bool {
        let plain = |code: &str| code.replace(['-', ' '], "").to_ascii_uppercase();
        let mut devices = self.devices.values_mut();
        let found = devices.find(|device| plain(&device.user_code) == plain(user_code));
        found
            .map(|device| device.decision = Some(approved))
            .is_some()
    }
}
