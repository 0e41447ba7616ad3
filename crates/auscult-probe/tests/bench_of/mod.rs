//! Benches for tests on loopback.

use auscult_model::{Impact, Pace};
use auscult_probe::{Limits, NodeBench, Permit};

pub(crate) fn bench(impact: Impact, pace: Pace, declared: impl IntoIterator<Item = u16>) -> NodeBench {
    bench_at("127.0.0.1", impact, pace, declared)
}

pub(crate) fn bench_at(
    address: &str,
    impact: Impact,
    pace: Pace,
    declared: impl IntoIterator<Item = u16>,
) -> NodeBench {
    NodeBench::new(Permit {
        node: "node".into(),
        address: address.parse().unwrap(),
        impact,
        declared: declared.into_iter().collect(),
        limits: Limits::of(pace),
    })
}
