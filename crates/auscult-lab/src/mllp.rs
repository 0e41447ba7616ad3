//! HL7 v2 over MLLP: a receiver that answers, and the pump that reports to it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{Mutex, mpsc};

use crate::serve::{Handler, Stream, within};

/// Start of a frame (HL7 v2, appendix C: `<SB>`).
const START: u8 = 0x0b;
/// End of a frame: `<EB>` and a carriage return.
const END: [u8; 2] = [0x1c, 0x0d];
/// Longest message that is read, in bytes.
const LONGEST: usize = 64 << 10;
/// How long a sender may pause.
const PATIENCE: Duration = Duration::from_secs(30);
/// Messages that one connection may bring.
const MESSAGES: usize = 10_000;

/// The sending application (MSH-3) that the hub knows.
pub(crate) const PUMP: &str = "PUMP";

/// Who answers.
#[derive(Clone)]
pub(crate) struct Receiver {
    /// Its own application name (MSH-3 of its answers).
    pub(crate) name: &'static str,
    /// Takes messages of anyone, not only of the pump.
    pub(crate) any_sender: bool,
    /// Where the messages of the pump go on to.
    pub(crate) forward: Option<mpsc::Sender<Vec<u8>>>,
    /// What it cannot bear.
    pub(crate) weak: Weak,
}

/// What a receiver cannot bear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Weak {
    /// After a message without a header it answers nobody any more.
    pub(crate) hangs: bool,
    /// While one message is not whole, all others wait.
    pub(crate) one_at_a_time: bool,
}

/// What the connections of one receiver share.
#[derive(Default)]
struct Shared {
    hung: AtomicBool,
    turn: Mutex<()>,
}

impl Receiver {
    /// Answers each message on a connection.
    pub(crate) fn handler(self) -> Handler {
        let receiver = Arc::new(self);
        let shared = Arc::new(Shared::default());
        Arc::new(move |stream: Stream| {
            let (receiver, shared) = (Arc::clone(&receiver), Arc::clone(&shared));
            Box::pin(async move {
                // A sender that breaks off or talks nonsense has said all that it will.
                let _ = receiver.serve(stream, &shared).await;
            })
        })
    }

    async fn serve(&self, mut stream: Stream, shared: &Shared) -> io::Result<()> {
        for _ in 0..MESSAGES {
            let first = [within(PATIENCE, stream.read_u8()).await?];
            let _turn = match self.weak.one_at_a_time {
                true => Some(shared.turn.lock().await),
                false => None,
            };
            let message = within(PATIENCE, frame(&mut first.as_slice().chain(&mut stream))).await?;
            if shared.hung.load(Ordering::Relaxed) {
                tokio::time::sleep(PATIENCE).await;
            }
            let Some(header) = Header::read(&message) else {
                shared.hung.fetch_or(self.weak.hangs, Ordering::Relaxed);
                break;
            };
            let known = header.sender == PUMP;
            let answer = self.acknowledge(&header, known);
            within(PATIENCE, stream.write_all(&answer)).await?;
            if known && let Some(forward) = &self.forward {
                // A full queue means that the platform is away; the pump will report again.
                let _ = forward.try_send(message);
            }
        }
        within(PATIENCE, stream.shutdown()).await
    }

    /// An acknowledgement (HL7 v2 chapter 2, "ACK"): to a query of a known sender, without a result.
    fn acknowledge(&self, to: &Header, known: bool) -> Vec<u8> {
        let verdict = if known || self.any_sender {
            format!("MSA|AA|{}\r", to.control)
        } else {
            format!(
                "MSA|AR|{}\rERR||MSH^1^3|207^Application internal error^HL70357|E||||sending application not known\r",
                to.control
            )
        };
        let control = to.control.chars().take(18);
        let header = format!(
            "MSH|^~\\&|{}|EDITH|{}||20260101080000||ACK|A{}|P|{}\r",
            self.name,
            to.sender,
            control.collect::<String>(),
            to.version
        );
        wrap(&format!("{header}{verdict}"))
    }
}

/// What of a message header is answered to; each field cut to what an answer may carry.
struct Header {
    sender: String,
    control: String,
    version: String,
}

