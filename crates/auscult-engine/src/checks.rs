//! The checks by the aspects that they decide.

use std::collections::HashMap;
use std::sync::LazyLock;

use auscult_casefile::Hasher;
use auscult_checks::AnyCheck;
use auscult_model::assessment::VersionRef;
use auscult_model::{AspectId, CheckId, RequirementId};

/// A set of checks, found by requirement and aspect.
pub(crate) struct Covering {
    checks: Vec<&'static dyn AnyCheck>,
    by_aspect: HashMap<RequirementId, HashMap<AspectId, Vec<usize>>>,
}

impl std::fmt::Debug for Covering {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Covering").field("checks", &self.checks.len()).finish_non_exhaustive()
    }
}

impl Covering {
    /// Every check of this release.
    pub(crate) fn live() -> &'static Self {
        static LIVE: LazyLock<Covering> = LazyLock::new(|| Covering::of(auscult_checks::all()));
        &LIVE
    }

    pub(crate) fn of(checks: &[&'static dyn AnyCheck]) -> Self {
        let mut by_aspect: HashMap<RequirementId, HashMap<AspectId, Vec<usize>>> = HashMap::new();
        for (n, check) in checks.iter().enumerate() {
            for covers in check.meta().covers {
                let aspects = by_aspect.entry(covers.requirement.clone()).or_default();
                aspects.entry(covers.aspect.clone()).or_default().push(n);
            }
        }
        Self { checks: checks.to_vec(), by_aspect }
    }

    /// All of them.
    pub(crate) fn all(&self) -> &[&'static dyn AnyCheck] {
        &self.checks
    }

    /// Those that decide an aspect, by their place in [`all`](Self::all).
    pub(crate) fn of_aspect(&self, requirement: &RequirementId, aspect: &AspectId) -> &[usize] {
        self.by_aspect.get(requirement).and_then(|a| a.get(aspect)).map_or(&[], Vec::as_slice)
    }

    /// Ids of those that decide an aspect.
    pub(crate) fn ids(&self, requirement: &RequirementId, aspect: &AspectId) -> Vec<CheckId> {
        self.of_aspect(requirement, aspect).iter().map(|n| self.checks[*n].meta().id.clone()).collect()
    }
}

/// Which checks judge: their version and the digest of their sources.
pub fn checks_version() -> VersionRef {
    static DIGEST: LazyLock<String> = LazyLock::new(|| {
        let mut hasher = Hasher::default();
        for (id, source) in auscult_checks::sources() {
            for part in [id, source] {
                // With its length in front, so that no two sets of sources run together to the same bytes.
                hasher.update(&(part.len() as u64).to_be_bytes());
                hasher.update(part.as_bytes());
            }
        }
        hasher.finish()
    });
    VersionRef { version: auscult_checks::VERSION.to_owned(), digest: DIGEST.clone() }
}
