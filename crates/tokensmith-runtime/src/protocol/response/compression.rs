//! Telling a compressed body, which no request asks for.

use std::borrow::Cow;

use http::{HeaderMap, header};

/// What to say of a body that cannot be read because it is compressed: by its `Content-Encoding`
/// (RFC 9110 section 8.4), or by the bytes it begins with. Brotli and raw deflate begin with any
/// bytes: they are suspected where bytes that are no text are declared to be text.
pub(in crate::protocol) fn complaint(
    headers: &HeaderMap,
    body: &[u8],
) -> Option<Cow<'static, str>> {
    if body.is_empty() {
        return None;
    }
    let Some(coding) = declared(headers).or_else(|| begun(body)) else {
        return is_suspicious(headers, body).then_some(SUSPICION.into());
    };
    Some(
        format!(
            "the response is compressed ({coding}), although the request says `Accept-Encoding: identity`: \
             turn compression off at the server, or at the proxy before it"
        )
        .into(),
    )
}

const SUSPICION: &str = "the response body is binary, and its `Content-Type` is that of text: it may be compressed \
     (brotli, for example), although the request says `Accept-Encoding: identity`";

/// Whether a body is declared to be JSON, a form or text, and has bytes that none of them has in any
/// encoding but UTF-16, which begins with a byte order mark or has every other byte zero.
fn is_suspicious(headers: &HeaderMap, body: &[u8]) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE);
    let media_type = media_type.and_then(|value| value.to_str().ok());
    let media_type = media_type.unwrap_or_default().to_ascii_lowercase();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let is_text = essence.starts_with("text/")
        || essence.ends_with("json")
        || essence == "application/x-www-form-urlencoded";
    let is_control = |byte: &u8| matches!(byte, 1..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f);
    is_text && std::str::from_utf8(body).is_err() && body.iter().any(is_control)
}

fn declared(headers: &HeaderMap) -> Option<&'static str> {
    const KNOWN: [&str; 7] = [
        "gzip",
        "x-gzip",
        "deflate",
        "br",
        "zstd",
        "compress",
        "x-compress",
    ];
    let values = headers.get_all(header::CONTENT_ENCODING).iter();
    let mut codings = values
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .map(<[u8]>::trim_ascii)
        .filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity"));
    codings.next().map(|coding| {
        let known = KNOWN
            .into_iter()
            .find(|known| coding.eq_ignore_ascii_case(known.as_bytes()));
        known.unwrap_or("in a way that is not known")
    })
}

/// RFC 1952 section 2.3.1, RFC 8878 section 3.1.1, RFC 1950 section 2.2.
fn begun(body: &[u8]) -> Option<&'static str> {
    match body {
        [0x1f, 0x8b, 8, ..] => Some("gzip"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("zstd"),
        // The method is deflate with a window of 32 KiB, and the two bytes are a multiple of 31.
        [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => Some("deflate"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::complaint;

    /// `{"access_token":"t"}` by gzip, zstd and zlib.
    const GZIP: &[u8] =
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xabVJLNN-..\xc9\xcfN\xcdS\xb2R*Q\xaa\x05\x00";
    const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd\x04\x00\xa9\x00\x00{\"access_token\":\"t\"}";
    const ZLIB: &[u8] = b"\x78\x9c\xabVJLNN-..\xc9\xcfN\xcdS\xb2R*Q\xaa\x05\x00";

    /// The same by brotli, which may leave it as it is, and by raw deflate.
    const BROTLI: &[u8] = b"\x8b\x0a\x80{\"access_token\":\"t\"}\x03";
    const DEFLATE: &[u8] = b"\xabVJLNN-..\xc9\xcfN\xcdS\xb2R*Q\xaa\x05\x00";

    #[test]
    fn binary_data_that_is_declared_to_be_text_is_suspected() {
        let is_suspected = |media_type: &'static str, body: &[u8]| {
            let mut headers = HeaderMap::new();
            let media_type = http::HeaderValue::from_static(media_type);
            headers.insert("content-type", media_type);
            complaint(&headers, body).is_some_and(|said| said.contains("may be compressed"))
        };
        for text in [
            "application/json",
            "application/problem+json; a=b",
            "text/html",
            "TEXT/plain",
        ] {
            assert!(
                is_suspected(text, BROTLI) && is_suspected(text, DEFLATE),
                "{text}"
            );
        }
        assert!(!is_suspected("application/octet-stream", BROTLI));
        assert_eq!(said(None, BROTLI), None);
        for text in [
            &b"{\"a\":1}"[..],
            b"Schl\xfcssel\r\n\t\x1b[0m",
            b"\xff\xfe{\0}\0",
            b"\x01 but UTF-8",
        ] {
            assert!(!is_suspected("application/json", text), "{text:?}");
        }
    }

    fn said(encoding: Option<&[u8]>, body: &[u8]) -> Option<String> {
        let mut headers = HeaderMap::new();
        if let Some(encoding) = encoding {
            let encoding = http::HeaderValue::from_bytes(encoding).unwrap();
            headers.insert("content-encoding", encoding);
        }
        complaint(&headers, body).map(std::borrow::Cow::into_owned)
    }

    #[test]
    fn a_body_is_known_by_its_header_or_by_its_first_bytes() {
        for (encoding, body, coding) in [
            (Some(&b"gzip"[..]), GZIP, "(gzip)"),
            (Some(b"BR"), b"\x0b\x0a\x80", "(br)"),
            (Some(b"identity, zstd"), ZSTD, "(zstd)"),
            (Some(b"secret\xff"), b"x", "(in a way that is not known)"),
            (Some(b"identity"), GZIP, "(gzip)"),
            (None, GZIP, "(gzip)"),
            (None, ZSTD, "(zstd)"),
            (None, ZLIB, "(deflate)"),
        ] {
            let said = said(encoding, body).unwrap();
            assert!(said.contains(coding) && !said.contains("secret"), "{said}");
        }
        for (encoding, body) in [
            (None, &b"<html>"[..]),
            (None, b""),
            (Some(&b"gzip"[..]), b""),
            (Some(b"identity"), b"{"),
            (Some(b""), b"{"),
            (None, b"x"),
            (None, b"xyz"),
            (None, b"\x1f\x8b"),
        ] {
            assert_eq!(said(encoding, body), None);
        }
    }
}
