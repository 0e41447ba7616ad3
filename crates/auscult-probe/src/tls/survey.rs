//! The plan of a look: which questions are asked in which order, and which are not needed.

use std::collections::BTreeMap;
use std::sync::Arc;

use auscult_facts::tls::Version;
use auscult_facts::{Interrupted, Subject};
use auscult_wire::tls::{self, Exchange, KeyExchange, SuiteInfo, alert, version};

use super::ask::{Asker, Moment, Outcome};
use super::peel::{Inventory, peel_all};
use super::question::Question;
use super::real::{Failed, Real};

/// What the questions gave.
#[derive(Debug)]
pub(super) struct Survey {
    /// All from TLS 1.0 to 1.3 together.
    pub(super) everything: Outcome,
    /// Each version alone.
    pub(super) versions: BTreeMap<Version, Outcome>,
    /// Broken suites alone, up to TLS 1.2; `None` where no such version is accepted.
    pub(super) broken: Option<Outcome>,
    /// Dated suites alone.
    pub(super) dated: Option<Outcome>,
    /// Ephemeral suites with weak curves, or with a finite field: both together first, then what is left to ask.
    pub(super) weak: Vec<Outcome>,
    /// Hybrid groups alone, where the server named another in TLS 1.3.
    pub(super) hybrid: Option<Outcome>,
    /// A fallback; `None` where there is nothing to fall back to.
    pub(super) fallback: Option<Outcome>,
    /// A whole handshake, where it can show more.
    pub(super) real: Option<Result<Real, Failed>>,
    /// What peeling gave.
    pub(super) inventory: Option<Inventory>,
}

/// Versions as on the wire.
pub(super) fn wire(version: Version) -> u16 {
    match version {
        Version::Ssl2 => version::SSL2,
        Version::Ssl3 => version::SSL3,
        Version::Tls10 => version::TLS10,
        Version::Tls11 => version::TLS11,
        Version::Tls12 => version::TLS12,
        Version::Tls13 => version::TLS13,
    }
}

impl Survey {
    /// Asks all of it.
    ///
    /// # Errors
    /// What came in between, when the port accepted no version at all.
    pub(super) async fn make(asker: &Arc<Asker>, subject: &Subject, deep: bool) -> Result<Self, Interrupted> {
        let mut everything = Outcome::Spared;
        if asker.gently() {
            // A server that refuses this for its version knows a newer one, and has shown that it bears it.
            match asker.ask_plainly(&Question::only(version::TLS12)).await {
                Outcome::Refused(alert::PROTOCOL_VERSION) => asker.is_newer(),
                told => everything = told,
            }
        }
        if !asker.gently() {
            everything = asker.ask(&Question::everything()).await;
        }
        if let Outcome::Interrupted(why) = everything
            && why != Interrupted::AccessRefused
        {
            return Err(why);
        }
        let mut survey = Self {
            versions: versions(asker, &everything).await,
            everything,
            broken: None,
            dated: None,
            weak: Vec::new(),
            hybrid: None,
            fallback: None,
            real: None,
            inventory: None,
        };
        if survey.accepted().is_empty() {
            survey.doubts(asker).await;
        }
        if survey.accepted().is_empty() {
            return Err(survey.why_nothing());
        }
        survey.suites_and_groups(asker, subject, deep).await;
        if !deep && survey.needs_handshake() {
            survey.real = Some(asker.shake(subject, false).await);
        }
        survey.doubts(asker).await;
        Ok(survey)
    }

    /// Versions seen accepted, oldest first.
    pub(super) fn accepted(&self) -> Vec<Version> {
        let mut accepted: Vec<Version> = Version::ALL
            .into_iter()
            .filter(|v| self.versions.get(v).is_some_and(|outcome| accepts(outcome, *v)))
            .collect();
        if let Some(chosen) = self.chosen()
            && !accepted.contains(&chosen)
        {
            accepted.push(chosen);
            accepted.sort_unstable();
        }
        accepted
    }

    /// The version chosen when all are offered.
    pub(super) fn chosen(&self) -> Option<Version> {
        let chosen = self.everything.version()?;
        Version::ALL.into_iter().find(|v| wire(*v) == chosen)
    }

    /// The newest version up to TLS 1.2 that is accepted, SSL 2 aside.
    pub(super) fn newest_old(&self) -> Option<Version> {
        self.accepted().into_iter().rev().find(|v| (Version::Ssl3..=Version::Tls12).contains(v))
    }

