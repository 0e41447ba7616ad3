//! The hellos that are asked with, each in a full and in a conservative dress.

use auscult_wire::tls::{self, ClientHello, FALLBACK_SCSV, KeyShare, SuiteInfo, version};

/// What is offered.
#[derive(Clone, Debug)]
pub(super) struct Question {
    /// Versions, newest first.
    pub(super) versions: Vec<u16>,
    /// Suites.
    pub(super) suites: Vec<u16>,
    /// Groups.
    pub(super) groups: Vec<u16>,
    /// Compression, a certificate status and application protocols besides.
    pub(super) extras: bool,
}

/// Most suites of a conservative hello: it stays below 256 bytes, a length that no known server stumbles over.
const CONSERVATIVE_SUITES: usize = 64;

/// Groups of a conservative hello.
const CONSERVATIVE_GROUPS: [u16; 3] = [29, 23, 24];

impl Question {
    /// All from TLS 1.0 to 1.3, with the suites and groups that servers in the field have.
    pub(super) fn everything() -> Self {
        Self {
            versions: vec![version::TLS13, version::TLS12, version::TLS11, version::TLS10],
            suites: tls::usual_offer(version::TLS13, true),
            groups: tls::tls13_groups().into_iter().filter(|g| !(0x100..0x200).contains(g)).collect(),
            extras: false,
        }
    }

    /// One version with all its suites.
    pub(super) fn only(version: u16) -> Self {
        Self::with(version, |_| true)
    }

    /// One version with some of its suites.
    pub(super) fn with(version: u16, which: impl Fn(&SuiteInfo) -> bool) -> Self {
        let groups = if version >= version::TLS13 { tls::tls13_groups() } else { tls::groups() };
        Self {
            versions: vec![version],
            suites: tls::offer(version, which),
            groups,
            extras: version < version::TLS13,
        }
    }

    /// The same with other groups.
    pub(super) fn groups(self, groups: Vec<u16>) -> Self {
        Self { groups, ..self }
    }

    /// The same with other suites and nothing besides.
    pub(super) fn suites(self, suites: Vec<u16>) -> Self {
        Self { suites, extras: false, ..self }
    }

    /// The same as a client sends it that has come down from a newer version.
    pub(super) fn fallen_back(mut self) -> Self {
        self.suites.push(FALLBACK_SCSV);
        self.extras = false;
        self
    }

    /// Whether it says that the client has come down from a newer version.
    pub(super) fn is_fallback(&self) -> bool {
        self.suites.contains(&FALLBACK_SCSV)
    }

    /// Whether it asks for TLS 1.0 or 1.1 alone.
    pub(super) fn is_old(&self) -> bool {
        matches!(self.versions.as_slice(), [version::TLS10 | version::TLS11])
    }

    /// The newest version offered.
    pub(super) fn newest(&self) -> u16 {
        self.versions.first().copied().unwrap_or_default()
    }

    /// Whether a server may give this answer to it.
    pub(super) fn admits(&self, chosen: u16, suite: u16) -> bool {
        let newest = self.newest();
        let version = if newest >= version::TLS13 {
            self.versions.contains(&chosen)
        } else {
            (version::SSL3..=newest).contains(&chosen)
        };
        version && suite != FALLBACK_SCSV && self.suites.contains(&suite)
    }

    /// Shorter and plainer, for a server that stumbles over the full hello, and whether it offers fewer suites.
    pub(super) fn conservative(&self, silent: bool) -> (Self, bool) {
        let narrow = self.suites.len() > CONSERVATIVE_SUITES;
        let usual = tls::usual_offer(self.newest(), self.newest() >= version::TLS13);
        let suites = match narrow {
            true => {
                self.suites.iter().copied().filter(|s| usual.contains(s) || *s == FALLBACK_SCSV).collect()
            }
            false => self.suites.clone(),
        };
        let plain: Vec<u16> =
            CONSERVATIVE_GROUPS.iter().copied().filter(|g| self.groups.contains(g)).collect();
        let groups = if plain.is_empty() { self.groups.clone() } else { plain };
        let mut question = Self { versions: self.versions.clone(), suites, groups, extras: false };
        // A server that falls silent at TLS 1.3 among others is asked without it; alone it stays what was asked.
        if silent && self.versions.len() > 1 {
            question.versions.retain(|v| *v < version::TLS13);
            question.suites.retain(|s| tls::suite(*s).is_some_and(|s| !s.is_tls13()));
        }
        (question, narrow)
    }

    /// The hello to send.
    pub(super) fn hello(&self, random: [u8; 32], name: Option<&str>, alpn: &[&[u8]], share: bool) -> Vec<u8> {
        let empty: &[&[u8]] = &[];
        let alpn = if self.extras { alpn } else { empty };
        ClientHello {
            versions: self.versions.clone(),
            random,
            suites: self.suites.clone(),
            groups: self.groups.clone(),
            server_name: name.map(str::to_owned),
            alpn: alpn.iter().map(|p| p.to_vec()).collect(),
            compression: self.extras,
            staple: self.extras,
            share: if share && self.groups.contains(&29) {
                KeyShare::X25519(random)
            } else {
                KeyShare::Empty
            },
            ..ClientHello::default()
        }
        .encode()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conservative_hellos_are_short() {
        for version in [version::SSL3, version::TLS10, version::TLS11, version::TLS12, version::TLS13] {
            let full = Question::only(version);
            let (plain, narrow) = full.conservative(false);
            assert_eq!(narrow, version < version::TLS13);
            let name = Some("a-name-of-usual-length.clinic.example");
            assert!(plain.hello([1; 32], name, &[], true).len() <= 300, "{version:x}");
            assert!(full.hello([1; 32], name, &[], false).len() < 1200, "{version:x}");
        }
        let (old, _) = Question::everything().conservative(true);
        assert_eq!(old.newest(), version::TLS12);
        assert!(!old.suites.contains(&0x1301));
    }

    #[test]
    fn tls13_hellos_list_only_groups_of_tls13() {
        for question in [Question::everything(), Question::only(version::TLS13)] {
            assert!(question.groups.iter().all(|g| !matches!(g, 1..=22 | 26..=28)));
        }
    }

    #[test]
    fn answers_out_of_the_offer_are_not_admitted() {
        let question = Question::only(version::TLS12);
        assert!(question.admits(version::TLS12, 0xc02f) && question.admits(version::TLS10, 0x002f));
        assert!(!question.admits(version::TLS13, 0xc02f) && !question.admits(version::TLS12, 0x1301));
        assert!(!Question::only(version::TLS13).admits(version::TLS12, 0x1301));
        assert!(!question.fallen_back().admits(version::TLS12, FALLBACK_SCSV));
    }
}
