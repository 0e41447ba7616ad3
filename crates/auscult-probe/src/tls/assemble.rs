//! Makes facts of what the questions gave; says nothing that was not seen.

use std::collections::BTreeMap;

use auscult_facts::tls::{Certificate, ClientCertificate, Group, Path, Revocation, Suite, TlsFacts, Version};
use auscult_facts::{Answer, Interrupted, NotAsked};
use auscult_wire::tls::{self, Flight, GroupInfo, KeyExchange, alert};

use super::ask::{Accepted, Asker, Outcome};
use super::real::Real;
use super::survey::{Survey, accepts, group, wire};
use super::{chain, path, revocation};
use crate::Errand;

/// Facts of one ordinary handshake.
pub(super) fn handshake(real: &Real, asker: &Asker, errand: &Errand) -> TlsFacts {
    fn left_out<T>() -> Answer<T> {
        Answer::NotAsked(NotAsked::Impact)
    }
    let version = version_of(real.version);
    let staple = Answer::Seen(real.staple.clone());
    let (chain, path, revocation) =
        judged(Some(&real.certificates), Interrupted::NotUnderstood, &staple, errand);
    let not_asked = Version::ALL.into_iter().map(|v| (v, left_out()));
    let mut versions: BTreeMap<Version, Answer<bool>> = not_asked.collect();
    versions.extend(version.map(|v| (v, Answer::Seen(true))));
    TlsFacts {
        versions,
        chosen: match version {
            Some(_) if asker.gently() => left_out(),
            Some(version) => Answer::Seen(version),
            None => Answer::Interrupted(Interrupted::NotUnderstood),
        },
        suites: version.map(|v| (v, vec![suite(real.suite)])).into_iter().collect(),
        inventory: false,
        broken_suites: left_out(),
        dated_suites: left_out(),
        server_order: left_out(),
        groups: left_out(),
        weak_groups: left_out(),
        dh_bits: left_out(),
        post_quantum: left_out(),
        secure_renegotiation: left_out(),
        compression: left_out(),
        fallback_refused: left_out(),
        client_certificate: real.client.clone(),
        chain,
        path,
        stapled: left_out(),
        revocation,
        alpn: alpn(real.alpn.as_deref()),
    }
}

/// Facts of a survey.
pub(super) fn survey(survey: &Survey, asker: &Asker, errand: &Errand) -> TlsFacts {
    let view = View { survey, asker };
    let (chain, path, revocation) = view.chain(errand);
    let inventory = survey.inventory.as_ref();
    TlsFacts {
        versions: survey.versions.iter().map(|(v, outcome)| (*v, view.version(*v, outcome))).collect(),
        chosen: match survey.chosen() {
            // Not all versions were offered.
            Some(_) if asker.gently() => Answer::NotAsked(NotAsked::Impact),
            Some(version) => Answer::Seen(version),
            None => {
                view.unless_refused(&survey.everything, || Answer::Interrupted(Interrupted::AccessRefused))
            }
        },
        suites: view.suites(),
        inventory: inventory.is_some_and(|i| i.complete && i.cuts.iter().all(|cut| asker.proves(*cut))),
        broken_suites: view.some_suites(survey.broken.as_ref(), tls::SuiteInfo::is_broken),
        dated_suites: view.some_suites(survey.dated.as_ref(), tls::SuiteInfo::is_dated),
        server_order: match inventory {
            None => Answer::NotAsked(NotAsked::Depth),
            Some(i) => match i.server_order {
                Some(order) => Answer::Seen(order),
                None if !i.has_choice => Answer::NotAsked(NotAsked::NoOccasion),
                None => Answer::Interrupted(Interrupted::AccessRefused),
            },
        },
        groups: Answer::Seen(view.groups()),
        weak_groups: view.weak_groups(),
        dh_bits: view.dh_bits(),
        post_quantum: view.post_quantum(),
        secure_renegotiation: view.secure_renegotiation(),
        compression: view.compression(),
        fallback_refused: view.fallback(),
        client_certificate: view.client_certificate(),
        chain,
        path,
        stapled: view.stapled(),
        revocation,
        alpn: view.alpn(),
    }
}

struct View<'a> {
    survey: &'a Survey,
    asker: &'a Asker,
}

