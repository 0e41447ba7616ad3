//! What keeps something undecided, and what would close it: every cause has a reason and a next step.

use auscult_facts::Interrupted;
use auscult_facts::bench::PermitBecause;
use auscult_model::{Impact, Message};

use crate::permit;
use crate::words::own;

/// What keeps an aspect or a trial undecided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// A person has to look.
    Hand {
        /// What the person does.
        step: Option<String>,
    },
    /// No check decides the aspect yet.
    NoCheck {
        /// What a person can do instead.
        step: Option<String>,
    },
    /// The service is on UDP, where what the check reads is not seen.
    Udp,
    /// No far end is declared to be played towards the node.
    NoImpostor,
    /// No update is declared to be offered to the node.
    NoUpdate,
    /// No page of the kind is declared for the node.
    NoPage {
        /// What a person can do instead.
        step: Option<String>,
    },
    /// No messages are declared to be sent to the node twice.
    NoReplay,
    /// A flow ends at a node with several services and does not say at which.
    FlowWithoutEnd,
    /// Nothing was noted about the node in any run.
    LeftOut,
    /// The permit of the node does not reach that far.
    Permit { because: PermitBecause, allowed: Impact, needed: Impact },
    /// Something came in between.
    Interrupted { why: Interrupted, permit: Option<PermitBecause>, needed: Impact },
    /// The check looked at the facts and could not decide.
    Undecided { said: Message, permit: Option<PermitBecause>, needed: Option<Impact> },
    /// It was allowed and not done: the run ended before.
    NotObserved,
    /// The facts are of another version.
    Unreadable,
    /// The check itself fell over.
    CheckFault,
    /// No target was found, but not everything was looked at either.
    Unswept { permit: Option<PermitBecause> },
    /// Everything was looked at and nothing is there that the requirement could be tried on.
    NothingThere,
}

impl Cause {
    /// Why it is undecided.
    pub(super) fn message(&self) -> Message {
        match self {
            Self::Hand { .. } => own("by-hand"),
            Self::NoCheck { .. } => own("no-check"),
            Self::Udp => own("udp"),
            Self::NoImpostor => own("no-impostor"),
            Self::NoUpdate => own("no-update"),
            Self::NoPage { .. } => own("no-page"),
            Self::NoReplay => own("no-replay"),
            Self::FlowWithoutEnd => own("flow-without-end"),
            Self::LeftOut => permit::message(Impact::Passive, PermitBecause::LeftOut),
            Self::Permit { because: PermitBecause::Authorised, allowed, needed } => {
                own("needs-more").with("allowed", allowed).with("needed", needed)
            }
            Self::Permit { because, allowed, .. } => permit::message(*allowed, *because),
            Self::Interrupted { why, .. } => auscult_checks::interrupted(*why),
            Self::Undecided { said, .. } => said.clone(),
            Self::NotObserved => own("not-observed"),
            Self::Unreadable => own("unreadable"),
            Self::CheckFault => own("check-fault"),
            Self::Unswept { .. } => own("unswept"),
            Self::NothingThere => own("nothing-there"),
        }
    }

    /// What would close it; a person's own step is not a message, see [`step`](Self::step).
    pub(super) fn next(&self) -> Message {
        let again = || own("next-check-again");
        match self {
            Self::Hand { .. } => own("next-by-hand"),
            Self::NoCheck { .. } => own("next-no-check"),
            Self::Udp => own("next-udp"),
            Self::NoImpostor => own("next-no-impostor"),
            Self::NoUpdate => own("next-no-update"),
            Self::NoPage { .. } => own("next-no-page"),
            Self::NoReplay => own("next-no-replay"),
            Self::FlowWithoutEnd => own("next-flow-without-end"),
            Self::LeftOut => widen(PermitBecause::LeftOut, Impact::Touch),
            Self::Permit { because, needed, .. } => widen(*because, *needed),
            Self::Interrupted { why, permit, needed } => match why {
                Interrupted::NotAuthorised => widen(permit.unwrap_or(PermitBecause::Authorised), *needed),
                Interrupted::Closed => own("next-closed"),
                Interrupted::Unreachable => own("next-unreachable"),
                Interrupted::Silent => own("next-silent"),
                Interrupted::TimedOut | Interrupted::AccessRefused => own("next-refused"),
                Interrupted::NotUnderstood => own("next-not-understood"),
                Interrupted::BudgetSpent => own("next-budget"),
                Interrupted::SafetyStop => own("next-safety-stop"),
                Interrupted::BeyondInstrument => own("next-beyond-instrument"),
                Interrupted::InstrumentFault => own("next-instrument-fault"),
            },
            Self::Undecided { needed: Some(needed), permit, .. } => {
                widen(permit.unwrap_or(PermitBecause::Authorised), *needed)
            }
            Self::Undecided { said, .. } if said.id == "checks.not-asked-depth" => own("next-deeper"),
            Self::Undecided { .. } => own("next-undecided"),
            Self::NotObserved => again(),
            Self::Unreadable => own("next-unreadable"),
            Self::CheckFault => own("next-instrument-fault"),
            Self::Unswept { permit } => match permit {
                None => widen(PermitBecause::LeftOut, Impact::Safe),
                Some(PermitBecause::Authorised) => own("next-unswept"),
                Some(because) => widen(*because, Impact::Safe),
            },
            Self::NothingThere => own("next-nothing-there"),
        }
    }

    /// The step of a person, in the words of the catalog.
    pub(super) fn step(&self) -> Option<&str> {
        match self {
            Self::Hand { step } | Self::NoCheck { step } | Self::NoPage { step } => step.as_deref(),
            _ => None,
        }
    }

    /// Whether only a person can close it.
    pub(super) fn by_hand(&self) -> bool {
        matches!(self, Self::Hand { .. } | Self::NoCheck { .. })
    }
}

/// How to be allowed more.
fn widen(because: PermitBecause, needed: Impact) -> Message {
    own(match because {
        PermitBecause::Authorised => "next-authorise-more",
        PermitBecause::NoAuthorisation => "next-authorise",
        PermitBecause::Expired => "next-renew",
        PermitBecause::InUse => "next-in-use",
        PermitBecause::Asked => "next-asked",
        PermitBecause::NoAddress => "next-address",
        PermitBecause::LeftOut => "next-left-out",
    })
    .with("needed", needed)
}
