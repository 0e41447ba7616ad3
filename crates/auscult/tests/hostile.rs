//! Whole runs against peers that are silent, slow, endless or lying: each run ends by its deadlines, nothing panics, and
//! nothing passes or fails by what was never said.

use std::fmt::Write as _;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use auscult_casefile::{Body, Reader};
use auscult_catalog::Catalog;
use auscult_engine::{Case, PlanOptions, RunOptions, judge, run};
use auscult_facts::{Interrupted, Observation, Outcome};
use auscult_model::{Pace, Verdict};
use auscult_probe::Limits;
use jiff::Timestamp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What a peer does to everybody who connects.
#[derive(Clone, Copy, Debug)]
enum Peer {
    /// Accepts and says nothing.
    Silent,
    /// Says one byte every 300 ms, for ever.
    Dribbles,
    /// Sends letters without a line end, for ever.
    EndlessBanner,
    /// Sends short lines, for ever.
    EndlessLines,
    /// Ends every connection by a reset at once.
    Resets,
    /// Ends every connection in order, at once.
    ClosesAtOnce,
    /// Reads the first question and ends the connection.
    ReadsAndCloses,
    /// Says nothing more and listens on.
    HalfCloses,
    /// Serves one connection until it ends, and says nothing on it.
    OneAtATime,
    /// Begins an answer of HTTP and sends headers for ever.
    EndlessHeaders,
    /// Promises 2⁶³ bytes and sends them.
    EndlessBody,
    /// Sends one chunk after the other and never the last.
    EndlessChunks,
    /// Answers whatever comes with 100 Continue, for ever.
    EndlessContinue,
    /// Sends everybody on to itself.
    RedirectsForEver,
    /// Begins a message of HL7 and never ends it.
    EndlessMllp,
    /// A CONNACK whose remaining length is 256 MB, and bytes for ever.
    HugeMqtt,
    /// A CONNACK whose remaining length never ends.
    EndlessMqttLength,
    /// An A-ASSOCIATE-AC of 4 GB.
    HugeDicom,
    /// A server hello in a record whose fragments never come to an end.
    EndlessTls,
    /// Warning alerts, for ever.
    TlsAlerts,
    /// Bytes that mean nothing, as many as are asked for.
    Noise,
    /// Sends back what it hears.
    Echoes,
    /// Speaks SSH, whatever is declared.
    SpeaksSsh,
}

const PEERS: [Peer; 23] = [
    Peer::Silent,
    Peer::Dribbles,
    Peer::EndlessBanner,
    Peer::EndlessLines,
    Peer::Resets,
    Peer::ClosesAtOnce,
    Peer::ReadsAndCloses,
    Peer::HalfCloses,
    Peer::OneAtATime,
    Peer::EndlessHeaders,
    Peer::EndlessBody,
    Peer::EndlessChunks,
    Peer::EndlessContinue,
    Peer::RedirectsForEver,
    Peer::EndlessMllp,
    Peer::HugeMqtt,
    Peer::EndlessMqttLength,
    Peer::HugeDicom,
    Peer::EndlessTls,
    Peer::TlsAlerts,
    Peer::Noise,
    Peer::Echoes,
    Peer::SpeaksSsh,
];

/// What is declared of the ports of every peer.
const SERVICES: [(&str, u16, &str); 8] = [
    ("web", 8080, "protocol = \"http\""),
    ("web-tls", 8443, "protocol = \"http\", tls = true"),
    ("broker", 1883, "protocol = \"mqtt\""),
    ("broker-tls", 8883, "protocol = \"mqtt\", tls = true, client_certificate = true"),
    ("mllp", 2575, "protocol = \"hl7-mllp\""),
    ("archive", 11112, "protocol = \"dicom\", ae_title = \"ARCHIVE\""),
    ("fhir", 8090, "protocol = \"fhir\", base = \"/fhir\""),
    ("fhir-tls", 9443, "protocol = \"fhir\", tls = true, base = \"/fhir\""),
];

/// What of a peer is an answer to anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answers {
    /// Nothing at all.
    Nothing,
    /// Bytes that show no more than that it does not speak TLS, or that it begins to.
    Layer,
    /// A protocol by its first bytes, but to no question to its end.
    Protocol,
    /// A protocol that encrypts by itself.
    Encrypted,
    /// HTTP to every question, by its head at least.
    Http,
}

/// Eight services at once, each at most a handful of observations of which one alone may take half a minute.
const LONGEST: Duration = Duration::from_secs(150);

impl Peer {
    fn answers(self) -> Answers {
        match self {
            Self::Silent
            | Self::Resets
            | Self::ClosesAtOnce
            | Self::ReadsAndCloses
            | Self::HalfCloses
            | Self::OneAtATime => Answers::Nothing,
            Self::Dribbles
            | Self::EndlessBanner
            | Self::EndlessLines
            | Self::HugeMqtt
            | Self::EndlessMqttLength
            | Self::EndlessTls
            | Self::TlsAlerts
            | Self::Noise => Answers::Layer,
            Self::EndlessHeaders
            | Self::EndlessContinue
            | Self::EndlessMllp
            | Self::HugeDicom
            | Self::Echoes => Answers::Protocol,
            Self::SpeaksSsh => Answers::Encrypted,
            Self::EndlessBody | Self::EndlessChunks | Self::RedirectsForEver => Answers::Http,
        }
    }

