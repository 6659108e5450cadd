use super::InWords::{Nothing, Required, Sometimes};
use super::*;

#[test]
fn a_description_says_for_which_grants() {
    for text in [
        "**Required when `grant_type=authorization_code`**",
        "Required if 'grant_type' is 'authorization_code'.",
        "The redirect URI. Required for authorization_code, and refresh_token.",
        "Mandatory in the authorization code flow.",
        "With the authorization code grant it is required.",
    ] {
        assert_eq!(read(text, "authorization_code"), Required, "{text}");
        assert_eq!(read(text, "client_credentials"), Nothing, "{text}");
    }
    assert_eq!(
        read("mandatory in password grant type", "password"),
        Required
    );
    let own = "Required when the grant type is `authorization_code_pkce`.";
    assert_eq!(read(own, "authorization_code_pkce"), Required);
    assert_eq!(
        read("Required. What it is.", "client_credentials"),
        Required
    );
    for text in [
        "Required for public clients using PKCE with `grant_type=authorization_code`.",
        "Required if `grant_type` is `authorization_code` and you provided `redirect_uri` before.",
        "With `authorization_code` it is required only if the request had it.",
        "Required for authorization_code if no code_verifier is given.",
    ] {
        assert_eq!(read(text, "authorization_code"), Sometimes, "{text}");
    }
    let of_refresh = "For refresh token requests it is\nrequired only if the authorization code request\nhad it.";
    assert_eq!(read(of_refresh, "authorization_code"), Nothing);
    assert_eq!(read(of_refresh, "refresh_token"), Sometimes);
    for text in ["Required: no.", "Required: false"] {
        assert_eq!(read(text, "client_credentials"), Nothing, "{text}");
    }
    let some = "Required - if grant_type is authorization_code";
    assert_eq!(read(some, "authorization_code"), Required);
    assert_eq!(read(some, "client_credentials"), Nothing);
    for text in [
        "Not required for authorization_code.",
        "Required unless `grant_type` is `authorization_code`.",
        "Required for authorization_code; the schema has it optional.",
        "Required when the grant is `authorization_code_pkce`.",
        "The password, which is required.",
    ] {
        assert_eq!(read(text, "authorization_code"), Nothing, "{text}");
        assert_eq!(read(text, "password"), Nothing, "{text}");
    }
}

#[test]
fn a_description_may_call_its_parameter_optional() {
    for text in [
        "Optional. What it is.",
        "This parameter is optional and not needed if the other one is sent.",
        "Not needed when the header is there.",
        "The site (optional).",
        "May be omitted by public clients.",
        "The `key` is not needed if the `other` header is there.",
    ] {
        assert!(is_called_optional(text, "key"), "{text}");
    }
    for text in [
        "Optionally encoded.",
        "With it, `scope` is optional.",
        "It is not required to be unique.",
        "The site, which is not needed elsewhere.",
    ] {
        assert!(!is_called_optional(text, "key"), "{text}");
    }
}

#[test]
fn a_description_may_name_several_grants() {
    for text in [
        "Required with a grant type of `authorization_code` and `acme_bridge`.",
        "Required for authorization_code, refresh_token and acme_bridge.",
        "Required if `grant_type` is either `acme_bridge` or `authorization_code`.",
        "Required: with `grant_type=acme_bridge` or `authorization_code`.",
        "With the acme bridge grant and the authorization code grant it is mandatory.",
    ] {
        for grant in ["authorization_code", "acme_bridge"] {
            assert_eq!(read(text, grant), Required, "{text} {grant}");
        }
        assert_eq!(read(text, "client_credentials"), Nothing, "{text}");
        assert_eq!(read(text, "acme_pass"), Nothing, "{text}");
    }
    let titles = "Required in the authorization code, and refresh token grants.";
    assert_eq!(read(titles, "authorization_code"), Required);
    assert_eq!(read(titles, "refresh_token"), Required);
    assert_eq!(read(titles, "password"), Nothing);
    let own = "Required in the authorization code grant.";
    assert_eq!(read(own, "code"), Nothing);
}

#[test]
fn a_description_says_which_grants_do_not_need_a_parameter() {
    for text in [
        "Only required for authorization_code.",
        "Required if `grant_type` is `authorization_code`.",
        "The one of before (only required on the authorization code grant).",
        "Used only with the `authorization_code` grant.",
        "Not used for refresh.",
        "Where to. Ignored with `refresh_token`.",
        "Required, except when refreshing.",
    ] {
        assert!(is_of_others(text, "refresh_token"), "{text}");
        assert!(!is_of_others(text, "authorization_code"), "{text}");
    }
    for text in [
        "Required for authorization_code and refresh_token.",
        "It is required. The authorization_code request had it too.",
        "Required and the same as in the authorization code request.",
        "Must not be omitted with refresh_token.",
        "Not only required for authorization_code.",
    ] {
        assert!(!is_of_others(text, "refresh_token"), "{text}");
    }
    let own = "Required for `authorization_code` and `acme_credentials`.";
    assert!(!is_of_others(own, "acme_credentials"));
    assert!(is_of_others(own, "acme_pass"));
}

#[test]
fn a_grant_is_a_word_of_its_own() {
    let text = "Required only with `kiosk_id`, for the password grant.";
    assert!(is_of_others(text, "kiosk"));
    assert!(!is_of_others(
        "Required only for kiosk, and for the password grant.",
        "kiosk"
    ));
}

#[test]
fn a_parameter_is_used_with_the_grants_that_are_named() {
    let text = "The secret.\n\nUsed in combination with `authorization_code`,\nor `client_credentials` as the grant.";
    assert!(!is_used_with_others(text, "authorization_code"));
    assert!(!is_used_with_others(text, "client_credentials"));
    assert!(is_used_with_others(text, "refresh_token"));
    assert!(!is_used_with_others("The secret.", "refresh_token"));
}

#[test]
fn a_word_in_the_name_of_a_parameter_is_not_said_of_it() {
    let text = "Even if the `nonceRequired` of the service is `false`, a request with `nonceRequired`, `true` needs one.";
    for grant in ["", "password", "authorization_code"] {
        assert_eq!(read(text, grant), Nothing, "{grant}");
        assert!(!is_of_others(text, grant), "{grant}");
    }
}
