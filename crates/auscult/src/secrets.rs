//! Fetches the secrets that a scenario names, from the environment or from files; they stay in memory.

use std::path::Path;

use auscult_engine::PlanOptions;
use auscult_model::scenario::{Credential, SecretFrom};
use auscult_model::{Impact, Message};
use auscult_probe::Guard;
use auscult_probe::access::{Key, Secret};
use auscult_text::Catalogue;

use crate::inputs::{self, Given};
use crate::stop::Stop;

/// Largest file with a secret.
const LARGEST: u64 = 64 << 10;

/// The credentials for the nodes that are looked at, with their secrets; none where no login is allowed.
pub(crate) fn keys(given: &Given, plan: &PlanOptions, catalogue: &Catalogue) -> Result<Vec<Key>, Stop> {
    let authorised = given.scenario.authorisation.as_ref().map(|a| a.impact);
    if authorised.min(plan.impact.or(authorised)) < Some(Impact::Intrusive) {
        return Ok(Vec::new());
    }
    let looked_at = |c: &&Credential| plan.nodes.as_ref().is_none_or(|nodes| nodes.contains(&c.target.node));
    given.scenario.credentials.iter().filter(looked_at).map(|c| key(given, c, catalogue)).collect()
}

/// The well-known accounts that are tried, with those of a user's own list before them.
pub(crate) fn guard(path: Option<&Path>, catalogue: &Catalogue) -> Result<Guard, Stop> {
    let Some(path) = path else { return Ok(Guard::default()) };
    let bytes = inputs::read(path, LARGEST)?;
    Guard::with_list(&String::from_utf8_lossy(&bytes)).map_err(|error| {
        let message = Message::new("cli.no-accounts").with("file", path.display()).with("detail", error);
        Stop::usage(catalogue.say(&message))
    })
}

fn key(given: &Given, credential: &Credential, catalogue: &Catalogue) -> Result<Key, Stop> {
    let (from, bytes) = match &credential.secret {
        Some(SecretFrom::Env(name)) => {
            (name.clone(), std::env::var(name).map(String::into_bytes).unwrap_or_default())
        }
        Some(SecretFrom::File(name)) => (name.clone(), inputs::read(&given.folder.join(name), LARGEST)?),
        None => return Ok(Key { credential: credential.clone(), secret: Secret::none() }),
    };
    // Of a secret that does not fit nothing is repeated.
    let secret = Secret::new(bytes).ok_or_else(|| {
        let message = Message::new("cli.no-secret").with("name", &credential.name).with("from", from);
        Stop::usage(catalogue.say(&message))
    })?;
    Ok(Key { credential: credential.clone(), secret })
}