impl Header {
    /// Reads MSH; `None` for anything that does not begin with one.
    fn read(message: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(message);
        let line = text.split('\r').next()?;
        let separator = line.strip_prefix("MSH")?.chars().next()?;
        let fields: Vec<&str> = line.split(separator).take(13).collect();
        // MSH-1 is the separator itself, so that MSH-n is field n-1.
        let field = |n: usize| -> String {
            let text = fields.get(n - 1).copied().unwrap_or_default();
            text.chars().filter(|c| !c.is_control()).take(60).collect()
        };
        let version = field(12);
        let sender = field(3).split('^').next().unwrap_or_default().to_owned();
        let version = if version.is_empty() { "2.5.1".to_owned() } else { version };
        Some(Self { sender, control: field(10), version })
    }
}

/// Reads one frame; bytes before its start are passed over.
async fn frame(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut message = Vec::new();
    let mut begun = false;
    let mut passed = 0;
    loop {
        let byte = stream.read_u8().await?;
        if !begun {
            begun = byte == START;
            passed += 1;
            if passed > LONGEST {
                return Err(io::ErrorKind::InvalidData.into());
            }
            continue;
        }
        message.push(byte);
        if message.ends_with(&END) {
            message.truncate(message.len() - END.len());
            return Ok(message);
        }
        if message.len() > LONGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
    }
}

fn wrap(message: &str) -> Vec<u8> {
    let mut framed = vec![START];
    framed.extend(message.bytes());
    framed.extend(END);
    framed
}

/// The pump: reports its rate to the hub once every `pause`, over one connection that it opens again when it breaks.
pub(crate) async fn report(from: Ipv4Addr, to: SocketAddr, pause: Duration) {
    let mut count = 0u32;
    loop {
        // The hub may be down; a pump tries again.
        let _ = reporting(from, to, pause, &mut count).await;
        tokio::time::sleep(pause).await;
    }
}

async fn reporting(from: Ipv4Addr, to: SocketAddr, pause: Duration, count: &mut u32) -> io::Result<()> {
    let mut stream = within(PATIENCE, connect(from, to)).await?;
    loop {
        *count = count.wrapping_add(1);
        let report = format!(
            "MSH|^~\\&|{PUMP}|EDITH|HUB|EDITH|20260101080000||ORU^R01^ORU_R01|P{count}|P|2.5.1\r\
             PID|1||TEST-0001^^^EXAMPLE^MR||TESTPATIENT^Edith||19450101|F\r\
             OBR|1|||69985^MDC_DEV_PUMP_INFUS^MDC\r\
             OBX|1|NM|157784^MDC_FLOW_FLUID_PUMP^MDC||2.5|mL/h|||||R\r"
        );
        within(PATIENCE, stream.write_all(&wrap(&report))).await?;
        within(PATIENCE, frame(&mut stream)).await?;
        tokio::time::sleep(pause).await;
    }
}

/// Connects from a device's own address, so that captures show who spoke.
pub(crate) async fn connect(from: Ipv4Addr, to: SocketAddr) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from((from, 0)))?;
    let stream = socket.connect(to).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(any_sender: bool, message: &str) -> String {
        let receiver = Receiver { name: "HUB", any_sender, forward: None, weak: Weak::default() };
        let header = Header::read(message.as_bytes()).unwrap();
        let known = header.sender == PUMP;
        String::from_utf8(receiver.acknowledge(&header, known)).unwrap()
    }

    #[test]
    fn only_the_pump_is_known() {
        let of = |sender: &str| format!("MSH|^~\\&|{sender}|X|HUB|Y|2026||ORU^R01|42|P|2.5.1\rPID|1\r");
        assert!(answer(false, &of(PUMP)).contains("MSA|AA|42\r"));
        assert!(answer(false, &of("STRANGER")).contains("MSA|AR|42\r"));
        assert!(answer(true, &of("STRANGER")).contains("MSA|AA|42\r"));
    }

    #[tokio::test]
    async fn frames_end_where_they_end() {
        let mut bytes: &[u8] = b"xx\x0bMSH|\x1c\x0d\x0bnext";
        assert_eq!(frame(&mut bytes).await.unwrap(), b"MSH|");
        assert!(frame(&mut bytes).await.is_err());
        assert!(Header::read(b"GET / HTTP/1.1\r\n").is_none());
    }
}
