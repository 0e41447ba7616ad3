//! How a hostile peer behaves, told apart from what it says: the forms from which the rows of the catalogue are made.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// When a peer does what it does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Moment {
    /// As soon as somebody connected.
    Accepted,
    /// After the first question.
    Asked,
    /// After it began to answer the first question with these bytes.
    Answering(&'static [u8]),
}

/// What a peer does to everybody who connects.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Does {
    /// Accepts and says nothing.
    Silent,
    /// Serves one connection until it ends, and says nothing on it.
    OneAtATime,
    /// Never reads, with the smallest window that the system gives.
    NeverReads,
    /// Says one letter each ten seconds.
    Dribbles,
    /// Sends back what it hears.
    Echoes,
    /// Ends by a reset.
    Resets(Moment),
    /// Ends in order.
    Closes(Moment),
    /// Says nothing more, and listens on.
    HalfCloses(Moment),
    /// Says this to whoever connects, and listens on.
    Greets(&'static [u8]),
    /// Says this to everything that it hears.
    Answers(&'static [u8]),
    /// Says the first at once, and then the second for ever.
    Floods(&'static [u8], &'static [u8]),
    /// Says the first to the first question, and then the second for ever.
    Endless(&'static [u8], &'static [u8]),
    /// Says the first to each question, the second so many times, and then the third.
    Many(&'static [u8], &'static [u8], u32, &'static [u8]),
    /// Answers each thing that it hears by what the function makes of it.
    Tells(fn(&[u8]) -> Vec<u8>),
    /// Answers each thing that it hears so, and sends the bytes for ever once the function has said that all is said.
    TellsThenFloods(fn(&[u8]) -> (Vec<u8>, bool), &'static [u8]),
}

/// So much goes out at once of what never ends, and so long is the pause after it: fast enough to fill any memory
/// that has no bound within one observation, slow enough for a hundred such peers on two cores.
const BURST: usize = 64 << 10;
const PAUSE: Duration = Duration::from_millis(40);

/// Most that one peer sends on one connection: four times as much as the whole of a node may send.
const MOST: usize = 256 << 20;

impl Does {
    /// Serves a port until the runtime ends.
    pub(crate) async fn serve(self, address: Ipv4Addr, port: u16) {
        let socket = TcpSocket::new_v4().expect("a socket");
        if matches!(self, Self::NeverReads) {
            socket.set_recv_buffer_size(1).expect("a size");
        }
        socket.set_reuseaddr(true).expect("an option");
        let place = SocketAddr::from((address, port));
        socket.bind(place).unwrap_or_else(|e| panic!("{place}: {e}"));
        let listener: TcpListener = socket.listen(64).expect("a listener");
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.set_nodelay(true);
                if matches!(self, Self::OneAtATime) {
                    listen_on(&mut stream).await;
                } else {
                    tokio::spawn(async move {
                        // A peer whose visitor has gone has nothing to say any more.
                        let _ = self.meet(&mut stream).await;
                    });
                }
            }
        });
    }

    async fn meet(self, stream: &mut TcpStream) -> std::io::Result<()> {
        match self {
            Self::Silent | Self::OneAtATime => {}
            Self::NeverReads => {
                tokio::time::sleep(Duration::from_secs(600)).await;
                return Ok(());
            }
            Self::Dribbles => loop {
                stream.write_all(b"a").await?;
                tokio::time::sleep(Duration::from_secs(10)).await;
            },
            Self::Echoes => {
                let (mut from, mut to) = stream.split();
                tokio::io::copy(&mut from, &mut to).await?;
            }
            Self::Resets(when) => {
                when.come(stream).await?;
                return stream.set_zero_linger();
            }
            Self::Closes(when) => {
                when.come(stream).await?;
                return stream.shutdown().await;
            }
            Self::HalfCloses(when) => {
                when.come(stream).await?;
                stream.shutdown().await?;
            }
            Self::Greets(words) => stream.write_all(words).await?,
            Self::Answers(words) => {
                while hear(stream).await?.is_some() {
                    stream.write_all(words).await?;
                }
            }
            Self::Floods(first, again) => {
                stream.write_all(first).await?;
                flood(stream, again).await?;
            }
            Self::Endless(first, again) => {
                hear(stream).await?;
                stream.write_all(first).await?;
                flood(stream, again).await?;
            }
            Self::Many(first, again, times, last) => {
                let once = (BURST / again.len()).max(1);
                let burst = again.repeat(once);
                while hear(stream).await?.is_some() {
                    stream.write_all(first).await?;
                    let mut left = times as usize;
                    while left > 0 {
                        let now = left.min(once);
                        stream.write_all(&burst[..now * again.len()]).await?;
                        left -= now;
                    }
                    stream.write_all(last).await?;
                }
            }
            Self::Tells(tell) => {
                while let Some(heard) = hear(stream).await? {
                    stream.write_all(&tell(&heard)).await?;
                }
            }
            Self::TellsThenFloods(tell, again) => {
                while let Some(heard) = hear(stream).await? {
                    let (words, enough) = tell(&heard);
                    stream.write_all(&words).await?;
                    if enough {
                        flood(stream, again).await?;
                    }
                }
            }
        }
        listen_on(stream).await;
        Ok(())
    }
}

impl Moment {
    async fn come(self, stream: &mut TcpStream) -> std::io::Result<()> {
        if !matches!(self, Self::Accepted) {
            hear(stream).await?;
        }
        if let Self::Answering(words) = self {
            stream.write_all(words).await?;
            // So that the words are there before the end is.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }
}

/// The next thing that is said to it; nothing when the visitor has ended.
async fn hear(stream: &mut TcpStream) -> std::io::Result<Option<Vec<u8>>> {
    let mut heard = vec![0u8; 8 << 10];
    let length = stream.read(&mut heard).await?;
    heard.truncate(length);
    Ok((length > 0).then_some(heard))
}

async fn listen_on(stream: &mut TcpStream) {
    while matches!(hear(stream).await, Ok(Some(_))) {}
}

async fn flood(stream: &mut TcpStream, again: &[u8]) -> std::io::Result<()> {
    let burst = again.repeat((BURST / again.len()).max(1));
    for _ in 0..MOST / burst.len() {
        stream.write_all(&burst).await?;
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}
