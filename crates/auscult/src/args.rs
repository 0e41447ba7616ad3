//! The command line: which words it takes; what they mean to a person stands in the catalogue.

use std::path::PathBuf;

use auscult_lab::Variant;
use auscult_model::{Impact, NodeId, Severity};
use auscult_probe::Depth;
use auscult_text::Catalogue;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

#[derive(Debug, Parser)]
#[command(name = "auscult", version, disable_help_subcommand = true, propagate_version = true)]
pub(crate) struct Auscult {
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, env = "AUSCULT_COLOR")]
    pub(crate) color: Colour,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Demo(Demo),
    Init(Init),
    Plan(Plan),
    Check(Check),
    Judge(Judge),
    Verify(Verify),
    Report(Report),
    Diff(Diff),
    Lab(Lab),
    Explain(Explain),
    Completions(Completions),
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    #[arg(long, value_name = "DIR", env = "AUSCULT_DEMO_DIR")]
    pub(crate) dir: Option<PathBuf>,
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u8).range(1..=254))]
    pub(crate) octet: u8,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    #[arg(value_name = "FILE", default_value = "scenario.toml")]
    pub(crate) file: PathBuf,
    #[arg(long, value_enum, default_value_t = Template::Device)]
    pub(crate) template: Template,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Template {
    Device,
    Homecare,
}

/// What narrows or deepens the work.
#[derive(Debug, Args)]
pub(crate) struct Scope {
    #[arg(long = "node", value_name = "NODE")]
    pub(crate) nodes: Vec<String>,
    #[arg(long, value_name = "IMPACT", value_parser = impact, env = "AUSCULT_IMPACT")]
    pub(crate) impact: Option<Impact>,
    #[arg(long, value_name = "DEPTH", value_parser = depth, default_value = "verdict", env = "AUSCULT_DEPTH")]
    pub(crate) depth: Depth,
    #[arg(long)]
    pub(crate) declared_only: bool,
    #[arg(long, value_name = "DIR", env = "AUSCULT_CATALOG")]
    pub(crate) catalog: Option<PathBuf>,
}

impl Scope {
    pub(crate) fn nodes(&self) -> Option<std::collections::BTreeSet<NodeId>> {
        (!self.nodes.is_empty()).then(|| self.nodes.iter().map(|n| NodeId::from(n.as_str())).collect())
    }
}

#[derive(Debug, Args)]
pub(crate) struct Plan {
    #[arg(value_name = "SCENARIO")]
    pub(crate) scenario: PathBuf,
    #[command(flatten)]
    pub(crate) scope: Scope,
    #[arg(long, value_enum, default_value_t = PlanFormat::Human)]
    pub(crate) format: PlanFormat,
    #[arg(long, value_enum, value_name = "FRAMEWORK")]
    pub(crate) coverage: Option<Coverage>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    Human,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Coverage {
    Ts103701,
}

/// How an assessment is told, and what it comes to.
#[derive(Debug, Args)]
pub(crate) struct Telling {
    #[arg(long = "reporter", value_name = "FORMAT[:FILE]", value_parser = reporter)]
    pub(crate) reporters: Vec<Reporter>,
    #[arg(long, value_name = "SEVERITY", value_parser = severity, default_value = "info", env = "AUSCULT_FAIL_ON")]
    pub(crate) fail_on: Severity,
    #[arg(long)]
    pub(crate) exit_zero: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reporter {
    pub(crate) format: Format,
    pub(crate) file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Human,
    Json,
    Html,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[arg(value_name = "SCENARIO")]
    pub(crate) scenario: PathBuf,
    #[arg(long, value_name = "DIR")]
    pub(crate) case: Option<PathBuf>,
    #[arg(long, value_name = "FILE", env = "AUSCULT_CREDENTIALS")]
    pub(crate) credentials: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) scope: Scope,
    #[command(flatten)]
    pub(crate) telling: Telling,
    #[arg(long)]
    pub(crate) no_progress: bool,
    #[arg(long)]
    pub(crate) allow_health_command: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Judge {
    #[arg(value_name = "CASE")]
    pub(crate) case: PathBuf,
    #[command(flatten)]
    pub(crate) telling: Telling,
    #[arg(long)]
    pub(crate) write: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    #[arg(value_name = "CASE")]
    pub(crate) case: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Report {
    #[arg(value_name = "CASE")]
    pub(crate) case: PathBuf,
    #[arg(long, value_name = "CASE")]
    pub(crate) before: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) telling: Telling,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    #[arg(value_name = "BEFORE")]
    pub(crate) before: PathBuf,
    #[arg(value_name = "AFTER")]
    pub(crate) after: PathBuf,
    #[arg(long = "reporter", value_name = "FORMAT[:FILE]", value_parser = reporter)]
    pub(crate) reporters: Vec<Reporter>,
}

#[derive(Debug, Args)]
pub(crate) struct Lab {
    #[command(subcommand)]
    pub(crate) verb: LabVerb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LabVerb {
    Up(LabUp),
    Truth(LabWorld),
    Faults,
    Devices,
    Dial(LabDial),
}

#[derive(Debug, Args)]
pub(crate) struct LabDial {
    #[arg(value_name = "DEVICE")]
    pub(crate) device: String,
    #[arg(long, value_name = "DIR", default_value = "bench")]
    pub(crate) dir: PathBuf,
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u8).range(1..=254))]
    pub(crate) octet: u8,
}

