//! Bodies that are too large, never end, or are odd.

use std::io::Write as _;

use tokensmith_runtime::ErrorKind;

use crate::server::{JSON, flood, response};
use crate::{ask, kinds};

#[test]
fn a_hundred_megabytes_are_not_read() {
    assert_eq!(
        kinds(|stream| {
            write!(stream, "{JSON}content-length: 100000000\r\n\r\n")?;
            flood(stream, b"")
        }),
        ["too_large"; 2]
    );
    // To the end of the connection.
    assert_eq!(
        kinds(|stream| {
            write!(stream, "{JSON}\r\n")?;
            flood(stream, b"")
        }),
        ["too_large"; 2]
    );
    // In chunks, one of which is larger than anybody's memory.
    assert_eq!(
        kinds(|stream| {
            write!(
                stream,
                "{JSON}transfer-encoding: chunked\r\n\r\nfffffffffff\r\n"
            )?;
            flood(stream, b"")
        }),
        ["too_large"; 2]
    );
    assert_eq!(
        kinds(|stream| {
            write!(stream, "{JSON}transfer-encoding: chunked\r\n\r\n")?;
            flood(
                stream,
                b"40\r\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n",
            )
        }),
        ["too_large"; 2]
    );
}

#[test]
fn what_is_compressed_stays_compressed() {
    // The first bytes of a gzip stream: nobody asked for one, and nobody unpacks it.
    let outcomes = ask(|stream| {
        let packed = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xed, 0xc1];
        write!(
            stream,
            "{JSON}content-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
            packed.len()
        )?;
        stream.write_all(&packed)
    });
    for outcome in outcomes {
        let error = outcome.expect_err("an error");
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert!(error.to_string().contains("compressed"), "{error}");
    }
}

#[test]
fn odd_text_costs_the_token_only_where_it_is_in_it() {
    assert_eq!(
        kinds(|stream| response(stream, b"{\"access_token\":\"t\",\"note\":\"\xff\xfe\"}")),
        ["token"; 2]
    );
    assert_eq!(
        kinds(|stream| response(stream, b"{\"access_token\":\"t\xff\"}")),
        ["malformed"; 2]
    );
    assert_eq!(
        kinds(|stream| response(stream, b"\xff\xff\xff\xff")),
        ["malformed"; 2]
    );
    // Of a member that is there twice, the last one counts.
    assert_eq!(
        kinds(|stream| response(stream, br#"{"access_token":"a","access_token":"b"}"#)),
        ["token"; 2]
    );
}

#[test]
fn depth_is_no_danger() {
    assert_eq!(
        kinds(|stream| response(stream, "[".repeat(100_000).as_bytes())),
        ["malformed"; 2]
    );
    assert_eq!(
        kinds(|stream| {
            let deep = format!(
                r#"{{"access_token":"t","deep":{}{}}}"#,
                "[".repeat(100_000),
                "]".repeat(100_000)
            );
            response(stream, deep.as_bytes())
        }),
        ["token"; 2]
    );
    assert_eq!(
        kinds(|stream| response(stream, "{\"a\":".repeat(100_000).as_bytes())),
        ["malformed"; 2]
    );
}