impl View<'_> {
    /// What is said when a question was refused, or what came in between instead.
    fn unless_refused<T>(&self, outcome: &Outcome, refused: impl FnOnce() -> Answer<T>) -> Answer<T> {
        match outcome {
            Outcome::Refused(_) => refused(),
            Outcome::Cut(moment) if self.asker.proves(*moment) => refused(),
            Outcome::Failed(moment) if self.survey.has_control() && self.asker.proves(*moment) => refused(),
            Outcome::Cut(_) | Outcome::Failed(_) => Answer::Interrupted(Interrupted::AccessRefused),
            Outcome::Interrupted(why) => Answer::Interrupted(*why),
            Outcome::NotAsked => Answer::NotAsked(NotAsked::Depth),
            Outcome::Spared => Answer::NotAsked(NotAsked::Impact),
            // Accepted, but without what was looked for: a part of the flight is missing.
            Outcome::Accepted(_) => Answer::Interrupted(Interrupted::TimedOut),
        }
    }

    fn version(&self, version: Version, outcome: &Outcome) -> Answer<bool> {
        if accepts(outcome, version) || self.survey.chosen() == Some(version) {
            return Answer::Seen(true);
        }
        match outcome {
            // It came down to an older version, and so refused this one.
            Outcome::Accepted(_) => Answer::Seen(false),
            other => self.unless_refused(other, || Answer::Seen(false)),
        }
    }

    /// Flights up to TLS 1.2, those that show what the server prefers first.
    fn old_flights(&self) -> impl Iterator<Item = &Accepted> {
        self.survey.outcomes().filter_map(|outcome| match outcome {
            Outcome::Accepted(a) if a.flight.hello.as_ref().is_some_and(|h| h.version <= 0x0303) => {
                Some(&**a)
            }
            _ => None,
        })
    }

    /// The flight of the newest version up to TLS 1.2.
    fn newest_flight(&self) -> Option<&Flight> {
        let newest = wire(self.survey.newest_old()?);
        self.old_flights().map(|a| &a.flight).find(|f| f.hello.as_ref().is_some_and(|h| h.version == newest))
    }

    fn suites(&self) -> BTreeMap<Version, Vec<Suite>> {
        let mut all: BTreeMap<Version, Vec<Suite>> = BTreeMap::new();
        let mut add = |version: Version, suite: Suite| {
            let suites = all.entry(version).or_default();
            if !suites.contains(&suite) {
                suites.push(suite);
            }
        };
        for outcome in self.survey.outcomes() {
            for kind in outcome.flight().and_then(|f| f.ssl2.as_ref()).into_iter().flat_map(|h| &h.kinds) {
                let name = tls::ssl2_kind_name(*kind).map_or_else(|| format!("0x{kind:06x}"), str::to_owned);
                add(Version::Ssl2, Suite { code: *kind, name });
            }
            if let (Some(version), Some(code)) = (outcome.version().and_then(version_of), outcome.suite()) {
                add(version, suite(code));
            }
        }
        if let Some(Ok(real)) = &self.survey.real
            && let Some(version) = version_of(real.version)
        {
            add(version, suite(real.suite));
        }
        for (version, codes) in self.survey.inventory.iter().flat_map(|i| &i.suites) {
            codes.iter().for_each(|code| add(*version, suite(*code)));
        }
        all
    }

    /// Accepted suites of a kind, up to TLS 1.2.
    fn some_suites(
        &self,
        asked: Option<&Outcome>,
        which: impl Fn(&tls::SuiteInfo) -> bool,
    ) -> Answer<Vec<Suite>> {
        let is = |version: Version, code: u32| match version {
            // Each kind of SSL 2 rests on MD5.
            Version::Ssl2 => tls::suite(0x0004).is_some_and(|md5| which(&md5)),
            Version::Tls13 => false,
            _ => u16::try_from(code).ok().and_then(tls::suite).is_some_and(|s| which(&s)),
        };
        let mut found: Vec<Suite> = Vec::new();
        for (version, suites) in self.suites() {
            for suite in suites {
                if is(version, suite.code) && !found.contains(&suite) {
                    found.push(suite);
                }
            }
        }
        match asked {
            _ if !found.is_empty() => {
                found.sort();
                Answer::Seen(found)
            }
            Some(outcome) => self.unless_refused(outcome, || Answer::Seen(Vec::new())),
            None => self.none_old(),
        }
    }

    /// An empty answer where nothing up to TLS 1.2 is accepted: all its suites were offered and refused.
    fn none_old<T>(&self) -> Answer<Vec<T>> {
        let refused = |v: Version| {
            self.survey.versions.get(&v).map_or(Answer::NotAsked(NotAsked::Depth), |o| self.version(v, o))
        };
        match [Version::Tls12, Version::Tls11, Version::Tls10].map(refused) {
            [Answer::Seen(false), Answer::Seen(false), Answer::Seen(false)] => Answer::Seen(Vec::new()),
            answers => answers
                .into_iter()
                .find_map(|a| match a {
                    Answer::Seen(_) => None,
                    Answer::NotAsked(why) => Some(Answer::NotAsked(why)),
                    Answer::Interrupted(why) => Some(Answer::Interrupted(why)),
                })
                .unwrap_or(Answer::Interrupted(Interrupted::AccessRefused)),
        }
    }

    fn groups(&self) -> Vec<Group> {
        let named = self.survey.outcomes().filter_map(|o| group(o).or_else(|| curve(o)));
        let peeled = self.survey.inventory.iter().flat_map(|i| i.groups.iter().copied());
        let mut groups: Vec<Group> = Vec::new();
        for group in named.chain(peeled).filter_map(group_of) {
            if !groups.contains(&group) {
                groups.push(group);
            }
        }
        groups
    }

    fn weak_groups(&self) -> Answer<Vec<Group>> {
        let weak: Vec<Group> =
            self.groups().into_iter().filter(|g| tls::weak_groups().contains(&g.code)).collect();
        if !weak.is_empty() {
            return Answer::Seen(weak);
        }
        // Both families together first; where the server chose a finite field, curves alone.
        match self.survey.weak.as_slice() {
            [] => self.none_old(),
            [.., last] => self.unless_refused(last, || Answer::Seen(Vec::new())),
        }
    }

    fn dh_bits(&self) -> Answer<Option<u32>> {
        let sizes = self.old_flights().filter_map(|a| match a.flight.key_exchange {
            Some(KeyExchange::FiniteField(bits)) => Some(bits),
            _ => None,
        });
        match (sizes.min(), self.survey.weak.as_slice()) {
            (Some(bits), _) => Answer::Seen(Some(bits)),
            (None, []) => match self.none_old::<()>() {
                Answer::Seen(_) => Answer::Seen(None),
                Answer::NotAsked(why) => Answer::NotAsked(why),
                Answer::Interrupted(why) => Answer::Interrupted(why),
            },
            (None, [.., last]) => self.unless_refused(last, || Answer::Seen(None)),
        }
    }

    fn post_quantum(&self) -> Answer<bool> {
        let hybrids = tls::hybrid_groups();
        if self.groups().iter().any(|g| hybrids.contains(&g.code)) {
            return Answer::Seen(true);
        }
        match &self.survey.hybrid {
            Some(outcome) => self.unless_refused(outcome, || Answer::Seen(false)),
            // Hybrids belong to TLS 1.3; without it there is none.
            None => match self.survey.versions.get(&Version::Tls13) {
                Some(outcome @ Outcome::Accepted(_)) if accepts(outcome, Version::Tls13) => {
                    Answer::Interrupted(Interrupted::NotUnderstood)
                }
                Some(Outcome::Accepted(_)) => Answer::Seen(false),
                Some(outcome) => self.unless_refused(outcome, || Answer::Seen(false)),
                None => Answer::NotAsked(NotAsked::Depth),
            },
        }
    }

    fn secure_renegotiation(&self) -> Answer<bool> {
        match self.newest_flight().and_then(|f| f.hello.as_ref()) {
            Some(hello) => Answer::Seen(hello.secure_renegotiation),
            None => self.no_old_flight(),
        }
    }

    fn compression(&self) -> Answer<bool> {
        let mut offered = self.old_flights().filter(|a| a.extras).peekable();
        if offered.peek().is_none() {
            return self.no_old_flight();
        }
        Answer::Seen(offered.any(|a| a.flight.hello.as_ref().is_some_and(|h| h.compression != 0)))
    }

    fn stapled(&self) -> Answer<bool> {
        let whole: Vec<_> = self.old_flights().filter(|a| a.extras && a.flight.complete).collect();
        match whole.is_empty() {
            false => Answer::Seen(whole.iter().any(|a| a.flight.stapled)),
            true => Answer::Interrupted(Interrupted::BeyondInstrument),
        }
    }

    fn no_old_flight<T>(&self) -> Answer<T> {
        match self.survey.newest_old() {
            None => Answer::NotAsked(NotAsked::NoOccasion),
            Some(_) => Answer::Interrupted(Interrupted::AccessRefused),
        }
    }

    fn fallback(&self) -> Answer<bool> {
        match &self.survey.fallback {
            None => Answer::NotAsked(NotAsked::NoOccasion),
            Some(Outcome::Accepted(_)) => Answer::Seen(false),
            Some(Outcome::Refused(alert::INAPPROPRIATE_FALLBACK)) => Answer::Seen(true),
            // Refused by another alert, although the same without the signal was accepted.
            Some(outcome) => self.unless_refused(outcome, || Answer::Seen(true)),
        }
    }

    fn client_certificate(&self) -> Answer<ClientCertificate> {
        let flights = || self.old_flights().map(|a| &a.flight).filter(|f| f.complete);
        if flights().any(|f| f.certificates.is_some() && !f.certificate_asked) {
            return Answer::Seen(ClientCertificate::NotAsked);
        }
        match &self.survey.real {
            Some(Ok(real)) => real.client.clone(),
            Some(Err(failed)) if failed.demanded => Answer::Seen(ClientCertificate::Demanded),
            Some(Err(failed)) => Answer::Interrupted(failed.why),
            // Asked for in versions that the handshake does not speak, or nothing but anonymous suites.
            None if flights().any(|f| f.certificate_asked) => {
                Answer::Interrupted(Interrupted::BeyondInstrument)
            }
            None => Answer::NotAsked(NotAsked::NoOccasion),
        }
    }

    fn chain(&self, errand: &Errand) -> Proof {
        let real = match &self.survey.real {
            Some(Ok(real)) if !real.certificates.is_empty() => Some(&real.certificates),
            _ => None,
        };
        let newest = self.newest_flight().and_then(|f| f.certificates.as_ref());
        let any = self.old_flights().find_map(|a| a.flight.certificates.as_ref());
        let found = real.or(newest).or(any).filter(|chain| !chain.is_empty());
        let why = match &self.survey.real {
            Some(Err(failed)) => failed.why,
            _ => Interrupted::BeyondInstrument,
        };
        judged(found, why, &self.staple(found), errand)
    }

    /// The status that was stapled for the certificate with which a chain begins.
    ///
    /// A server may fetch it only after the first client has asked, so that any of the flights may have it.
    fn staple(&self, chain: Option<&Vec<Vec<u8>>>) -> Answer<Option<Vec<u8>>> {
        let own = chain.and_then(|chain| chain.first());
        let real = self.survey.real.iter().flatten().map(|real| (real.certificates.first(), &real.staple));
        let flights = self
            .old_flights()
            .filter(|a| a.extras && a.flight.complete)
            .map(|a| (a.flight.certificates.as_ref().and_then(|chain| chain.first()), &a.flight.staple));
        let mut asked: Vec<&Option<Vec<u8>>> =
            real.chain(flights).filter(|(first, _)| own.is_some() && *first == own).map(|(_, s)| s).collect();
        asked.sort_by_key(|staple| staple.is_none());
        match asked.first() {
            Some(staple) => Answer::Seen((*staple).clone()),
            None => Answer::Interrupted(Interrupted::BeyondInstrument),
        }
    }

    fn alpn(&self) -> Option<String> {
        let real = self.survey.real.as_ref().and_then(|r| r.as_ref().ok()).and_then(|r| r.alpn.as_deref());
        let flight = self.newest_flight().and_then(|f| f.hello.as_ref()).and_then(|h| h.alpn.as_deref());
        alpn(real.or(flight))
    }
}

