//! A transport that says which process it is, and notes which refresh tokens it sends.

use std::time::Duration;

use tokensmith_runtime::{Error, HyperTransport, Spawner, Transport, TransportError};
use tokensmith_tests::rotating_provider::parse;

use crate::log::Log;
use crate::noted_store::checked;

#[derive(Clone)]
pub(crate) struct Noted {
    transport: HyperTransport,
    log: Log,
}

impl Noted {
    pub(crate) fn new(log: Log) -> Result<Self, Error> {
        let transport = HyperTransport::new()?;
        Ok(Self { transport, log })
    }
}

impl Transport for Noted {
    async fn send(
        &self,
        mut request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let process = std::process::id().to_string();
        request
            .headers_mut()
            .insert("x-process", process.parse().expect("digits"));
        let refresh_token = form_urlencoded::parse(request.body())
            .find(|(name, _)| name == "refresh_token")
            .and_then(|(_, value)| parse(&value));
        if let Some((user, number)) = refresh_token {
            let (checked, entry) = checked();
            self.log
                .write(&format!("sent {user} {number} {checked} {entry}"));
        }
        self.transport.send(request).await
    }

    async fn sleep(&self, duration: Duration) {
        self.transport.sleep(duration).await;
    }

    fn spawner(&self) -> Option<Spawner> {
        self.transport.spawner()
    }
}