#[derive(Debug, Args)]
pub(crate) struct LabUp {
    #[command(flatten)]
    pub(crate) world: LabWorld,
    #[arg(long, value_name = "DIR", default_value = "lab")]
    pub(crate) dir: PathBuf,
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u8).range(1..=254))]
    pub(crate) octet: u8,
}

#[derive(Debug, Args)]
pub(crate) struct LabWorld {
    #[arg(value_enum, value_name = "WORLD")]
    pub(crate) world: World,
    #[arg(long, value_parser = variant, value_name = "VARIANT", default_value = "status-quo")]
    pub(crate) variant: Variant,
    #[arg(long = "fault", value_name = "FAULT")]
    pub(crate) faults: Vec<String>,
    #[arg(long = "without", value_name = "FAULT")]
    pub(crate) without: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum World {
    Edith,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[arg(long, value_name = "DIR", env = "AUSCULT_CATALOG")]
    pub(crate) catalog: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

fn impact(word: &str) -> Result<Impact, String> {
    let words: Vec<_> = Impact::ALL.iter().map(|i| i.word()).collect();
    Impact::from_word(word).ok_or_else(|| words.join(", "))
}

fn severity(word: &str) -> Result<Severity, String> {
    let words: Vec<_> = Severity::ALL.iter().map(|s| s.word()).collect();
    Severity::ALL.iter().copied().find(|s| s.word() == word).ok_or_else(|| words.join(", "))
}

fn depth(word: &str) -> Result<Depth, String> {
    match word {
        "verdict" => Ok(Depth::Verdict),
        "inventory" => Ok(Depth::Inventory),
        _ => Err("verdict, inventory".to_owned()),
    }
}

fn variant(word: &str) -> Result<Variant, String> {
    match word {
        "status-quo" => Ok(Variant::StatusQuo),
        "target" => Ok(Variant::Target),
        _ => Err("status-quo, target".to_owned()),
    }
}

fn reporter(text: &str) -> Result<Reporter, String> {
    let (format, file) = match text.split_once(':') {
        Some((format, file)) => (format, Some(PathBuf::from(file))),
        None => (text, None),
    };
    let format = match format {
        "human" => Format::Human,
        "json" => Format::Json,
        "html" => Format::Html,
        _ => return Err("human, json, html".to_owned()),
    };
    Ok(Reporter { format, file })
}

/// The command line with its words: `cli.about-COMMAND`, `cli.after-COMMAND`, `cli.arg-COMMAND-NAME` or `cli.arg-NAME`.
pub(crate) fn worded(catalogue: &Catalogue) -> clap::Command {
    let command =
        Auscult::command().about(catalogue.word("cli.about")).after_help(catalogue.word("cli.after"));
    dress(command, "", catalogue)
}

fn dress(mut command: clap::Command, path: &str, catalogue: &Catalogue) -> clap::Command {
    let names: Vec<_> = command.get_arguments().map(|a| a.get_id().to_string()).collect();
    for name in names.iter().filter(|n| !matches!(n.as_str(), "help" | "version")) {
        let own = format!("cli.arg{path}-{}", name.replace('_', "-"));
        let shared = format!("cli.arg-{}", name.replace('_', "-"));
        let words = catalogue.word(if catalogue.has(&own) { &own } else { &shared });
        command = command.mut_arg(name, |arg| arg.help(words));
    }
    let children: Vec<_> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    for child in children {
        command = command.mut_subcommand(&child, |sub| {
            let path = format!("{path}-{child}");
            let sub = sub.about(catalogue.word(&format!("cli.about{path}")));
            let after = format!(
                "{}\n\n{}",
                catalogue.word(&format!("cli.after{path}")),
                catalogue.word("cli.exit-codes")
            );
            dress(sub.after_help(after), &path, catalogue)
        });
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_and_argument_has_words() {
        let catalogue = crate::console::catalogue();
        worded(&catalogue).debug_assert();
        assert_eq!(catalogue.missing(), 0);
    }
}
