//! Signs of life that the work itself sees: which ports have answered, and one that no longer does.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

/// What connects of the work say about the node, for the liveness oracle.
#[derive(Debug)]
pub(super) struct Signs {
    answered: Mutex<BTreeSet<u16>>,
    /// Oracles that watch; without one nobody could settle a doubt.
    watching: AtomicUsize,
    /// A port that has answered before and does not now.
    doubt: watch::Sender<Option<u16>>,
    /// Whether there is one.
    doubtful: AtomicBool,
}

impl Default for Signs {
    fn default() -> Self {
        Self {
            answered: Mutex::default(),
            watching: AtomicUsize::new(0),
            doubt: watch::Sender::new(None),
            doubtful: AtomicBool::new(false),
        }
    }
}

impl Signs {
    /// A port has answered a connect.
    pub(super) fn answered(&self, port: u16) {
        self.answered.lock().unwrap_or_else(PoisonError::into_inner).insert(port);
    }

    /// A port has not answered a connect; a reason for doubt if it has before.
    pub(super) fn failed(&self, port: u16) {
        let known = self.answered.lock().unwrap_or_else(PoisonError::into_inner).contains(&port);
        if known && self.watching.load(Ordering::SeqCst) > 0 {
            self.doubtful.store(true, Ordering::SeqCst);
            self.doubt.send_if_modified(|doubt| {
                let new = doubt.is_none();
                *doubt = doubt.or(Some(port));
                new
            });
        }
    }

    /// Waits until nobody doubts.
    pub(super) async fn settled(&self) {
        // A sweep asks this for each port.
        if !self.doubtful.load(Ordering::SeqCst) {
            return;
        }
        // The sender lives as long as `self`, so that waiting can only end with what is waited for.
        let _ = self.doubt.subscribe().wait_for(Option::is_none).await;
    }

    /// Waits for a doubt.
    pub(super) async fn doubted(&self) {
        let _ = self.doubt.subscribe().wait_for(Option::is_some).await;
    }

    /// The port in doubt.
    pub(super) fn doubt(&self) -> Option<u16> {
        *self.doubt.borrow()
    }

    /// Whoever waits goes on.
    pub(super) fn settle(&self) {
        self.doubtful.store(false, Ordering::SeqCst);
        self.doubt.send_replace(None);
    }

    /// Somebody watches from now on, or no longer.
    pub(super) fn watched(&self, begins: bool) {
        if begins {
            self.watching.fetch_add(1, Ordering::SeqCst);
        } else if self.watching.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.settle();
        }
    }
}
