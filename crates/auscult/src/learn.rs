//! `auscult init` and `auscult explain`: a scenario to begin with, and what a requirement or a check is about.

use std::fs::OpenOptions;
use std::io::Write;

use auscult_catalog::{By, Catalog, Requirement};
use auscult_checks::AnyCheck;
use auscult_model::{Message, RiskClass, Setting};
use auscult_text::Catalogue;

use crate::args::{Explain, Init, Template};
use crate::console::{self, wrapped};
use crate::inputs;
use crate::stop::{Done, Stop};

/// Writes a commented scenario; a file that is there stays.
pub(crate) fn init(args: &Init, catalogue: &Catalogue) -> Done {
    let text = match args.template {
        Template::Device => include_str!("../templates/device.toml"),
        Template::Homecare => include_str!("../templates/homecare.toml"),
    };
    let opened = OpenOptions::new().write(true).create_new(true).open(&args.file);
    let written = opened.and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Ok(()) => {
            let message = Message::new("cli.init-wrote").with("file", args.file.display());
            console::result(&(catalogue.say(&message) + "\n"))?;
            Ok(0)
        }
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            let message = Message::new("cli.init-exists").with("file", args.file.display());
            Err(Stop::usage(catalogue.say(&message)))
        }
        Err(e) => Err(Stop::environment(format!("`{}`: {e}", args.file.display()))),
    }
}

/// Explains a requirement or a check.
pub(crate) fn explain(args: &Explain, catalogue: &Catalogue) -> Done {
    let catalog = inputs::catalog(args.catalog.as_deref(), catalogue)?;
    let upper = args.id.to_ascii_uppercase();
    let text = if let Some(requirement) = catalog.get(&upper) {
        requirement_page(requirement, &catalog, catalogue)
    } else if let Some(check) = auscult_checks::find(&args.id.to_ascii_lowercase()) {
        check_page(check, &catalog, catalogue)
    } else {
        let ids = catalog.requirements.keys().map(|id| id.as_str());
        let ids = ids.chain(auscult_checks::all().iter().map(|c| c.meta().id.as_str()));
        let near = nearest(&args.id, ids);
        let message = Message::new("cli.unknown-id").with("id", &args.id).with_list("near", near);
        return Err(Stop::usage(catalogue.say(&message)));
    };
    console::result(&text)?;
    Ok(0)
}

/// The three ids that share most with a word.
fn nearest<'i>(word: &str, ids: impl Iterator<Item = &'i str>) -> Vec<&'i str> {
    let word: Vec<char> = word.to_ascii_lowercase().chars().take(60).collect();
    let mut scored: Vec<(usize, &str)> = ids
        .map(|id| {
            let other = id.to_ascii_lowercase();
            let shared = word.windows(2).filter(|p| other.contains(&p.iter().collect::<String>())).count();
            (shared, id)
        })
        .collect();
    scored.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.len().cmp(&b.1.len())).then(a.1.cmp(b.1)));
    scored.into_iter().take(3).map(|(_, id)| id).collect()
}

fn requirement_page(requirement: &Requirement, catalog: &Catalog, catalogue: &Catalogue) -> String {
    let mut text = wrapped(&format!("{}  ", requirement.id), 8, &requirement.title);
    text.push('\n');
    text += &wrapped("", 0, &requirement.intent);
    let applies = |setting: Setting| {
        let words = RiskClass::ALL.iter().map(|class| {
            let force = requirement
                .applies
                .force(*class, setting)
                .map_or("cli.force-none".to_owned(), |f| format!("cli.force-{f}"));
            format!("{class} {}", catalogue.word(&force))
        });
        words.collect::<Vec<_>>().join(", ")
    };
    text.push('\n');
    for setting in Setting::ALL {
        text += &wrapped(
            &format!("{}:", catalogue.word(&format!("cli.setting-{setting}"))),
            2,
            &applies(*setting),
        );
    }
    let roles: Vec<_> = requirement.roles.iter().map(|r| r.word()).collect();
    text += &wrapped(&catalogue.word("cli.roles"), 2, &roles.join(", "));
    text += &format!("\n{}\n", catalogue.word("cli.must-be-shown"));
    for aspect in &requirement.aspects {
        let checks: Vec<_> = auscult_checks::all()
            .iter()
            .filter(|c| {
                c.meta().covers.iter().any(|v| v.requirement == requirement.id && v.aspect == aspect.id)
            })
            .map(|c| c.meta().id.as_str())
            .collect();
        let by = match aspect.by {
            By::Check => catalogue.say(&Message::new("cli.by-check").with_list("checks", checks)),
            By::Hand => catalogue.word("cli.by-hand"),
        };
        text += &wrapped("  -", 4, &format!("{} ({by})", aspect.title));
        if let Some(step) = &aspect.step {
            text += &wrapped("   ", 4, step);
        }
    }
    text += &format!("\n{}\n", catalogue.word("cli.remedy"));
    text += &wrapped("", 0, &requirement.remedy);
    text += &format!("\n{}\n", catalogue.word("cli.answers"));
    for cite in &requirement.cites {
        let name =
            catalog.frameworks.get(&cite.framework).map_or(cite.framework.as_str(), |f| f.name.as_str());
        let mark =
            if cite.verified { String::new() } else { format!(" [{}]", catalogue.word("cli.unverified")) };
        text += &wrapped("  -", 4, &format!("{name}: {}{mark}", cite.clause));
    }
    text
}

fn check_page(check: &'static dyn AnyCheck, catalog: &Catalog, catalogue: &Catalogue) -> String {
    let meta = check.meta();
    let part = |name: &str| catalogue.word(&format!("{}.{name}", meta.id));
    let mut text = wrapped(&format!("{}  ", meta.id), 4, &part("title"));
    for (heading, name) in [("cli.why", "why"), ("cli.mend", "mend"), ("cli.limits", "limits")] {
        text += &format!("\n{}\n", catalogue.word(heading));
        text += &wrapped("", 0, &part(name));
    }
    text += &format!("\n{}\n", catalogue.word("cli.decides"));
    for covers in meta.covers {
        let title = catalog.get(covers.requirement.as_str()).map_or("", |r| r.title.as_str());
        text += &wrapped(&format!("  {} ({})", covers.requirement, covers.aspect), 4, title);
    }
    let message = Message::new("cli.needs").with("impact", meta.impact).with("severity", meta.severity);
    text += &format!("\n{}\n", catalogue.say(&message));
    text
}
