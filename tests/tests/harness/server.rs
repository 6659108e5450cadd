//! The strict server, and the reading of bodies.

use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use tokensmith_tests::parameters::{form, json};
use tokensmith_tests::raw;
use tokensmith_tests::strict_server::{Server, ServerResponse};

#[test]
fn the_server_records_what_arrived_and_responds_as_told() {
    let server = Server::start(|request| {
        ServerResponse::new(201)
            .header("X-Length", &request.body.len().to_string())
            .body("done")
    });
    let request = b"PUT /a?b=c HTTP/1.1\r\nHost: h\r\nx-B: 1\r\nX-a:  2 \r\nx-b: 3\r\nContent-Length: 3\r\n\r\n\0\xff!";
    let reply = raw::send(server.address(), request).expect("a response");
    assert_eq!(
        (reply.status, reply.header("x-length"), reply.body.as_str()),
        (201, Some("3"), "done")
    );

    let requests = server.requests();
    assert_eq!(server.count(), 1);
    assert_eq!(
        (requests[0].method.as_str(), requests[0].target.as_str()),
        ("PUT", "/a?b=c")
    );
    assert_eq!(requests[0].body, b"\0\xff!");
    let headers: Vec<_> = requests[0]
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        headers,
        [
            ("Host", "h"),
            ("x-B", "1"),
            ("X-a", "2"),
            ("x-b", "3"),
            ("Content-Length", "3")
        ]
    );
    assert_eq!(requests[0].headers("X-B").collect::<Vec<_>>(), ["1", "3"]);
    assert!(server.complaints().is_empty());
}

#[test]
fn the_server_refuses_what_is_not_well_formed() {
    for request in [
        "POST / HTTP/1.1\nHost: h\r\nContent-Length: 0\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: h\r\nContent-Length: 0\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nab",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nAuthorization: a\r\nauthorization: b\r\nContent-Length: 0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nX: \u{fc}\r\nContent-Length: 0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost : h\r\nContent-Length: 0\r\n\r\n",
        "nonsense\r\n\r\n",
    ] {
        let server = Server::start(|_| ServerResponse::new(200));
        let reply = raw::send(server.address(), request.as_bytes()).expect("a response");
        assert_eq!(
            (reply.status, server.complaints().len(), server.count()),
            (400, 1, 0),
            "{request:?}"
        );
    }
}

#[test]
fn the_server_can_be_slow_break_off_and_hang_up() {
    let server = Server::start(|request| match request.target.as_str() {
        "/slow" => ServerResponse::new(200).delay(Duration::from_millis(50)),
        "/short" => ServerResponse::new(200).body("abc").announced_length(10),
        _ => ServerResponse::hang_up(),
    });
    let send = |target| raw::send(server.address(), &raw::post(target, &[], ""));
    let start = Instant::now();
    assert!(send("/slow").is_some() && start.elapsed() >= Duration::from_millis(50));
    let short = send("/short").expect("a response");
    assert_eq!(
        (short.header("content-length"), short.body.as_str()),
        (Some("10"), "abc")
    );
    assert!(send("/").is_none());
    assert_eq!(server.count(), 3);
}

#[test]
fn the_server_responds_side_by_side_and_stops_when_dropped() {
    let server = Server::start(|_| ServerResponse::new(200).delay(Duration::from_millis(100)));
    let (address, start) = (server.address(), Instant::now());
    let clients: Vec<_> = (0..8)
        .map(|_| thread::spawn(move || raw::send(address, &raw::post("/", &[], ""))))
        .collect();
    assert!(
        clients
            .into_iter()
            .all(|client| client.join().is_ok_and(|reply| reply.is_some()))
    );
    assert!(start.elapsed() < Duration::from_millis(700) && server.count() == 8);
    drop(server);
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn bodies_are_read_without_mercy() {
    let pairs = |list: &[(&str, &str)]| {
        Ok(list
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect())
    };
    assert_eq!(form(b""), pairs(&[]));
    assert_eq!(
        form(b"a=1+%2B&b=&a=%C3%BC"),
        pairs(&[("a", "1 +"), ("b", ""), ("a", "\u{fc}")])
    );
    for body in [
        "a", "a=1&", "a=%", "a=%2", "a=%zz", "a=b c", "a=/", "a=~", "a=b=c", "a=%ff", "a=\u{fc}",
    ] {
        assert!(form(body.as_bytes()).is_err(), "{body}");
    }
    assert_eq!(
        json(br#" {"a":"1","b":"\u00fc"} "#),
        pairs(&[("a", "1"), ("b", "\u{fc}")])
    );
    for body in [
        "",
        "[]",
        "{",
        r#"{"a":1}"#,
        r#"{"a":null}"#,
        r#"{"a":"1","a":"2"}"#,
        r#"{"a":"1"} x"#,
    ] {
        assert!(json(body.as_bytes()).is_err(), "{body}");
    }
}
