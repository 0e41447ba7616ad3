//! The login of an SSH server, at which well-known accounts are tried.

use auscult_facts::ssh::KeyKind;
use auscult_facts::{Interrupted, Subject};
use auscult_wire::ssh::{self, LoginAnswer};

use super::another;
use super::meeting::Secured;
use crate::NodeBench;
use crate::credentials::{Login, Tried};

/// The login of a server that has a host key of a kind.
pub(super) struct Door<'a> {
    pub(super) bench: &'a NodeBench,
    pub(super) subject: &'a Subject,
    pub(super) kind: KeyKind,
}

impl Login for Door<'_> {
    async fn attempt(&mut self, user: &str, password: &str) -> Result<Tried, Interrupted> {
        let mut secured = another(self.bench, self.subject, self.kind).await?.secure().await?;
        let tried = attempt(&mut secured, user, password).await;
        secured.close().await;
        tried
    }
}

async fn attempt(secured: &mut Secured, user: &str, password: &str) -> Result<Tried, Interrupted> {
    let methods = match secured.login(&ssh::none_request(user)).await? {
        LoginAnswer::Success => return Ok(Tried::Opened),
        LoginAnswer::Failure { methods, .. } => methods,
        LoginAnswer::ChangePassword => return Ok(Tried::Unclear),
    };
    let names = |method: &str| methods.iter().any(|m| m == method);
    if !names("password") {
        // What is asked for by keyboard-interactive may be a password too.
        return Ok(if names("keyboard-interactive") { Tried::Unclear } else { Tried::Refused });
    }
    Ok(match secured.login(&ssh::password_request(user, password)).await? {
        // A password that has to be changed was the right one.
        LoginAnswer::Success | LoginAnswer::ChangePassword => Tried::Opened,
        // It sufficed, and more is wanted: a default all the same, but no way in.
        LoginAnswer::Failure { partial: true, .. } => Tried::Unclear,
        LoginAnswer::Failure { .. } => Tried::Refused,
    })
}
