//! The products that are known: by what they are recognised, and which inner function each is asked for.

use auscult_facts::console::{Gate, Inner};
use hyper::header::{HeaderName, LOCATION, SERVER};
use serde_json::Value;

use crate::http::Answered;

/// A product with an HTTP interface of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// InfluxDB 1 and 2.
    InfluxDb,
    /// Elasticsearch.
    Elasticsearch,
    /// OpenSearch.
    OpenSearch,
    /// CouchDB.
    CouchDb,
    /// etcd.
    Etcd,
    /// Prometheus.
    Prometheus,
    /// The API of a Docker daemon.
    Docker,
    /// The API of a Kubernetes cluster.
    Kubernetes,
    /// The API of a Kubernetes node.
    Kubelet,
    /// Grafana.
    Grafana,
    /// Node-RED.
    NodeRed,
    /// The management of RabbitMQ.
    RabbitMq,
}

use Product::*;

/// Every product.
pub const PRODUCTS: [Product; 12] = [
    InfluxDb,
    Elasticsearch,
    OpenSearch,
    CouchDb,
    Etcd,
    Prometheus,
    Docker,
    Kubernetes,
    Kubelet,
    Grafana,
    NodeRed,
    RabbitMq,
];

/// An inner function: where it is, and by what its answer is known.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Path and query.
    pub(super) path: &'static str,
    /// Body, where it is asked by POST; a reading question all the same.
    pub(super) body: Option<&'static str>,
    /// What it gives.
    what: &'static str,
    /// Whether a value is what was asked for, and how many entries it has.
    gives: fn(&Value) -> Option<Option<u64>>,
    /// What stands in the beginning of such an answer that is too long to be read whole.
    begins: &'static [&'static str],
    /// What an error says that turns strangers away with another status than 401 and 403.
    refuses: &'static [&'static str],
}

const fn place(
    path: &'static str,
    what: &'static str,
    gives: fn(&Value) -> Option<Option<u64>>,
    begins: &'static [&'static str],
) -> Place {
    Place { path, body: None, what, gives, begins, refuses: &[] }
}

impl Product {
    /// The word for it in facts.
    pub const fn word(self) -> &'static str {
        match self {
            InfluxDb => "InfluxDB",
            Elasticsearch => "Elasticsearch",
            OpenSearch => "OpenSearch",
            CouchDb => "CouchDB",
            Etcd => "etcd",
            Prometheus => "Prometheus",
            Docker => "Docker",
            Kubernetes => "Kubernetes",
            Kubelet => "kubelet",
            Grafana => "Grafana",
            NodeRed => "Node-RED",
            RabbitMq => "RabbitMQ",
        }
    }

    /// Its inner functions, in the order in which they are asked: two at most.
    pub const fn places(self) -> &'static [Place] {
        const LIST: fn(&Value) -> Option<Option<u64>> = |v| v.as_array().map(|items| count(items.len()));
        match self {
            InfluxDb => {
                const {
                    &[
                        place("/query?q=SHOW%20DATABASES", "databases", influx_databases, &["\"columns\""]),
                        // Version 2: whether it still waits for its first owner.
                        place("/api/v2/setup", "setup", influx_setup, &[]),
                    ]
                }
            }
            Elasticsearch | OpenSearch => {
                const { &[place("/_cat/indices?format=json&h=index", "indices", LIST, &["[{\"index\":"])] }
            }
            CouchDb => const { &[place("/_all_dbs", "databases", LIST, &["[\""])] },
            Etcd => {
                const {
                    &[Place {
                        path: "/v3/kv/range",
                        // Every key, of which only the number is told.
                        body: Some(r#"{"key":"AA==","range_end":"AA==","count_only":true}"#),
                        what: "keys",
                        gives: etcd_range,
                        begins: &[],
                        refuses: &["user name is empty", "permission denied", "auth"],
                    }]
                }
            }
            Prometheus => {
                const { &[place("/api/v1/status/config", "configuration", prometheus, &["\"yaml\":"])] }
            }
            Docker => const { &[place("/containers/json", "containers", LIST, &["[{\"Id\":"])] },
            Kubernetes => {
                const {
                    &[place(
                        "/api/v1/namespaces?limit=100",
                        "namespaces",
                        kubernetes_list,
                        &["\"NamespaceList\""],
                    )]
                }
            }
            Kubelet => const { &[place("/pods", "pods", kubernetes_list, &["\"PodList\""])] },
            Grafana => const { &[place("/api/search?limit=100", "dashboards", LIST, &["[{\"id\":"])] },
            NodeRed => const { &[place("/flows", "flows", node_red, &["\"type\":\"tab\""])] },
            RabbitMq => const { &[place("/api/overview", "overview", rabbitmq, &["\"rabbitmq_version\""])] },
        }
    }
}

