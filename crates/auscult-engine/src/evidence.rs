//! The evidence of a case file as judging needs it: the last record of each kind on each target.

use std::collections::BTreeMap;

use auscult_casefile::{Body, CaseError, Header, Record};
use auscult_facts::{Facts, Interrupted, Observation, Outcome};
use auscult_model::assessment::EvidenceRef;
use auscult_model::{NodeId, ServiceName};
use jiff::Timestamp;

/// One observation as it stands in the chain.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) observation: Observation,
    pub(crate) at: Timestamp,
    pub(crate) digest: String,
}

/// A node, or one of its services.
type Key = (NodeId, Option<ServiceName>);

/// What was seen, by target and kind; a later record takes the place of an earlier one.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    header: Option<Header>,
    latest: BTreeMap<Key, BTreeMap<String, Item>>,
    records: u64,
    head: String,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    unreadable: u64,
}

impl Evidence {
    /// Takes in every record of a case file.
    ///
    /// # Errors
    /// The first record that is not as it was written.
    pub fn read(records: impl IntoIterator<Item = Result<Record, CaseError>>) -> Result<Self, CaseError> {
        let mut evidence = Self::default();
        for record in records {
            evidence.add(record?);
        }
        Ok(evidence)
    }

    /// Takes in one more record.
    pub fn add(&mut self, record: Record) {
        match record.body {
            // An assessment rests on what comes before it, not on the record that names it.
            Body::Assessed(_) => return,
            Body::Opened(header) => self.header = Some(header),
            Body::Observation(value) => match serde_json::from_value::<Observation>(value) {
                Ok(observation) => self.observed(observation, record.at, &record.digest),
                Err(_) => self.unreadable += 1,
            },
        }
        self.records = record.seq + 1;
        self.head = record.digest;
    }

    fn observed(&mut self, observation: Observation, at: Timestamp, digest: &str) {
        self.from = Some(self.from.map_or(at, |from| from.min(at)));
        self.until = Some(self.until.map_or(at, |until| until.max(at)));
        let key = (observation.target.node.clone(), observation.target.service.clone());
        let kind = observation.kind.clone();
        let item = Item { observation, at, digest: digest.to_owned() };
        self.latest.entry(key).or_default().insert(kind, item);
    }

    /// What the chain is about, if its first record was read.
    pub fn header(&self) -> Option<&Header> {
        self.header.as_ref()
    }

    /// Records that hold an observation of a form unknown here (of a newer version).
    pub fn unreadable(&self) -> u64 {
        self.unreadable
    }

    pub(crate) fn summary(&self) -> EvidenceRef {
        EvidenceRef { records: self.records, head: self.head.clone(), from: self.from, until: self.until }
    }

    /// Time of the last observation, else the beginning of time: the clock of subjects without evidence.
    pub(crate) fn clock(&self) -> Timestamp {
        self.until.unwrap_or(Timestamp::UNIX_EPOCH)
    }

    pub(crate) fn item(&self, node: &NodeId, service: Option<&ServiceName>, kind: &str) -> Option<&Item> {
        self.latest.get(&(node.clone(), service.cloned()))?.get(kind)
    }

    /// Facts of a kind on a target, if they were seen and can be read.
    pub(crate) fn facts<F: Facts>(&self, node: &NodeId, service: Option<&ServiceName>) -> Option<F> {
        self.item(node, service, F::KIND)?.facts()
    }

    /// Names of the services of a node that any record speaks of.
    pub(crate) fn services(&self, node: &NodeId) -> impl Iterator<Item = &ServiceName> {
        let from = (node.clone(), None);
        self.latest
            .range(from..)
            .take_while(move |((n, _), _)| n == node)
            .filter_map(|((_, service), _)| service.as_ref())
    }
}

impl Item {
    pub(crate) fn facts<F: Facts>(&self) -> Option<F> {
        match &self.observation.outcome {
            Outcome::Seen(value) => F::deserialize(value).ok(),
            Outcome::Interrupted(_) => None,
        }
    }

    pub(crate) fn interrupted(&self) -> Option<Interrupted> {
        match &self.observation.outcome {
            Outcome::Interrupted(why) => Some(*why),
            Outcome::Seen(_) => None,
        }
    }
}
