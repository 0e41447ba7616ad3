//! Every weakness of Edith's world by name, with the requirements that must fail because of it.

use std::collections::BTreeSet;

use auscult_model::{Message, Stage};

use crate::LabError;

/// Which of the two worlds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Variant {
    /// As it is today: every fault that can stand beside the others.
    #[default]
    StatusQuo,
    /// As it shall become: no fault.
    Target,
}

impl Variant {
    /// The faults that make it.
    pub fn faults(self) -> BTreeSet<&'static str> {
        match self {
            Self::StatusQuo => FAULTS.iter().filter(|f| f.status_quo).map(|f| f.name).collect(),
            Self::Target => BTreeSet::new(),
        }
    }

    /// The stage that its scenario declares.
    pub const fn stage(self) -> Stage {
        match self {
            Self::StatusQuo => Stage::StatusQuo,
            Self::Target => Stage::Target,
        }
    }
}

/// A weakness that can be switched.
#[derive(Debug)]
pub struct Fault {
    /// Its name, such as `cuff-default-login`.
    pub name: &'static str,
    /// Which requirement must fail on which node when nothing else is wrong.
    pub fails: &'static [(&'static str, &'static str)],
    /// Whether it is part of the status quo.
    pub status_quo: bool,
    /// Faults that cannot stand beside it; one direction is enough.
    pub(crate) excludes: &'static [&'static str],
    /// Only somebody who treats the node badly finds it: the scenario then authorises that.
    pub(crate) rough: bool,
}

impl Fault {
    /// What it is, in words of room `lab`.
    pub fn about(&self) -> Message {
        // A Fluent identifier has no dot.
        Message::new(format!("lab.fault-{}", self.name.replace('.', "-")))
    }
}

/// What must be found: a requirement that fails on a node because of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Truth {
    /// The requirement.
    pub requirement: &'static str,
    /// The node.
    pub node: &'static str,
    /// The fault.
    pub fault: &'static str,
}

/// Every fault, by node.
pub fn faults() -> &'static [Fault] {
    FAULTS
}

/// The fault of that name.
pub fn fault(name: &str) -> Option<&'static Fault> {
    FAULTS.iter().find(|f| f.name == name)
}

/// What must be found when these faults are on, in order; a ruling may appear once for each fault that causes it.
pub fn truth(active: &BTreeSet<&'static str>) -> Vec<Truth> {
    let mut all: Vec<Truth> = FAULTS
        .iter()
        .filter(|f| active.contains(f.name))
        .flat_map(|f| f.fails.iter().map(|&(requirement, node)| Truth { requirement, node, fault: f.name }))
        .collect();
    all.sort_unstable();
    all
}

/// Sees that all names are known and no two exclude each other.
pub(crate) fn consistent(active: &BTreeSet<&'static str>) -> Result<(), LabError> {
    for name in active {
        let fault = fault(name).ok_or_else(|| LabError::UnknownFault((*name).to_owned()))?;
        if let Some(other) = fault.excludes.iter().find(|o| active.contains(**o)) {
            return Err(LabError::Conflict(fault.name, other));
        }
    }
    Ok(())
}

/// Not part of the status quo, and nothing stands against it.
const fn extra(name: &'static str, fails: &'static [(&'static str, &'static str)]) -> Fault {
    Fault { name, fails, status_quo: false, excludes: &[], rough: false }
}

/// Part of the status quo.
const fn today(name: &'static str, fails: &'static [(&'static str, &'static str)]) -> Fault {
    Fault { name, fails, status_quo: true, excludes: &[], rough: false }
}

impl Fault {
    const fn not_with(mut self, excludes: &'static [&'static str]) -> Self {
        self.excludes = excludes;
        self
    }

    const fn by_rough_means(mut self) -> Self {
        self.rough = true;
        self
    }
}

