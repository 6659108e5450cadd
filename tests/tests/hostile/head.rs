//! Heads that are no HTTP, lie, or never end.

use std::io::Write as _;

use crate::kinds;
use crate::server::{JSON, TOKEN, flood};

#[test]
fn what_is_no_http_breaks_off() {
    for behaviour in [
        |stream: &mut std::net::TcpStream| write!(stream, "garbage\r\n\r\n"),
        |stream: &mut std::net::TcpStream| write!(stream, "{TOKEN}"),
        |stream: &mut std::net::TcpStream| stream.write_all(b"\x15\x03\x03\x00\x02\x02\x28"),
        |stream: &mut std::net::TcpStream| write!(stream, "HTTP/1.1 999999 OK\r\n\r\n"),
        |stream: &mut std::net::TcpStream| write!(stream, "SSH-2.0-OpenSSH_9.6\r\n"),
    ] {
        assert_eq!(kinds(behaviour), ["transport"; 2]);
    }
}

#[test]
fn lengths_that_lie_are_not_believed() {
    // Two lengths, none of which can be relied on (RFC 9112 section 6.3).
    assert_eq!(
        kinds(|stream| write!(
            stream,
            "{JSON}content-length: 3\r\ncontent-length: 36\r\n\r\n{TOKEN}"
        )),
        ["transport"; 2]
    );
    assert_eq!(
        kinds(|stream| write!(stream, "{JSON}content-length: -1\r\n\r\n{TOKEN}")),
        ["transport"; 2]
    );
    assert_eq!(
        kinds(|stream| write!(
            stream,
            "{JSON}transfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n{TOKEN}"
        )),
        ["transport"; 2]
    );
    // What comes after the announced end does not belong to the response.
    assert_eq!(
        kinds(|stream| write!(stream, "{JSON}content-length: 20\r\n\r\n{TOKEN}")),
        ["malformed"; 2]
    );
    assert_eq!(
        kinds(|stream| write!(
            stream,
            "{JSON}content-length: 36\r\n\r\n{TOKEN}HTTP/1.1 500 No\r\n\r\n"
        )),
        ["token"; 2]
    );
}

#[test]
fn floods_of_headers_break_off() {
    assert_eq!(
        kinds(|stream| {
            write!(stream, "HTTP/1.1 200 OK\r\n")?;
            flood(stream, b"x-header: value\r\n")
        }),
        ["transport"; 2]
    );
    assert_eq!(
        kinds(|stream| {
            write!(stream, "HTTP/1.1 200 OK\r\nx-header: ")?;
            flood(
                stream,
                b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            )
        }),
        ["transport"; 2]
    );
}

#[test]
fn promises_without_end_run_out_of_time_or_break_off() {
    let kinds = kinds(|stream| flood(stream, b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"));
    for kind in kinds {
        assert!(["timeout", "transport"].contains(&kind), "{kind}");
    }
}

#[test]
fn a_redirect_is_not_followed() {
    assert_eq!(
        kinds(|stream| write!(
            stream,
            "HTTP/1.1 307 Elsewhere\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"
        )),
        ["redirect"; 2]
    );
}
