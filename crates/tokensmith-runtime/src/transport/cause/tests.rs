use std::fmt;
use std::io;

use super::{find, is};

/// An error of a library, with what caused it.
#[derive(Debug)]
struct Failed(Option<Box<dyn std::error::Error + Send + Sync>>);

impl fmt::Display for Failed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("failed")
    }
}

impl std::error::Error for Failed {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.0.as_ref()?;
        Some(source.as_ref())
    }
}

#[test]
fn rustls_is_found_however_deep_it_is() {
    let tls = || rustls::Error::DecryptError;
    assert!(is::<rustls::Error>(&tls()));
    assert!(is::<rustls::Error>(&io::Error::other(tls())));
    let twice = io::Error::other(io::Error::new(io::ErrorKind::InvalidData, tls()));
    assert!(is::<rustls::Error>(&twice));
    let below = Failed(Some(Box::new(Failed(Some(Box::new(io::Error::other(
        Failed(Some(Box::new(tls()))),
    )))))));
    assert_eq!(find::<rustls::Error>(&below), Some(&tls()));
}

#[test]
fn what_is_not_there_is_not_found() {
    let plain = io::Error::from(io::ErrorKind::ConnectionRefused);
    assert!(!is::<rustls::Error>(&plain));
    assert!(!is::<rustls::Error>(&io::Error::other(Failed(None))));
    // Words prove nothing.
    let words = io::Error::other("invalid peer certificate: UnknownIssuer");
    assert!(!is::<rustls::Error>(&words));
    assert!(is::<io::Error>(&Failed(Some(Box::new(plain)))));
}