/// A chain as data, its path, and whether it is revoked.
type Proof = (Answer<Vec<Certificate>>, Answer<Path>, Answer<Revocation>);

fn judged(
    found: Option<&Vec<Vec<u8>>>,
    why: Interrupted,
    staple: &Answer<Option<Vec<u8>>>,
    errand: &Errand,
) -> Proof {
    let nothing = |why| (Answer::Interrupted(why), Answer::Interrupted(why), Answer::Interrupted(why));
    let Some(ders) = found else { return nothing(why) };
    let read: Vec<Option<Certificate>> = ders.iter().map(|der| chain::read(der)).collect();
    if !matches!(read.first(), Some(Some(_))) {
        return nothing(Interrupted::NotUnderstood);
    }
    let authorities =
        revocation::Authorities { anchors: &errand.anchors, lists: &errand.crls, at: errand.at };
    let revocation = match revocation::look(ders, staple, authorities) {
        Some(found) => Answer::Seen(found),
        None => Answer::Interrupted(Interrupted::NotUnderstood),
    };
    (Answer::Seen(read.into_iter().flatten().collect()), path::judge(ders, &errand.anchors), revocation)
}

/// The curve that a server named up to TLS 1.2.
fn curve(outcome: &Outcome) -> Option<u16> {
    match outcome.flight()?.key_exchange {
        Some(KeyExchange::Curve(code)) => Some(code),
        _ => None,
    }
}

fn version_of(code: u16) -> Option<Version> {
    Version::ALL.into_iter().find(|v| wire(*v) == code)
}

fn suite(code: u16) -> Suite {
    let name = tls::suite(code).map_or_else(|| format!("0x{code:04x}"), |s| s.name.to_owned());
    Suite { code: u32::from(code), name }
}

/// A group of the registry; a server that names another was not offered it.
fn group_of(code: u16) -> Option<Group> {
    GroupInfo::of(code).map(|info| Group { code, name: info.name.to_owned(), bits: info.bits })
}

/// Only what was offered; anything else a server may say is left out.
fn alpn(chosen: Option<&[u8]>) -> Option<String> {
    super::ask::ALPN.iter().find(|p| Some(**p) == chosen).and_then(|p| String::from_utf8(p.to_vec()).ok())
}