    /// Whether a check may pass by what the peer says.
    fn may_pass(self, check: &str) -> bool {
        let recognised = ["service-declaration-wrong", "service-cleartext-administration"].contains(&check);
        match self.answers() {
            Answers::Nothing | Answers::Layer => false,
            Answers::Protocol => recognised,
            Answers::Encrypted => recognised || ["flow-in-clear", "ssh-old-protocol"].contains(&check),
            Answers::Http => recognised || check.starts_with("http-") || check.starts_with("console-"),
        }
    }

    /// Whether a check may fail by what the peer says.
    fn may_fail(self, check: &str) -> bool {
        match self.answers() {
            Answers::Nothing => false,
            Answers::Layer | Answers::Encrypted => check == "service-declaration-wrong",
            Answers::Protocol => ["service-declaration-wrong", "flow-in-clear"].contains(&check),
            Answers::Http => {
                ["service-declaration-wrong", "flow-in-clear"].contains(&check) || check.starts_with("http-")
            }
        }
    }

    /// What stands at the beginning of its answer, and what it repeats for ever after that.
    fn endless(self) -> Option<(&'static [u8], &'static [u8])> {
        const LETTERS: &[u8] = &[b'a'; 1024];
        Some(match self {
            Self::EndlessBanner => (b"", LETTERS),
            Self::EndlessLines => (b"", b"220-welcome to nowhere\r\n"),
            Self::EndlessHeaders => (b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n"),
            Self::EndlessBody => {
                (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9223372036854775807\r\n\r\n", LETTERS)
            }
            Self::EndlessChunks => (
                b"HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nTransfer-Encoding: chunked\r\n\r\n",
                b"10\r\n{\"resourceType\":\r\n",
            ),
            Self::EndlessContinue => (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
            Self::EndlessMllp => (b"\x0bMSH|^~\\&|X|Y|Z|A|20260101||ACK|1|P|2.5\rMSA|AA|1\r", LETTERS),
            Self::HugeMqtt => (b"\x20\xff\xff\xff\x7f\0\0", LETTERS),
            Self::EndlessMqttLength => (b"\x20", b"\xff\xff\xff\xff\xff\xff\xff\xff"),
            Self::HugeDicom => (b"\x02\0\xff\xff\xff\xff\0\x01\0\0", LETTERS),
            // Handshake records, the first of which begins a server hello of 16 MB.
            Self::EndlessTls => {
                (b"\x16\x03\x03\0\x06\x02\xff\xff\xff\x03\x03", b"\x16\x03\x03\0\x08aaaaaaaa")
            }
            Self::TlsAlerts => (b"", b"\x15\x03\x03\0\x02\x01\x5a"),
            Self::Noise => (b"\x93\x07\xf1", b"\x8e\x11\xc2\xf9\x01\x07\x9d\xbb"),
            _ => return None,
        })
    }

    async fn meet(self, mut stream: TcpStream) {
        let mut heard = [0u8; 4096];
        match self {
            Self::Silent | Self::OneAtATime => {
                while matches!(stream.read(&mut heard).await, Ok(n) if n > 0) {}
            }
            Self::Dribbles => {
                while stream.write_all(b"a").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(300)).await;
                }
            }
            Self::Resets => {
                let _ = stream.set_zero_linger();
            }
            Self::ClosesAtOnce => {
                let _ = stream.shutdown().await;
            }
            Self::ReadsAndCloses => {
                let _ = stream.read(&mut heard).await;
                let _ = stream.shutdown().await;
            }
            Self::HalfCloses => {
                let _ = stream.shutdown().await;
                while matches!(stream.read(&mut heard).await, Ok(n) if n > 0) {}
            }
            Self::Echoes => {
                let (mut from, mut to) = stream.split();
                let _ = tokio::io::copy(&mut from, &mut to).await;
            }
            Self::RedirectsForEver => {
                while matches!(stream.read(&mut heard).await, Ok(n) if n > 0) {
                    let answer = b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n";
                    if stream.write_all(answer).await.is_err() {
                        break;
                    }
                }
            }
            Self::SpeaksSsh => {
                let _ = stream.write_all(b"SSH-2.0-OpenSSH_9.2\r\n").await;
                while matches!(stream.read(&mut heard).await, Ok(n) if n > 0) {}
            }
            _ => {
                let Some((first, again)) = self.endless() else { return };
                let more = again.repeat(4096 / again.len());
                let mut going = stream.write_all(first).await.is_ok();
                while going {
                    going = stream.write_all(&more).await.is_ok();
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            }
        }
    }

    /// Serves a port until the runtime ends.
    async fn serve(self, address: Ipv4Addr, port: u16) {
        let listener = TcpListener::bind((address, port)).await.unwrap();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if matches!(self, Self::OneAtATime) {
                    self.meet(stream).await;
                } else {
                    tokio::spawn(self.meet(stream));
                }
            }
        });
    }
}

