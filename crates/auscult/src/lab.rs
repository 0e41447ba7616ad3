//! `auscult lab`: brings a simulated world up, and says what must be found in it.

use std::collections::BTreeSet;

use auscult_lab::{Edith, LabError, Options, dialler, diallers, fault, faults, truth};
use auscult_model::Message;
use auscult_text::Catalogue;

use crate::args::{Lab, LabDial, LabUp, LabVerb, LabWorld};
use crate::console;
use crate::stop::{Done, ENVIRONMENT, Stop, USAGE};

pub(crate) async fn lab(args: &Lab, catalogue: &Catalogue) -> Done {
    match &args.verb {
        LabVerb::Up(args) => up(args, catalogue).await,
        LabVerb::Truth(args) => {
            let set = chosen(args).map_err(|e| stop(&e, catalogue))?;
            let mut text = String::new();
            for t in truth(&set) {
                text += &format!("{}\t{}\t{}\n", t.requirement, t.node, t.fault);
            }
            console::result(&text)?;
            Ok(0)
        }
        LabVerb::Faults => {
            let mut text = String::new();
            for fault in faults() {
                text += &console::wrapped(&format!("{:<28}", fault.name), 29, &catalogue.say(&fault.about()));
            }
            console::result(&text)?;
            Ok(0)
        }
        LabVerb::Devices => {
            let mut text = String::new();
            for device in diallers() {
                let words: Vec<String> = device.about().iter().map(|m| catalogue.say(m)).collect();
                text += &console::wrapped(&format!("{:<28}", device.name), 29, &words.join(" "));
            }
            console::result(&text)?;
            Ok(0)
        }
        LabVerb::Dial(args) => dial(args, catalogue).await,
    }
}

/// Lets one device dial out until Ctrl-C, with the bench for it beside.
async fn dial(args: &LabDial, catalogue: &Catalogue) -> Done {
    let unknown = || stop(&LabError::UnknownDevice(args.device.clone()), catalogue);
    let device = dialler(&args.device).ok_or_else(unknown)?;
    let bench = device.prepare(args.octet, &args.dir).map_err(|e| stop(&e, catalogue))?;
    let fails = device.fails();
    let message = Message::new("cli.lab-dials")
        .with("device", &device.name)
        .with("scenario", args.dir.join("scenario.toml").display())
        .with("octet", args.octet)
        .with_list("fails", if fails.is_empty() { vec!["none"] } else { fails });
    console::result(&(catalogue.say(&message) + "\n"))?;
    tokio::select! {
        ended = bench.run() => ended.map_err(|e| stop(&e, catalogue))?,
        waited = tokio::signal::ctrl_c() => waited.map_err(|e| Stop::environment(e.to_string()))?,
    }
    Ok(0)
}

async fn up(args: &LabUp, catalogue: &Catalogue) -> Done {
    let faults = chosen(&args.world).map_err(|e| stop(&e, catalogue))?;
    let options =
        Options { variant: args.world.variant, faults, octet: args.octet, dir: Some(args.dir.clone()) };
    let edith = Edith::up(options).await.map_err(|e| stop(&e, catalogue))?;
    let scenario = args.dir.join("scenario.toml");
    let message = Message::new("cli.lab-is-up")
        .with("faults", edith.faults().len())
        .with("scenario", scenario.display())
        .with("octet", args.octet);
    console::result(&(catalogue.say(&message) + "\n"))?;
    let waited = tokio::signal::ctrl_c().await;
    edith.down().await;
    waited.map_err(|e| Stop::environment(e.to_string()))?;
    Ok(0)
}

/// The variant's faults, with those that are asked for and without those that are not wanted.
fn chosen(args: &LabWorld) -> Result<BTreeSet<&'static str>, LabError> {
    let known =
        |name: &String| fault(name).map(|f| f.name).ok_or_else(|| LabError::UnknownFault(name.clone()));
    let mut set = args.variant.faults();
    for name in &args.faults {
        set.insert(known(name)?);
    }
    for name in &args.without {
        set.remove(known(name)?);
    }
    Ok(set)
}

/// A lab error with its exit code.
pub(crate) fn stop(error: &LabError, catalogue: &Catalogue) -> Stop {
    let code = match error {
        LabError::UnknownFault(_)
        | LabError::UnknownDevice(_)
        | LabError::Conflict(..)
        | LabError::Octet(_) => USAGE,
        _ => ENVIRONMENT,
    };
    Stop { code, text: catalogue.say(&error.message()) }
}
