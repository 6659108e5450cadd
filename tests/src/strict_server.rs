//! A strict HTTP/1.1 server on a free port of the loopback interface.
//!
//! It reads one request per connection, keeps it as it arrived, and writes what the handler says.
//! Requests that are not well-formed get 400 and are noted as a complaint; the handler
//! never sees them.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long a client may take to send its request.
const PATIENCE: Duration = Duration::from_secs(5);
/// The largest head, and the largest body, that is read.
const LIMIT: usize = 4 << 20;

/// A request as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The method, as sent.
    pub method: String,
    /// The request target: path and query, as sent.
    pub target: String,
    /// Names and values in the order and spelling they were sent in.
    pub headers: Vec<(String, String)>,
    /// The body, exactly.
    pub body: Vec<u8>,
}

impl Received {
    /// The values of all headers of this name.
    pub fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The value of the first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body as text.
    ///
    /// # Panics
    ///
    /// When it is not UTF-8.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body of a token request is UTF-8")
    }
}

/// What the server responds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerResponse {
    /// The status code.
    pub status: u16,
    /// Headers, written in this order; `Content-Length` and `Connection: close` are added.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How long to wait before the response is written.
    pub delay: Duration,
    /// Close the connection without a response, after `delay`.
    pub hang_up: bool,
    /// Announce this length in place of the body's own, to break off in the middle.
    pub announced_length: Option<usize>,
}

impl ServerResponse {
    /// A response without headers or body.
    pub fn new(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            delay: Duration::ZERO,
            hang_up: false,
            announced_length: None,
        }
    }

    /// A response with a JSON body.
    pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::new(status)
            .header("Content-Type", "application/json")
            .body(body)
    }

    /// No response: the connection is closed once the request was read.
    pub fn hang_up() -> Self {
        Self {
            hang_up: true,
            ..Self::new(0)
        }
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Waits before the response is written.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Announces a longer body than is sent.
    pub fn announced_length(mut self, length: usize) -> Self {
        self.announced_length = Some(length);
        self
    }

    fn write(&self, stream: &mut TcpStream) -> io::Result<()> {
        thread::sleep(self.delay);
        if self.hang_up {
            return Ok(());
        }
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, "ServerResponse");
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if self.status != 204 {
            let length = self.announced_length.unwrap_or(self.body.len());
            head.push_str(&format!("Content-Length: {length}\r\n"));
        }
        head.push_str("Connection: close\r\n\r\n");
        stream.write_all(head.as_bytes())?;
        stream.write_all(&self.body)?;
        stream.flush()
    }
}

#[derive(Default)]
struct Record {
    requests: Mutex<Vec<Received>>,
    complaints: Mutex<Vec<String>>,
    stopped: AtomicBool,
}

/// The server; it stops when it is dropped.
pub struct Server {
    address: SocketAddr,
    record: Arc<Record>,
    listener: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a server that responds to each well-formed request as `handler` says.
    ///
    /// # Panics
    ///
    /// When no port of the loopback interface can be had.
    pub fn start(handler: impl Fn(&Received) -> ServerResponse + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on 127.0.0.1");
        let address = listener
            .local_addr()
            .expect("the address of a bound listener");
        let record = Arc::new(Record::default());
        let (shared, handler) = (Arc::clone(&record), Arc::new(handler));
        let listener = thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if shared.stopped.load(Ordering::SeqCst) {
                    break;
                }
                let (record, handler) = (Arc::clone(&shared), Arc::clone(&handler));
                // A client that breaks off is no concern of the server: the test sees it on the
                // client's side.
                thread::spawn(move || drop(serve(stream, &record, &*handler)));
            }
        });
        Self {
            address,
            record,
            listener: Some(listener),
        }
    }

    /// The base URL, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// All well-formed requests so far.
    pub fn requests(&self) -> Vec<Received> {
        lock(&self.record.requests).clone()
    }

    /// How many well-formed requests there were.
    pub fn count(&self) -> usize {
        lock(&self.record.requests).len()
    }

    /// What was wrong with the requests that were not well-formed.
    pub fn complaints(&self) -> Vec<String> {
        lock(&self.record.complaints).clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.record.stopped.store(true, Ordering::SeqCst);
        // Wakes the listener, so that it sees that it is to stop.
        drop(TcpStream::connect(self.address));
        if let Some(listener) = self.listener.take() {
            drop(listener.join());
        }
    }
}

