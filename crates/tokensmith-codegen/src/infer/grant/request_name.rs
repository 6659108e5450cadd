//! What the request of a provider's own grant is called.

use crate::model::{name, rfc};

/// `AccountCredentials` for `account_credentials`; URNs and URLs give their last part, or as many as tell them from the others.
pub(super) fn custom_ident(provider: &str, value: &str, grants: &[String]) -> Option<String> {
    let with_parts = |value: &str, count: usize| {
        let mut parts: Vec<&str> = value
            .rsplit([':', '/'])
            .filter(|part| !part.is_empty())
            .take(count)
            .collect();
        parts.reverse();
        name::pascal(&parts.join("_"))
    };
    let is_known = |ident: &Option<String>| {
        rfc::GRANTS
            .iter()
            .any(|grant| Some(grant.ident) == ident.as_deref())
    };
    let most = value.matches([':', '/']).count() + 1;
    let mut idents = (1..=most).map(|count| (count, with_parts(value, count)));
    let alone = idents.find(|(count, ident)| {
        let others = grants
            .iter()
            .filter(|other| *other != value && rfc::grant(other).is_none());
        !is_known(ident)
            && ident
                .as_deref()
                .is_none_or(|ident| *count == most || is_telling(ident))
            && others
                .map(|other| with_parts(other, *count))
                .all(|other| other != *ident)
    });
    let ident = alone.map_or_else(|| with_parts(value, 1), |(_, ident)| ident)?;
    let ident = match ident.strip_prefix('N') {
        // A name cannot begin with a digit.
        Some(rest) if rest.starts_with(|first: char| first.is_ascii_digit()) => {
            format!("Grant{rest}")
        }
        _ => ident,
    };
    let is_taken = name::is_taken(&ident) || ident == name::provider_type(provider);
    Some(if is_taken { ident + "Grant" } else { ident })
}

/// Whether a name says something by itself, and is no number or version.
fn is_telling(ident: &str) -> bool {
    const LETTERS: usize = 3;
    let letters = ident.bytes().filter(u8::is_ascii_alphabetic).count();
    letters >= LETTERS && !matches!(ident, "Grant" | "GrantType" | "Oauth" | "Oauth2" | "Token")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn idents(grants: &[&str]) -> Vec<Option<String>> {
        let grants: Vec<String> = grants.iter().map(|grant| (*grant).to_owned()).collect();
        grants
            .iter()
            .map(|grant| custom_ident("moov", grant, &grants))
            .collect()
    }

    #[test]
    fn a_custom_grant_is_called_by_its_last_part() {
        assert_eq!(
            idents(&["account_credentials"]),
            [Some("AccountCredentials".to_owned())]
        );
        assert_eq!(
            idents(&["urn:x:grant:device-proof"]),
            [Some("DeviceProof".to_owned())]
        );
        assert_eq!(
            idents(&["moov", "client"]),
            [Some("MoovGrant".to_owned()), Some("ClientGrant".to_owned())]
        );
        assert_eq!(idents(&["—"]), [None]);
    }

    #[test]
    fn a_number_or_a_version_is_no_name() {
        for (grant, expected) in [
            ("1", "Grant1"),
            ("urn:x:magic:v2", "MagicV2"),
            ("urn:x:device:1.0", "Device10"),
            ("urn:x:otp", "Otp"),
            ("urn:acme:grant-type", "AcmeGrantType"),
        ] {
            assert_eq!(idents(&[grant]), [Some(expected.to_owned())], "{grant}");
        }
    }

    #[test]
    fn grants_of_one_last_part_are_told_apart_by_more() {
        let told = idents(&["urn:x:magic:code", "urn:x:mail:code", "urn:x:password"]);
        assert_eq!(
            told,
            ["MagicCode", "MailCode", "XPassword"].map(|ident| Some(ident.to_owned()))
        );
    }
}