fn count(n: usize) -> Option<u64> {
    u64::try_from(n).ok()
}

fn influx_databases(value: &Value) -> Option<Option<u64>> {
    let series = value.get("results")?.get(0)?.get("series")?.get(0)?;
    series.get("columns")?;
    Some(count(series.get("values").and_then(Value::as_array).map_or(0, Vec::len)))
}

fn influx_setup(value: &Value) -> Option<Option<u64>> {
    value.get("allowed")?.as_bool()?.then_some(None)
}

fn etcd_range(value: &Value) -> Option<Option<u64>> {
    value.get("header")?.get("revision")?;
    Some(value.get("count").and_then(Value::as_str).map_or(Some(0), |n| n.parse().ok()))
}

fn prometheus(value: &Value) -> Option<Option<u64>> {
    value.get("data")?.get("yaml")?.as_str().map(|_| None)
}

fn kubernetes_list(value: &Value) -> Option<Option<u64>> {
    value.get("kind")?.as_str().filter(|kind| kind.ends_with("List"))?;
    Some(value.get("items").and_then(Value::as_array).map_or(Some(0), |items| count(items.len())))
}

fn node_red(value: &Value) -> Option<Option<u64>> {
    let flows = value.as_array().or_else(|| value.get("flows")?.as_array())?;
    Some(count(flows.len()))
}

fn rabbitmq(value: &Value) -> Option<Option<u64>> {
    value.get("rabbitmq_version").map(|_| None)
}

/// Tells a product by its answer to a path; `None` where it proves none.
pub fn recognise(path: &str, answered: &Answered) -> Option<Product> {
    let header = |name: &'static str| answered.header(&HeaderName::from_static(name));
    if header("x-influxdb-version").is_some() {
        return Some(InfluxDb);
    }
    if header("x-elastic-product").is_some() {
        return Some(Elasticsearch);
    }
    let server = answered.header(&SERVER).unwrap_or_default();
    if server.starts_with("CouchDB/") {
        return Some(CouchDb);
    }
    if server.starts_with("Docker/") || (header("api-version").is_some() && header("ostype").is_some()) {
        return Some(Docker);
    }
    let text = answered.text();
    let value: Option<Value> = serde_json::from_slice(&answered.body).ok();
    value
        .as_ref()
        .and_then(|value| by_document(path, answered, value))
        .or_else(|| by_page(path, answered, &text))
}

fn by_document(path: &str, answered: &Answered, value: &Value) -> Option<Product> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    if text("tagline") == Some("You Know, for Search") {
        return Some(Elasticsearch);
    }
    if text("tagline").is_some_and(|line| line.contains("OpenSearch")) {
        return Some(OpenSearch);
    }
    // Elasticsearch with a login, before it named itself in a header.
    if value.get("error").and_then(|e| e.get("type")).and_then(Value::as_str) == Some("security_exception") {
        return Some(Elasticsearch);
    }
    if text("couchdb").is_some() {
        return Some(CouchDb);
    }
    if text("etcdserver").is_some() {
        return Some(Etcd);
    }
    if text("ApiVersion").is_some() && text("MinAPIVersion").is_some() {
        return Some(Docker);
    }
    if text("gitVersion").is_some() && text("gitTreeState").is_some() {
        return Some(Kubernetes);
    }
    // The API server speaks of itself to strangers in its own form: `Status` of `v1`.
    if text("kind") == Some("Status") && text("apiVersion") == Some("v1") {
        return Some(Kubernetes);
    }
    if text("kind") == Some("PodList") && path == "/pods" && answered.given() {
        return Some(Kubelet);
    }
    let health = text("database").is_some() && text("version").is_some() && path == "/api/health";
    health.then_some(Grafana)
}

