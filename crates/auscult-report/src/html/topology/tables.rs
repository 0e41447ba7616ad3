//! The rows of the two tables that say in words what the picture shows.

use auscult_model::Verdict;
use auscult_model::assessment::{FlowSummary, NodeSummary, ServiceSummary};

use super::{Verdicts, protection};
use crate::escape::Shown;
use crate::view::Names;
use crate::words::Words;

/// A node in words.
#[derive(Debug)]
pub(in crate::html) struct NodeRow {
    pub(in crate::html) name: Shown,
    /// The gateway in front of it.
    pub(in crate::html) behind: Option<Shown>,
    pub(in crate::html) role: Shown,
    pub(in crate::html) class: Shown,
    pub(in crate::html) setting: Shown,
    pub(in crate::html) product: Shown,
    pub(in crate::html) address: Shown,
    pub(in crate::html) services: Vec<ServiceWords>,
    pub(in crate::html) verdict: Option<Verdict>,
    pub(in crate::html) verdict_words: Shown,
}

/// A service in words.
#[derive(Debug)]
pub(in crate::html) struct ServiceWords {
    /// `broker tcp/8883 mqtt · TLS · open`.
    pub(in crate::html) words: Shown,
    /// Set off when it is not declared.
    pub(in crate::html) undeclared: bool,
}

/// A flow in words.
#[derive(Debug)]
pub(in crate::html) struct FlowRow {
    pub(in crate::html) number: usize,
    pub(in crate::html) from: Shown,
    pub(in crate::html) to: Shown,
    pub(in crate::html) data: Shown,
    pub(in crate::html) over: Shown,
    pub(in crate::html) class: &'static str,
    pub(in crate::html) protection: Shown,
}

impl NodeRow {
    pub(super) fn new(
        node: &NodeSummary,
        verdicts: &Verdicts<'_>,
        names: &Names<'_>,
        words: Words<'_>,
    ) -> Self {
        let (verdict, verdict_words) = verdicts.of(&node.id, words);
        let kind = words.value("kind", node.kind.word());
        Self {
            name: names.node(&node.id),
            behind: node.behind.as_ref().map(|g| words.say("behind", &[("gateway", &names.node(g))])),
            role: match &node.network_kind {
                Some(network) => Shown::words(&format!("{kind} ({})", Shown::line(network))),
                None => kind,
            },
            class: Shown::line(node.class.word()),
            setting: words.value("setting", node.setting.word()),
            product: node.product.as_deref().map(Shown::line).unwrap_or_default(),
            address: node.address.as_deref().map(Shown::line).unwrap_or_default(),
            services: node.services.iter().map(|s| service(s, words)).collect(),
            verdict,
            verdict_words,
        }
    }
}

fn service(service: &ServiceSummary, words: Words<'_>) -> ServiceWords {
    let mut said = format!("{} {}", Shown::line(service.name.as_str()), Shown::line(&service.port));
    if let Some(protocol) = &service.protocol {
        said.push_str(&format!(" {}", Shown::line(protocol)));
    }
    if let Some(tls) = service.tls {
        said.push_str(&format!(" · {}", words.word(if tls { "port-tls" } else { "port-clear" })));
    }
    said.push_str(&format!(" · {}", words.value("state", &service.state)));
    if !service.declared {
        said.push_str(&format!(" · {}", words.word("undeclared-word")));
    }
    ServiceWords { words: Shown::words(&said), undeclared: !service.declared }
}

impl FlowRow {
    pub(super) fn new(number: usize, flow: &FlowSummary, names: &Names<'_>, words: Words<'_>) -> Self {
        let data: Vec<String> = flow.data.iter().map(|d| words.value("data", d.word()).to_string()).collect();
        let over: Vec<String> = flow.over.iter().map(|n| names.node(n).to_string()).collect();
        let (class, protection) = protection(flow, words);
        Self {
            number,
            from: names.endpoint(&flow.from),
            to: names.endpoint(&flow.to),
            data: Shown::words(&data.join(", ")),
            over: Shown::words(&over.join(", ")),
            class,
            protection,
        }
    }
}
