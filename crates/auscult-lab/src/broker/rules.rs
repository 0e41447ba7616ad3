//! Who is let in to the broker, and which topics are whose.

use rustls::pki_types::CertificateDer;

/// Who a client is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    /// It has not said.
    Stranger,
    /// It has proved to be this account.
    Known(String),
}

/// What the broker allows.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    /// Accounts with a certificate.
    pub(crate) certificates: Vec<(CertificateDer<'static>, &'static str)>,
    /// Accounts with a password.
    pub(crate) passwords: Vec<(&'static str, &'static str)>,
    /// Lets clients in that do not say who they are.
    pub(crate) strangers: bool,
    /// Lets a stranger subscribe to everything.
    pub(crate) stranger_hears_all: bool,
    /// Lets a stranger publish to, and listen at, any single topic.
    pub(crate) stranger_speaks: bool,
    /// Lets a stranger take the client id of another.
    pub(crate) stranger_takes_over: bool,
    /// Lets every account listen at the topics of any other.
    pub(crate) accounts_hear_others: bool,
    /// Lets a stranger subscribe to `$SYS`.
    pub(crate) system_topics: bool,
}

impl Rules {
    /// Who it is that comes with this proof; `None` when it is not let in.
    pub(super) fn name(
        &self,
        certificate: Option<&CertificateDer<'static>>,
        user: Option<&str>,
        password: Option<&[u8]>,
    ) -> Option<Name> {
        if let Some((_, name)) = self.certificates.iter().find(|(known, _)| Some(known) == certificate) {
            return Some(Name::Known((*name).to_owned()));
        }
        match user {
            None => self.strangers.then_some(Name::Stranger),
            Some(user) => self
                .passwords
                .iter()
                .find(|(name, word)| *name == user && Some(word.as_bytes()) == password)
                .map(|(name, _)| Name::Known((*name).to_owned())),
        }
    }

    /// Whether a client may use an id: the id of an account is for that account alone.
    pub(super) fn may_call_itself(&self, name: &Name, client_id: &str) -> bool {
        match name {
            Name::Known(own) => own == client_id || !self.is_account(client_id),
            Name::Stranger => self.stranger_takes_over || !self.is_account(client_id),
        }
    }

    /// Whether a client may end the session of another that has its id.
    pub(super) fn may_take_over(&self, name: &Name, from: &Name) -> bool {
        match name {
            Name::Known(_) => name == from,
            Name::Stranger => self.stranger_takes_over,
        }
    }

    /// Whether a client may subscribe to a filter.
    pub(super) fn may_hear(&self, name: &Name, client_id: &str, filter: &str) -> bool {
        if filter.starts_with('$') {
            return self.system_topics && filter.starts_with("$SYS/");
        }
        if filter.starts_with(&own(name, client_id)) {
            return true;
        }
        if matches!(name, Name::Known(_)) {
            return self.accounts_hear_others && !filter.starts_with(['#', '+']);
        }
        let single = !filter.contains(['#', '+']);
        self.stranger_hears_all || (single && self.stranger_speaks)
    }

    /// Whether a client may publish to a topic.
    pub(super) fn may_speak(&self, name: &Name, client_id: &str, topic: &str) -> bool {
        if topic.starts_with('$') {
            return false;
        }
        topic.starts_with(&own(name, client_id)) || (*name == Name::Stranger && self.stranger_speaks)
    }

    fn is_account(&self, client_id: &str) -> bool {
        self.certificates.iter().any(|(_, name)| *name == client_id)
            || self.passwords.iter().any(|(name, _)| *name == client_id)
    }
}

/// The topics that belong to a client.
fn own(name: &Name, client_id: &str) -> String {
    match name {
        Name::Known(name) => format!("edith/{name}/"),
        // INVARIANT: a client id with a wildcard is refused, so that nobody's own topics are everybody's.
        Name::Stranger => format!("stranger/{client_id}/"),
    }
}

/// Whether a filter matches a topic (MQTT 5 section 4.7).
pub(super) fn matches(filter: &str, topic: &str) -> bool {
    // A wildcard at the beginning does not reach `$` topics.
    if topic.starts_with('$') && filter.starts_with(['#', '+']) {
        return false;
    }
    let mut topic = topic.split('/');
    let mut filter = filter.split('/');
    loop {
        match (filter.next(), topic.next()) {
            (Some("#"), _) | (None, None) => return true,
            (Some("+"), Some(_)) => {}
            (Some(f), Some(t)) if f == t => {}
            _ => return false,
        }
    }
}

/// Whether a filter is one (MQTT 5 section 4.7.1), and short enough.
pub(super) fn is_filter(filter: &str) -> bool {
    let levels = filter.split('/').count();
    (1..=256).contains(&filter.len())
        && filter.split('/').enumerate().all(|(n, level)| match level {
            "#" => n + 1 == levels,
            "+" => true,
            level => !level.contains(['#', '+']),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_match_as_the_standard_says() {
        for (filter, topic, does) in [
            ("#", "a/b", true),
            ("a/#", "a", true),
            ("a/#", "a/b/c", true),
            ("a/+", "a/b", true),
            ("a/+", "a/b/c", false),
            ("+/b", "a/b", true),
            ("a", "a/b", false),
            ("#", "$SYS/x", false),
            ("$SYS/#", "$SYS/x", true),
        ] {
            assert_eq!(matches(filter, topic), does, "{filter} {topic}");
        }
        assert!(is_filter("a/+/#") && !is_filter("a/#/b") && !is_filter("a+") && !is_filter(""));
    }

    #[test]
    fn everybody_has_only_topics_of_his_own() {
        let rules = Rules { strangers: true, passwords: vec![("cuff", "x")], ..Rules::default() };
        let cuff = rules.name(None, Some("cuff"), Some(b"x")).unwrap();
        assert!(rules.may_speak(&cuff, "cuff", "edith/cuff/vitals"));
        assert!(!rules.may_speak(&cuff, "cuff", "edith/glucose/vitals"));
        assert!(!rules.may_hear(&cuff, "cuff", "#"));
        let stranger = rules.name(None, None, None).unwrap();
        assert!(!rules.may_hear(&stranger, "x", "#") && !rules.may_hear(&stranger, "x", "$SYS/#"));
        assert!(
            !rules.may_speak(&stranger, "x", "other/x") && rules.may_hear(&stranger, "x", "stranger/x/a")
        );
        assert!(
            !rules.may_call_itself(&stranger, "cuff")
                && !rules.may_take_over(&stranger, &stranger)
                && rules.may_take_over(&cuff, &cuff)
        );
        assert_eq!(rules.name(None, Some("cuff"), Some(b"y")), None);
    }
}
