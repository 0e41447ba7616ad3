//! The command as a child whose memory is watched.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What a run came to.
pub(crate) struct Watched {
    pub(crate) code: Option<i32>,
    pub(crate) output: Vec<u8>,
    pub(crate) errors: String,
    /// The most memory that was resident, KiB: `VmHWM`, which the kernel keeps, as it stood less than 20 ms before the end.
    pub(crate) most_kib: u64,
    pub(crate) took: Duration,
}

/// Runs the command to its end.
pub(crate) fn auscult(dir: &Path, args: &[&str]) -> Watched {
    let mut command = Command::new(env!("CARGO_BIN_EXE_auscult"));
    for name in ["AUSCULT_CATALOG", "AUSCULT_IMPACT", "AUSCULT_DEPTH", "AUSCULT_FAIL_ON", "AUSCULT_COLOR"] {
        command.env_remove(name);
    }
    let words = tempfile::NamedTempFile::new_in(dir).expect("a file");
    let output = tempfile::NamedTempFile::new_in(dir).expect("a file");
    let began = Instant::now();
    let mut child = command
        .args(args)
        .current_dir(dir)
        .stdin(Stdio::null())
        .stdout(output.reopen().expect("a file"))
        .stderr(words.reopen().expect("a file"))
        .spawn()
        .expect("the command");
    let mut most_kib = 0;
    let status = loop {
        most_kib = most_kib.max(high_water(child.id()));
        if let Some(status) = child.try_wait().expect("a state") {
            break status;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    Watched {
        code: status.code(),
        output: fs::read(output.path()).expect("output"),
        errors: String::from_utf8_lossy(&fs::read(words.path()).expect("words")).into_owned(),
        most_kib,
        took: began.elapsed(),
    }
}

fn high_water(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0)
}
