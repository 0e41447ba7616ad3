//! A time server for a test network, that can be made to tell a time long past.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering::Relaxed};

use jiff::Timestamp;
use tokio::net::UdpSocket;
use tokio::task::JoinHandle;

use crate::wire::Meter;

/// Most questions that are answered.
pub(crate) const MOST_ANSWERS: u64 = 400;
/// Length of a message without extensions (RFC 5905, section 7.3).
const LENGTH: usize = 48;
/// Seconds from the beginning of NTP's time to that of Unix (RFC 5905, section 6).
const EPOCH: i64 = 2_208_988_800;

/// A time server that runs until it is dropped.
#[derive(Debug)]
pub(crate) struct TimeServer {
    asked: Arc<AtomicU32>,
    /// Seconds by which its time is wrong.
    shift: Arc<AtomicI64>,
    serving: JoinHandle<()>,
}

impl TimeServer {
    /// Takes the address.
    pub(crate) async fn start(at: SocketAddr, device: IpAddr, meter: Arc<Meter>) -> std::io::Result<Self> {
        let socket = UdpSocket::bind(at).await?;
        let (asked, shift) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicI64::new(0)));
        let (count, wrong) = (Arc::clone(&asked), Arc::clone(&shift));
        let serving = tokio::spawn(async move {
            let mut question = [0; 512];
            let mut answered = 0;
            while answered < MOST_ANSWERS {
                let Ok((n, from)) = socket.recv_from(&mut question).await else {
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                    continue;
                };
                if from.ip().to_canonical() != device {
                    continue;
                }
                let now = Timestamp::now().as_second().saturating_add(wrong.load(Relaxed));
                let Some(answer) = answer(question.get(..n).unwrap_or_default(), now) else { continue };
                answered += 1;
                meter.datagram(n, answer.len());
                let _ = socket.send_to(&answer, from).await;
                count.fetch_add(1, Relaxed);
            }
        });
        Ok(Self { asked, shift, serving })
    }

    /// How often it was asked.
    pub(crate) fn asked(&self) -> u32 {
        self.asked.load(Relaxed)
    }

    /// Tells a time that is wrong by so many seconds from now on.
    pub(crate) fn be_wrong_by(&self, seconds: i64) {
        self.shift.store(seconds, Relaxed);
    }
}

impl Drop for TimeServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// The answer to a client's question (RFC 5905, section 7.3), in whole seconds.
fn answer(question: &[u8], now: i64) -> Option<[u8; LENGTH]> {
    let head = *question.first_chunk::<LENGTH>()?;
    let [first, _, poll, ..] = head;
    let (version, mode) = (first >> 3 & 7, first & 7);
    if mode != 3 || !(1..=4).contains(&version) {
        return None;
    }
    let mut answer = [0; LENGTH];
    let seconds = u32::try_from(now.saturating_add(EPOCH)).ok()?.to_be_bytes();
    let sent = head.last_chunk::<8>()?;
    for (place, bytes) in [
        // No leap second, the client's version, mode 4; stratum 2; 2^-20 s.
        (0, &[version << 3 | 4, 2, poll, 0xec][..]),
        (12, b"LOCL"),
        (16, &seconds),
        (24, sent),
        (32, &seconds),
        (40, &seconds),
    ] {
        answer.get_mut(place..place + bytes.len())?.copy_from_slice(bytes);
    }
    Some(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_answered_and_nothing_else_is() {
        let mut question = [0; LENGTH];
        question[0] = 4 << 3 | 3;
        question[40..].copy_from_slice(&[1, 2, 3, 4, 5, 6, 7, 8]);
        let told = answer(&question, 1_700_000_000).unwrap();
        assert_eq!((told[0], told[1]), (4 << 3 | 4, 2));
        assert_eq!(told[24..32], [1, 2, 3, 4, 5, 6, 7, 8], "so that the client knows its own question");
        assert_eq!(told[40..44], (1_700_000_000u32 + 2_208_988_800).to_be_bytes());
        assert_eq!(answer(&question[..47], 0), None);
        question[0] = 4 << 3 | 4;
        assert_eq!(answer(&question, 0), None, "no answer to an answer");
        assert_eq!(answer(&[0xff; 200], 0), None);
    }
}
