//! A browser as far as signing in takes one: it keeps cookies, follows redirects within one host, and submits forms.

use std::io::Write as _;
use std::net::{SocketAddr, TcpStream};

use crate::raw::{self, Reply};

/// How many redirects a page may take.
const HOPS: usize = 20;

/// A browser with an empty profile.
#[derive(Debug)]
pub struct Browser {
    address: SocketAddr,
    origin: String,
    cookies: Vec<(String, String)>,
}

/// Where a browser ended up.
#[derive(Debug)]
pub enum Page {
    /// A page of the host: its URL and its HTML.
    Here(String, String),
    /// A redirect to another host, which is not followed.
    Away(String),
}

impl Browser {
    /// A browser for one host on this machine.
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            origin: format!("http://{address}"),
            cookies: Vec::new(),
        }
    }

    /// Opens a URL.
    ///
    /// # Panics
    ///
    /// When the host does not response, or sends the browser in circles.
    pub fn open(&mut self, url: &str) -> Page {
        self.go("GET", url, "")
    }

    /// Submits a form.
    ///
    /// # Panics
    ///
    /// As [`open`](Self::open).
    pub fn submit(&mut self, url: &str, fields: &[(&str, &str)]) -> Page {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        self.go("POST", url, &form.finish())
    }

    /// Asks for a page and leaves at once, without waiting for the response.
    ///
    /// # Panics
    ///
    /// When the host cannot be reached.
    pub fn leave(&self, path: &str) {
        let mut stream = TcpStream::connect(self.address).expect("a server that listens");
        let request = self.message("GET", path, "");
        stream
            .write_all(request.as_bytes())
            .expect("a server that reads");
    }

    fn go(&mut self, method: &str, url: &str, body: &str) -> Page {
        let (mut method, mut body) = (method, body);
        let mut url = self.absolute(url);
        for _ in 0..HOPS {
            let Some(path) = url.strip_prefix(&self.origin) else {
                return Page::Away(url);
            };
            let reply = self.request(method, path, body);
            match reply.header("location") {
                Some(location) => url = self.absolute(location),
                None => return Page::Here(url, reply.body),
            }
            (method, body) = ("GET", "");
        }
        panic!("{url} leads in circles");
    }

    fn absolute(&self, url: &str) -> String {
        if url.starts_with('/') {
            format!("{}{url}", self.origin)
        } else {
            url.to_owned()
        }
    }

    fn message(&self, method: &str, path: &str, body: &str) -> String {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let (host, cookies, length) = (self.address, cookies.join("; "), body.len());
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
        )
    }

    fn request(&mut self, method: &str, path: &str, body: &str) -> Reply {
        let request = self.message(method, path, body);
        let reply = raw::send(self.address, request.as_bytes()).expect("a response");
        let cookies = reply
            .headers
            .iter()
            .filter(|(name, _)| name == "set-cookie");
        for (_, cookie) in cookies {
            self.keep(cookie);
        }
        reply
    }

    fn keep(&mut self, cookie: &str) {
        let pair = cookie.split(';').next().unwrap_or_default();
        let Some((name, value)) = pair.split_once('=') else {
            return;
        };
        self.cookies.retain(|(other, _)| other != name);
        if !value.is_empty() {
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
    }
}
