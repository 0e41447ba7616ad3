//! `auscult check`: looks at what a scenario declares, keeps the evidence, judges and tells.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use auscult_catalog::Catalog;
use auscult_engine::{Cancel, Case, Event, PlanOptions, Progress, RunOptions, RunSummary};
use auscult_model::Message;
use auscult_model::assessment::Assessment;
use auscult_probe::Guard;
use auscult_probe::health::HealthCommands;
use auscult_text::Catalogue;
use jiff::Timestamp;

use crate::args::{Check, Scope};
use crate::inputs::{self, Given};
use crate::stop::{Done, INTERRUPTED, Stop};
use crate::{console, secrets, tell};

pub(crate) async fn check(args: &Check, catalogue: &Catalogue) -> Done {
    tell::one_on_stdout(&args.telling.reporters, catalogue)?;
    let mut given = inputs::scenario(&args.scenario, catalogue)?;
    known_nodes(&given, &args.scope, catalogue)?;
    let catalog = inputs::catalog(args.scope.catalog.as_deref(), catalogue)?;
    let at = Timestamp::now();
    let dir = args.case.clone().unwrap_or_else(|| case_name(&args.scenario, at));
    let progress = !args.no_progress && console::shows_progress();
    let mut plan = plan_options(&args.scope, at);
    plan.images = inputs::images(&args.scenario, &given, catalogue)?;
    plan.messages = inputs::messages(&args.scenario, &given)?;
    inputs::authorities(&args.scenario, &mut given, catalogue)?;
    let guard = secrets::guard(args.credentials.as_deref(), catalogue)?;
    let health = health_commands(args, &given, &catalog, &plan, catalogue)?;
    let checked = assess(&given, &catalog, plan, (guard, health), (&dir, progress), catalogue).await?;
    tell::reports(&checked.assessment, None, &args.telling.reporters, catalogue)?;
    console::aside(&catalogue.say(&Message::new("cli.case-is").with("dir", dir.display())));
    if checked.summary.cancelled {
        return Ok(INTERRUPTED);
    }
    Ok(tell::outcome(&checked.assessment, &args.telling))
}

/// What a run gave.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) assessment: Assessment,
    pub(crate) summary: RunSummary,
}

/// Runs, judges and seals the case file; the same steps for `check` and `demo`.
pub(crate) async fn assess(
    given: &Given,
    catalog: &Catalog,
    plan: PlanOptions,
    (guard, health): (Guard, HealthCommands),
    (dir, progress): (&Path, bool),
    catalogue: &Catalogue,
) -> Result<Checked, Stop> {
    let mut options = RunOptions::new(plan);
    options.health = health;
    options.anchors = inputs::anchors(given, catalogue)?;
    options.crls = inputs::revocation_lists(given, catalogue)?;
    options.authorities.clone_from(&given.authorities);
    options.guard = guard;
    options.keys = secrets::keys(given, &options.plan, catalogue)?;
    let case = Case::create(dir, given.text.as_bytes(), catalog, &given.files, options.plan.at)?;
    let ending = tokio::spawn(end_on_interrupt(options.cancel.clone()));
    let lines = Lines { catalogue, said: Mutex::new(()) };
    let watcher: &dyn Progress = if progress { &lines } else { &() };
    let summary = auscult_engine::run(&given.scenario, &case, &options, watcher).await?;
    ending.abort();
    let assessment = auscult_engine::judge(&given.scenario, catalog, &case.evidence()?);
    case.write_assessment(Timestamp::now(), &assessment)?;
    Ok(Checked { assessment, summary })
}

/// The programs that this run will ask about the health of nodes: a scenario may come from a stranger, so that it runs
/// nothing unless the person at the keyboard says so.
fn health_commands(
    args: &Check,
    given: &Given,
    catalog: &Catalog,
    plan: &PlanOptions,
    catalogue: &Catalogue,
) -> Result<HealthCommands, Stop> {
    let planned = auscult_engine::plan(&given.scenario, catalog, plan);
    let commands: Vec<_> = planned
        .nodes
        .into_iter()
        .filter(|n| !n.health_command.is_empty())
        .map(|n| (n.id, n.health_command))
        .collect();
    match commands.first() {
        Some((node, command)) if !args.allow_health_command => {
            let message = Message::new("cli.health-command-refused")
                .with("node", node)
                .with("command", command.join(" "));
            Err(Stop::usage(catalogue.say(&message)))
        }
        _ => Ok(HealthCommands::allowed(commands)),
    }
}

pub(crate) fn plan_options(scope: &Scope, at: Timestamp) -> PlanOptions {
    PlanOptions {
        at,
        depth: scope.depth,
        impact: scope.impact,
        nodes: scope.nodes(),
        declared_only: scope.declared_only,
        images: Default::default(),
        messages: Default::default(),
    }
}

/// A node named on the command line must be one of the scenario's.
pub(crate) fn known_nodes(given: &Given, scope: &Scope, catalogue: &Catalogue) -> Result<(), Stop> {
    match scope.nodes.iter().find(|n| given.scenario.node(n).is_none()) {
        None => Ok(()),
        Some(node) => {
            let known = given.scenario.nodes.iter().take(40).map(|n| n.id.as_str());
            let message = Message::new("cli.unknown-node").with("node", node).with_list("known", known);
            Err(Stop::usage(catalogue.say(&message)))
        }
    }
}

/// `cuff.toml` at a time becomes `cuff-20261124-201500.case`, beside the working folder's other cases.
fn case_name(scenario: &Path, at: Timestamp) -> PathBuf {
    let stem = scenario.file_stem().map_or_else(|| "scenario".into(), |s| s.to_string_lossy());
    PathBuf::from(format!("{stem}-{}.case", at.strftime("%Y%m%d-%H%M%S")))
}

async fn end_on_interrupt(cancel: Cancel) {
    if tokio::signal::ctrl_c().await.is_ok() {
        cancel.cancel();
    }
}

/// Progress as lines on standard error, with the liveness of each node.
struct Lines<'a> {
    catalogue: &'a Catalogue,
    said: Mutex<()>,
}

impl Progress for Lines<'_> {
    fn tell(&self, event: &Event) {
        let message = match event {
            Event::Began { node, allowed, pace } => {
                Message::new("cli.began").with("node", node).with("allowed", allowed).with("pace", pace)
            }
            Event::Swept { node, open } => Message::new("cli.swept").with("node", node).with("open", open),
            Event::Playing { node, far, play } => {
                let play = self.catalogue.word(&format!("cli.play-{}", play.word()));
                Message::new("cli.playing").with("node", node).with("far", far).with("play", play)
            }
            Event::Offering { node, image } => {
                let image = self.catalogue.word(&format!("cli.offer-{}", image.word()));
                Message::new("cli.offering").with("node", node).with("image", image)
            }
            Event::Sending { node, sent } => {
                let sent = self.catalogue.word(&format!("cli.send-{}", sent.word()));
                Message::new("cli.sending").with("node", node).with("sent", sent)
            }
            Event::Asked { node, alive: false } => Message::new("cli.not-alive").with("node", node),
            Event::Ended { node, connections, packets, stopped, done, of } => {
                Message::new(if *stopped { "cli.ended-stopped" } else { "cli.ended" })
                    .with("node", node)
                    .with("connections", connections)
                    .with("packets", packets)
                    .with("done", done)
                    .with("of", of)
            }
            Event::Observed { .. } | Event::Asked { .. } => return,
        };
        let _turn = self.said.lock();
        console::aside(&self.catalogue.say(&message));
    }
}
