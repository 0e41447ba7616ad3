//! A small MQTT broker (3.1.1 and 5): QoS 0 and 1, retained messages, wildcards, and topics of one's own.
//!
//! Sessions end with their connection, and last wills are not read out: nobody in Edith's world leaves one.

mod rules;
mod session;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;

use crate::serve::{Handler, Stream};
pub(crate) use rules::{Name, Rules};

/// Sessions at once; the listener lets no more connections in.
const SESSIONS: usize = 256;
/// Retained messages at once; a topic more is delivered, but not kept.
const RETAINED: usize = 256;
/// Messages that wait for a slow subscriber; more are lost for it, as QoS 0 allows.
const WAITING: usize = 64;

/// The broker.
pub(crate) struct Broker {
    rules: Rules,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    sessions: HashMap<String, Seat>,
    retained: BTreeMap<String, Arc<[u8]>>,
    next: u64,
}

/// A session in the eyes of the others.
struct Seat {
    number: u64,
    name: Name,
    filters: Vec<String>,
    post: mpsc::Sender<Letter>,
}

/// What a session is told from outside.
#[derive(Clone, Debug)]
enum Letter {
    Message(Message),
    /// Somebody else has come with the same client id.
    Leave,
}

#[derive(Clone, Debug)]
struct Message {
    topic: String,
    payload: Arc<[u8]>,
    /// It was kept from earlier, and is sent because of a new subscription.
    retained: bool,
}

impl Broker {
    pub(crate) fn new(rules: Rules) -> Self {
        let mut state = State::default();
        for (topic, value) in
            [("$SYS/broker/version", "example-broker 2.0.11"), ("$SYS/broker/clients/connected", "3")]
        {
            state.retained.insert(topic.to_owned(), value.as_bytes().into());
        }
        Self { rules, state: Mutex::new(state) }
    }

    /// Serves a session on each connection.
    pub(crate) fn handler(self: Arc<Self>) -> Handler {
        let broker = self;
        Arc::new(move |stream: Stream| {
            let broker = Arc::clone(&broker);
            Box::pin(async move { session::serve(&broker, stream).await })
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // INVARIANT: no step under the lock panics half-way through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives a seat to a client; `None` when its id is taken and must stay so.
    ///
    /// MQTT lets the second client with an id end the first one ([MQTT-3.1.4-2]). For a known client that is right,
    /// since it has proved who it is; a stranger has proved nothing.
    fn seat(&self, client_id: &str, name: &Name) -> Option<(u64, mpsc::Receiver<Letter>)> {
        let mut state = self.state();
        if let Some(before) = state.sessions.get(client_id) {
            if !self.rules.may_take_over(name, &before.name) {
                return None;
            }
            // A session that does not read its letters ends by its deadline.
            let _ = before.post.try_send(Letter::Leave);
        } else if state.sessions.len() >= SESSIONS {
            return None;
        }
        state.next += 1;
        let number = state.next;
        let (post, letters) = mpsc::channel(WAITING);
        state
            .sessions
            .insert(client_id.to_owned(), Seat { number, name: name.clone(), filters: Vec::new(), post });
        Some((number, letters))
    }

    /// Clears the seat, unless somebody else has it by now.
    fn leave(&self, client_id: &str, number: u64) {
        let mut state = self.state();
        if state.sessions.get(client_id).is_some_and(|seat| seat.number == number) {
            state.sessions.remove(client_id);
        }
    }

    /// Adds a filter, and sends what was kept for it.
    fn subscribe(&self, client_id: &str, number: u64, filter: &str) {
        let mut guard = self.state();
        let State { sessions, retained, .. } = &mut *guard;
        let Some(seat) = sessions.get_mut(client_id).filter(|seat| seat.number == number) else { return };
        if !seat.filters.iter().any(|f| f == filter) {
            seat.filters.push(filter.to_owned());
        }
        for (topic, payload) in retained.iter().filter(|(topic, _)| rules::matches(filter, topic)) {
            let message = Message { topic: topic.clone(), payload: Arc::clone(payload), retained: true };
            let _ = seat.post.try_send(Letter::Message(message));
        }
    }

    fn unsubscribe(&self, client_id: &str, number: u64, filter: &str) {
        let mut state = self.state();
        if let Some(seat) = state.sessions.get_mut(client_id).filter(|seat| seat.number == number) {
            seat.filters.retain(|f| f != filter);
        }
    }

    /// Delivers to every session with a filter that matches, once each.
    fn publish(&self, topic: &str, payload: &[u8], retain: bool) {
        let mut state = self.state();
        let payload: Arc<[u8]> = payload.into();
        if retain {
            if payload.is_empty() {
                state.retained.remove(topic);
            } else if state.retained.len() < RETAINED || state.retained.contains_key(topic) {
                state.retained.insert(topic.to_owned(), Arc::clone(&payload));
            }
        }
        let message = Message { topic: topic.to_owned(), payload, retained: false };
        for seat in state.sessions.values() {
            if seat.filters.iter().any(|filter| rules::matches(filter, topic)) {
                let _ = seat.post.try_send(Letter::Message(message.clone()));
            }
        }
    }

    /// Topics with a kept message.
    #[cfg(test)]
    pub(crate) fn kept(&self) -> Vec<String> {
        self.state().retained.keys().cloned().collect()
    }
}
