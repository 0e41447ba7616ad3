//! From a scenario to an assessment: plan, run, judge, roll up, compare.
//!
//! A verdict is a pure function of scenario, catalog, checks and evidence: [`judge`] needs no device, no clock and no
//! network. Only [`plan`](plan()) comes before the first packet, and only the run sends any.

mod applicability;
mod case;
mod checks;
mod compare;
mod evidence;
mod field;
mod judge;
mod outcome;
mod perimeter;
mod permit;
mod plan;
mod proof;
mod run;
mod subject;
mod words;

pub use case::{Case, differs, write_json};
pub use checks::checks_version;
pub use compare::{Change, Diff, Movement, compare};
pub use evidence::Evidence;
pub use judge::judge;
pub use outcome::{Outcome, outcome};
pub use perimeter::{Perimeter, State, coverage};
pub use plan::{
    Applying, AspectPlan, ImpostorPlan, NodePlan, NotApplying, Plan, PlanOptions, ProfilePlan, ReplayPlan,
    RequirementPlan, ServicePlan, Totals, UpdatePlan, Visit, plan,
};
pub use proof::{Loaded, Proof, ProofError, Verdicts, load, prove};
pub use run::{Authorities, Cancel, Event, Progress, RunError, RunOptions, RunSummary, run};
pub use words::texts;

#[cfg(test)]
mod tests;
