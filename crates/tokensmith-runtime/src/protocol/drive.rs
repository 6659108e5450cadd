//! What a client has to drive: an exchange, or something that takes several of them.

use std::time::SystemTime;

use super::{Exchange, Step};
use crate::{Error, Request, TransportError};

/// A conversation with a server, one step at a time.
pub(crate) trait Drive {
    type Output;
    type Body;

    fn step(&mut self, now: SystemTime) -> Step;
    fn receive(
        &mut self,
        response: Result<http::Response<Vec<u8>>, TransportError>,
        now: SystemTime,
    );
    fn finish(self) -> Result<Self::Output, Error<Self::Body>>;
}

impl<R: Request> Drive for Exchange<'_, R> {
    type Output = R::Response;
    type Body = R::Error;

    fn step(&mut self, now: SystemTime) -> Step {
        self.step(now)
    }

    fn receive(
        &mut self,
        response: Result<http::Response<Vec<u8>>, TransportError>,
        now: SystemTime,
    ) {
        self.receive(response, now);
    }

    fn finish(self) -> Result<Self::Output, Error<Self::Body>> {
        self.finish()
    }
}
