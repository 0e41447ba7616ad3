//! What the tests of the command share: running it, and a lab beside it.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// The command under test.
pub(crate) const AUSCULT: &str = env!("CARGO_BIN_EXE_auscult");

/// Runs the command in a folder, without colours and without the caller's settings.
pub(crate) fn auscult(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(AUSCULT);
    command.args(args).current_dir(dir).stdin(Stdio::null()).env_remove("COLUMNS").env("COLUMNS", "80");
    for name in ["AUSCULT_CATALOG", "AUSCULT_IMPACT", "AUSCULT_DEPTH", "AUSCULT_FAIL_ON", "AUSCULT_COLOR"] {
        command.env_remove(name);
    }
    command.output().unwrap()
}

/// Standard output as text.
pub(crate) fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Standard error as text.
pub(crate) fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The exit code.
pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// A lab that is up until it is dropped.
pub(crate) struct Lab {
    child: Child,
    pub(crate) scenario: PathBuf,
}

impl Lab {
    /// Brings Edith's world up.
    pub(crate) fn up(dir: &Path, octet: u8, args: &[&str]) -> Self {
        let mut child = Command::new(AUSCULT)
            .args(["lab", "up", "edith", "--octet", &octet.to_string(), "--dir", "lab"])
            .args(args)
            .current_dir(dir)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert!(line.contains("is up"), "the lab did not come up: {line}");
        Self { child, scenario: dir.join("lab/scenario.toml") }
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
