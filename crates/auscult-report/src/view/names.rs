//! Names of nodes, requirements, areas and frameworks, found by their ids.

use std::collections::HashMap;

use auscult_model::assessment::{Assessment, NodeSummary};
use auscult_model::{NodeId, RequirementId};

use crate::escape::Shown;
use crate::words::Words;

/// The order in which areas are shown: from what is at hand to what is on paper; unknown ones follow by name.
const AREAS: [&str; 19] = [
    "INV", "AUT", "ACC", "SRV", "TLS", "PKI", "MSG", "MED", "NET", "DAT", "UPD", "VUL", "FW", "ROB", "LOG",
    "CLD", "GWY", "DOC", "GOV",
];

/// Looks up what an assessment calls things.
#[derive(Debug)]
pub(crate) struct Names<'a> {
    assessment: &'a Assessment,
    nodes: HashMap<&'a NodeId, (usize, &'a NodeSummary)>,
}

impl<'a> Names<'a> {
    /// The names in this assessment.
    pub(crate) fn new(assessment: &'a Assessment) -> Self {
        let nodes = assessment.nodes.iter().enumerate().map(|(at, n)| (&n.id, (at, n))).collect();
        Self { assessment, nodes }
    }

    /// What people call a node; its id where the assessment does not describe it.
    pub(crate) fn node(&self, id: &NodeId) -> Shown {
        match self.nodes.get(id) {
            Some((_, node)) if !node.name.trim().is_empty() => Shown::line(&node.name),
            _ => Shown::line(id.as_str()),
        }
    }

    /// Where a node stands in the scenario; nodes that are not described come last.
    pub(crate) fn place(&self, id: &NodeId) -> usize {
        self.nodes.get(id).map_or(usize::MAX, |(at, _)| *at)
    }

    /// What people call an endpoint: `node/service` or a node.
    pub(crate) fn endpoint(&self, endpoint: &str) -> Shown {
        match endpoint.split_once('/') {
            Some((node, service)) => Shown::line(&format!("{} / {service}", self.raw(node))),
            None => Shown::line(self.raw(endpoint)),
        }
    }

    /// Title of a requirement in the good state.
    pub(crate) fn title(&self, id: &RequirementId) -> Shown {
        self.assessment.requirements.get(id).map(|r| Shown::prose(&r.title)).unwrap_or_default()
    }

    /// What a requirement is for.
    pub(crate) fn intent(&self, id: &RequirementId) -> Shown {
        self.assessment.requirements.get(id).map(|r| Shown::prose(&r.intent)).unwrap_or_default()
    }

    /// Code of the area that a requirement belongs to: as told, else the first part of its id.
    pub(crate) fn area<'b>(&'b self, id: &'b RequirementId) -> &'b str {
        match self.assessment.requirements.get(id) {
            Some(summary) => &summary.area,
            None => id.as_str().split('-').next().unwrap_or_default(),
        }
    }

    /// Name of a framework; its id where none is told.
    pub(crate) fn framework(&self, id: &str) -> Shown {
        Shown::line(self.assessment.frameworks.get(id).map_or(id, String::as_str))
    }

    fn raw<'b>(&'b self, node: &'b str) -> &'b str {
        let named = self.nodes.get(&NodeId::from(node)).map(|(_, n)| n.name.as_str());
        named.filter(|n| !n.trim().is_empty()).unwrap_or(node)
    }
}

/// Where an area stands among the others, and its code.
pub(crate) fn area_order(code: &str) -> (usize, &str) {
    (AREAS.iter().position(|a| *a == code).unwrap_or(AREAS.len()), code)
}

/// Name of an area; its code where none is known.
pub(crate) fn area_name(code: &str, words: Words<'_>) -> Shown {
    if AREAS.contains(&code) { words.value("area", &code.to_ascii_lowercase()) } else { Shown::line(code) }
}
