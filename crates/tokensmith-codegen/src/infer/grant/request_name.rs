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
            && others
                .map(|other| with_parts(other, *count))
                .all(|other| other != *ident)
    });
    let ident = alone.map_or_else(|| with_parts(value, 1), |(_, ident)| ident)?;
    let is_taken = name::is_taken(&ident) || ident == name::provider_type(provider);
    Some(if is_taken { ident + "Grant" } else { ident })
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
    fn grants_of_one_last_part_are_told_apart_by_more() {
        let told = idents(&["urn:x:magic:code", "urn:x:mail:code", "urn:x:password"]);
        assert_eq!(
            told,
            ["MagicCode", "MailCode", "XPassword"].map(|ident| Some(ident.to_owned()))
        );
    }
}
