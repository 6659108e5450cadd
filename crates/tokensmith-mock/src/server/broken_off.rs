//! A body of which less arrives than was announced.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use http_body_util::BodyExt as _;
use hyper::body::{Bytes, Frame};

use super::Body;

/// Makes a body that breaks off after so many bytes.
pub(super) fn body(mut body: Vec<u8>, bytes: usize) -> Body {
    body.truncate(bytes);
    BrokenOff(Some(Bytes::from(body))).boxed()
}

struct BrokenOff(Option<Bytes>);

impl hyper::body::Body for BrokenOff {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let frame = match self.0.take() {
            Some(bytes) if !bytes.is_empty() => Ok(Frame::data(bytes)),
            _ => Err(io::Error::other("the response is cut off")),
        };
        Poll::Ready(Some(frame))
    }
}