const FAULTS: &[Fault] = &[
    today("cuff-default-login", &[("AUT-01", "cuff")]),
    today("cuff-admin-open", &[("AUT-03", "cuff")]),
    today("cuff-directory-listing", &[("SRV-04", "cuff")]),
    today("cuff-trace", &[("SRV-04", "cuff")]),
    today("cuff-version-told", &[("SRV-03", "cuff")]),
    today("cuff-debug-page", &[("SRV-03", "cuff")]),
    // The web page is there in clear only, so nothing can lead to a safe one.
    today("cuff-login-in-clear", &[("AUT-05", "cuff"), ("SRV-04", "cuff")])
        .not_with(&["cuff-no-redirect", "cuff-no-hsts"]),
    extra("cuff-no-redirect", &[("SRV-04", "cuff")]),
    extra("cuff-no-hsts", &[("SRV-04", "cuff")]),
    today("cuff-no-headers", &[("SRV-04", "cuff")]),
    today("cuff-open-cors", &[("SRV-04", "cuff")]),
    today("cuff-cookie-unsafe", &[("ACC-03", "cuff")]),
    today("pump-telnet", &[("AUT-05", "pump"), ("SRV-01", "pump"), ("SRV-02", "pump")]),
    // Both ends of a flow answer for its protection; HL7 in clear is the receiver's.
    today("pump-over-wifi", &[("MED-02", "hub"), ("TLS-01", "hub"), ("TLS-01", "pump")]),
    today("pump-answers-anyone", &[("MED-02", "pump")]),
    today("hub-any-sender", &[("MED-02", "hub")]),
    extra("hub-hangs-on-nonsense", &[("MED-03", "hub"), ("ROB-01", "hub")]).by_rough_means(),
    extra("hub-one-at-a-time", &[("ROB-03", "hub")]).by_rough_means(),
    today("hub-guessing-unbounded", &[("AUT-04", "hub")]),
    today("hub-undeclared-port", &[("SRV-01", "hub")]),
    today("hub-second-login", &[("AUT-03", "hub")]),
    today("hub-undeclared-api", &[("SRV-01", "hub")]),
    today("hub-self-signed", &[("PKI-01", "hub")]).not_with(&[
        "hub-expired",
        "hub-expiring",
        "hub-revoked",
        "hub-wrong-name",
        "hub-wrong-purpose",
    ]),
    extra("hub-expired", &[("PKI-01", "hub")]).not_with(&["hub-expiring"]),
    extra("hub-expiring", &[("PKI-01", "hub")]),
    extra("hub-revoked", &[("PKI-01", "hub")]),
    extra("hub-wrong-name", &[("PKI-01", "hub")]),
    extra("hub-wrong-purpose", &[("PKI-01", "hub")]),
    extra("hub-mllp-misdeclared", &[("SRV-01", "hub")]).not_with(&["pump-over-wifi"]),
    // Every flow into the broker carries what must not be read, and the hub's also carries the pump's.
    today(
        "broker-in-clear",
        &[
            ("AUT-05", "platform"),
            ("GWY-02", "hub"),
            ("MSG-02", "platform"),
            ("TLS-01", "cuff"),
            ("TLS-01", "glucose"),
            ("TLS-01", "hub"),
            ("TLS-01", "platform"),
        ],
    ),
    today("broker-anonymous", LET_IN),
    // A stranger must be let in before he can be granted too much: the next four open the door as well.
    today("broker-wildcard", LET_IN),
    today("broker-publish", LET_IN),
    today("broker-takeover", LET_IN),
    today("broker-system-topics", &[("AUT-03", "platform"), ("MSG-01", "platform"), ("SRV-03", "platform")]),
    today("broker-default-login", &[("AUT-01", "platform")]),
    today("broker-other-topic", &[("ACC-02", "platform")]),
    today("broker-withdrawn-account", &[("AUT-09", "platform")]),
    extra("broker-no-client-certificate", &[("TLS-06", "platform")]).not_with(&[
        "broker-other-topic",
        "broker-withdrawn-account",
        "broker-in-clear",
        "broker-anonymous",
        "broker-wildcard",
        "broker-publish",
        "broker-takeover",
        "broker-system-topics",
        "broker-default-login",
    ]),
    // What is open to everybody is open to other patients and tenants too.
    today("fhir-open-read", &[("ACC-02", "platform"), ("CLD-03", "platform"), ("MED-04", "platform")]),
    today("fhir-open-search", &[("ACC-02", "platform"), ("CLD-03", "platform"), ("MED-04", "platform")]),
    today("fhir-bulk-open", &[("MED-04", "platform")]),
    today("fhir-other-patient", &[("ACC-02", "platform")]),
    today("fhir-other-tenant", &[("CLD-03", "platform")]),
    // Beside the open reading nobody can say what the withdrawn token opens.
    today("fhir-withdrawn-token", &[("AUT-09", "platform")]),
    today("low-privilege-admin", &[("ACC-01", "platform")]),
    // What TLS 1.0 can be spoken with has no authenticated encryption.
    today("fhir-tls-1.0", &[("TLS-02", "platform"), ("TLS-03", "platform")]),
    // The platform is of class III, which demands TLS 1.3 and 3000 bit.
    today("fhir-no-tls-1.3", &[("TLS-02", "platform")]),
    today("fhir-rsa-2048", &[("TLS-03", "platform")]),
    extra("smart-missing", &[("MED-05", "platform")]).not_with(&["smart-plain", "smart-clear-endpoint"]),
    today("smart-plain", &[("MED-05", "platform")]),
    today("smart-clear-endpoint", &[("MED-05", "platform")]),
    today("archive-any-peer", &[("MED-01", "practice")]),
    today("archive-open-query", &[("MED-01", "practice")]),
    today("archive-open-store", &[("MED-01", "practice")]),
    today("archive-in-clear", &[("MED-01", "practice"), ("TLS-01", "platform"), ("TLS-01", "practice")]),
    today("portal-login-misdeclared", &[("AUT-03", "practice")]),
    today("portal-version-told", &[("SRV-03", "practice")]),
    today("portal-logout-forgotten", &[("ACC-03", "practice")]),
    today("security-txt-missing", &[("VUL-05", "maker")]).not_with(&["security-txt-expired"]),
    extra("security-txt-expired", &[("VUL-05", "maker")]),
    today("policy-behind-login", &[("VUL-05", "maker")]),
    today("support-period-missing", &[("UPD-06", "cuff")]).not_with(&["support-period-contradicts"]),
    extra("support-period-contradicts", &[("UPD-06", "cuff")]),
    today("support-period-behind-login", &[("UPD-06", "glucose")]),
    today("replacement-plan-missing", &[("UPD-10", "pump")]).not_with(&["replacement-plan-behind-login"]),
    extra("replacement-plan-behind-login", &[("UPD-10", "pump")]),
    today("sensors-untold", &[("DAT-04", "cuff")]),
];

