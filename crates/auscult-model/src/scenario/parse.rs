//! Parses a scenario file; every mistake is told at once, with its place and a hint.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::net::IpAddr;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::credentials::credentials;
use super::impostor::impostors;
use super::logins::{apis, logins};
use super::mistake::{Mistake, Mistakes};
use super::page::pages;
use super::reader::{At, Table, nearest, word, wrong_type};
use super::{Authorisation, Endpoint, Flow, Node, Product, Scenario, Service};
use crate::{
    DataClass, Impact, Message, NodeId, NodeKind, Pace, RiskClass, ServiceName, Setting, Stage, Transport,
};

/// Largest file read, in bytes: 10,000 nodes take about 4 MB.
pub const LARGEST: usize = 32 << 20;
/// Most nodes, and most flows.
const MOST_NODES: usize = 50_000;
/// Most services of one node.
const MOST_SERVICES: usize = 2_000;

const TOP: [&str; 14] = [
    "title",
    "stage",
    "setting",
    "trust_anchors",
    "crls",
    "host_ports",
    "authorisation",
    "device",
    "gateway",
    "network",
    "cloud",
    "process",
    "flow",
    "credentials",
];
const NODE: [&str; 24] = [
    "name",
    "product",
    "class",
    "setting",
    "address",
    "host_names",
    "in_use",
    "legacy",
    "behind",
    "operator",
    "region",
    "kind",
    "placed_on_market",
    "service_life",
    "support_until",
    "sbom",
    "health",
    "has",
    "without",
    "services",
    "impostor",
    "update",
    "page",
    "replay",
];
const SERVICE: [&str; 11] = [
    "name",
    "port",
    "transport",
    "protocol",
    "tls",
    "client_certificate",
    "purpose",
    "base",
    "ae_title",
    "logins",
    "apis",
];

/// Parses a scenario.
///
/// # Errors
/// All mistakes of the file in their order, at most 100 and a last one that says so.
pub fn parse(text: &str) -> Result<Scenario, Vec<Mistake>> {
    let mut mistakes = Mistakes::of(text);
    if text.len() > LARGEST {
        let message = Message::new("scenario.too-large").with("bytes", text.len()).with("most", LARGEST);
        mistakes.add(0..0, message, None);
        return Err(mistakes.into_list());
    }
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let message = Message::new("scenario.syntax").with("detail", error.message());
        mistakes.add(error.span().unwrap_or(0..0), message, None);
    }
    if !mistakes.is_empty() {
        return Err(mistakes.into_list());
    }
    let top = Table { table: root.get_ref(), name: "the scenario", at: 0 };
    let scenario = whole(top, &mut mistakes);
    if mistakes.is_empty() { scenario.ok_or_else(Vec::new) } else { Err(mistakes.into_list()) }
}

fn whole(top: Table<'_, '_>, mistakes: &mut Mistakes<'_>) -> Option<Scenario> {
    top.only(&TOP, mistakes);
    let title = top.needed_text("title", mistakes).map(|t| t.value);
    let stage = top.needed_text("stage", mistakes);
    let stage =
        stage.and_then(|s| word(&s, "stage", Stage::from_word, &words(Stage::ALL, Stage::word), mistakes));
    let setting = top.needed_text("setting", mistakes).and_then(|s| a_setting(&s, mistakes));
    let trust_anchors = paths(top.texts("trust_anchors", mistakes), mistakes);
    let crls = paths(top.texts("crls", mistakes), mistakes);
    let authorisation = top
        .table("authorisation", mistakes)
        .and_then(|(table, at)| authorisation(Table { table, name: "[authorisation]", at }, mistakes));
    let mut nodes = nodes(top, setting.unwrap_or(Setting::Homecare), mistakes);
    nodes.sort_by_key(|n| (n.place.line, n.place.column));
    let flows = flows(top, &nodes, mistakes);
    impostors(top, &mut nodes, &flows, mistakes);
    pages(top, &mut nodes, mistakes);
    let host_ports = host_ports(top, &nodes, mistakes);
    let credentials = credentials(top, &nodes, mistakes);
    Some(Scenario {
        title: title?,
        stage: stage?,
        setting: setting?,
        authorisation,
        trust_anchors,
        crls,
        host_ports,
        nodes,
        flows,
        credentials,
    })
}

