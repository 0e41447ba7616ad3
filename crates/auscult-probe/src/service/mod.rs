//! Recognises a service by what it answers: one connection at a time, the best guess first.

mod interview;
mod question;
mod reading;
mod tell;

use auscult_facts::ports::PortState;
use auscult_facts::service::ServiceFacts;
use auscult_facts::{Interrupted, Subject};
use auscult_model::{Impact, Transport};

use crate::{Bound, NodeBench};

use interview::Interview;

pub use reading::{Reading, read};
pub(crate) use tell::clean;

/// Recognises one TCP service whose port is in a known state.
///
/// With [`Impact::Touch`] there is one connection on which a greeting is waited for, after a TLS hello where TLS is
/// declared; nothing else is sent. From [`Impact::Safe`] upwards it is asked question after question until one answer
/// proves a protocol. What stays unknown keeps its first bytes. A port that is not open is only written down.
///
/// `mark` is the word of the run that stands in names of our own.
///
/// # Errors
/// What came in between when the service could not be spoken to at all, when the bench was stopped or its budget is
/// spent; `BeyondInstrument` for a service over UDP.
pub async fn recognise(
    bench: &NodeBench,
    subject: &Subject,
    state: PortState,
    mark: &str,
) -> Result<ServiceFacts, Interrupted> {
    let service = subject.service.as_ref().ok_or(Interrupted::InstrumentFault)?;
    if service.transport != Transport::Tcp {
        return Err(Interrupted::BeyondInstrument);
    }
    if state != PortState::Open {
        return Ok(ServiceFacts::at(state));
    }
    Interview::new(bench, subject, service, mark).hold().await
}

/// What a TLS handshake alone tells of a service: where a device is only touched, it is not asked a second time.
///
/// `interrupted` is what came in between, `None` when the handshake was made. Only a handshake that was made shows
/// TLS; any other answer leaves open what it is: one connection is too little to say.
///
/// # Errors
/// What came in between before the port could be asked at all, which tells nothing of it.
pub fn after_handshake(interrupted: Option<Interrupted>) -> Result<ServiceFacts, Interrupted> {
    let state = match interrupted {
        Some(Interrupted::Closed) => PortState::Closed,
        Some(Interrupted::Unreachable) => PortState::Filtered,
        None
        | Some(
            Interrupted::TimedOut
            | Interrupted::AccessRefused
            | Interrupted::NotUnderstood
            | Interrupted::BeyondInstrument,
        ) => PortState::Open,
        Some(
            why @ (Interrupted::NotAuthorised
            | Interrupted::Silent
            | Interrupted::BudgetSpent
            | Interrupted::SafetyStop
            | Interrupted::InstrumentFault),
        ) => return Err(why),
    };
    let tls = interrupted.is_none().then_some(true);
    Ok(ServiceFacts {
        tls,
        asked: vec![question::Question::TlsHello.name().to_owned()],
        ..ServiceFacts::at(state)
    })
}

/// What the recognition of one service may cost at most.
pub fn bound(allowed: Impact) -> Bound {
    match allowed {
        Impact::Passive => Bound::default(),
        Impact::Touch => Bound { connections: 1, packets: interview::PACKETS },
        Impact::Safe | Impact::Intrusive | Impact::Disruptive => Bound {
            connections: interview::CONNECTIONS,
            packets: interview::CONNECTIONS * interview::PACKETS,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handshake_that_was_never_begun_tells_nothing_of_the_port() {
        for why in [Interrupted::NotAuthorised, Interrupted::BudgetSpent, Interrupted::SafetyStop] {
            assert_eq!(after_handshake(Some(why)), Err(why));
        }
    }

    #[test]
    fn only_a_handshake_that_was_made_shows_tls() {
        let facts = |why| after_handshake(why).unwrap();
        assert_eq!((facts(None).state, facts(None).tls), (PortState::Open, Some(true)));
        for why in [Interrupted::BeyondInstrument, Interrupted::TimedOut, Interrupted::NotUnderstood] {
            assert_eq!((facts(Some(why)).state, facts(Some(why)).tls), (PortState::Open, None));
        }
        assert_eq!(facts(Some(Interrupted::Closed)).state, PortState::Closed);
    }
}
