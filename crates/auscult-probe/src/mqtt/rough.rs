//! The rough questions: publishing, taking over a client id, logging in; each with names of our own.

use std::time::Duration;

use auscult_facts::mqtt::{
    Accounts, Acknowledged, Admission, ForeignPublish, Heard, MqttFacts, Subscription, Takeover, Version,
};
use auscult_facts::{Answer, Interrupted, NotAsked, Subject};
use auscult_model::Impact;

use super::client::Client;
use super::door::{Shut, answer};
use super::{LONG, SHORT, admitted};
use crate::{Errand, Guard, NodeBench};

/// Accounts that brokers and products are shipped with or that their guides show: at most three passwords each.
const ACCOUNTS: [(&str, &str); 8] = [
    ("admin", "admin"),
    ("admin", "password"),
    ("admin", "public"),
    ("guest", "guest"),
    ("mqtt", "mqtt"),
    ("root", "root"),
    ("test", "test"),
    ("user", "user"),
];

/// Logins tried at most: every pair, one made-up account before, one made-up password after.
pub(super) const MAX_LOGINS: u64 = ACCOUNTS.len() as u64 + 2;

/// How long a message between two of our own sessions may take.
const DELIVERY: Duration = Duration::from_secs(2);

/// How long a broker may take to end the session that was taken over.
const EVICTION: Duration = Duration::from_millis(300);

/// Asks what is allowed only for intrusive runs.
pub(super) async fn ask(
    bench: &NodeBench,
    subject: &Subject,
    (errand, mark): (&Errand, &str),
    facts: &mut MqttFacts,
) {
    // MQTT 5 tells a publisher why it was refused.
    if let Some(version) = admitted(facts).last() {
        if bench.limits().parallel < 2 {
            // Both need two sessions at once, which this pace does not allow.
            facts.foreign_publish = Answer::NotAsked(NotAsked::Depth);
            facts.takeover = Answer::NotAsked(NotAsked::Depth);
        } else {
            let meeting = Meeting { bench, subject, mark, version };
            meeting.hold(facts).await;
        }
    }
    facts.accounts = accounts(bench, subject, (errand, mark), facts).await;
}

/// Two strangers at one broker.
struct Meeting<'a> {
    bench: &'a NodeBench,
    subject: &'a Subject,
    mark: &'a str,
    version: Version,
}

impl Meeting<'_> {
    async fn hold(&self, facts: &mut MqttFacts) {
        let own_id = format!("auscult-{}", self.mark);
        let mut first = match self.join(&own_id, LONG).await {
            Ok((_, Some(session))) => session,
            Ok((_, None)) => return self.missed(facts, Interrupted::AccessRefused),
            Err(why) => return self.missed(facts, why),
        };
        let silent = facts.heard.seen().is_some_and(|Heard { messages, .. }| *messages == 0);
        let wildcard = silent && facts.wildcard.seen() == Some(&Subscription::Granted);
        facts.foreign_publish = answer(self.publish(&mut first, wildcard).await);
        facts.takeover = answer(self.take_over(&mut first, &own_id).await);
        first.disconnect().await;
    }

    fn missed(&self, facts: &mut MqttFacts, why: Interrupted) {
        facts.foreign_publish = Answer::Interrupted(why);
        facts.takeover = Answer::Interrupted(why);
    }

    /// Opens a session; another observer may hold the other places on the bench, so it does not wait for ever.
    async fn join(&self, id: &str, allowance: u64) -> Result<(Admission, Option<Client>), Interrupted> {
        let most = self.bench.limits().connect + self.bench.patience() * 3;
        let joining =
            Client::connect(self.bench, self.subject, Impact::Intrusive, allowance, (self.version, id, None));
        match tokio::time::timeout(most, joining).await {
            Err(_) => Err(Interrupted::TimedOut),
            Ok(Err(Shut::Other(why))) => Err(why),
            Ok(Err(Shut::CertificateDemanded)) => Err(Interrupted::AccessRefused),
            Ok(Ok(joined)) => Ok(joined),
        }
    }

    async fn publish(&self, first: &mut Client, wildcard: bool) -> Result<ForeignPublish, Interrupted> {
        let topic = format!("auscult/{}/foreign", self.mark);
        let (_, second) = self.join(&format!("auscult-{}-b", self.mark), SHORT).await?;
        let mut second = second.ok_or(Interrupted::AccessRefused)?;
        let seen = self.meet(first, &mut second, &topic, wildcard).await;
        second.disconnect().await;
        seen
    }

    async fn meet(
        &self,
        first: &mut Client,
        second: &mut Client,
        topic: &str,
        wildcard: bool,
    ) -> Result<ForeignPublish, Interrupted> {
        let mut seen = ForeignPublish {
            subscribed: false,
            acknowledged: Acknowledged::Closed,
            delivered: false,
            delivered_to_wildcard: None,
        };
        if wildcard && first.subscribe("#").await? == Subscription::Granted {
            self.send(first, second, topic, &mut seen).await?;
            seen.delivered_to_wildcard = Some(seen.delivered);
        }
        if seen.delivered {
            seen.subscribed = true;
        } else {
            seen.subscribed = first.subscribe(topic).await? == Subscription::Granted;
            self.send(first, second, topic, &mut seen).await?;
        }
        Ok(seen)
    }

    async fn send(
        &self,
        first: &mut Client,
        second: &mut Client,
        topic: &str,
        seen: &mut ForeignPublish,
    ) -> Result<(), Interrupted> {
        seen.acknowledged = second.publish(topic, "auscult").await?;
        seen.delivered = first.hears(topic, DELIVERY).await?;
        Ok(())
    }

    async fn take_over(&self, first: &mut Client, own_id: &str) -> Result<Takeover, Interrupted> {
        if !first.lives().await? {
            return Err(Interrupted::AccessRefused);
        }
        let (second, session) = self.join(own_id, SHORT).await?;
        tokio::time::sleep(EVICTION).await;
        let first_ended = !first.lives().await?;
        if let Some(session) = session {
            session.disconnect().await;
        }
        Ok(Takeover { second, first_ended })
    }
}

