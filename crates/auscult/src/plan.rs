//! `auscult plan`: what would be done and why, before anything is sent.

use std::collections::{BTreeMap, BTreeSet};

use auscult_engine::{ImpostorPlan, NodePlan, Plan, State};
use auscult_model::Message;
use auscult_text::Catalogue;
use jiff::Timestamp;

use crate::args::{self, PlanFormat};
use crate::check::{known_nodes, plan_options};
use crate::console::{self, wrapped};
use crate::inputs;
use crate::stop::{Done, Stop};

pub(crate) fn plan(args: &args::Plan, catalogue: &Catalogue) -> Done {
    let given = inputs::scenario(&args.scenario, catalogue)?;
    known_nodes(&given, &args.scope, catalogue)?;
    let catalog = inputs::catalog(args.scope.catalog.as_deref(), catalogue)?;
    let mut options = plan_options(&args.scope, Timestamp::now());
    options.images = inputs::images(&args.scenario, &given, catalogue)?;
    options.messages = inputs::messages(&args.scenario, &given)?;
    let plan = auscult_engine::plan(&given.scenario, &catalog, &options);
    let text = match (args.format, args.coverage) {
        (PlanFormat::Json, None) => as_json(&plan)?,
        (PlanFormat::Json, Some(_)) => as_json(&plan.perimeter)?,
        (PlanFormat::Human, Some(_)) => perimeter(&plan, catalogue),
        (PlanFormat::Human, None) => pages(&plan, options.nodes.as_ref(), catalogue),
    };
    console::result(&console::harmless(&text))?;
    Ok(0)
}

fn as_json(value: &impl serde::Serialize) -> Result<String, Stop> {
    Ok(serde_json::to_string_pretty(value).map_err(|e| Stop::environment(e.to_string()))? + "\n")
}

/// The state of each perimeter test, and how many are in each.
fn perimeter(plan: &Plan, catalogue: &Catalogue) -> String {
    let mut counts: BTreeMap<State, usize> = BTreeMap::new();
    let mut text = catalogue.word("cli.perimeter") + "\n\n";
    for test in &plan.perimeter {
        *counts.entry(test.state).or_default() += 1;
        let first = format!("{:<10} {:<16}", test.unit, test.state.word());
        let ids: Vec<_> = test.requirements.iter().map(|r| r.as_str()).collect();
        text += &wrapped(&first, 28, &format!("{} ({})", test.test, ids.join(", ")));
        if !test.checks.is_empty() {
            let checks: Vec<_> = test.checks.iter().map(|c| c.as_str()).collect();
            text += &wrapped("", 28, &format!("{} {}", catalogue.word("cli.plan-checks"), checks.join(", ")));
        }
        for (word, said) in [("cli.perimeter-missing", &test.missing), ("cli.perimeter-limits", &test.limits)]
        {
            if let Some(said) = said {
                text += &wrapped("", 28, &format!("{} {said}", catalogue.word(word)));
            }
        }
    }
    text.push('\n');
    for (state, count) in counts {
        text += &format!("{count:>4}  {}\n", state.word());
    }
    text
}

fn pages(plan: &Plan, only: Option<&BTreeSet<auscult_model::NodeId>>, catalogue: &Catalogue) -> String {
    let head = Message::new("cli.plan-head")
        .with("title", &plan.title)
        .with("stage", catalogue.word(&format!("cli.stage-{}", plan.stage)))
        .with("setting", catalogue.word(&format!("cli.setting-{}", plan.setting)));
    let mut text = wrapped("", 0, &catalogue.say(&head));
    let authorised = match (&plan.authorised_by, plan.authorised_until) {
        (Some(by), Some(until)) => Message::new("cli.plan-authorised").with("by", by).with("until", until),
        _ => Message::new("cli.plan-not-authorised"),
    };
    text += &wrapped("", 0, &catalogue.say(&authorised));
    let totals = Message::new("cli.plan-totals")
        .with("touched", plan.totals.touched)
        .with("nodes", plan.nodes.len())
        .with("connections", plan.totals.connections)
        .with("packets", plan.totals.packets);
    text += &wrapped("", 0, &catalogue.say(&totals));
    let shown: Vec<&NodePlan> =
        plan.nodes.iter().filter(|n| only.is_none_or(|only| only.contains(&n.id))).collect();
    for node in &shown {
        text.push('\n');
        text += &node_page(node, catalogue);
    }
    text += &applicability(plan, &shown, catalogue);
    text += &by_hand(plan, &shown, catalogue);
    text
}

