//! What a report shows around the rulings: coverage, nodes, flows, and what was sent.

use std::collections::BTreeMap;

use auscult_facts::Cost;
use auscult_facts::bench::SpentFacts;
use auscult_facts::ports::PortState;
use auscult_model::assessment::{Coverage, FlowSummary, NodeSummary, Ruling, SafetySummary, ServiceSummary};
use auscult_model::scenario::{Endpoint, Product};
use auscult_model::{Impact, Transport, Verdict};

use super::ground::{Ground, NodeGround, ServiceGround};
use crate::words::{own, reason};

pub(super) fn coverage(
    rulings: &[Ruling],
    not_applicable: usize,
    targets: BTreeMap<String, bool>,
) -> Coverage {
    let count = |verdict| rulings.iter().filter(|r| r.verdict == verdict).count() as u64;
    Coverage {
        applicable: rulings.len() as u64,
        passed: count(Verdict::Pass),
        failed: count(Verdict::Fail),
        inconclusive: count(Verdict::Inconclusive),
        not_applicable: not_applicable as u64,
        targets_selected: targets.len() as u64,
        targets_observed: targets.values().filter(|observed| **observed).count() as u64,
    }
}

pub(super) fn nodes(ground: &Ground<'_>) -> Vec<NodeSummary> {
    let summaries = ground.world.scenario.nodes.iter().zip(&ground.nodes).map(|(node, known)| NodeSummary {
        id: node.id.clone(),
        name: node.name.clone(),
        kind: node.kind,
        class: known.subject.class,
        setting: node.setting,
        product: product(&node.product),
        address: node.address.map(|a| a.to_string()),
        behind: node.behind.clone(),
        network_kind: node.network_kind.clone(),
        services: known.services.iter().map(|s| service(known, s)).collect(),
    });
    summaries.collect()
}

fn product(product: &Product) -> Option<String> {
    let parts: Vec<&str> = [&product.maker, &product.model, &product.version]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn service(node: &NodeGround, known: &ServiceGround) -> ServiceSummary {
    let service = &known.service;
    let all_asked = service.transport == Transport::Tcp && node.ports.as_ref().is_some_and(|p| p.complete());
    let state = match known.state {
        Some(PortState::Open) => "open",
        Some(PortState::Closed) => "closed",
        Some(PortState::Filtered) => "filtered",
        None if all_asked => "closed",
        None => "unknown",
    };
    ServiceSummary {
        name: service.name.clone(),
        port: format!("{}/{}", service.transport, service.port),
        protocol: service.protocol().map(str::to_owned),
        tls: service.tls_seen,
        declared: service.declared.is_some(),
        state: state.to_owned(),
    }
}

pub(super) fn flows(ground: &Ground<'_>) -> Vec<FlowSummary> {
    let summaries = ground.world.scenario.flows.iter().map(|flow| {
        let end = ground.world.end(flow).and_then(|(to, service)| {
            let known = ground.nodes[to].service(service?.name.as_str())?;
            known.service.tls_seen
        });
        FlowSummary {
            from: label(&flow.from),
            to: label(&flow.to),
            data: flow.data.iter().copied().collect(),
            over: flow.over.clone(),
            protected: end,
        }
    });
    summaries.collect()
}

fn label(end: &Endpoint) -> String {
    match &end.service {
        Some(service) => format!("{}/{service}", end.node),
        None => end.node.to_string(),
    }
}

pub(super) fn safety(ground: &Ground<'_>) -> Vec<SafetySummary> {
    let mut summaries = Vec::new();
    for known in &ground.nodes {
        let Some(permit) = &known.permit else { continue };
        let id = &known.subject.node;
        let spent: SpentFacts = ground.evidence.facts(id, None).unwrap_or_else(|| {
            // A run that was cut off wrote no total; it may have used all that it was allowed.
            SpentFacts { cost: Cost::default(), used: permit.allowed }
        });
        let liveness = known.liveness.clone().unwrap_or_default();
        summaries.push(SafetySummary {
            node: id.clone(),
            allowed: permit.allowed,
            used: spent.used.max(Impact::Passive),
            pace: permit.pace,
            connections: spent.cost.connections,
            packets: spent.cost.packets,
            connections_announced: permit.connections,
            packets_announced: permit.packets,
            liveness_asked: liveness.asked,
            liveness_missed: liveness.missed,
            stopped: liveness.stopped.then(|| {
                reason(match liveness.missed {
                    0 => own("stopped-slow").with("slowest", liveness.slowest_millis),
                    missed => own("stopped").with("missed", missed),
                })
            }),
        });
    }
    summaries
}