    /// Every outcome that may hold a flight, the ones that show what a server prefers first.
    pub(super) fn outcomes(&self) -> impl Iterator<Item = &Outcome> {
        self.versions
            .values()
            .rev()
            .chain([&self.everything])
            .chain(&self.broken)
            .chain(&self.dated)
            .chain(&self.weak)
            .chain(&self.hybrid)
            .chain(&self.fallback)
    }

    async fn suites_and_groups(&mut self, asker: &Arc<Asker>, subject: &Subject, deep: bool) {
        let accepted = self.accepted();
        let old = self.newest_old().map(wire);
        // A fallback is a hello for an older version than the newest that is accepted; SSL 2 has no such signal.
        let fallback = match accepted.as_slice() {
            [.., older, _] if *older >= Version::Ssl3 => Some(wire(*older)),
            _ => None,
        };
        let named = self.versions.get(&Version::Tls13).and_then(group);
        let hybrids = tls::hybrid_groups();
        // What a whole handshake shows is worth more than a group.
        let reserved = u64::from(self.needs_handshake());
        let ask_hybrid = named.is_some_and(|group| !hybrids.contains(&group));
        // Offers go up to TLS 1.2: a server that has only older versions comes down by itself.
        let broken = async {
            match old {
                Some(_) => Some(asker.ask(&Question::with(version::TLS12, SuiteInfo::is_broken)).await),
                None => None,
            }
        };
        let dated = async {
            match old {
                Some(_) => Some(asker.ask(&Question::with(version::TLS12, SuiteInfo::is_dated)).await),
                None => None,
            }
        };
        let weak = async {
            match old {
                Some(_) => weak(asker, reserved).await,
                None => Vec::new(),
            }
        };
        let fallback = async {
            match fallback {
                Some(version) => Some(asker.ask(&Question::only(version).fallen_back()).await),
                None => None,
            }
        };
        let hybrid = async {
            match ask_hybrid {
                true => Some(asker.ask(&Question::only(version::TLS13).groups(hybrids)).await),
                false => None,
            }
        };
        if deep {
            let found: BTreeMap<Version, Option<u16>> =
                accepted.iter().map(|v| (*v, self.versions.get(v).and_then(Outcome::suite))).collect();
            let real = async {
                match self.needs_handshake() {
                    true => Some(asker.shake(subject, false).await),
                    false => None,
                }
            };
            let inventory = peel_all(asker, &found, named);
            let (broken, dated, weak, fallback, hybrid, real, inventory) =
                tokio::join!(broken, dated, weak, fallback, hybrid, real, inventory);
            (self.broken, self.dated, self.weak) = (broken, dated, weak);
            (self.fallback, self.hybrid) = (fallback, hybrid);
            (self.real, self.inventory) = (real, Some(inventory));
        } else {
            // One after the other: many devices serve one connection at a time.
            self.broken = broken.await;
            self.dated = dated.await;
            self.fallback = fallback.await;
            self.weak = weak.await;
            self.hybrid = match asker.left() > reserved {
                true => hybrid.await,
                false => ask_hybrid.then_some(Outcome::NotAsked),
            };
        }
    }

    /// Whether a whole handshake can show more than the flights: TLS 1.3 hides its certificates, and whether a
    /// client certificate is demanded shows only at the end.
    fn needs_handshake(&self) -> bool {
        let accepted = self.accepted();
        accepted.contains(&Version::Tls13)
            || (accepted.contains(&Version::Tls12)
                && self.outcomes().filter_map(Outcome::flight).any(|f| f.certificate_asked || !f.complete))
    }

    /// Whether a hello of the same build, but for TLS 1.2, was accepted: then it was the version that an older one
    /// failed on, and not the build.
    pub(super) fn has_control(&self) -> bool {
        matches!(self.versions.get(&Version::Tls12), Some(Outcome::Accepted(a)) if a.extras)
    }

    /// Asks again where the end of a connection does not tell its reason, then makes sure that the server still
    /// serves us: only then was it a refusal.
    async fn doubts(&mut self, asker: &Asker) {
        for version in [Version::Tls13, Version::Tls10, Version::Tls11, Version::Tls12, Version::Ssl3] {
            let doubtful = match self.versions.get(&version) {
                Some(Outcome::Cut(_)) => true,
                Some(Outcome::Failed(_)) => !self.has_control(),
                _ => false,
            };
            if doubtful && asker.left() > 1 {
                let again = asker.ask_plainly(&Question::only(wire(version))).await;
                // Anything else is no clearer than what was there before.
                if matches!(again, Outcome::Accepted(_) | Outcome::Refused(_)) {
                    self.versions.insert(version, again);
                }
            }
        }
        if self.cuts().any(|cut| !asker.proves(cut)) && asker.left() > 0 {
            let known = self.newest_old().or_else(|| self.accepted().pop());
            if let Some(version) = known {
                asker.ask(&Question::only(wire(version))).await;
            }
        }
    }

