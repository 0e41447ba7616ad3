//! Programs of the tester's own machine that know whether a node is healthy: an oracle for what no port tells.
//!
//! A program is run as it is, without a shell, with nothing on its standard input, and for a bounded time; whether its
//! exit code is 0 is all that is looked at. A scenario names it, and only somebody who said that programs of this
//! scenario may be run makes it one that is run.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::Duration;

use auscult_model::NodeId;
use tokio::process::Command;
use tokio::time::timeout;

/// How long a program may take; longer than that the node counts as not healthy.
const LONGEST: Duration = Duration::from_secs(5);

/// The program of each node that has one, with its arguments.
#[derive(Clone, Debug, Default)]
pub struct HealthCommands(BTreeMap<NodeId, Vec<String>>);

impl HealthCommands {
    /// Programs that may be run.
    pub fn allowed(commands: impl IntoIterator<Item = (NodeId, Vec<String>)>) -> Self {
        Self(commands.into_iter().collect())
    }

    /// Whether the node is healthy; `None` where nobody is there to say.
    pub async fn healthy(&self, node: &NodeId) -> Option<bool> {
        let (program, arguments) = self.0.get(node)?.split_first()?;
        let child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        let Ok(mut child) = child else { return Some(false) };
        let ended = timeout(LONGEST, child.wait()).await;
        Some(matches!(ended, Ok(Ok(status)) if status.success()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn says(words: &[&str]) -> Option<bool> {
        let node = NodeId::from("pump");
        let command = words.iter().map(|w| (*w).to_owned()).collect();
        HealthCommands::allowed([(node.clone(), command)]).healthy(&node).await
    }

    #[tokio::test]
    async fn only_exit_code_zero_is_healthy() {
        assert_eq!(says(&["true"]).await, Some(true));
        assert_eq!(says(&["false"]).await, Some(false));
        assert_eq!(says(&["/there/is/no/such/program"]).await, Some(false));
        assert_eq!(HealthCommands::default().healthy(&NodeId::from("pump")).await, None);
    }

    #[tokio::test]
    async fn arguments_are_no_shell() {
        let dir = tempfile::tempdir().unwrap();
        let mark = dir.path().join("made");
        let line = format!("; touch {}", mark.display());
        assert_eq!(says(&["test", &line, "=", &line]).await, Some(true));
        assert!(!mark.exists());
    }
}