fn node_page(node: &NodePlan, catalogue: &Catalogue) -> String {
    let address = node.address.map_or_else(|| catalogue.word("cli.no-address"), |a| a.to_string());
    let head = Message::new("cli.plan-node")
        .with("kind", node.kind)
        .with("class", node.class)
        .with("setting", catalogue.word(&format!("cli.setting-{}", node.setting)))
        .with("address", address);
    let mut text = wrapped(&format!("{}  {}", node.id, node.name), 2, &format!("— {}", catalogue.say(&head)));
    text += &wrapped("  ", 4, &node.class_because.because);
    let allowed = Message::new("cli.plan-allowed")
        .with("allowed", node.allowed)
        .with("pace", node.pace)
        .with("because", &node.permit_because.because);
    text += &wrapped("  ", 4, &catalogue.say(&allowed));
    let most = match node.connections {
        0 => "cli.plan-nothing",
        _ if node.every_port => "cli.plan-most-every-port",
        _ => "cli.plan-most",
    };
    let most = Message::new(most)
        .with("connections", node.connections)
        .with("packets", node.packets)
        .with("expected", node.expected_connections);
    text += &wrapped("  ", 4, &catalogue.say(&most));
    for service in &node.services {
        let protocol = service.protocol.as_deref().unwrap_or("?");
        let tls = if service.tls { " tls" } else { "" };
        let first = format!("  {} {} {protocol}{tls}", service.name, service.port);
        match &service.untouched {
            Some(reason) => text += &wrapped(&first, 6, &format!("— {}", reason.because)),
            None => {
                let visits: Vec<_> = service
                    .visits
                    .iter()
                    .map(|v| format!("{} ({}, ≤ {})", v.kind, v.impact, v.connections))
                    .collect();
                text += &wrapped(&first, 6, &format!("— {}", visits.join(", ")));
                let checks: Vec<_> = service.checks.iter().map(|c| c.as_str()).collect();
                text += &wrapped(
                    "     ",
                    6,
                    &format!("{} {}", catalogue.word("cli.plan-checks"), checks.join(", ")),
                );
            }
        }
    }
    for impostor in &node.impostors {
        text += &impostor_page(impostor, catalogue);
    }
    if let Some(update) = &node.update {
        let offers: Vec<String> =
            update.offers.iter().map(|o| catalogue.word(&format!("cli.offer-{}", o.word()))).collect();
        let head = Message::new("cli.plan-update")
            .with("far", &update.far)
            .with("packets", update.packets)
            .with("minutes", update.seconds.div_ceil(60));
        text += &wrapped(&format!("  {}", catalogue.say(&head)), 6, &format!("— {}", offers.join(", ")));
    }
    if let Some(replay) = &node.replay {
        let sends: Vec<String> =
            replay.sends.iter().map(|s| catalogue.word(&format!("cli.send-{}", s.word()))).collect();
        let head = Message::new("cli.plan-replay")
            .with("far", &replay.far)
            .with("packets", replay.packets)
            .with("minutes", replay.seconds.div_ceil(60));
        text += &wrapped(&format!("  {}", catalogue.say(&head)), 6, &format!("— {}", sends.join(", ")));
    }
    if !node.health_command.is_empty() {
        let command = Message::new("cli.plan-health").with("command", node.health_command.join(" "));
        text += &wrapped("  ", 4, &catalogue.say(&command));
    }
    if let Some(gateway) = &node.only_with {
        text +=
            &wrapped("  ", 4, &catalogue.say(&Message::new("cli.plan-only-with").with("gateway", gateway)));
    }
    text
}

fn impostor_page(impostor: &ImpostorPlan, catalogue: &Catalogue) -> String {
    let head = Message::new("cli.plan-impostor").with("far", &impostor.far).with("listen", impostor.listen);
    let first = format!("  {}", catalogue.say(&head));
    if let Some(reason) = &impostor.untouched {
        return wrapped(&first, 6, &format!("— {}", reason.because));
    }
    let plays: Vec<String> =
        impostor.plays.iter().map(|p| catalogue.word(&format!("cli.play-{}", p.word()))).collect();
    let most = Message::new("cli.plan-impostor-most")
        .with("packets", impostor.packets)
        .with("minutes", impostor.seconds.div_ceil(60));
    let mut text = wrapped(&first, 6, &format!("— {}", plays.join(", ")));
    text += &wrapped("     ", 6, &catalogue.say(&most));
    text + &wrapped("     ", 6, &impostor.step.because)
}

/// Which requirements apply and which do not, grouped by the reason, once for nodes of the same kind.
fn applicability(plan: &Plan, shown: &[&NodePlan], catalogue: &Catalogue) -> String {
    let mut text = format!("\n{}\n", catalogue.word("cli.plan-applies"));
    let mut by_profile: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for node in shown {
        by_profile.entry(node.profile).or_default().push(node.id.as_str());
    }
    for (index, nodes) in by_profile {
        let Some(profile) = plan.profiles.get(index) else { continue };
        text += &wrapped("\n", 2, &shortened(&nodes));
        let mut yes: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for applying in &profile.applies {
            let reason = applying.reason.because.clone();
            yes.entry(reason).or_default().push(applying.requirement.as_str());
        }
        let mut no: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for not in &profile.not_applicable {
            no.entry(not.reason.because.as_str()).or_default().push(not.requirement.as_str());
        }
        for (reason, ids) in &yes {
            text += &wrapped("  +", 6, &format!("{reason} — {}", ids.join(" ")));
        }
        for (reason, ids) in &no {
            text += &wrapped("  -", 6, &format!("{reason} — {}", ids.join(" ")));
        }
    }
    text
}

/// Names, at most twenty and how many more.
fn shortened(names: &[&str]) -> String {
    let shown = names.iter().take(20).copied().collect::<Vec<_>>().join(", ");
    if names.len() > 20 { format!("{shown} … (+{})", names.len() - 20) } else { shown }
}

/// What no machine tests here, and what a person does instead.
fn by_hand(plan: &Plan, shown: &[&NodePlan], catalogue: &Catalogue) -> String {
    let applying: BTreeSet<_> = shown
        .iter()
        .filter_map(|n| plan.profiles.get(n.profile))
        .flat_map(|p| p.applies.iter().map(|a| &a.requirement))
        .collect();
    let mut text = format!("\n{}\n", catalogue.word("cli.plan-by-hand"));
    for (id, requirement) in plan.requirements.iter().filter(|(id, _)| applying.contains(id)) {
        for aspect in requirement.aspects.iter().filter(|a| a.by_hand) {
            text += &wrapped(&format!("\n  {id} {}:", aspect.id), 6, &aspect.title);
            if let Some(step) = &aspect.step {
                text += &wrapped("     ", 6, step);
            }
        }
    }
    text
}