const LET_IN: &[(&str, &str)] = &[("AUT-03", "platform"), ("MSG-01", "platform")];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_every_fault_has_words() {
        let names: BTreeSet<_> = FAULTS.iter().map(|f| f.name).collect();
        assert_eq!(names.len(), FAULTS.len());
        for fault in FAULTS {
            let id = fault.about().id;
            let id = id.strip_prefix("lab.").unwrap();
            assert!(crate::TEXT.lines().any(|l| l.starts_with(&format!("{id} ="))), "no text for `{id}`");
            assert!(!fault.fails.is_empty());
            assert!(fault.excludes.iter().all(|o| names.contains(o)), "{}", fault.name);
        }
    }

    #[test]
    fn the_status_quo_can_stand() {
        consistent(&Variant::StatusQuo.faults()).unwrap();
        consistent(&Variant::Target.faults()).unwrap();
        for fault in FAULTS {
            consistent(&BTreeSet::from([fault.name])).unwrap();
        }
        assert!(truth(&Variant::Target.faults()).is_empty());
    }

    #[test]
    fn wrong_sets_are_refused() {
        assert!(matches!(consistent(&BTreeSet::from(["no-such"])), Err(LabError::UnknownFault(_))));
        let both = BTreeSet::from(["hub-self-signed", "hub-expired"]);
        assert!(matches!(consistent(&both), Err(LabError::Conflict(..))));
    }
}
