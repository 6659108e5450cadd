use super::*;

#[test]
fn descriptions_say_what_a_credential_is() {
    for (name, description) in [
        ("key", "API key. Your API key identifies your project."),
        (
            "x-client-auth",
            "Base64-encoded string of client credentials",
        ),
        ("dwsgst", "JWT of the guest's session."),
        ("passport", "The password of the account."),
        ("value", "The authorization code"),
        ("value", "Refresh token that was obtained earlier."),
        ("value", "Access token of the user"),
        ("value", "A one-time passcode"),
        ("verify", "PKCE code verifier"),
        ("value", "Keep this value secret."),
        ("value", "The user's password in clear."),
        ("value", "A bearer token for the API."),
        ("dwsid", "Cookie passed back from the endpoint."),
        ("value", "The session cookie of the browser"),
        (
            "dwsrst",
            "Signed registered customer Json Web Token (JWT) that was obtained from B2C.",
        ),
        ("resume", "Your previously issued `authToken`."),
        ("current", "The `refresh_token` that was issued."),
    ] {
        assert!(is_described_as_credential(name, description), "{name}");
    }
    for (name, description) in [
        ("password_encoding", "Password encoding: none or sha256"),
        ("region", "The region of the API key"),
        ("jwt_type", "JWT type"),
        ("value", "The name of the cookie"),
        ("value", "Cookie consent of the user"),
        ("value", "How the JWT is signed"),
        ("tenant", "The tenant"),
        ("kind", "Authorization code grant"),
        ("value", "Access token lifetime in seconds"),
        ("value", "Refresh token or access token"),
        ("hint", "The access token that is meant"),
        ("expires_at", "Access token to be renewed by then"),
        ("scope", "Refresh token of the scopes"),
        ("value", "The `refresh_token` grant"),
        ("value", "`access_token` or `refresh_token`"),
        ("value", "Your `tenant`"),
        ("value", "Whether the `access_token` is renewed"),
    ] {
        assert!(!is_described_as_credential(name, description), "{name}");
    }
}

#[test]
fn names_are_read_by_their_words() {
    assert_eq!(words("refreshToken"), ["refresh", "token"]);
    assert_eq!(words("X-API-Key"), ["x", "api", "key"]);
    assert_eq!(words("SAMLResponse"), ["saml", "response"]);
    assert_eq!(words("oauth2_id.token"), ["oauth2", "id", "token"]);
    assert_eq!(words(""), [""; 0]);
}

/// Names of values by which whoever has them may act as somebody else.
const NAMES: [&str; 96] = [
    "access_token",
    "accessToken",
    "ACCESSTOKEN",
    "refresh-token",
    "id_token",
    "token",
    "tokens",
    "mfa_token",
    "otp",
    "smsOtp",
    "totp_code",
    "secret",
    "token_secret",
    "client_secret",
    "clientSecret",
    "secretKey",
    "x-api-key",
    "apikey",
    "password",
    "new_password",
    "userPwd",
    "passcode",
    "pin",
    "authorization_code",
    "authCode",
    "device_code",
    "code_verifier",
    "assertion",
    "client_assertion",
    "SAMLResponse",
    "private_key",
    "Authorization",
    "Cookie",
    "session_id",
    "JSESSIONID",
    "id_token_hint",
    "verification_code",
    "email_code",
    "recovery_codes",
    "bearer",
    "jwt",
    "signed_jwt",
    "signature",
    "credentials",
    "subject_token",
    "actor_token",
    "Ocp-Apim-Subscription-Key",
    "AWSSecretAccessKey",
    "personal_access_token",
    "ticket",
    "rt",
    "RT",
    "refresh",
    "tkn",
    "userTkn",
    "session",
    "sig",
    "request_sig",
    "otps",
    "oobCode",
    "token_value",
    "accessTokenString",
    "access_token2",
    "X-Auth",
    "X-Session",
    "DPoP",
    "pre-authorized_code",
    "tx_code",
    "SECRET_HASH",
    "X-Auth-Key",
    "oauth_verifier",
    "auth_session",
    "signed_request",
    "SAMLart",
    "userpass",
    "loginpwd",
    "emailotp",
    "smscode",
    "PHPSESSID",
    "clientPw",
    "client_creds",
    "sess_id",
    "refresh_tok",
    "secret_answer",
    "license_key",
    "temp_code",
    "private_key_pem",
    "passwordConfirm",
    "passwordMd5",
    "id_token_encrypted",
    "signing_secret_base64",
    "basic_auth",
    "mot_de_passe",
    "hmac",
    "newRefreshToken",
    "refreshValue",
];

#[test]
fn credentials_are_known_by_their_names() {
    for name in NAMES {
        assert!(is_credential_field(name), "{name}");
    }
    assert!(is_credential_parameter("code"));
}

#[test]
fn what_is_said_of_a_credential_is_no_credential() {
    for name in [
        "code",
        "error_code",
        "status_code",
        "country_code",
        "user_code",
        "token_type",
        "token_type_hint",
        "subject_token_type",
        "requested_token_type",
        "expires_in",
        "refresh_token_expires_in",
        "access_token_validity",
        "client_id",
        "username",
        "scope",
        "audience",
        "redirect_uri",
        "state",
        "nonce",
        "code_challenge",
        "token_endpoint",
        "public_key",
        "api_key_id",
        "key",
        "shipping",
        "compass",
        "laptop",
        "resource",
        "tokenUrl",
        "passport_number",
        "authorization_details",
        "x-request-id",
        "art",
        "cart",
        "avg_rt",
        "refresh_url",
        "refreshInterval",
        "auto_refresh",
        "session_state",
        "session_type",
        "is_session",
        "design",
        "config",
        "auth",
        "auth_type",
        "token_string_length",
        "value",
        "key_value",
        "oauth2",
        "sha256",
        "pins",
        "account_sid",
        "at_hash",
        "is_encrypted",
        "verified",
        "credit",
    ] {
        assert!(!is_credential_field(name), "{name}");
    }
}

#[test]
fn an_object_named_after_a_credential_holds_it() {
    assert!(is_its_value("value"));
    assert!(!is_its_value("expiresIn"));
}

#[test]
fn some_numbers_are_counts() {
    for name in ["refresh", "tokens", "remaining_tokens"] {
        assert!(is_word_of_a_count(name), "{name}");
    }
    for name in ["otp", "pin"] {
        assert!(!is_word_of_a_count(name), "{name}");
    }
}