async fn accounts(
    bench: &NodeBench,
    subject: &Subject,
    (errand, mark): (&Errand, &str),
    facts: &MqttFacts,
) -> Answer<Accounts> {
    let spoken = facts
        .anonymous
        .iter()
        .find(|(version, answer)| answer.seen().is_some_and(|admission| !admission.lacks_version(**version)));
    let Some((version, _)) = spoken else { return Answer::NotAsked(NotAsked::NoOccasion) };
    let logins =
        Logins { bench, subject, guard: &errand.guard, version: *version, id: format!("auscult-{mark}") };
    answer(logins.run().await)
}

struct Logins<'a> {
    bench: &'a NodeBench,
    guard: &'a Guard,
    subject: &'a Subject,
    version: Version,
    id: String,
}

impl Logins<'_> {
    async fn run(&self) -> Result<Accounts, Interrupted> {
        let mut seen = Accounts { accepts_any_password: false, tried: 0, accepted: None };
        if self.login(&self.id, &self.made_up()).await? {
            seen.accepts_any_password = true;
            return Ok(seen);
        }
        for (name, password) in ACCOUNTS {
            // Tries are a budget of the node, and other logins may have spent it.
            let node = self.bench.address();
            if !self.guard.may(node, name) {
                return Err(Interrupted::BudgetSpent);
            }
            seen.tried += 1;
            if self.login(name, password).await? {
                self.guard.opened(node, name);
                // An account with any password is no account.
                if self.login(name, &self.made_up()).await? {
                    seen.accepts_any_password = true;
                } else {
                    seen.accepted = Some(name.to_owned());
                }
                break;
            }
        }
        Ok(seen)
    }

    fn made_up(&self) -> String {
        format!("{}-surely-wrong", self.id)
    }

    /// Whether the account was accepted; a broker that stops answering, or bans us, is not asked again.
    async fn login(&self, name: &str, password: &str) -> Result<bool, Interrupted> {
        /// MQTT 5: banned.
        const BANNED: u8 = 0x8a;
        let login = (self.version, self.id.as_str(), Some((name, password)));
        match Client::connect(self.bench, self.subject, Impact::Intrusive, SHORT, login).await {
            Ok((Admission::Accepted, session)) => {
                if let Some(session) = session {
                    session.disconnect().await;
                }
                Ok(true)
            }
            Ok((Admission::Refused { code: BANNED }, _)) => {
                self.guard.locked(self.bench.address());
                Err(Interrupted::AccessRefused)
            }
            Ok((refused, _)) if refused.turns_away(self.version) => Ok(false),
            Ok(_) | Err(Shut::CertificateDemanded) => Err(Interrupted::AccessRefused),
            Err(Shut::Other(why)) => Err(why),
        }
    }
}
