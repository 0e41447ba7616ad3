//! How a service bore malformed input: the judgement that all checks of such input share.

use auscult_facts::Answer;
use auscult_facts::robustness::{DatagramRobustnessFacts, RobustnessFacts, Series};
use auscult_model::{Judgement, Message};

use crate::said;
use crate::towards::shared;

/// Judges what a service over TCP did with malformed messages, and with malformed records where it speaks TLS.
pub(crate) fn input(facts: &RobustnessFacts) -> Judgement {
    let tls = facts.tls.then_some(&facts.tls_malformed);
    let series = std::iter::once(&facts.malformed).chain(tls);
    every(facts.before.as_deref(), facts.healthy_before, &facts.protocol, series)
}

/// Judges what a service over UDP did with malformed messages.
pub(crate) fn datagrams(facts: &DatagramRobustnessFacts) -> Judgement {
    every(facts.before.as_deref(), facts.healthy_before, &facts.protocol, [&facts.malformed])
}

/// Whoever is harmed by one step fails, and only who took every step and answers as before passes.
fn every<'f>(
    before: Option<&str>,
    healthy_before: Option<bool>,
    protocol: &str,
    answers: impl IntoIterator<Item = &'f Answer<Series>>,
) -> Judgement {
    if before.is_none() {
        return Judgement::inconclusive(shared("input-unsteady"));
    }
    if healthy_before == Some(false) {
        return Judgement::inconclusive(shared("input-unhealthy-before"));
    }
    let mut taken = 0;
    for answer in answers {
        let series = match said(answer) {
            Err(judgement) => return judgement,
            Ok(series) => series,
        };
        if let Some(step) = series.missed() {
            let state = step.state();
            let told = told(state.word()).with("input", &step.input).with("protocol", protocol);
            return if state.harmed() { Judgement::fail(told) } else { Judgement::inconclusive(told) };
        }
        if !series.complete() {
            let told = told("unfinished").with("taken", series.steps.len()).with("of", series.of);
            return Judgement::inconclusive(told);
        }
        taken += series.steps.len();
    }
    Judgement::pass(told("borne").with("count", taken).with("protocol", protocol))
}

fn told(word: &str) -> Message {
    shared(&format!("input-{word}"))
}
