//! What an observer is, and the list of those that look at live services.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use auscult_facts::access::AccessFacts;
use auscult_facts::{Facts, Interrupted, Scope, Subject};
use auscult_model::Impact;
use jiff::Timestamp;

use crate::access::Key;
use crate::health::HealthCommands;
use crate::{Guard, NodeBench};

/// How deep to look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// Enough for a verdict, with as few connections as possible.
    #[default]
    Verdict,
    /// Everything that is accepted, by name.
    Inventory,
}

/// What an observer needs to know beside its target.
#[derive(Clone, Debug)]
pub struct Errand {
    /// How deep to look.
    pub depth: Depth,
    /// Certificates of the authorities to trust, DER.
    pub anchors: Vec<Vec<u8>>,
    /// Lists of revoked certificates, DER.
    pub crls: Vec<Vec<u8>>,
    /// A word for this run, `[a-z0-9]{8}`: in client ids and names of our own, so that nobody's data is touched.
    pub mark: String,
    /// When the run began; for clocks and certificates.
    pub at: Timestamp,
    /// Credentials of the scenario, with their secrets.
    pub keys: Vec<Key>,
    /// Well-known accounts, and how often each was tried.
    pub guard: Guard,
    /// Programs of the tester's own machine that know whether a node is healthy.
    pub health: HealthCommands,
}

impl Errand {
    /// How much longer than [`Limits::observation`](crate::Limits) an observation of a kind may take.
    pub fn waits(&self, kind: &str, subject: &Subject) -> Duration {
        if kind == AccessFacts::KIND { crate::access::waits(self, subject) } else { Duration::ZERO }
    }
}

/// What an observation may cost at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bound {
    /// Connections.
    pub connections: u64,
    /// Packets sent.
    pub packets: u64,
}

/// Looks at one kind of target and writes facts.
pub trait Observer: Sync + 'static {
    /// What it writes.
    type Facts: Facts;
    /// Name and version, kept in evidence; the version changes when facts would differ for the same target.
    const NAME: &'static str;
    /// Least impact with which it does anything at all.
    const IMPACT: Impact;

    /// What one observation may cost at most, at a depth and an allowed impact.
    fn bound(depth: Depth, allowed: Impact) -> Bound;

    /// Looks.
    ///
    /// Questions rougher than `bench.allowed()` are left out and written down as not asked.
    ///
    /// # Errors
    /// What came in between, when nothing at all could be seen.
    fn look(
        bench: &NodeBench,
        subject: &Subject,
        errand: &Errand,
    ) -> impl Future<Output = Result<Self::Facts, Interrupted>> + Send;
}

/// What a look on any kind of facts gives.
pub type Looking<'a> = Pin<Box<dyn Future<Output = Result<serde_json::Value, Interrupted>> + Send + 'a>>;

/// An observer whose facts are not known to the compiler.
pub trait AnyObserver: Sync {
    /// Name and version.
    fn name(&self) -> &'static str;
    /// Kind of facts that it writes.
    fn kind(&self) -> &'static str;
    /// On which targets.
    fn scope(&self) -> Scope;
    /// Least impact.
    fn impact(&self) -> Impact;
    /// Greatest cost.
    fn bound(&self, depth: Depth, allowed: Impact) -> Bound;
    /// Looks.
    fn look<'a>(&'a self, bench: &'a NodeBench, subject: &'a Subject, errand: &'a Errand) -> Looking<'a>;
}

impl<O: Observer> AnyObserver for O {
    fn name(&self) -> &'static str {
        O::NAME
    }
    fn kind(&self) -> &'static str {
        O::Facts::KIND
    }
    fn scope(&self) -> Scope {
        O::Facts::SCOPE
    }
    fn impact(&self) -> Impact {
        O::IMPACT
    }
    fn bound(&self, depth: Depth, allowed: Impact) -> Bound {
        if allowed < O::IMPACT { Bound::default() } else { O::bound(depth, allowed) }
    }
    fn look<'a>(&'a self, bench: &'a NodeBench, subject: &'a Subject, errand: &'a Errand) -> Looking<'a> {
        Box::pin(async move {
            if bench.allowed() < O::IMPACT {
                return Err(Interrupted::NotAuthorised);
            }
            let facts = <O as Observer>::look(bench, subject, errand).await?;
            serde_json::to_value(facts).map_err(|_| Interrupted::InstrumentFault)
        })
    }
}

/// The observers of live services that work on a service once it is recognised.
///
/// Ports and recognition come before them and are called by name.
pub fn observers() -> &'static [&'static dyn AnyObserver] {
    &[
        &crate::tls::Tls,
        &crate::tls::TlsFlaws,
        &crate::http::Http,
        &crate::http::Logins,
        &crate::http::SecurityTxt,
        &crate::pages::Pages,
        &crate::fhir::Fhir,
        &crate::fhir::Smart,
        &crate::mqtt::Mqtt,
        &crate::hl7::Hl7,
        &crate::dicom::Dicom,
        &crate::dicomweb::Dicomweb,
        &crate::snmp::Snmp,
        &crate::dtls::Dtls,
        &crate::coap::Coap,
        &crate::ntp::Ntp,
        &crate::dns::Dns,
        &crate::mdns::Mdns,
        &crate::ssdp::Ssdp,
        &crate::ws_discovery::WsDiscovery,
        &crate::ssh::Ssh,
        &crate::telnet::Telnet,
        &crate::ftp::Ftp,
        &crate::vnc::Vnc,
        &crate::rdp::Rdp,
        &crate::smb::Smb,
        &crate::store::Store,
        &crate::console::Console,
        &crate::broker::Broker,
        &crate::industrial::Industrial,
        &crate::access::Access,
        // What treats a service badly comes last.
        &crate::robustness::Robustness,
        &crate::robustness::OverUdp,
    ]
}
