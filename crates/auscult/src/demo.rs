//! `auscult demo`: Edith's world as it is and as it shall be, checked, reported and compared, on loopback.

use std::path::{Path, PathBuf};

use auscult_engine::PlanOptions;
use auscult_lab::{Edith, Options, Variant};
use auscult_model::Message;
use auscult_model::assessment::Assessment;
use auscult_probe::Guard;
use auscult_probe::health::HealthCommands;
use auscult_report::{html, terminal};
use auscult_text::Catalogue;
use jiff::Timestamp;

use crate::args::Demo;
use crate::stop::{Done, Stop};
use crate::{check, console, inputs, lab, tell};

pub(crate) async fn demo(args: &Demo, catalogue: &Catalogue) -> Done {
    let dir = match &args.dir {
        Some(dir) => dir.clone(),
        None => fresh()?,
    };
    let before = world(Variant::StatusQuo, "status-quo", &dir, args.octet, catalogue).await?;
    let after = world(Variant::Target, "target", &dir, args.octet, catalogue).await?;
    let report = |name: &str| dir.join(name);
    tell::write(&report("status-quo.html"), &html::write(&before, None, catalogue))?;
    tell::write(&report("target.html"), &html::write(&after, Some(&before), catalogue))?;
    let mut text = terminal::write_diff(&before, &after, catalogue, &console::options());
    text.push('\n');
    for (stage, assessment) in [("status-quo", &before), ("target", &after)] {
        let coverage = &assessment.coverage;
        let message = Message::new("cli.demo-verdict")
            .with("stage", catalogue.word(&format!("cli.stage-{stage}")))
            .with("verdict", catalogue.word(&format!("cli.verdict-{}", assessment.verdict)))
            .with("failed", coverage.failed)
            .with("passed", coverage.passed)
            .with("inconclusive", coverage.inconclusive);
        text += &catalogue.say(&message);
        text.push('\n');
    }
    text += &catalogue.say(
        &Message::new("cli.demo-next")
            .with("before", report("status-quo.html").display())
            .with("after", report("target.html").display())
            .with("case", dir.join("status-quo.case").display()),
    );
    text.push('\n');
    console::result(&text)?;
    // What fails is planted, and ends well; that work had to be stopped does not.
    let stopped = [&before, &after].iter().any(|a| a.safety.iter().any(|s| s.stopped.is_some()));
    if stopped {
        console::aside(&catalogue.word("cli.demo-stopped"));
        return Ok(auscult_engine::Outcome::SafetyStop.code());
    }
    Ok(0)
}

/// One world: up, check, down.
async fn world(
    variant: Variant,
    name: &str,
    dir: &Path,
    octet: u8,
    catalogue: &Catalogue,
) -> Result<Assessment, Stop> {
    let home = dir.join(name);
    let options = Options { octet, dir: Some(home.clone()), ..Options::new(variant) };
    let edith = Edith::up(options).await.map_err(|e| lab::stop(&e, catalogue))?;
    console::aside(&catalogue.word(&format!("cli.demo-{name}")));
    let given = inputs::scenario(&home.join("scenario.toml"), catalogue)?;
    let catalog = inputs::catalog(None, catalogue)?;
    let case = dir.join(format!("{name}.case"));
    let plan = PlanOptions::new(Timestamp::now());
    let own = (Guard::default(), HealthCommands::default());
    let progress = console::shows_progress();
    let checked = check::assess(&given, &catalog, plan, own, (&case, progress), catalogue).await;
    edith.down().await;
    let checked = checked?;
    if checked.summary.cancelled {
        return Err(Stop { code: crate::stop::INTERRUPTED, text: catalogue.word("cli.interrupted") });
    }
    Ok(checked.assessment)
}

/// `auscult-demo`, or the first numbered one that is not there yet: nothing of an earlier demo is overwritten.
fn fresh() -> Result<PathBuf, Stop> {
    let names =
        std::iter::once("auscult-demo".to_owned()).chain((2..1000).map(|n| format!("auscult-demo-{n}")));
    let dir = names.map(PathBuf::from).find(|dir| !dir.exists());
    dir.ok_or_else(|| {
        Stop::usage("`auscult-demo` to `auscult-demo-999` exist already; name a folder with --dir")
    })
}
