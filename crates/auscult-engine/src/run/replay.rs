//! Sends messages to devices, one of them twice, and asks them for their state around each.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use auscult_facts::replay::ReplayFacts;
use auscult_facts::{Cost, Facts, Interrupted, Outcome};
use auscult_impostor::{Bytes, Messages, NAME, TellSent, most_replay_seconds, replay};
use auscult_model::Impact;
use auscult_model::scenario::Trigger;
use auscult_probe::NodeBench;

use super::group::{Site, seen};
use super::impostor::{Cast, IMPACT, casts, dial, together};
use super::told::told;
use super::{Event, Note};
use crate::subject::World;

/// Messages to be sent, and what it takes.
#[derive(Clone, Debug)]
pub(crate) struct ReplayCast {
    cast: Cast,
    messages: Arc<Messages>,
    state: Trigger,
    settle: Duration,
}

/// The messages that are sent to a node, where that is allowed and they were read.
pub(crate) fn cast(
    world: &World<'_>,
    n: usize,
    allowed: Impact,
    files: &BTreeMap<String, Bytes>,
) -> Option<ReplayCast> {
    let declared = world.node(n).replay.as_ref()?;
    let cast = casts(world, n, allowed).into_iter().find(|cast| cast.stage.far == declared.far.label())?;
    let [first, second, third] = &declared.messages;
    let bodies = [files.get(first)?.clone(), files.get(second)?.clone(), files.get(third)?.clone()];
    Some(ReplayCast {
        cast,
        messages: Arc::new(Messages { at: declared.at.clone(), bodies }),
        state: declared.state.clone(),
        settle: Duration::from_secs(declared.settle_seconds.into()),
    })
}

impl Site {
    /// Sends its messages to every node of the site and writes down what each did.
    pub(super) async fn replay_messages(&self, bench: &NodeBench) {
        for (n, node) in self.job.nodes.iter().enumerate() {
            let Some(cast) = &node.replay else { continue };
            if bench.stopped() || self.halt.is_cancelled() {
                continue;
            }
            let _alone = self.job.theatre.stage.lock().await;
            let meter = bench.metered();
            let deadline = Duration::from_secs(most_replay_seconds(cast.cast.stage.wait, cast.settle));
            let sent = self.guarded(deadline, self.turns(n, cast, &meter)).await;
            let own = meter.cost();
            self.spend(n, own, IMPACT);
            if sent.is_err() && self.halt.is_cancelled() {
                return;
            }
            let (outcome, cost) = match sent {
                Ok((facts, answers)) => {
                    self.spend(n, answers, IMPACT);
                    (seen(&facts), together(own, answers))
                }
                Err(why) => (Outcome::Interrupted(why), own),
            };
            let record = self.observation(ReplayFacts::KIND, NAME, &node.subject, outcome, cost);
            self.record(record).await;
        }
    }

    /// What sends the messages, free of borrows.
    fn turns(
        &self,
        n: usize,
        cast: &ReplayCast,
        bench: &NodeBench,
    ) -> impl Future<Output = Result<(ReplayFacts, Cost), Interrupted>> + Send + 'static {
        let authority = self.job.theatre.authorities.get(&cast.cast.authority).cloned();
        let order = cast.cast.trigger.clone().map(|trigger| dial(bench.clone(), trigger));
        let state = told(bench.clone(), cast.state.clone());
        let (notes, node) = (self.notes.clone(), self.job.nodes[n].subject.node.clone());
        let tell: TellSent = Arc::new(move |sent| {
            // Whoever watches misses a line when the desk is full.
            let _ = notes.try_send(Note::Tell(Event::Sending { node: node.clone(), sent }));
        });
        let (stage, messages, settle) = (cast.cast.stage.clone(), Arc::clone(&cast.messages), cast.settle);
        async move {
            Ok(replay(&stage, authority.as_deref(), &messages, settle, order.as_ref(), &state, &tell).await)
        }
    }
}
