//! How far a client without a password comes, in clear and inside TLS.

use serde::{Deserialize, Serialize};

use crate::{Answer, Interrupted, NotAsked};

/// What became of a client that shows no password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Entry {
    /// It was let in: a question that only those get answered who are in was answered.
    Open,
    /// It was asked for a password, or told that one is missing.
    LoginDemanded,
    /// It was told that only TLS is served.
    TlsDemanded,
    /// It was refused for another reason: its address, its name, what it asked for.
    Refused,
    /// No password was asked for, and yet nothing was given.
    Unclear,
}

/// The two ways in, as facts tell of them.
#[derive(Clone, Copy, Debug)]
pub struct Ways<'a> {
    /// Whether TLS is spoken from the first byte.
    pub tls: bool,
    /// Whether the TLS session was ended because no client certificate was shown.
    pub client_certificate_demanded: bool,
    /// Whether TLS is offered within a connection that begins in clear.
    pub offers_tls: &'a Answer<bool>,
    /// What a client without a password got in clear.
    pub in_clear: &'a Answer<Entry>,
    /// What it got inside TLS.
    pub inside_tls: &'a Answer<Entry>,
    /// Whether a wrong password is looked at before TLS is demanded.
    pub password_first: bool,
}

impl Ways<'_> {
    /// Whether a stranger is let in, by whichever way was tried.
    ///
    /// `Seen(false)` only when one way was refused for want of a login, of TLS with a certificate, or of the right to
    /// be there at all, and no way that was tried was left open.
    pub fn admits_strangers(&self) -> Answer<bool> {
        let ways = [self.in_clear, self.inside_tls];
        if ways.iter().any(|way| way.seen() == Some(&Entry::Open)) {
            return Answer::Seen(true);
        }
        if self.client_certificate_demanded && self.tls {
            return Answer::Seen(false);
        }
        let mut refused = false;
        let mut open: Option<Answer<bool>> = None;
        for way in ways {
            match way {
                Answer::Seen(Entry::LoginDemanded | Entry::Refused) => refused = true,
                // Behind the demand for TLS the question is still to be asked.
                Answer::Seen(Entry::TlsDemanded) => {}
                Answer::Seen(Entry::Open | Entry::Unclear) => {
                    open.get_or_insert(Answer::NotAsked(NotAsked::NoOccasion));
                }
                Answer::NotAsked(NotAsked::NoOccasion) => {}
                Answer::NotAsked(why) => {
                    open.get_or_insert(Answer::NotAsked(*why));
                }
                Answer::Interrupted(why) => {
                    open.get_or_insert(Answer::Interrupted(*why));
                }
            }
        }
        match open {
            Some(open) => open,
            None if refused => Answer::Seen(false),
            None if self.client_certificate_demanded => Answer::Seen(false),
            None => Answer::NotAsked(NotAsked::NoOccasion),
        }
    }

    /// Whether it gives its protocol in clear to those whom it serves.
    pub fn serves_in_clear(&self) -> Answer<bool> {
        if self.tls {
            return Answer::Seen(false);
        }
        match self.in_clear {
            // TLS may still be demanded of those whose password is right.
            Answer::Seen(Entry::LoginDemanded)
                if self.password_first && *self.offers_tls == Answer::Seen(true) =>
            {
                Answer::NotAsked(NotAsked::NoOccasion)
            }
            Answer::Seen(Entry::Open | Entry::LoginDemanded) => Answer::Seen(true),
            Answer::Seen(Entry::TlsDemanded) => Answer::Seen(false),
            // A refusal in clear means TLS only where the same client comes further inside it.
            Answer::Seen(Entry::Refused)
                if matches!(self.inside_tls.seen(), Some(Entry::Open | Entry::LoginDemanded))
                    || self.client_certificate_demanded =>
            {
                Answer::Seen(false)
            }
            Answer::Seen(Entry::Refused | Entry::Unclear) => Answer::NotAsked(NotAsked::NoOccasion),
            // A login is not tried at this impact, but where TLS is not offered nothing else is left than clear.
            Answer::NotAsked(_) if *self.offers_tls == Answer::Seen(false) => Answer::Seen(true),
            Answer::NotAsked(why) => Answer::NotAsked(*why),
            Answer::Interrupted(why) => Answer::Interrupted(*why),
        }
    }

    /// What came in between first, where nothing was seen at all.
    pub fn trouble(&self) -> Option<Interrupted> {
        let unseen = self.in_clear.seen().is_none() && self.inside_tls.seen().is_none();
        let heard = self.offers_tls.seen().is_some() || self.client_certificate_demanded;
        [self.in_clear, self.inside_tls].into_iter().find_map(|way| match way {
            Answer::Interrupted(why) if unseen && !heard => Some(*why),
            _ => None,
        })
    }
}
