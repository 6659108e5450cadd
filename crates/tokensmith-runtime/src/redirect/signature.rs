//! The signature of a redirect: which of its parameters has it, and what it signs.

use form_urlencoded::Serializer;
use ring::hmac;

use super::malformed;
use super::parameters::Parameters;
use crate::error::redirect_problem::RedirectProblem;
use crate::{Error, Secret};

/// Checks that the parameter `name` has the HMAC-SHA256 of the other parameters with the client
/// secret, in hexadecimal digits. They are signed in the order of their names, form-encoded, as
/// Shopify has it. Takes the same time wherever the first difference is.
pub(super) fn check(parameters: &Parameters<'_>, name: &str, secret: &Secret) -> Result<(), Error> {
    let signature = parameters.get(name).ok_or_else(|| {
        let message = format!("the redirect is not signed: it has no `{name}`");
        malformed(RedirectProblem::NoSignature, message)
    })?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
    let mut signed = Serializer::new(String::new());
    signed.extend_pairs(parameters.sorted_without(name));
    let signed = signed.finish();
    let tag = bytes(signature).unwrap_or_default();
    hmac::verify(&key, signed.as_bytes(), &tag).map_err(|_| {
        let message = format!(
            "the `{name}` of the redirect is not its signature by the client secret: somebody changed it, or the secret is another one"
        );
        malformed(RedirectProblem::OtherSignature, message)
    })
}

/// What hexadecimal digits stand for.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = digits.chars().map(|digit| digit.to_digit(16)).collect();
    let digits = digits?;
    let (pairs, rest) = digits.as_chunks::<2>();
    let bytes = pairs
        .iter()
        .map(|[high, low]| u8::try_from(high * 16 + low).ok());
    rest.is_empty().then(|| bytes.collect()).flatten()
}
