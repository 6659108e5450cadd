//! The parameters that the runtime sends by itself, under the names that a document has for them.

use crate::infer::declaration::Declarations;
use crate::model::name::letters;
use crate::model::{EndpointKind, Location, rfc};
use crate::openapi::site::Site;

/// Their names at one endpoint.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RuntimeParameters<'a> {
    kind: EndpointKind,
    /// What RFC 6749 calls `grant_type`; at an authorization endpoint `response_type`.
    pub(crate) grant_type: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) client_secret: &'a str,
    /// Whether it makes a `nonce` where the scope `openid` is asked for; it cannot be where there are no scopes.
    pub(crate) makes_nonce: bool,
}

/// Whether a parameter is called after grants, and all its values are some that RFCs define. `password` and `refresh_token` alone may be anything.
fn lists_grants(name: &str, declarations: &Declarations<'_>) -> bool {
    let values = declarations
        .described(name)
        .map_or(&[][..], |declared| declared.shape.values.as_slice());
    let is_sure = |value: &String| !["password", "refresh_token"].contains(&value.as_str());
    letters(name).contains("grant")
        && values.iter().any(is_sure)
        && values.iter().all(|value| rfc::grant(value).is_some())
}

impl<'a> RuntimeParameters<'a> {
    pub(crate) fn new(kind: EndpointKind, site: &'a Site) -> Self {
        let extension = &site.extension;
        let standard = match kind {
            EndpointKind::Authorization => "response_type",
            _ => "grant_type",
        };
        let or = |declared: &'a Option<String>, standard| declared.as_deref().unwrap_or(standard);
        Self {
            kind,
            grant_type: or(&extension.grant_type_parameter, standard),
            client_id: or(&extension.client_auth.client_id, "client_id"),
            client_secret: or(&extension.client_auth.client_secret, "client_secret"),
            makes_nonce: true,
        }
    }

    /// Whether the requests are for tokens.
    pub(crate) fn is_of_token_endpoint(&self) -> bool {
        self.kind == EndpointKind::Token
    }

    /// The same with the names that the parameters of an endpoint have which writes those of RFC 6749 in another way.
    ///
    /// A name that the document states, or that is there as the RFC has it, stays.
    pub(crate) fn written_otherwise(
        self,
        site: &Site,
        declarations: &Declarations<'a>,
    ) -> Option<Self> {
        let extension = &site.extension;
        let client = &extension.client_auth;
        let names = declarations.names();
        let find = |own: &'a str, stated: bool, prefix: &str| {
            let wanted = format!("{prefix}{}", letters(own));
            let is_free = !stated && !names.contains(own);
            let mut names = names.iter().filter(|_| is_free);
            names.find(|name| letters(name) == wanted).copied()
        };
        let grant_type = find(
            self.grant_type,
            extension.grant_type_parameter.is_some(),
            "",
        );
        let is_free = extension.grant_type_parameter.is_none() && !names.contains(self.grant_type);
        let grant_type = grant_type.or_else(|| {
            let mut others = names
                .iter()
                .filter(|_| is_free && self.is_of_token_endpoint());
            others
                .find(|name| lists_grants(name, declarations))
                .copied()
        });
        let [id, secret] = [
            (self.client_id, client.client_id.is_some()),
            // A browser has no secret to send.
            (
                self.client_secret,
                client.client_secret.is_some() || self.kind == EndpointKind::Authorization,
            ),
        ]
        .map(|(own, stated)| (find(own, stated, ""), find(own, stated, "x")));
        let is_header = |name: &&str| {
            let declared = declarations.common.get(*name);
            declared.is_some_and(|declared| declared.location == Location::Header)
        };
        // A header of an extension's name is the client's only beside the other one.
        let (id, secret) = match (id, secret) {
            ((None, Some(id)), (None, Some(secret))) if is_header(&id) && is_header(&secret) => {
                (Some(id), Some(secret))
            }
            ((id, _), (secret, _)) => (id, secret),
        };
        // Beside the client's identifier a secret is the client's.
        let has_client = id.is_some() || names.contains(self.client_id);
        let is_free = client.client_secret.is_none() && !names.contains(self.client_secret);
        let secret = secret.or_else(|| {
            let mut names = names.iter().filter(|_| has_client && is_free);
            names.find(|name| letters(name) == "secret").copied()
        });
        (grant_type.is_some() || id.is_some() || secret.is_some()).then(|| Self {
            kind: self.kind,
            grant_type: grant_type.unwrap_or(self.grant_type),
            client_id: id.unwrap_or(self.client_id),
            client_secret: secret.unwrap_or(self.client_secret),
            makes_nonce: self.makes_nonce,
        })
    }

    /// What is called otherwise than in another endpoint: the name there, and the name here.
    pub(crate) fn renamed(&self, before: &Self) -> Vec<(&'a str, &'a str)> {
        let pairs = [
            (before.grant_type, self.grant_type),
            (before.client_id, self.client_id),
            (before.client_secret, self.client_secret),
        ];
        pairs
            .into_iter()
            .filter(|(own, name)| own != name)
            .collect()
    }

    /// Whether a parameter is sent without being asked for.
    pub(crate) fn sends(&self, name: &str, location: Location) -> bool {
        match self.kind {
            EndpointKind::EndSession => {
                return name == self.client_id || name == "state" && location == Location::Query;
            }
            // All is said by the caller.
            EndpointKind::Registration => return false,
            _ => {}
        }
        let is_authorization = self.kind == EndpointKind::Authorization;
        let is_client = name == self.client_id;
        match location {
            Location::Body | Location::Query => {
                let others: &[&str] = match is_authorization {
                    true if self.makes_nonce => {
                        &["state", "nonce", "code_challenge", "code_challenge_method"]
                    }
                    true => &["state", "code_challenge", "code_challenge_method"],
                    false => &["client_assertion", "client_assertion_type"],
                };
                is_client
                    || name == self.grant_type
                    || others.contains(&name)
                    || !is_authorization && name == self.client_secret
            }
            Location::Header => !is_authorization && self.own_name(name).is_some(),
            // A secret has no business there.
            Location::Path => is_client || !is_authorization && name == self.grant_type,
        }
    }

    /// The name that is meant by a header, which has no case.
    pub(crate) fn own_name(&self, header: &str) -> Option<&'a str> {
        let own = [self.grant_type, self.client_id, self.client_secret];
        own.into_iter().find(|own| own.eq_ignore_ascii_case(header))
    }
}
