//! The clock of a device: set by whoever answers for the time server, within reason or without.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::time::Duration;

use jiff::Timestamp;
use rustls::pki_types::UnixTime;
use rustls::time_provider::TimeProvider;
use tokio::net::UdpSocket;

use crate::serve::within;

/// How far a time may be off that a careful device takes, in seconds.
const REASONABLE: i64 = 24 * 3_600;
/// Seconds from the beginning of NTP's time to that of Unix (RFC 5905, section 6).
const EPOCH: i64 = 2_208_988_800;

/// Seconds by which the device differs from the machine below it.
#[derive(Debug, Default)]
pub(super) struct Clock(AtomicI64);

impl Clock {
    /// Asks a server and sets the clock by its answer.
    pub(super) async fn ask(&self, from: Ipv4Addr, server: SocketAddr, takes_any: bool) -> io::Result<()> {
        let socket = UdpSocket::bind((from, 0)).await?;
        let mut message = [0; 48];
        message[0] = 4 << 3 | 3;
        socket.send_to(&message, server).await?;
        let n = within(Duration::from_millis(500), socket.recv(&mut message)).await?;
        let seconds = message.get(40..44).filter(|_| n == 48).and_then(|b| b.try_into().ok());
        let told = i64::from(u32::from_be_bytes(seconds.ok_or(io::ErrorKind::InvalidData)?)) - EPOCH;
        let off = told - Timestamp::now().as_second();
        if takes_any || off.abs() <= REASONABLE {
            self.0.store(off, Relaxed);
        }
        Ok(())
    }
}

impl TimeProvider for Clock {
    fn current_time(&self) -> Option<UnixTime> {
        let now = Timestamp::now().as_second() + self.0.load(Relaxed);
        u64::try_from(now).ok().map(|now| UnixTime::since_unix_epoch(Duration::from_secs(now)))
    }
}
