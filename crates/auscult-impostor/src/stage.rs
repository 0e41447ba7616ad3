//! The order of the acts, and when it ends early.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use auscult_facts::Cost;
use auscult_facts::client::{Act, FarEnd, Kept, Play, Reached};
use auscult_model::scenario::{LONGEST_WAIT, SetUp};
use tokio::net::TcpListener;

use crate::act::{Actor, MOST_MEETINGS, PLAYING};
use crate::authority::{Authority, Names};
use crate::dns::{MOST_ANSWERS, NameServer};
use crate::ntp::{self, TimeServer};
use crate::secure::Wardrobe;
use crate::wire::{MOST_PACKETS, Meter, PER_DATAGRAM};

/// Makes the device dial; tells whether it took the order.
pub type Dial = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync>;

/// Is told what is played next.
pub type Tell = Arc<dyn Fn(Play) + Send + Sync>;

/// One far end that is played towards a device.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Whom auscult plays, `node/service`.
    pub far: String,
    /// How the device gets here.
    pub set_up: SetUp,
    /// Whether the far end is declared to speak TLS.
    pub tls: bool,
    /// Whether a flow to it is declared to carry firmware.
    pub firmware: bool,
    /// Names of the far end.
    pub names: Vec<String>,
    /// Its addresses, and the one that is listened at.
    pub addresses: Vec<IpAddr>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where to answer DNS.
    pub dns: Option<SocketAddr>,
    /// Where to answer NTP.
    pub ntp: Option<SocketAddr>,
    /// The only address that is answered.
    pub device: IpAddr,
    /// How long an act waits for the device.
    pub wait: Duration,
}

/// What is played, in order; the proper far end comes first and last.
pub const PLAYS: [Play; 14] = [
    Play::Proper,
    Play::SelfSigned,
    Play::UnknownAuthority,
    Play::WrongName,
    Play::Expired,
    Play::Revoked,
    Play::WeakKey,
    Play::Tls11,
    Play::Tls10,
    Play::WeakSuite,
    Play::NoTls,
    Play::LargeCertificate,
    Play::WrongTime,
    Play::Again,
];

/// Acts in a row that the device may miss before the last one is played.
const MISSED: usize = 2;

/// Most packets that playing one far end sends to the device, all of them answers.
pub const fn most_packets(dns: bool, ntp: bool) -> u64 {
    let names = if dns { MOST_ANSWERS * PER_DATAGRAM } else { 0 }
        + if ntp { ntp::MOST_ANSWERS * PER_DATAGRAM } else { 0 };
    PLAYS.len() as u64 * MOST_MEETINGS as u64 * MOST_PACKETS + names
}

/// Most seconds that playing one far end takes.
pub fn most_seconds(wait: Duration) -> u64 {
    let act = wait.saturating_add(PLAYING).saturating_mul(MOST_MEETINGS as u32);
    act.saturating_mul(PLAYS.len() as u32).as_secs().saturating_add(u64::from(LONGEST_WAIT))
}

/// Plays one act after the other towards the device, and gives what it did and what that took.
pub async fn play(
    stage: &Stage,
    authority: Option<&Authority>,
    dial: Option<&Dial>,
    tell: &Tell,
) -> (FarEnd, Cost) {
    let meter = Arc::new(Meter::default());
    let mut end = FarEnd {
        far: stage.far.clone(),
        set_up: stage.set_up,
        tls: stage.tls,
        firmware: stage.firmware,
        kept: None,
        dns: None,
        acts: Vec::new(),
    };
    match prepared(stage, authority).await {
        Err(kept) => end.kept = Some(kept),
        Ok((listener, wardrobe)) => {
            let (names, clock) = match (name_server(stage, &meter).await, time_server(stage, &meter).await) {
                (Ok(names), Ok(clock)) => (names, clock),
                _ => {
                    end.kept = Some(Kept::CannotListen);
                    return (end, meter.cost());
                }
            };
            let actor = Actor { stage, listener, wardrobe, meter: Arc::clone(&meter), dial, clock };
            end.acts = acts(&actor, tell).await;
            end.dns = names.map(|names| names.asked());
        }
    }
    (end, meter.cost())
}

pub(crate) async fn prepared(
    stage: &Stage,
    authority: Option<&Authority>,
) -> Result<(TcpListener, Wardrobe), Kept> {
    let authority = authority.ok_or(Kept::AuthorityUnusable)?;
    let names = Names { names: stage.names.clone(), addresses: stage.addresses.clone() };
    let wardrobe = Wardrobe::of(authority, names, stage.wait).map_err(|_| Kept::AuthorityUnusable)?;
    let listener = listen(stage.listen).await.map_err(|_| Kept::CannotListen)?;
    Ok((listener, wardrobe))
}

pub(crate) async fn name_server(stage: &Stage, meter: &Arc<Meter>) -> io::Result<Option<NameServer>> {
    let Some(at) = stage.dns else { return Ok(None) };
    let leads_to = stage.listen.ip();
    NameServer::start(at, stage.device, stage.names.clone(), leads_to, Arc::clone(meter)).await.map(Some)
}

async fn time_server(stage: &Stage, meter: &Arc<Meter>) -> io::Result<Option<TimeServer>> {
    let Some(at) = stage.ntp else { return Ok(None) };
    TimeServer::start(at, stage.device, Arc::clone(meter)).await.map(Some)
}

async fn listen(at: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(at).await
}

async fn acts(actor: &Actor<'_>, tell: &Tell) -> Vec<Act> {
    let mut acts: Vec<Act> = Vec::with_capacity(PLAYS.len());
    let mut missed = 0;
    for play in PLAYS {
        if play != Play::Again && missed >= MISSED || play == Play::WrongTime && actor.clock.is_none() {
            continue;
        }
        tell(play);
        let wait = if play == Play::Again { patient(actor.stage.wait, &acts) } else { actor.stage.wait };
        let act = actor.act(play, wait).await;
        missed = if act.meetings.is_empty() { missed + 1 } else { 0 };
        // Whoever does not come to the proper far end, or speaks no TLS with it, shows nothing by anything else.
        let over = play == Play::Proper && !act.meetings.iter().any(|m| speaks_tls(m.reached));
        acts.push(act);
        if over {
            break;
        }
    }
    acts
}

const fn speaks_tls(reached: Reached) -> bool {
    matches!(reached, Reached::Hello | Reached::KeyExchange | Reached::Handshake | Reached::Inside)
}

/// A device that was sent away comes back slower: it is waited for three times as long as it ever took.
fn patient(wait: Duration, acts: &[Act]) -> Duration {
    let came = acts.iter().filter(|a| !a.meetings.is_empty());
    let longest = came.map(|a| a.waited_millis).max().unwrap_or_default();
    let three_times = Duration::from_millis(longest.saturating_mul(3));
    wait.max(three_times).min(Duration::from_secs(LONGEST_WAIT.into()))
}