/// Ports of the machine below simulated nodes; a scenario with a real address has none.
fn host_ports(top: Table<'_, '_>, nodes: &[Node], mistakes: &mut Mistakes<'_>) -> BTreeSet<u16> {
    let mut ports = BTreeSet::new();
    for item in top.list("host_ports", "a list of ports", 1_000, mistakes) {
        match item.get_ref().as_integer().and_then(|n| n.as_str().parse().ok()) {
            Some(port) if port > 0 => _ = ports.insert(port),
            _ => wrong_type("host_ports", "ports from 1 to 65535", item, mistakes),
        }
        if let Some(real) = nodes.iter().find(|n| n.address.is_some_and(|a| !a.is_loopback())) {
            let message = Message::new("scenario.host-ports-of-real-node").with("node", &real.id);
            mistakes.add(item.span(), message, Some(Message::new("scenario.hint-host-ports")));
            break;
        }
    }
    ports
}

fn authorisation(table: Table<'_, '_>, mistakes: &mut Mistakes<'_>) -> Option<Authorisation> {
    table.only(&["by", "until", "impact", "pace"], mistakes);
    let by = table.needed_text("by", mistakes);
    if !table.table.contains_key("until") {
        table.missing("until", mistakes);
    }
    let until = table.date("until", mistakes);
    let impact = table.needed_text("impact", mistakes);
    let impact = impact
        .and_then(|i| word(&i, "impact", Impact::from_word, &words(Impact::ALL, Impact::word), mistakes));
    let pace = table.word("pace", "pace", Pace::from_word, &words(Pace::ALL, Pace::word), mistakes);
    Some(Authorisation { by: by?.value, until: until?, impact: impact?, pace })
}

fn nodes(top: Table<'_, '_>, setting: Setting, mistakes: &mut Mistakes<'_>) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut behind: Vec<(usize, At<String>)> = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    for kind in NodeKind::ALL {
        let Some((group, at)) = top.table(kind.word(), mistakes) else { continue };
        if nodes.len() + group.len() > MOST_NODES {
            let message = Message::new("scenario.too-many").with("what", "nodes");
            let count = nodes.len() + group.len();
            mistakes.add(at..at + 1, message.with("count", count).with("most", MOST_NODES), None);
            continue;
        }
        for (key, value) in group {
            let id: &str = key.get_ref();
            if !is_id(id) {
                let message = Message::new("scenario.bad-id").with("id", id);
                mistakes.add(key.span(), message, Some(Message::new("scenario.hint-id")));
                continue;
            }
            if !seen.insert(id.to_owned()) {
                mistakes.add(key.span(), Message::new("scenario.double-node").with("id", id), None);
                continue;
            }
            let DeValue::Table(table) = value.get_ref() else {
                wrong_type(id, "a table", value, mistakes);
                continue;
            };
            let name = format!("[{kind}.{id}]");
            let table = Table { table, name: &name, at: key.span().start };
            if let Some(gateway) = table.text("behind", mistakes) {
                behind.push((nodes.len(), gateway));
            }
            let node = node(id, *kind, table, setting, mistakes);
            nodes.push(node);
        }
    }
    let kinds: HashMap<String, NodeKind> = nodes.iter().map(|n| (n.id.as_str().to_owned(), n.kind)).collect();
    for (index, gateway) in behind {
        let Some(node) = nodes.get_mut(index) else { continue };
        match kinds.get(&gateway.value) {
            _ if node.id.as_str() == gateway.value => {
                let message = Message::new("scenario.behind-itself").with("id", &gateway.value);
                mistakes.add(gateway.span, message, None);
            }
            Some(NodeKind::Gateway) => node.behind = Some(NodeId::from(gateway.value)),
            Some(_) => {
                let message = Message::new("scenario.not-a-gateway").with("id", &gateway.value);
                mistakes.add(gateway.span, message, None);
            }
            None => unknown_node(&gateway, &kinds, mistakes),
        }
    }
    nodes
}

