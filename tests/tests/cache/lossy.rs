//! A way to a server on which responses can get lost.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// Passes on what it gets, both ways.
pub(crate) struct Lossy {
    port: u16,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    loses_next: AtomicBool,
    lost: AtomicUsize,
}

impl Lossy {
    pub(crate) fn start(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::<State>::default();
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let server = TcpStream::connect(("127.0.0.1", server)).expect("the server");
                let (mut from, mut to) = (clone(&client), clone(&server));
                thread::spawn(move || io::copy(&mut from, &mut to));
                let state = Arc::clone(&shared);
                thread::spawn(move || response(server, client, &state));
            }
        });
        Self { port, state }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Breaks the connection instead of passing the next response on.
    pub(crate) fn lose_next(&self) {
        self.state.loses_next.store(true, Ordering::SeqCst);
    }

    /// How many responses were lost.
    pub(crate) fn lost(&self) -> usize {
        self.state.lost.load(Ordering::SeqCst)
    }
}

fn response(mut server: TcpStream, mut client: TcpStream, state: &State) {
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = server.read(&mut buffer) {
        if state.loses_next.swap(false, Ordering::SeqCst) {
            state.lost.fetch_add(1, Ordering::SeqCst);
            break;
        }
        if client.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    // Either may be closed already.
    drop(client.shutdown(Shutdown::Both));
    drop(server.shutdown(Shutdown::Both));
}

fn clone(stream: &TcpStream) -> TcpStream {
    stream.try_clone().expect("another handle")
}