fn scenario_of(octet: u8) -> String {
    let mut text = "title = \"Peers\"\nstage = \"target\"\nsetting = \"homecare\"\n\
                    [authorisation]\nby = \"test\"\nuntil = 2099-12-31\nimpact = \"intrusive\"\npace = \"laboratory\"\n\
                    [network.home]\nkind = \"wifi\"\n\
                    [device.caller]\nclass = \"III\"\n"
        .to_owned();
    for (n, peer) in PEERS.iter().enumerate() {
        let services = SERVICES
            .map(|(name, port, more)| format!("  {{ name = \"{name}\", port = {port}, {more} }},\n"))
            .concat();
        let id = id(*peer);
        let _ = write!(
            text,
            "[device.{id}]\nclass = \"III\"\naddress = \"127.{octet}.0.{}\"\nservices = [\n{services}]\n",
            n + 1
        );
        for (name, _, _) in SERVICES {
            let _ = write!(
                text,
                "[[flow]]\nfrom = \"caller\"\nto = \"{id}/{name}\"\ndata = [\"vitals\", \"identity\"]\nover = [\"home\"]\n"
            );
        }
    }
    text
}

/// `EndlessTls` becomes `endless-tls`.
fn id(peer: Peer) -> String {
    let mut id = String::new();
    for letter in format!("{peer:?}").chars() {
        if letter.is_uppercase() && !id.is_empty() {
            id.push('-');
        }
        id.push(letter.to_ascii_lowercase());
    }
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn peers_that_are_silent_endless_or_lying_prove_nothing() {
    let octet = 82;
    for (n, peer) in PEERS.iter().enumerate() {
        for (_, port, _) in SERVICES {
            peer.serve(Ipv4Addr::new(127, octet, 0, u8::try_from(n + 1).unwrap()), port).await;
        }
    }
    let text = scenario_of(octet);
    let scenario = auscult_model::scenario::parse(&text).unwrap();
    let catalog = Catalog::embedded();
    let options = RunOptions::new(PlanOptions { declared_only: true, ..PlanOptions::new(Timestamp::now()) });
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("case");
    let case = Case::create(&folder, text.as_bytes(), &catalog, &[], Timestamp::now()).unwrap();
    let began = Instant::now();
    let summary = run(&scenario, &case, &options, &()).await.unwrap();
    let took = began.elapsed();
    assert!(took < LONGEST, "{took:?}");
    assert_eq!(summary.touched, PEERS.len() as u64);
    // Each of them accepts connections all the time, so none of them has degraded.
    assert!(!summary.cancelled && summary.stopped.is_empty(), "{summary:?}");

    let limits = Limits::of(Pace::Laboratory);
    for record in Reader::open(&folder).unwrap().records().unwrap() {
        let Body::Observation(value) = record.unwrap().body else { continue };
        let seen: Observation = serde_json::from_value(value).unwrap();
        let what = format!("{} of {}", seen.kind, seen.target.label());
        // A panic within an observation is written down as a fault of the instrument.
        assert_ne!(seen.outcome, Outcome::Interrupted(Interrupted::InstrumentFault), "{what}");
        let deadline = limits.observation + Duration::from_secs(3);
        assert!(Duration::from_millis(seen.cost.millis) < deadline, "{what}: {:?}", seen.cost);
        assert!(seen.cost.bytes_received <= limits.budget.bytes_received, "{what}: {:?}", seen.cost);
    }

    let assessment = judge(&scenario, &catalog, &case.evidence().unwrap());
    for safety in &assessment.safety {
        assert!(safety.connections <= safety.connections_announced, "{safety:?}");
        assert!(safety.packets <= safety.packets_announced, "{safety:?}");
    }
    for peer in PEERS {
        let id = id(peer);
        let rulings = assessment.rulings.iter().filter(|r| r.node.as_str() == id);
        let mut trials = 0;
        for trial in rulings.flat_map(|r| &r.trials) {
            let check = trial.check.as_str();
            let why = format!("{check} on {}: {}", trial.target, trial.reason.because);
            match trial.verdict {
                Verdict::Pass => assert!(peer.may_pass(check), "passes, {why}"),
                Verdict::Fail => assert!(peer.may_fail(check), "fails, {why}"),
                Verdict::Inconclusive => assert!(!trial.reason.because.is_empty()),
            }
            assert!(!trial.reason.message.id.ends_with("check-fault"), "{why}");
            trials += 1;
        }
        assert!(trials > 3 * SERVICES.len(), "only {trials} trials on {id}");
        let passed = assessment.rulings.iter().find(|r| r.node.as_str() == id && r.verdict == Verdict::Pass);
        assert!(passed.is_none() || peer.answers() != Answers::Nothing, "{passed:?}");
    }
}
