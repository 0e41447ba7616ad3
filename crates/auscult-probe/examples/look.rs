//! Lets one observer look at one address and prints what it saw and what it cost, as one line of JSON.
//!
//! The benchmarks compare a single observer with a program that does the same work; `auscult check` does more.
//!
//!     look tls     ADDRESS:PORT [--depth verdict|inventory] [--pace ward|bench|laboratory] [--open N] [--name HOST]
//!     look ports   ADDRESS      [--pace …] [--open N]
//!     look service ADDRESS:PORT [--pace …]
//!     look device  ADDRESS      [--pace …] [--open N]     every port, then every service that was found
//!
//! `--open` sets how many connections may be open at once in place of the pace's number; one of them is kept free for
//! a liveness oracle, which is not asked here.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use auscult_facts::ports::PortState;
use auscult_facts::service::ServiceFacts;
use auscult_facts::{Interrupted, ServiceSubject, Subject};
use auscult_model::{Impact, NodeKind, Pace, RiskClass, Setting, Transport};
use auscult_probe::{Depth, Errand, Limits, NodeBench, Observer, Permit, ports, service, tls};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

type Fault = Box<dyn Error + Send + Sync>;

/// Stands in the names that the questions carry.
const MARK: &str = "benchrun";

struct Wish {
    what: String,
    address: IpAddr,
    port: Option<u16>,
    depth: Depth,
    limits: Limits,
    name: Option<String>,
}

impl Wish {
    fn read(mut words: impl Iterator<Item = String>) -> Result<Self, Fault> {
        let what = words.next().ok_or("what to look at: tls, ports, service or device")?;
        let target = words.next().ok_or("an address")?;
        let (address, port) = match target.parse::<SocketAddr>() {
            Ok(end) => (end.ip(), Some(end.port())),
            Err(_) => (target.parse()?, None),
        };
        let (mut depth, mut pace, mut open, mut name) = (Depth::Verdict, Pace::Laboratory, None, None);
        while let Some(option) = words.next() {
            let value = words.next().ok_or_else(|| format!("a value for {option}"))?;
            match (option.as_str(), value.as_str()) {
                ("--depth", "verdict") => depth = Depth::Verdict,
                ("--depth", "inventory") => depth = Depth::Inventory,
                ("--pace", "ward") => pace = Pace::Ward,
                ("--pace", "bench") => pace = Pace::Bench,
                ("--pace", "laboratory") => pace = Pace::Laboratory,
                ("--open", number) => open = Some(number.parse::<usize>()?),
                ("--name", _) => name = Some(value),
                _ => return Err(format!("{option} {value} means nothing here").into()),
            }
        }
        let mut limits = Limits::of(pace);
        limits.parallel = open.unwrap_or(limits.parallel);
        Ok(Self { what, address, port, depth, limits, name })
    }

    fn bench(&self) -> NodeBench {
        NodeBench::new(Permit {
            node: "target".into(),
            address: self.address,
            impact: Impact::Intrusive,
            declared: self.port.into_iter().collect(),
            limits: self.limits.clone(),
        })
    }

    fn subject(&self, port: u16) -> Subject {
        Subject {
            node: "target".into(),
            kind: NodeKind::Device,
            class: RiskClass::II,
            setting: Setting::Homecare,
            address: Some(self.address),
            host_names: self.name.iter().cloned().collect(),
            legacy: false,
            behind: None,
            wraps: BTreeSet::new(),
            declared_ports: BTreeSet::new(),
            at: Timestamp::now(),
            keys_elsewhere: Default::default(),
            service: Some(ServiceSubject {
                name: format!("tcp-{port}").as_str().into(),
                port,
                transport: Transport::Tcp,
                declared: None,
                recognised: None,
                tls_seen: None,
                flows: Vec::new(),
                pages: Vec::new(),
            }),
        }
    }

    fn port(&self) -> Result<u16, Fault> {
        self.port.ok_or_else(|| "a port after the address".into())
    }

    async fn look(&self, bench: &NodeBench) -> Result<Value, Fault> {
        let facts = match self.what.as_str() {
            "tls" => {
                let errand = Errand {
                    depth: self.depth,
                    anchors: Vec::new(),
                    crls: Vec::new(),
                    mark: MARK.to_owned(),
                    at: Timestamp::now(),
                    keys: Vec::new(),
                    guard: auscult_probe::Guard::default(),
                    health: auscult_probe::health::HealthCommands::default(),
                };
                serde_json::to_value(
                    tls::Tls::look(bench, &self.subject(self.port()?), &errand).await.map_err(word)?,
                )?
            }
            "ports" => serde_json::to_value(self.sweep(bench).await?)?,
            "service" => {
                let subject = self.subject(self.port()?);
                serde_json::to_value(
                    service::recognise(bench, &subject, PortState::Open, MARK).await.map_err(word)?,
                )?
            }
            "device" => {
                let started = Instant::now();
                let open = self.sweep(bench).await?;
                let swept = started.elapsed().as_millis();
                json!({ "sweep_millis": swept as u64, "services": self.recognise_all(bench, open.states).await? })
            }
            other => return Err(format!("{other} is not tls, ports, service or device").into()),
        };
        Ok(facts)
    }

    async fn sweep(&self, bench: &NodeBench) -> Result<auscult_facts::ports::PortsFacts, Fault> {
        ports::sweep(bench, &[ports::EVERY_PORT], &BTreeSet::new()).await.map_err(word)
    }

    /// As a run does it: one port at a time on each place of the bench.
    async fn recognise_all(
        &self,
        bench: &NodeBench,
        found: BTreeMap<u16, PortState>,
    ) -> Result<BTreeMap<u16, ServiceFacts>, Fault> {
        let places = Arc::new(Semaphore::new(self.limits.parallel.saturating_sub(1).max(1)));
        let mut visiting = JoinSet::new();
        for (port, state) in found {
            let (subject, bench, places) = (self.subject(port), bench.clone(), Arc::clone(&places));
            visiting.spawn(async move {
                let _place = places.acquire_owned().await;
                (port, service::recognise(&bench, &subject, state, MARK).await)
            });
        }
        let mut services = BTreeMap::new();
        while let Some(visited) = visiting.join_next().await {
            let (port, facts) = visited?;
            services.insert(port, facts.map_err(word)?);
        }
        Ok(services)
    }
}

fn word(why: Interrupted) -> Fault {
    format!("{why:?}").into()
}

#[tokio::main]
async fn main() -> Result<(), Fault> {
    let wish = Wish::read(std::env::args().skip(1))?;
    let bench = wish.bench();
    let started = Instant::now();
    let facts = wish.look(&bench).await?;
    let micros = started.elapsed().as_micros() as u64;
    let line = json!({
        "seconds": micros as f64 / 1e6,
        "connections": bench.total().connections,
        "packets": bench.total().packets,
        "facts": facts,
    });
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}
