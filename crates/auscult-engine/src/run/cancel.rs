//! A wish to stop, seen by everybody who works.

use std::sync::Arc;

use tokio::sync::watch;

/// A wish to stop; clones share it.
#[derive(Clone, Debug)]
pub struct Cancel(Arc<watch::Sender<bool>>);

impl Default for Cancel {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Cancel {
    /// Asks everybody to stop.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was asked.
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is asked.
    pub async fn cancelled(&self) {
        // The sender lives as long as `self`, so that waiting can only end with the wish.
        let _ = self.0.subscribe().wait_for(|wished| *wished).await;
    }
}
