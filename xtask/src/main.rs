//! Chores of the house: new checks and generated files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

mod codegen;
mod manual;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["codegen"] => codegen::write(),
        ["codegen", "--check"] => codegen::prove_fresh(),
        ["new-check", protocol, name] => new_check(protocol, name),
        _ => bail!("say `cargo xtask codegen [--check]` or `cargo xtask new-check PROTOCOL NAME`"),
    }
}

/// The root of the checkout.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn new_check(protocol: &str, name: &str) -> Result<()> {
    // Ids have hyphens and folders, which are modules, underscores.
    let (protocol, name) = (&protocol.replace('-', "_"), &name.replace('-', "_"));
    let folder = root().join("crates/auscult-checks/src").join(protocol).join(name);
    if folder.exists() {
        bail!("`{protocol}/{name}` exists already");
    }
    fs::create_dir_all(folder.join("fixtures")).context("cannot make the folder")?;
    let id = codegen::id(protocol, name);
    let kind = codegen::camel(name);
    fs::write(folder.join("mod.rs"), SKELETON.replace("{id}", &id).replace("{kind}", &kind))?;
    fs::write(folder.join("en.ftl"), "title =\nwhy =\nmend =\nlimits =\n")?;
    codegen::write_code()
}

/// A new check; it does not compile until its author has said which facts it reads and what it covers.
const SKELETON: &str = r#"//! The fault that this check looks for, in one sentence.

use auscult_facts::Subject;
use auscult_model::{CheckId, Impact, Judgement, Message, Severity};

use crate::{Check, Covers, Meta, said};

/// See the first line of the module.
pub struct {kind};

impl Check for {kind} {
    const META: Meta = Meta {
        id: CheckId::new("{id}"),
        covers: &[Covers::new("", "")],
        severity: Severity::Medium,
        impact: Impact::Safe,
        text: include_str!("en.ftl"),
    };
    type Facts = ;

    fn judge(facts: &Self::Facts, subject: &Subject) -> Judgement {
    }
}
"#;