fn serve(
    mut stream: TcpStream,
    record: &Record,
    handler: &(impl Fn(&Received) -> ServerResponse + ?Sized),
) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    let response = match read(&mut stream)? {
        None => return Ok(()),
        Some(Err(complaint)) => {
            lock(&record.complaints).push(complaint.clone());
            ServerResponse::new(400)
                .header("Content-Type", "text/plain")
                .body(complaint)
        }
        Some(Ok(request)) => {
            // Recorded before the response is written: a test that has its response finds the request here.
            lock(&record.requests).push(request.clone());
            handler(&request)
        }
    };
    response.write(&mut stream)
}

/// Reads one request: nothing if the client only connected, a complaint if what it sent is not
/// well-formed.
fn read(stream: &mut TcpStream) -> io::Result<Option<Result<Received, String>>> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if bytes.len() > LIMIT {
            return Ok(Some(Err("the head is too long".to_owned())));
        }
        if fill(stream, &mut bytes)? == 0 {
            return Ok(if bytes.is_empty() {
                None
            } else {
                Some(Err("the head is cut off".to_owned()))
            });
        }
    };
    let (mut request, length) = match parse_head(&bytes[..head]) {
        Ok(parsed) => parsed,
        Err(complaint) => return Ok(Some(Err(complaint))),
    };
    let mut body = bytes.split_off(head);
    while body.len() < length {
        if fill(stream, &mut body)? == 0 {
            return Ok(Some(Err(format!(
                "the body is cut off: {} of {length} bytes",
                body.len()
            ))));
        }
    }
    if body.len() > length {
        return Ok(Some(Err(format!(
            "the body is longer than announced: {} of {length} bytes",
            body.len()
        ))));
    }
    request.body = body;
    Ok(Some(Ok(request)))
}

fn fill(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> io::Result<usize> {
    let mut buffer = [0; 16 << 10];
    let count = stream.read(&mut buffer)?;
    bytes.extend_from_slice(&buffer[..count]);
    Ok(count)
}

fn parse_head(bytes: &[u8]) -> Result<(Received, usize), String> {
    if bytes
        .windows(2)
        .any(|pair| pair[1] == b'\n' && pair[0] != b'\r')
    {
        return Err("a line of the head ends in a bare line feed".to_owned());
    }
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut headers);
    match request.parse(bytes) {
        Ok(httparse::Status::Complete(_)) => {}
        Ok(httparse::Status::Partial) => return Err("the head is not complete".to_owned()),
        Err(error) => return Err(format!("the head is not HTTP: {error}")),
    }
    if request.version != Some(1) {
        return Err("the version is not HTTP/1.1".to_owned());
    }
    let headers = request
        .headers
        .iter()
        .map(|header| match std::str::from_utf8(header.value) {
            Ok(value) if value.is_ascii() => Ok((header.name.to_owned(), value.to_owned())),
            _ => Err(format!("the header {} is not ASCII", header.name)),
        })
        .collect::<Result<_, _>>()?;
    let received = Received {
        method: request.method.unwrap_or_default().to_owned(),
        target: request.path.unwrap_or_default().to_owned(),
        headers,
        body: Vec::new(),
    };
    for name in [
        "host",
        "content-length",
        "content-type",
        "authorization",
        "accept",
    ] {
        if received.headers(name).count() > 1 {
            return Err(format!("the header {name} is repeated"));
        }
    }
    if received.header("host").is_none_or(str::is_empty) {
        return Err("the header host is missing".to_owned());
    }
    if received.header("transfer-encoding").is_some() {
        return Err("the body has a transfer encoding, though its length is known".to_owned());
    }
    let length = match received.header("content-length") {
        Some(value) if value.bytes().all(|byte| byte.is_ascii_digit()) => value
            .parse()
            .ok()
            .filter(|length| *length <= LIMIT)
            .ok_or_else(|| format!("the content-length is {value}"))?,
        Some(value) => return Err(format!("the content-length is {value:?}")),
        None if matches!(
            received.method.as_str(),
            "GET" | "HEAD" | "DELETE" | "OPTIONS"
        ) =>
        {
            0
        }
        None => return Err(format!("a {} without a content-length", received.method)),
    };
    Ok((received, length))
}

/// Locks, whatever became of the thread that held the lock before: the record stays readable when a
/// test fails.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