fn node(
    id: &str,
    kind: NodeKind,
    table: Table<'_, '_>,
    setting: Setting,
    mistakes: &mut Mistakes<'_>,
) -> Node {
    table.only(&NODE, mistakes);
    let place = mistakes.place(table.at);
    let text = |key: &str, mistakes: &mut Mistakes<'_>| table.text(key, mistakes).map(|t| t.value);
    let product = match table.table("product", mistakes) {
        None => Product::default(),
        Some((product, at)) => {
            let product = Table { table: product, name: "a product", at };
            product.only(&["maker", "model", "version"], mistakes);
            Product {
                maker: product.text("maker", mistakes).map(|t| t.value),
                model: product.text("model", mistakes).map(|t| t.value),
                version: product.text("version", mistakes).map(|t| t.value),
            }
        }
    };
    let has: BTreeSet<String> = table.texts("has", mistakes).into_iter().map(|t| t.value).collect();
    let mut without = BTreeSet::new();
    for denied in table.texts("without", mistakes) {
        if has.contains(&denied.value) {
            let message = Message::new("scenario.trait-both").with("trait", &denied.value);
            mistakes.add(denied.span, message, None);
        }
        without.insert(denied.value);
    }
    let sbom: Vec<_> = table.text("sbom", mistakes).into_iter().collect();
    let own_setting = table.text("setting", mistakes).and_then(|s| a_setting(&s, mistakes));
    let classes = words(RiskClass::ALL, RiskClass::word);
    Node {
        id: NodeId::from(id),
        kind,
        name: text("name", mistakes).unwrap_or_else(|| id.to_owned()),
        product,
        class: table.word("class", "risk class", RiskClass::from_word, &classes, mistakes),
        setting: own_setting.unwrap_or(setting),
        address: table.text("address", mistakes).and_then(|a| address(&a, mistakes)),
        host_names: table
            .texts("host_names", mistakes)
            .into_iter()
            .filter_map(|n| host_name(n, mistakes))
            .collect(),
        in_use: table.truth("in_use", mistakes),
        legacy: table.truth("legacy", mistakes),
        behind: None,
        operator: text("operator", mistakes),
        region: text("region", mistakes),
        network_kind: text("kind", mistakes),
        placed_on_market: table.date("placed_on_market", mistakes),
        service_life_months: table.text("service_life", mistakes).and_then(|t| months(&t, mistakes)),
        support_until: table.date("support_until", mistakes),
        sbom: paths(sbom, mistakes).pop(),
        health_command: health(table, mistakes),
        has,
        without,
        services: services(id, table, mistakes),
        impostors: Vec::new(),
        update: None,
        pages: Vec::new(),
        replay: None,
        place,
    }
}

/// The program that knows whether a node is healthy; it is named here, and only run where the user allows it.
fn health(table: Table<'_, '_>, mistakes: &mut Mistakes<'_>) -> Vec<String> {
    let Some((fields, at)) = table.table("health", mistakes) else { return Vec::new() };
    let fields = Table { table: fields, name: "health", at };
    fields.only(&["command"], mistakes);
    let words = fields.texts("command", mistakes);
    if !fields.table.contains_key("command") || words.first().is_some_and(|w| w.value.is_empty()) {
        fields.missing("command", mistakes);
    }
    if let Some(word) = words.iter().find(|w| w.value.contains('\0')) {
        mistakes.add(word.span.clone(), Message::new("scenario.bad-health-command"), None);
    }
    words.into_iter().map(|w| w.value).collect()
}

fn services(node: &str, table: Table<'_, '_>, mistakes: &mut Mistakes<'_>) -> Vec<Service> {
    let mut services: Vec<Service> = Vec::new();
    let mut names = HashSet::new();
    let mut ports = HashSet::new();
    for item in table.list("services", "a list of services", MOST_SERVICES, mistakes) {
        let DeValue::Table(fields) = item.get_ref() else {
            wrong_type("services", "services such as { name = \"admin\", port = 8080 }", item, mistakes);
            continue;
        };
        let fields = Table { table: fields, name: "a service", at: item.span().start };
        let Some((service, name, port)) = service(fields, mistakes) else { continue };
        if !names.insert(service.name.clone()) {
            let message =
                Message::new("scenario.double-service").with("name", &service.name).with("node", node);
            mistakes.add(name, message, None);
        }
        if !ports.insert((service.transport, service.port)) {
            let message = Message::new("scenario.double-port").with("port", service.port).with("node", node);
            mistakes.add(port, message, None);
        }
        services.push(service);
    }
    services
}

type Span = std::ops::Range<usize>;

