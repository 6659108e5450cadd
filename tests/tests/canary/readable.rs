//! What providers really say, which has to stay readable.

use http::Response;
use serde_json::json;

use crate::masked::refused;

/// Descriptions in the words of public token endpoints; ids and names are made up.
const DESCRIPTIONS: [&str; 60] = [
    "Expired code.",
    "sometext",
    "stuff happened",
    "Woah there partner",
    "The client is not authorized",
    "The access token expired",
    "AADSTS7000215: Invalid client secret.",
    "Cannot supply multiple client credentials. Use one of the following: credentials in the Authorization header, credentials in the post body, or a client_assertion in the post body.",
    "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '11111111-2222-3333-4444-555555555555'. Trace ID: 0f8fad5b-d9cb-469f-a165-70867728950e Correlation ID: 7c9e6679-7425-40de-944b-e07fc1f90ae7 Timestamp: 2025-04-04 21:10:04Z",
    "AADSTS50076: Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '00000003-0000-0000-c000-000000000000'.",
    "AADSTS70008: The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.",
    "AADSTS9002313: Invalid request. Request is malformed or invalid.",
    "Token has been expired or revoked.",
    "Bad Request",
    "The OAuth client was not found.",
    "Unauthorized",
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.",
    "Malformed auth code.",
    "The code passed is incorrect or expired.",
    "The client_id and/or client_secret passed are incorrect.",
    "The redirect_uri MUST match the registered callback URL for this application.",
    "Client authentication failed (e.g., unknown client, no client authentication included, or unsupported authentication method).",
    "The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.",
    "A client_id must be provided in the request.",
    "The client secret supplied for a confidential client is invalid.",
    "PKCE verification failed.",
    "One or more scopes are not configured for the authorization server resource.",
    "The refresh token is invalid or expired.",
    "authentication failure",
    "expired access/refresh token",
    "user hasn't approved this consumer",
    "inactive user",
    "Invalid client or Invalid client credentials",
    "Client not enabled to retrieve service account",
    "Invalid refresh token. Token client and authorized client don't match",
    "Session not active",
    "Code not valid",
    "Missing parameter: grant_type",
    "Unsupported grant_type",
    "Unknown or invalid refresh token.",
    "Grant type 'implicit' not allowed for the client.",
    "Service not enabled within domain: https://api.example.com/",
    "Client is not authorized to access \"https://api.example.com/v2/\". You might probably want to create a \"client-grant\" associated to this API. See: https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants",
    "The access token is invalid or has expired",
    "Error validating access token: Session has expired on Monday, 11-Jul-24 18:00:00 PDT. The current time is Tuesday, 12-Jul-24 09:10:11 PDT.",
    "Error validating application. Cannot get application info due to a system error.",
    "Refresh token invalid: made-up.",
    "Invalid authorization code: code has expired or already been used",
    "We could not authenticate you: the API key is missing",
    "client is not authorized to get a token with that audience",
    "scope not allowed for this client",
    "Invalid client credentials",
    "Incorrect client secret for application: vault",
    "Rate limit exceeded. Try again in 30 seconds.",
    "org.springframework.security.oauth2.common.exceptions.InvalidClientException: Bad client credentials",
    "Failed to parse JWT assertion: Key ID kid_2024 is unknown (RFC 7523, section 3)",
    "OAuth2 error 401 at 2025-04-04T21:10:04.123Z: no registration for client my-app-1",
    "Das Zugriffstoken ist abgelaufen; Authentifizierungsfehler",
    "クライアント認証に失敗しました。",
    "code_verifier does not match code_challenge (method S256)",
];

#[test]
fn what_providers_say_stays_as_it_is() {
    let changed: Vec<_> = DESCRIPTIONS
        .iter()
        .filter_map(|description| {
            let body = json!({ "error": "invalid_request", "error_description": description });
            let response = Response::builder()
                .status(400)
                .body(body.to_string().into_bytes());
            let error = refused("kZ8vQ2mN4xL7tR1pW9sD", response.expect("a response"));
            let shown = error.description().unwrap_or_default().to_owned();
            (shown != *description).then_some(shown)
        })
        .collect();
    assert!(
        changed.is_empty(),
        "{} of {}: {changed:#?}",
        changed.len(),
        DESCRIPTIONS.len()
    );
}
