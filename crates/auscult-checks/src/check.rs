//! What a check is: metadata, the facts it reads, and a judgement without side effects.

use std::marker::PhantomData;

use auscult_facts::{Answer, Facts, Interrupted, NotAsked, Subject};
use auscult_model::{AspectId, CheckId, Impact, Judgement, Message, RequirementId, Severity};

/// One check, named by the fault it looks for.
pub trait Check: Sync + 'static {
    /// Who it is and what it decides.
    const META: Meta;
    /// The facts it reads.
    type Facts: Facts;
    /// Whose rulings it decides: those of the node that is looked at, unless it judges flows.
    const SIDE: Side = Side::Own;

    /// Narrows the targets on which the facts can be seen; by default all of them.
    fn concerns(_subject: &Subject) -> bool {
        true
    }

    /// Judges one target; pure.
    fn judge(facts: &Self::Facts, subject: &Subject) -> Judgement;
}

/// Whose ruling the judgement of a target counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The node that offers the target.
    Own,
    /// The nodes from which declared flows end at the target; the subject then holds only the flows from that node.
    Caller,
    /// Both.
    Both,
    /// The nodes whose makers owe the pages that are declared to stand on the target; the subject then holds one page.
    Owing,
}

/// What a check says of itself.
#[derive(Debug)]
pub struct Meta {
    /// Id, such as `mqtt-anonymous-access`: folder, name, type and page follow from it.
    pub id: CheckId,
    /// Aspects of requirements that it decides.
    pub covers: &'static [Covers],
    /// How grave the fault is.
    pub severity: Severity,
    /// Least impact at which the facts can answer the question.
    pub impact: Impact,
    /// Its texts in English: `title`, `why`, `mend`, `limits` and the reasons.
    pub text: &'static str,
}

/// One aspect of one requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covers {
    /// The requirement.
    pub requirement: RequirementId,
    /// The aspect.
    pub aspect: AspectId,
}

impl Covers {
    /// Names it in a constant.
    pub const fn new(requirement: &'static str, aspect: &'static str) -> Self {
        Self { requirement: RequirementId::new(requirement), aspect: AspectId::new(aspect) }
    }
}

/// A check whose facts are not known to the compiler.
pub trait AnyCheck: Sync {
    /// Who it is and what it decides.
    fn meta(&self) -> &'static Meta;
    /// Kind of facts it reads.
    fn kind(&self) -> &'static str;
    /// Whose rulings it decides.
    fn side(&self) -> Side;
    /// Whether it has something to say about a subject.
    fn selects(&self, subject: &Subject) -> bool;
    /// Judges facts as they stand in evidence.
    ///
    /// # Errors
    /// When the facts are not of its kind, for example from another version.
    fn judge(&self, facts: &serde_json::Value, subject: &Subject) -> Result<Judgement, serde_json::Error>;
}

/// Wraps a check for the registry.
pub(crate) struct Erased<C>(PhantomData<fn() -> C>);

impl<C> Erased<C> {
    pub(crate) const NEW: Self = Self(PhantomData);
}

impl<C: Check> AnyCheck for Erased<C> {
    fn meta(&self) -> &'static Meta {
        const { &C::META }
    }

    fn kind(&self) -> &'static str {
        C::Facts::KIND
    }

    fn side(&self) -> Side {
        C::SIDE
    }

    fn selects(&self, subject: &Subject) -> bool {
        C::Facts::SCOPE.holds(subject) && C::concerns(subject)
    }

    fn judge(&self, facts: &serde_json::Value, subject: &Subject) -> Result<Judgement, serde_json::Error> {
        use serde::Deserialize;
        Ok(C::judge(&C::Facts::deserialize(facts)?, subject))
    }
}

/// What was seen, or the inconclusive judgement that its absence forces.
///
/// # Errors
/// The judgement to return, when there is no answer to judge.
pub fn said<T>(answer: &Answer<T>) -> Result<&T, Judgement> {
    match answer {
        Answer::Seen(value) => Ok(value),
        Answer::NotAsked(why) => Err(Judgement::inconclusive(not_asked(*why))),
        Answer::Interrupted(why) => Err(Judgement::inconclusive(interrupted(*why))),
    }
}

/// The message for a question that was not asked; it lives in the catalogue of this crate, not of a check.
pub fn not_asked(why: NotAsked) -> Message {
    Message::new(match why {
        NotAsked::Impact => "checks.not-asked-impact",
        NotAsked::NoOccasion => "checks.not-asked-no-occasion",
        NotAsked::Depth => "checks.not-asked-depth",
    })
}

/// The message for what came in between; it lives in the catalogue of this crate, not of a check.
pub fn interrupted(why: Interrupted) -> Message {
    Message::new(format!("checks.interrupted-{}", why.word()))
}
