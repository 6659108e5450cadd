//! How a connection was made, and how long each step took: what `-vv` shows.

use std::time::Duration;

use tokensmith_runtime::{ConnectionInfo, TlsInfo};

use crate::document::diagnostics::count;

/// Returns a line for the connection, one for TLS and one for the times. `elapsed` is the time from
/// the first step to the end of the response.
pub(super) fn lines(connection: Option<&ConnectionInfo>, elapsed: Duration) -> Vec<String> {
    let Some(connection) = connection else {
        return vec![format!("time: {}, without a connection", shown(elapsed))];
    };
    let mut lines = Vec::new();
    if let Some(peer) = connection.peer {
        lines.push(format!("connected to {peer}"));
    }
    if let Some(tls) = &connection.tls {
        lines.push(format!(
            "{}, {}, {} from the server",
            tls.version,
            tls.cipher_suite,
            count(tls.certificates.len(), "certificate")
        ));
    }
    lines.push(times(connection, elapsed));
    lines
}

fn times(connection: &ConnectionInfo, elapsed: Duration) -> String {
    let lookup = connection.lookup;
    let tls = connection.tls.as_ref().map(|tls: &TlsInfo| tls.handshake);
    let before = lookup.unwrap_or_default() + connection.connect + tls.unwrap_or_default();
    let steps = [
        ("name", lookup),
        ("connection", Some(connection.connect)),
        ("TLS", tls),
        ("response", Some(elapsed.saturating_sub(before))),
    ];
    let steps = steps.into_iter();
    let steps = steps.filter_map(|(name, time)| Some(format!("{name} {}", shown(time?))));
    let steps: Vec<String> = steps.collect();
    format!("time: {} ({})", shown(elapsed), steps.join(", "))
}

/// Milliseconds, with a digit after the point below ten.
fn shown(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1_000.0;
    match milliseconds < 10.0 {
        true => format!("{milliseconds:.1} ms"),
        false => format!("{milliseconds:.0} ms"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_a_digit_after_the_point_below_ten() {
        assert_eq!(shown(Duration::from_micros(1_250)), "1.2 ms");
        assert_eq!(shown(Duration::from_millis(12)), "12 ms");
    }
}
