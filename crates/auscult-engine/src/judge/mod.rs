//! Judges: from scenario, catalog and evidence to an assessment, as a pure function.
//!
//! A ruling passes only when every part of its requirement was shown by at least one trial and nothing that was
//! selected stayed unseen.

mod cause;
mod ground;
mod keys;
mod ruling;
mod summary;
mod trial;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use auscult_catalog::{Catalog, Relation, Requirement};
use auscult_model::assessment::{
    Assessment, Cite, NotApplicable, RequirementSummary, SCHEMA, ScenarioRef, VersionRef,
};
use auscult_model::scenario::Scenario;
use auscult_model::{RequirementId, Verdict};

use crate::applicability::{Profile, Why, why};
use crate::checks::{Covering, checks_version};
use crate::evidence::Evidence;
use crate::words::reason;

use ground::Ground;
use ruling::Drafts;

/// Computes every verdict from the evidence.
///
/// The same scenario, catalog, checks and evidence give the same assessment, wherever and whenever it is computed.
pub fn judge(scenario: &Scenario, catalog: &Catalog, evidence: &Evidence) -> Assessment {
    judge_with(scenario, catalog, evidence, Covering::live())
}

pub(crate) fn judge_with(
    scenario: &Scenario,
    catalog: &Catalog,
    evidence: &Evidence,
    covering: &Covering,
) -> Assessment {
    let ground = Ground::new(scenario, evidence);
    let mut drafts = Drafts::new(&ground, catalog, covering);
    let mut not_applicable = Vec::new();
    for n in 0..scenario.nodes.len() {
        let services = ground.nodes[n].services.iter();
        let recognised = services.filter_map(|s| s.service.recognised.as_deref());
        let profile = Profile::of(&ground.world, n, recognised);
        for requirement in catalog.requirements.values() {
            match why(requirement, &profile) {
                applies @ Why::Applies(force, _) => {
                    drafts.draft(n, requirement, force, applies.applicability(requirement, &profile));
                }
                not => not_applicable.push(NotApplicable {
                    requirement: requirement.id.clone(),
                    node: scenario.nodes[n].id.clone(),
                    reason: reason(not.message(requirement, &profile)),
                }),
            }
        }
    }
    drafts.let_gateways_wrap();
    let targets = drafts.targets();
    let (rulings, not_tested) = drafts.finish();
    let coverage = summary::coverage(&rulings, not_applicable.len(), targets);
    let header = evidence.header();
    Assessment {
        schema: SCHEMA.to_owned(),
        scenario: ScenarioRef {
            title: scenario.title.clone(),
            stage: scenario.stage,
            setting: scenario.setting,
            digest: header.map(|h| h.scenario.clone()).unwrap_or_default(),
            authorised_by: scenario.authorisation.as_ref().map(|a| a.by.clone()),
        },
        catalog: VersionRef {
            version: catalog.version.clone(),
            digest: header.map(|h| h.catalog.clone()).unwrap_or_default(),
        },
        checks: checks_version(),
        evidence: evidence.summary(),
        verdict: Verdict::roll_up(rulings.iter().map(|r| r.verdict)),
        coverage,
        requirements: requirements(catalog),
        frameworks: frameworks(catalog),
        nodes: summary::nodes(&ground),
        flows: summary::flows(&ground),
        safety: summary::safety(&ground),
        rulings,
        not_tested,
        not_applicable,
    }
}

fn requirements(catalog: &Catalog) -> BTreeMap<RequirementId, RequirementSummary> {
    let summaries = catalog.requirements.values().map(|r| {
        let summary =
            RequirementSummary { title: r.title.clone(), area: r.area.clone(), intent: r.intent.clone() };
        (r.id.clone(), summary)
    });
    summaries.collect()
}

fn frameworks(catalog: &Catalog) -> BTreeMap<String, String> {
    catalog.frameworks.values().map(|f| (f.id.clone(), f.name.clone())).collect()
}

/// What many rulings of one requirement share.
#[derive(Default)]
struct Shared {
    cites: HashMap<RequirementId, Arc<[Cite]>>,
    remedies: HashMap<RequirementId, Arc<str>>,
}

impl Shared {
    fn cites(&mut self, requirement: &Requirement) -> Arc<[Cite]> {
        let made = self.cites.entry(requirement.id.clone()).or_insert_with(|| {
            let cites = requirement.cites.iter().map(|c| Cite {
                framework: c.framework.clone(),
                clause: c.clause.clone(),
                relation: match c.relation {
                    Relation::Equal => "equal",
                    Relation::Subset => "subset",
                    Relation::Superset => "superset",
                    Relation::Intersects => "intersects",
                }
                .to_owned(),
                verified: c.verified,
            });
            cites.collect()
        });
        Arc::clone(made)
    }

    fn remedy(&mut self, requirement: &Requirement) -> Arc<str> {
        let made =
            self.remedies.entry(requirement.id.clone()).or_insert_with(|| requirement.remedy.as_str().into());
        Arc::clone(made)
    }
}
