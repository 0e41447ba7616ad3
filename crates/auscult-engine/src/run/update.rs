//! Offers updates to devices, and asks them what is installed afterwards.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use auscult_facts::update::UpdateFacts;
use auscult_facts::{Facts, Interrupted, Outcome};
use auscult_impostor::{Images, NAME, TellOffer, most_update_seconds, offer};
use auscult_model::Impact;
use auscult_model::scenario::Trigger;
use auscult_probe::NodeBench;

use super::group::{Site, seen};
use super::impostor::{Cast, IMPACT, casts, dial, together};
use super::told::told;
use super::{Event, Note};
use crate::subject::World;

/// Updates to be offered, and what it takes.
#[derive(Clone, Debug)]
pub(crate) struct UpdateCast {
    cast: Cast,
    images: Arc<Images>,
    installed: Trigger,
    settle: Duration,
}

/// The updates that are offered to a node, where that is allowed and there are images.
pub(crate) fn cast(
    world: &World<'_>,
    n: usize,
    allowed: Impact,
    images: &BTreeMap<String, Images>,
) -> Option<UpdateCast> {
    let update = world.node(n).update.as_ref()?;
    let cast = casts(world, n, allowed).into_iter().find(|cast| cast.stage.far == update.far.label())?;
    Some(UpdateCast {
        cast,
        images: Arc::new(images.get(&update.images)?.clone()),
        installed: update.installed.clone(),
        settle: Duration::from_secs(update.settle_seconds.into()),
    })
}

impl Site {
    /// Offers every image to every node of the site and writes down what each did.
    pub(super) async fn offer_updates(&self, bench: &NodeBench) {
        for (n, node) in self.job.nodes.iter().enumerate() {
            let Some(update) = &node.update else { continue };
            if bench.stopped() || self.halt.is_cancelled() {
                continue;
            }
            let _alone = self.job.theatre.stage.lock().await;
            let meter = bench.metered();
            let deadline = most_update_seconds(update.images.len(), update.cast.stage.wait, update.settle);
            let offered = self.guarded(Duration::from_secs(deadline), self.offers(n, update, &meter)).await;
            let own = meter.cost();
            self.spend(n, own, IMPACT);
            if offered.is_err() && self.halt.is_cancelled() {
                return;
            }
            let (outcome, cost) = match offered {
                Ok((facts, answers)) => {
                    self.spend(n, answers, IMPACT);
                    (seen(&facts), together(own, answers))
                }
                Err(why) => (Outcome::Interrupted(why), own),
            };
            let record = self.observation(UpdateFacts::KIND, NAME, &node.subject, outcome, cost);
            self.record(record).await;
        }
    }

    /// What offers the images, free of borrows.
    fn offers(
        &self,
        n: usize,
        update: &UpdateCast,
        bench: &NodeBench,
    ) -> impl Future<Output = Result<(UpdateFacts, auscult_facts::Cost), Interrupted>> + Send + 'static {
        let authority = self.job.theatre.authorities.get(&update.cast.authority).cloned();
        let order = update.cast.trigger.clone().map(|trigger| dial(bench.clone(), trigger));
        let installed = told(bench.clone(), update.installed.clone());
        let (notes, node) = (self.notes.clone(), self.job.nodes[n].subject.node.clone());
        let tell: TellOffer = Arc::new(move |image| {
            // Whoever watches misses a line when the desk is full.
            let _ = notes.try_send(Note::Tell(Event::Offering { node: node.clone(), image }));
        });
        let (stage, images, settle) = (update.cast.stage.clone(), Arc::clone(&update.images), update.settle);
        async move {
            Ok(offer(&stage, authority.as_deref(), &images, settle, order.as_ref(), &installed, &tell).await)
        }
    }
}