    fn cuts(&self) -> impl Iterator<Item = Moment> {
        let peeled = self.inventory.iter().flat_map(|i| i.cuts.iter().copied());
        let asked = self.outcomes().filter_map(|outcome| match outcome {
            Outcome::Cut(moment) | Outcome::Failed(moment) => Some(*moment),
            _ => None,
        });
        asked.chain(peeled)
    }

    /// What came in between when no version was accepted.
    fn why_nothing(&self) -> Interrupted {
        let words = self.outcomes().filter_map(|outcome| match outcome {
            Outcome::Interrupted(why) => Some(*why),
            _ => None,
        });
        // A port that refuses everything has not told what it would accept.
        words.into_iter().find(|why| *why != Interrupted::AccessRefused).unwrap_or(Interrupted::AccessRefused)
    }
}

/// Whether an outcome is the acceptance of a version.
pub(super) fn accepts(outcome: &Outcome, version: Version) -> bool {
    match outcome {
        Outcome::Accepted(a) if version == Version::Ssl2 => a.flight.ssl2.is_some(),
        other => other.version() == Some(wire(version)),
    }
}

/// The group that a server named in TLS 1.3.
pub(super) fn group(outcome: &Outcome) -> Option<u16> {
    outcome.flight()?.hello.as_ref().filter(|hello| hello.version >= version::TLS13)?.group
}

async fn versions(asker: &Asker, everything: &Outcome) -> BTreeMap<Version, Outcome> {
    // TLS 1.3 was offered among everything: chosen it is accepted, and a refusal of all versions was for it, too.
    let known = match everything {
        Outcome::Accepted(_) if everything.version() == Some(version::TLS13) => true,
        Outcome::Refused(alert::PROTOCOL_VERSION) => true,
        _ => false,
    };
    let gently = asker.gently();
    let newest = async {
        match known {
            true => everything.clone(),
            false if gently => Outcome::Spared,
            false => asker.ask(&Question::only(version::TLS13)).await,
        }
    };
    let only = |version| async move { asker.ask(&Question::only(version)).await };
    // The order counts where the allowance runs out. The newest comes last of the old ones: that it is still
    // served shows that the others were refused and not merely lost.
    let (tls13, tls10, tls11, ssl3, ssl2, tls12) = tokio::join!(
        newest,
        only(version::TLS10),
        only(version::TLS11),
        only(version::SSL3),
        asker.ask_ssl2(),
        async {
            match (gently, everything) {
                // It is all that was offered.
                (true, told @ Outcome::Accepted(_)) => told.clone(),
                _ => only(version::TLS12).await,
            }
        },
    );
    BTreeMap::from([
        (Version::Ssl2, ssl2),
        (Version::Ssl3, ssl3),
        (Version::Tls10, tls10),
        (Version::Tls11, tls11),
        (Version::Tls12, tls12),
        (Version::Tls13, tls13),
    ])
}

/// Asks for weak curves and finite fields together; a server that has neither says so at once.
///
/// So many connections as are `reserved` are left over.
async fn weak(asker: &Asker, reserved: u64) -> Vec<Outcome> {
    let finite =
        |s: &SuiteInfo| matches!(s.exchange(), Exchange::FiniteField | Exchange::FiniteFieldWithHint);
    let curve = |s: &SuiteInfo| matches!(s.exchange(), Exchange::Ec | Exchange::EcWithHint);
    let question =
        |which: &dyn Fn(&SuiteInfo) -> bool| Question::with(version::TLS12, which).groups(tls::weak_groups());
    let first = asker.ask(&question(&|s| curve(s) || finite(s))).await;
    let second = match first.flight().map(|f| f.key_exchange) {
        Some(Some(KeyExchange::FiniteField(_))) => Some(question(&curve)),
        Some(Some(KeyExchange::Curve(_))) => Some(question(&finite)),
        _ => None,
    };
    let mut all = vec![first];
    if let Some(question) = second {
        all.push(match asker.left() > reserved {
            true => asker.ask(&question).await,
            false => Outcome::NotAsked,
        });
    }
    all
}
