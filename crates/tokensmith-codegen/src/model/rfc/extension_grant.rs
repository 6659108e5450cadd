//! Grants of specifications that build on OAuth.

/// A grant that a specification other than an RFC defines.
pub(crate) struct ExtensionGrant {
    value: &'static str,
    /// What it is, at the beginning of a sentence.
    pub(crate) title: &'static str,
    /// Where it is defined, in Markdown.
    pub(crate) section: &'static str,
    /// Parameters that the specification gives it: name, and whether it must be there.
    parameters: &'static [(&'static str, bool)],
}

const GRANTS: [ExtensionGrant; 2] = [
    ExtensionGrant {
        value: "urn:ietf:params:oauth:grant-type:pre-authorized_code",
        title: "Pre-authorized code grant",
        section: "[OpenID4VCI, section 6.1](https://openid.net/specs/openid-4-verifiable-credential-issuance-1_0.html#section-6.1)",
        parameters: &[("pre-authorized_code", true), ("tx_code", false)],
    },
    ExtensionGrant {
        value: "urn:ietf:params:oauth:grant-type:uma-ticket",
        title: "UMA grant",
        section: "[UMA 2.0, section 3.3.1](https://docs.kantarainitiative.org/uma/wg/rec-oauth-uma-grant-2.0.html#uma-grant-type)",
        // Some servers take requests without a ticket.
        parameters: &[
            ("ticket", false),
            ("claim_token", false),
            ("claim_token_format", false),
            ("pct", false),
            ("rpt", false),
        ],
    },
];

/// The grant of a specification with this `grant_type`.
pub(crate) fn extension_grant(value: &str) -> Option<&'static ExtensionGrant> {
    GRANTS.iter().find(|grant| grant.value == value)
}

/// Whether a specification gives a parameter to one of its grants.
pub(crate) fn is_of_extension(name: &str) -> bool {
    GRANTS.iter().any(|grant| grant.has(name))
}

impl ExtensionGrant {
    pub(crate) fn has(&self, name: &str) -> bool {
        let mut parameters = self.parameters.iter();
        parameters.any(|(parameter, _)| *parameter == name)
    }

    pub(crate) fn requires(&self, name: &str) -> bool {
        self.parameters.contains(&(name, true))
    }
}