fn service(fields: Table<'_, '_>, mistakes: &mut Mistakes<'_>) -> Option<(Service, Span, Span)> {
    fields.only(&SERVICE, mistakes);
    let name = fields.needed_text("name", mistakes);
    if let Some(name) = name.as_ref().filter(|n| !is_id(&n.value)) {
        let message = Message::new("scenario.bad-id").with("id", &name.value);
        mistakes.add(name.span.clone(), message, Some(Message::new("scenario.hint-id")));
    }
    if !fields.table.contains_key("port") {
        fields.missing("port", mistakes);
    }
    let port = fields.number("port", mistakes).and_then(|n| match n.value.parse::<u16>() {
        Ok(port) if port > 0 => Some(At { value: port, span: n.span }),
        _ => {
            let message = Message::new("scenario.bad-port").with("port", &n.value);
            mistakes.add(n.span, message, Some(Message::new("scenario.hint-port")));
            None
        }
    });
    let transports = words(Transport::ALL, Transport::word);
    let transport = fields.word("transport", "transport", Transport::from_word, &transports, mistakes);
    let base = fields.text("base", mistakes).and_then(|base| {
        let fine = base.value.starts_with('/') && base.value.chars().all(|c| c.is_ascii_graphic());
        if !fine {
            let message = Message::new("scenario.bad-base").with("base", &base.value);
            mistakes.add(base.span, message, Some(Message::new("scenario.hint-base")));
        }
        fine.then_some(base.value)
    });
    let ae_title = fields.text("ae_title", mistakes).and_then(|title| {
        let text = title.value.trim();
        let fine = text.len() <= 16 && text.bytes().all(|b| (0x20..0x7f).contains(&b) && b != b'\\');
        if !fine {
            let message = Message::new("scenario.bad-ae-title").with("title", text);
            mistakes.add(title.span.clone(), message, Some(Message::new("scenario.hint-ae-title")));
        }
        fine.then(|| text.to_owned())
    });
    let protocol = fields.text("protocol", mistakes).map(|t| t.value.to_ascii_lowercase());
    let tls = fields.truth("tls", mistakes);
    let client_certificate = fields.truth("client_certificate", mistakes);
    let purpose = fields.text("purpose", mistakes).map(|t| t.value);
    let (logins, apis) = (logins(fields, mistakes), apis(fields, mistakes));
    let (name, port) = (name?, port?);
    let service = Service {
        name: ServiceName::from(name.value),
        port: port.value,
        transport: transport.unwrap_or(Transport::Tcp),
        protocol,
        tls,
        client_certificate,
        purpose,
        base,
        ae_title,
        logins,
        apis,
        place: mistakes.place(fields.at),
    };
    Some((service, name.span, port.span))
}

fn flows(top: Table<'_, '_>, nodes: &[Node], mistakes: &mut Mistakes<'_>) -> Vec<Flow> {
    let index: HashMap<&str, &Node> = nodes.iter().map(|n| (n.id.as_str(), n)).collect();
    let kinds: HashMap<String, NodeKind> = nodes.iter().map(|n| (n.id.as_str().to_owned(), n.kind)).collect();
    let mut flows = Vec::new();
    for item in top.list("flow", "[[flow]] tables", 4 * MOST_NODES, mistakes) {
        if let Some(flow) = flow(item, &index, &kinds, mistakes) {
            flows.push(flow);
        }
    }
    flows
}

fn flow(
    item: &Spanned<DeValue<'_>>,
    index: &HashMap<&str, &Node>,
    kinds: &HashMap<String, NodeKind>,
    mistakes: &mut Mistakes<'_>,
) -> Option<Flow> {
    let DeValue::Table(fields) = item.get_ref() else {
        wrong_type("flow", "[[flow]] tables", item, mistakes);
        return None;
    };
    // A table of an array spans from its heading.
    let fields = Table { table: fields, name: "a flow", at: item.span().start };
    fields.only(&["from", "to", "data", "over"], mistakes);
    let from = fields.needed_text("from", mistakes).and_then(|t| endpoint(&t, index, kinds, mistakes));
    let to = fields.needed_text("to", mistakes).and_then(|t| endpoint(&t, index, kinds, mistakes));
    let kinds_of_data = words(DataClass::ALL, DataClass::word);
    let data: Vec<_> = fields.texts("data", mistakes);
    let data = data
        .iter()
        .filter_map(|d| word(d, "kind of data", DataClass::from_word, &kinds_of_data, mistakes))
        .collect();
    let mut over = Vec::new();
    for network in fields.texts("over", mistakes) {
        match kinds.get(&network.value) {
            Some(NodeKind::Network) => over.push(NodeId::from(network.value)),
            Some(_) => {
                let message = Message::new("scenario.not-a-network").with("id", &network.value);
                mistakes.add(network.span, message, None);
            }
            None => unknown_node(&network, kinds, mistakes),
        }
    }
    Some(Flow { from: from?, to: to?, data, over, place: mistakes.place(fields.at) })
}

