//! Asks a device what it tells at an address of its own that the scenario names.

use std::sync::Arc;

use auscult_impostor::Told;
use auscult_model::scenario::Trigger;
use auscult_probe::NodeBench;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::impostor::IMPACT;

/// Most bytes of an answer that are read.
const ANSWER: usize = 1_000;

/// Asks the device: a GET whose answer is kept as a digest alone.
pub(super) fn told(bench: NodeBench, place: Trigger) -> Told {
    Arc::new(move || {
        let (bench, place) = (bench.clone(), place.clone());
        Box::pin(async move {
            let mut wire = bench.connect(place.port, IMPACT).await.ok()?;
            // Of HTTP 1.0, so that the answer comes in one piece and ends with the connection.
            let request = format!("GET {} HTTP/1.0\r\nHost: {}\r\n\r\n", place.path, bench.address());
            let asking = async {
                wire.write_all(request.as_bytes()).await.ok()?;
                let mut heard = Vec::new();
                let mut chunk = [0; ANSWER];
                for _ in 0..2 {
                    let n = wire.read(&mut chunk).await.ok()?;
                    heard.extend_from_slice(&chunk[..n]);
                    if n == 0 {
                        break;
                    }
                }
                body(&heard).map(auscult_casefile::digest)
            };
            tokio::time::timeout(bench.patience(), asking).await.ok()?
        })
    })
}

/// The body of an answer that is a success.
fn body(answer: &[u8]) -> Option<&[u8]> {
    let end = answer.windows(4).position(|w| w == b"\r\n\r\n")?;
    let body = answer.get(end + 4..)?;
    (answer.starts_with(b"HTTP/1.") && answer.get(9..12) == Some(b"200") && !body.is_empty()).then_some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_body_of_a_success_counts() {
        assert_eq!(body(b"HTTP/1.1 200 OK\r\nDate: now\r\n\r\n1.4.2"), Some(&b"1.4.2"[..]));
        assert_eq!(body(b"HTTP/1.1 404 Not Found\r\n\r\nno"), None);
        assert_eq!(body(b"HTTP/1.1 200 OK\r\n\r\n"), None);
        assert_eq!(body(b"1.4.2"), None);
    }
}