fn by_page(path: &str, answered: &Answered, text: &str) -> Option<Product> {
    if path == "/-/healthy" && answered.given() && text.starts_with("Prometheus Server is Healthy") {
        return Some(Prometheus);
    }
    if path != "/" {
        return None;
    }
    let says = |words: &str| text.contains(words);
    if says("<title>Prometheus Time Series Collection") {
        Some(Prometheus)
    } else if says("grafanaBootData") || says("<title>Grafana</title>") {
        Some(Grafana)
    } else if says("<title>Node-RED") {
        Some(NodeRed)
    } else if says("<title>RabbitMQ Management") {
        Some(RabbitMq)
    } else {
        None
    }
}

/// Reads what an inner function said.
pub fn inner(place: &Place, answered: &Answered) -> Inner {
    let value: Option<Value> = serde_json::from_slice(&answered.body).ok();
    let given = answered.given().then_some(value).flatten();
    let text = answered.text();
    let seen = |gate, items| Inner { what: place.what.to_owned(), status: answered.status, gate, items };
    if let Some(items) = given.as_ref().and_then(place.gives) {
        return seen(Gate::Open, items);
    }
    let long = answered.given() && answered.cut && !place.begins.is_empty();
    if long && place.begins.iter().all(|words| text.contains(words)) {
        return seen(Gate::Open, None);
    }
    let to_login = answered.header(&LOCATION).is_some_and(|to| to.to_ascii_lowercase().contains("login"));
    let refused = matches!(answered.status, 401 | 403)
        || ((300..400).contains(&answered.status) && to_login)
        || ((400..500).contains(&answered.status) && place.refuses.iter().any(|words| text.contains(words)));
    seen(if refused { Gate::Shut } else { Gate::Unclear }, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answered {
        let headers: Vec<(&[u8], &[u8])> =
            headers.iter().map(|(n, v)| (n.as_bytes(), v.as_bytes())).collect();
        Answered::of(status, &headers, body.as_bytes().to_vec())
    }

    #[test]
    fn products_are_told_by_what_only_they_say() {
        for (path, status, headers, body, product) in [
            ("/ping", 204, &[("X-Influxdb-Version", "1.6.7")][..], "", Some(InfluxDb)),
            ("/", 200, &[], r#"{"tagline":"You Know, for Search"}"#, Some(Elasticsearch)),
            ("/", 401, &[], r#"{"error":{"type":"security_exception"},"status":401}"#, Some(Elasticsearch)),
            (
                "/",
                200,
                &[],
                r#"{"tagline":"The OpenSearch Project: https://opensearch.org/"}"#,
                Some(OpenSearch),
            ),
            ("/", 200, &[], r#"{"couchdb":"Welcome"}"#, Some(CouchDb)),
            ("/", 401, &[("Server", "CouchDB/3.3 (Erlang OTP/25)")], "", Some(CouchDb)),
            ("/version", 200, &[], r#"{"etcdserver":"3.4.23","etcdcluster":"3.4.0"}"#, Some(Etcd)),
            ("/-/healthy", 200, &[], "Prometheus Server is Healthy.\n", Some(Prometheus)),
            ("/version", 200, &[], r#"{"ApiVersion":"1.43","MinAPIVersion":"1.12"}"#, Some(Docker)),
            ("/", 404, &[("Server", "Docker/24.0 (linux)")], r#"{"message":"page not found"}"#, Some(Docker)),
            ("/", 403, &[], r#"{"kind":"Status","apiVersion":"v1","code":403}"#, Some(Kubernetes)),
            ("/pods", 200, &[], r#"{"kind":"PodList","items":[]}"#, Some(Kubelet)),
            ("/api/health", 200, &[], r#"{"database":"ok","version":"10.1"}"#, Some(Grafana)),
            ("/", 200, &[], "<html><script>window.grafanaBootData = {}", Some(Grafana)),
            ("/", 200, &[], "<title>Node-RED</title>", Some(NodeRed)),
            ("/", 200, &[], "<title>RabbitMQ Management</title>", Some(RabbitMq)),
            ("/", 200, &[], "<title>Welcome to nginx!</title>", None),
            ("/version", 200, &[], r#"{"version":"1.0"}"#, None),
            ("/", 404, &[], r#"{"message":"not found"}"#, None),
        ] {
            assert_eq!(recognise(path, &answer(status, headers, body)), product, "{path} {body}");
        }
    }

    #[test]
    fn inner_functions_are_open_shut_or_neither() {
        let influx = r#"{"results":[{"statement_id":0,"series":[{"name":"databases","columns":["name"],"values":[["_internal"],["vitals"]]}]}]}"#;
        for (product, nth, status, body, gate, items) in [
            (InfluxDb, 0, 200, influx, Gate::Open, Some(2)),
            (InfluxDb, 0, 401, r#"{"error":"unable to parse authentication credentials"}"#, Gate::Shut, None),
            (InfluxDb, 0, 200, r#"{"results":[{"statement_id":0,"error":"x"}]}"#, Gate::Unclear, None),
            (InfluxDb, 1, 200, r#"{"allowed":true}"#, Gate::Open, None),
            (InfluxDb, 1, 200, r#"{"allowed":false}"#, Gate::Unclear, None),
            (Elasticsearch, 0, 200, "[]", Gate::Open, Some(0)),
            (Elasticsearch, 0, 200, r#"{"a":1}"#, Gate::Unclear, None),
            (CouchDb, 0, 200, r#"["_users","vitals"]"#, Gate::Open, Some(2)),
            (Etcd, 0, 200, r#"{"header":{"revision":"4"},"count":"3"}"#, Gate::Open, Some(3)),
            (Etcd, 0, 400, r#"{"error":"etcdserver: user name is empty","code":3}"#, Gate::Shut, None),
            (Etcd, 0, 404, "404 page not found", Gate::Unclear, None),
            (Prometheus, 0, 200, r#"{"status":"success","data":{"yaml":"global: {}"}}"#, Gate::Open, None),
            (Docker, 0, 200, r#"[{"Id":"a"}]"#, Gate::Open, Some(1)),
            (Docker, 0, 403, r#"{"message":"authorization denied by plugin"}"#, Gate::Shut, None),
            (Kubernetes, 0, 200, r#"{"kind":"NamespaceList","items":[{},{}]}"#, Gate::Open, Some(2)),
            (Kubernetes, 0, 403, r#"{"kind":"Status"}"#, Gate::Shut, None),
            (Kubelet, 0, 401, "Unauthorized", Gate::Shut, None),
            (Grafana, 0, 200, "[]", Gate::Open, Some(0)),
            (NodeRed, 0, 200, r#"[{"id":"a","type":"tab"}]"#, Gate::Open, Some(1)),
            (NodeRed, 0, 200, r#"{"flows":[],"rev":"1"}"#, Gate::Open, Some(0)),
            (RabbitMq, 0, 200, r#"{"rabbitmq_version":"3.10"}"#, Gate::Open, None),
            (RabbitMq, 0, 401, r#"{"error":"not_authorised"}"#, Gate::Shut, None),
            (RabbitMq, 0, 200, "<html>log in</html>", Gate::Unclear, None),
            (RabbitMq, 0, 500, "", Gate::Unclear, None),
        ] {
            let seen = inner(&product.places()[nth], &answer(status, &[], body));
            assert_eq!((seen.gate, seen.items), (gate, items), "{product:?} {body}");
        }
    }

    #[test]
    fn a_list_too_long_to_be_read_whole_is_open_all_the_same() {
        let mut long = answer(200, &[], "[{\"Id\":\"abc\",\"Names\":[");
        assert_eq!(inner(&Docker.places()[0], &long).gate, Gate::Unclear);
        long.cut = true;
        assert_eq!(inner(&Docker.places()[0], &long).gate, Gate::Open);
        long.status = 500;
        assert_eq!(inner(&Docker.places()[0], &long).gate, Gate::Unclear);
    }

    #[test]
    fn no_product_is_asked_for_more_than_two_functions() {
        assert!(PRODUCTS.iter().all(|p| (1..=2).contains(&p.places().len())));
    }
}