pub(super) fn endpoint(
    text: &At<String>,
    index: &HashMap<&str, &Node>,
    kinds: &HashMap<String, NodeKind>,
    mistakes: &mut Mistakes<'_>,
) -> Option<Endpoint> {
    let (id, service) = match text.value.split_once('/') {
        Some((id, service)) => (id, Some(service)),
        None => (text.value.as_str(), None),
    };
    let Some(node) = index.get(id) else {
        unknown_node(&At { value: id.to_owned(), span: text.span.clone() }, kinds, mistakes);
        return None;
    };
    if node.kind == NodeKind::Network {
        let message = Message::new("scenario.network-endpoint").with("id", id);
        mistakes.add(text.span.clone(), message, Some(Message::new("scenario.hint-over")));
        return None;
    }
    if let Some(service) = service.filter(|s| node.service(s).is_none()) {
        let names = || node.services.iter().map(|s| s.name.as_str());
        let hint = match nearest(service, names()) {
            Some(nearest) => Message::new("scenario.hint-nearest").with("nearest", format!("{id}/{nearest}")),
            None if node.services.is_empty() => Message::new("scenario.hint-no-services"),
            None => Message::new("scenario.hint-services").with_list("services", names()),
        };
        let message = Message::new("scenario.unknown-service").with("node", id).with("service", service);
        mistakes.add(text.span.clone(), message, Some(hint));
        return None;
    }
    Some(Endpoint { node: NodeId::from(id), service: service.map(ServiceName::from) })
}

fn unknown_node(id: &At<String>, kinds: &HashMap<String, NodeKind>, mistakes: &mut Mistakes<'_>) {
    // Among very many nodes a search for the nearest name would cost more than it tells.
    let near = if kinds.len() <= 1_000 { nearest(&id.value, kinds.keys().map(String::as_str)) } else { None };
    let hint = match near {
        Some(nearest) => Message::new("scenario.hint-nearest").with("nearest", nearest),
        None => Message::new("scenario.hint-declare-node").with("id", &id.value),
    };
    let message = Message::new("scenario.unknown-node").with("id", &id.value);
    mistakes.add(id.span.clone(), message, Some(hint));
}

fn a_setting(text: &At<String>, mistakes: &mut Mistakes<'_>) -> Option<Setting> {
    word(text, "setting", Setting::from_word, &words(Setting::ALL, Setting::word), mistakes)
}

/// An address of one host: nothing that stands for many, so that a scenario cannot make a test into a broadcast.
fn address(text: &At<String>, mistakes: &mut Mistakes<'_>) -> Option<IpAddr> {
    let address = text.value.parse::<IpAddr>().ok().map(|a| a.to_canonical());
    let single = address.filter(|a| {
        let broadcast = matches!(a, IpAddr::V4(v4) if v4.is_broadcast());
        !(a.is_unspecified() || a.is_multicast() || broadcast)
    });
    if single.is_none() {
        let message = Message::new("scenario.bad-address").with("address", &text.value);
        mistakes.add(text.span.clone(), message, Some(Message::new("scenario.hint-address")));
    }
    single
}

fn host_name(text: At<String>, mistakes: &mut Mistakes<'_>) -> Option<String> {
    let fine = text.value.len() <= 253
        && text.value.split('.').all(|label| {
            (1..=63).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        });
    if !fine {
        mistakes.add(text.span, Message::new("scenario.bad-host-name").with("name", &text.value), None);
        return None;
    }
    Some(text.value)
}

fn months(text: &At<String>, mistakes: &mut Mistakes<'_>) -> Option<u32> {
    let months = text.value.split_once(' ').and_then(|(number, unit)| {
        let number: u32 = number.parse().ok()?;
        match unit {
            "year" | "years" => number.checked_mul(12),
            "month" | "months" => Some(number),
            _ => None,
        }
    });
    if months.is_none() {
        let message = Message::new("scenario.bad-duration").with("text", &text.value);
        mistakes.add(text.span.clone(), message, Some(Message::new("scenario.hint-duration")));
    }
    months
}

/// Files beside the scenario; a scenario from a stranger reads nothing else.
pub(super) fn paths(files: Vec<At<String>>, mistakes: &mut Mistakes<'_>) -> Vec<String> {
    let mut fine = Vec::new();
    for file in files {
        let inside = !file.value.starts_with('/')
            && !file.value.contains(['\\', '\0', ':'])
            && file.value.split('/').all(|part| !part.is_empty() && part != "..");
        if inside {
            fine.push(file.value);
        } else {
            let message = Message::new("scenario.bad-path").with("path", &file.value);
            mistakes.add(file.span, message, Some(Message::new("scenario.hint-path")));
        }
    }
    fine
}

pub(super) fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && !id.starts_with('-')
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

pub(super) fn words<T: Copy>(all: &[T], word: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|value| word(*value)).collect()
}
