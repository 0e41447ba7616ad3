//! `netdelay NAMESPACE NAMESPACE MICROSECONDS` joins two network namespaces by a path that delays each packet.
//!
//! For kernels without `netem`: a TUN device in each namespace, and this program between them, which holds every packet
//! for the given time in each direction. The first end is 10.77.0.1, the second 10.77.0.2. Needs root; ends when killed.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::process::Command;
use std::time::{Duration, Instant};

/// Packets taken from one end before the other end is served.
const BATCH: usize = 64;

/// Largest packet.
const LARGEST: usize = 65_536;

type Fault = Box<dyn std::error::Error>;

fn main() -> Result<(), Fault> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [near, far, micros] = words.as_slice() else {
        return Err("usage: netdelay NAMESPACE NAMESPACE MICROSECONDS".into());
    };
    let delay = Duration::from_micros(micros.parse()?);
    let mut ends = [tun(near)?, tun(far)?];
    for (n, namespace) in [near, far].into_iter().enumerate() {
        bring_up(namespace, n + 1)?;
    }
    forward(&mut ends, delay)
}

/// A TUN device that lives in a namespace; this process stays where it was.
fn tun(namespace: &str) -> Result<File, Fault> {
    let home = File::open("/proc/self/ns/net")?;
    let there = File::open(format!("/run/netns/{namespace}"))?;
    enter(&there)?;
    let device = open_tun();
    enter(&home)?;
    Ok(device?)
}

fn enter(namespace: &File) -> io::Result<()> {
    // SAFETY: the descriptor is open for the whole call.
    succeeded(unsafe { libc::setns(namespace.as_raw_fd(), libc::CLONE_NEWNET) })
}

fn open_tun() -> io::Result<File> {
    let device =
        OpenOptions::new().read(true).write(true).custom_flags(libc::O_NONBLOCK).open("/dev/net/tun")?;
    // SAFETY: all zeros is a valid `ifreq`.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(b"delay0") {
        *to = *from as libc::c_char;
    }
    request.ifr_ifru.ifru_flags = (libc::IFF_TUN | libc::IFF_NO_PI) as libc::c_short;
    // SAFETY: the descriptor is open, and the request is what TUNSETIFF reads and writes.
    succeeded(unsafe { libc::ioctl(device.as_raw_fd(), libc::TUNSETIFF, &raw mut request) })?;
    Ok(device)
}

fn succeeded(code: libc::c_int) -> io::Result<()> {
    if code < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

fn bring_up(namespace: &str, host: usize) -> Result<(), Fault> {
    for command in [
        format!("addr add 10.77.0.{host}/30 dev delay0"),
        "link set delay0 txqueuelen 10000".to_owned(),
        "link set delay0 up".to_owned(),
        "link set lo up".to_owned(),
    ] {
        let done = Command::new("ip").args(["-n", namespace]).args(command.split(' ')).status()?;
        if !done.success() {
            return Err(format!("ip -n {namespace} {command}: {done}").into());
        }
    }
    Ok(())
}

fn forward(ends: &mut [File; 2], delay: Duration) -> Result<(), Fault> {
    let mut held: [VecDeque<(Instant, Vec<u8>)>; 2] = Default::default();
    let mut packet = vec![0; LARGEST];
    loop {
        let mut wait = Duration::from_millis(500);
        for (n, queue) in held.iter_mut().enumerate() {
            while let Some((due, bytes)) = queue.front() {
                let left = due.saturating_duration_since(Instant::now());
                if !left.is_zero() {
                    wait = wait.min(left);
                    break;
                }
                // A full queue drops a packet, as a network does.
                let _ = ends[1 - n].write(bytes);
                queue.pop_front();
            }
        }
        wait_for(ends, wait)?;
        let now = Instant::now();
        for (end, queue) in ends.iter_mut().zip(&mut held) {
            for _ in 0..BATCH {
                match end.read(&mut packet) {
                    Ok(n) => queue.push_back((now + delay, packet[..n].to_vec())),
                    Err(e) if e.kind() == io::ErrorKind::WouldBlock => break,
                    Err(e) => return Err(e.into()),
                }
            }
        }
    }
}

/// Waits until an end has a packet, at most so long; in less than milliseconds, which is what the delay is made of.
fn wait_for(ends: &[File; 2], wait: Duration) -> io::Result<()> {
    let mut watched =
        [0, 1].map(|n| libc::pollfd { fd: ends[n].as_raw_fd(), events: libc::POLLIN, revents: 0 });
    let most = libc::timespec {
        tv_sec: wait.as_secs() as libc::time_t,
        tv_nsec: wait.subsec_nanos() as libc::c_long,
    };
    // SAFETY: both descriptors are open, and the array and the time live through the call.
    succeeded(unsafe { libc::ppoll(watched.as_mut_ptr(), 2, &raw const most, std::ptr::null()) })
}
