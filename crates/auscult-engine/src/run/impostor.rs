//! Plays the far ends that the scenario declares towards the devices that dial them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use auscult_facts::client::ClientFacts;
use auscult_facts::{Cost, Facts, Outcome};
use auscult_impostor::{Authority, Dial, NAME, Stage, Tell, most_seconds, play};
use auscult_model::scenario::Trigger;
use auscult_model::{DataClass, Impact};
use auscult_probe::NodeBench;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Mutex;

use super::group::{Site, seen};
use super::{Event, Note};
use crate::subject::World;

/// Least impact at which a far end is played.
pub(crate) const IMPACT: Impact = Impact::Intrusive;

/// The authorities that impostors may sign with, by the files of certificate and key.
pub type Authorities = BTreeMap<(String, String), Arc<Authority>>;

/// Where impostors are played: on one stage, so that two devices which dial the same address do not meet.
#[derive(Clone, Debug)]
pub(crate) struct Theatre {
    pub(super) authorities: Arc<Authorities>,
    pub(super) stage: Arc<Mutex<()>>,
}

impl Theatre {
    pub(crate) fn of(authorities: Authorities) -> Self {
        Self { authorities: Arc::new(authorities), stage: Arc::default() }
    }
}

/// One far end to be played, and what it takes.
#[derive(Clone, Debug)]
pub(crate) struct Cast {
    pub(super) stage: Stage,
    pub(super) authority: (String, String),
    pub(super) trigger: Option<Trigger>,
}

/// The far ends that are played towards a node, where that is allowed.
pub(crate) fn casts(world: &World<'_>, n: usize, allowed: Impact) -> Vec<Cast> {
    let node = world.node(n);
    let Some(device) = node.address.filter(|_| allowed >= IMPACT) else { return Vec::new() };
    let casts = node.impostors.iter().map(|impostor| {
        let far = world.find(impostor.far.node.as_str()).map(|far| world.node(far));
        let service = impostor.far.service.as_ref().and_then(|s| far?.service(s.as_str()));
        let mut addresses = vec![impostor.listen.ip()];
        addresses.extend(far.and_then(|f| f.address).filter(|a| *a != impostor.listen.ip()));
        Cast {
            stage: Stage {
                far: impostor.far.label(),
                set_up: impostor.set_up,
                tls: service.is_some_and(|s| s.tls),
                firmware: world
                    .flows_out(n)
                    .any(|flow| flow.to == impostor.far && flow.data.contains(&DataClass::Firmware)),
                names: far.map(|f| f.host_names.clone()).unwrap_or_default(),
                addresses,
                listen: impostor.listen,
                dns: impostor.dns,
                ntp: impostor.ntp,
                device,
                wait: Duration::from_secs(impostor.wait_seconds.into()),
            },
            authority: (impostor.ca.clone(), impostor.ca_key.clone()),
            trigger: impostor.trigger.clone(),
        }
    });
    casts.collect()
}

impl Site {
    /// Plays every far end towards every node of the site and writes down what each did.
    pub(super) async fn play_impostors(&self, bench: &NodeBench) {
        for (n, node) in self.job.nodes.iter().enumerate() {
            if node.casts.is_empty() || bench.stopped() || self.halt.is_cancelled() {
                continue;
            }
            let _alone = self.job.theatre.stage.lock().await;
            let mut facts = ClientFacts::default();
            let mut cost = Cost::default();
            let mut outcome = None;
            for cast in &node.casts {
                let meter = bench.metered();
                let deadline = Duration::from_secs(most_seconds(cast.stage.wait));
                let played = self.guarded(deadline, self.performance(n, cast, &meter)).await;
                let own = meter.cost();
                self.spend(n, own, IMPACT);
                match played {
                    Ok((end, answers)) => {
                        cost = together(cost, together(own, answers));
                        self.spend(n, answers, IMPACT);
                        facts.ends.push(end);
                    }
                    Err(why) => {
                        outcome = Some(Outcome::Interrupted(why));
                        break;
                    }
                }
            }
            if outcome.is_some() && self.halt.is_cancelled() {
                return;
            }
            let outcome = outcome.unwrap_or_else(|| seen(&facts));
            let record = self.observation(ClientFacts::KIND, NAME, &node.subject, outcome, cost);
            self.record(record).await;
        }
    }

    /// What plays one far end, free of borrows.
    fn performance(
        &self,
        n: usize,
        cast: &Cast,
        bench: &NodeBench,
    ) -> impl Future<Output = Result<(auscult_facts::client::FarEnd, Cost), auscult_facts::Interrupted>>
    + Send
    + 'static {
        let authority = self.job.theatre.authorities.get(&cast.authority).cloned();
        let dial = cast.trigger.clone().map(|trigger| dial(bench.clone(), trigger));
        let (notes, node) = (self.notes.clone(), self.job.nodes[n].subject.node.clone());
        let far = cast.stage.far.clone();
        let tell: Tell = Arc::new(move |play| {
            // Whoever watches misses a line when the desk is full.
            let _ = notes.try_send(Note::Tell(Event::Playing { node: node.clone(), far: far.clone(), play }));
        });
        let stage = cast.stage.clone();
        async move { Ok(play(&stage, authority.as_deref(), dial.as_ref(), &tell).await) }
    }
}

pub(super) fn together(a: Cost, b: Cost) -> Cost {
    Cost {
        connections: a.connections.saturating_add(b.connections),
        packets: a.packets.saturating_add(b.packets),
        bytes_sent: a.bytes_sent.saturating_add(b.bytes_sent),
        bytes_received: a.bytes_received.saturating_add(b.bytes_received),
        millis: a.millis.saturating_add(b.millis),
    }
}

/// Most bytes of an answer to a trigger that are read.
const ANSWER: usize = 512;
/// How often they are read.
const READS: usize = 2;
/// Most packets that one trigger costs: the connection, the request, and acknowledgements of the answer.
pub(crate) const DIAL_PACKETS: u64 = 4 + 2 + 2 * (READS as u64 + 1);

/// An empty POST to the device that makes it dial; true where it is answered with a success.
pub(super) fn dial(bench: NodeBench, trigger: Trigger) -> Dial {
    Arc::new(move || {
        let (bench, trigger) = (bench.clone(), trigger.clone());
        Box::pin(async move {
            let Ok(mut wire) = bench.connect(trigger.port, IMPACT).await else { return false };
            let request = format!(
                "POST {} HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                trigger.path,
                bench.address()
            );
            let asking = async {
                wire.write_all(request.as_bytes()).await?;
                let mut answer = [0; ANSWER];
                let mut heard = Vec::new();
                for _ in 0..READS {
                    let n = wire.read(&mut answer).await?;
                    heard.extend_from_slice(&answer[..n]);
                    if n == 0 || heard.len() >= b"HTTP/1.1 200".len() {
                        break;
                    }
                }
                Ok::<_, std::io::Error>(heard.get(9) == Some(&b'2'))
            };
            matches!(tokio::time::timeout(bench.patience(), asking).await, Ok(Ok(true)))
        })
    })
}
