//! Texts that nobody can guess.

use ring::rand::{SecureRandom as _, SystemRandom};

use crate::Error;
#[cfg(any(feature = "authorization", feature = "jwt"))]
use crate::Secret;

/// 256 random bits in base64url: 43 characters, which also make a code verifier (RFC 7636 section
/// 4.1).
#[cfg(any(feature = "authorization", feature = "jwt"))]
pub(crate) fn token() -> Result<Secret, Error> {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    let mut bytes = zeroize::Zeroizing::new([0_u8; 32]);
    fill(bytes.as_mut())?;
    Ok(Secret::from(URL_SAFE_NO_PAD.encode(bytes.as_ref())))
}

/// A UUID of random bits (RFC 9562 section 5.4).
pub(crate) fn uuid() -> Result<String, Error> {
    let mut bytes = [0_u8; 16];
    fill(&mut bytes)?;
    let bits = u128::from_be_bytes(bytes);
    let version = bits & !(0xf << 76) | 4 << 76;
    let variant = version & !(0x3 << 62) | 2 << 62;
    let digits = format!("{variant:032x}");
    let (mut uuid, mut rest) = (String::new(), digits.as_str());
    for length in [8, 4, 4, 4, 12] {
        let (group, others) = rest.split_at(length);
        if !uuid.is_empty() {
            uuid.push('-');
        }
        uuid.push_str(group);
        rest = others;
    }
    Ok(uuid)
}

fn fill(bytes: &mut [u8]) -> Result<(), Error> {
    SystemRandom::new()
        .fill(bytes)
        .map_err(|_| Error::config("the operating system gives no random bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_of_version_4() -> Result<(), Error> {
        let (one, other) = (uuid()?, uuid()?);
        assert_ne!(one, other);
        let groups: Vec<&str> = one.split('-').collect();
        let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert!(
            groups[2].starts_with('4') && groups[3].starts_with(['8', '9', 'a', 'b']),
            "{one}"
        );
        Ok(())
    }
}
