//! Tries what belongs to others with credentials of the scenario, at a web service, a FHIR API or DICOMweb.

mod idle;

use std::collections::HashMap;

use auscult_facts::access::{Question as Asked, Reach};
use auscult_facts::{Answer, Interrupted, NotAsked, Subject};
use auscult_model::Impact;
use auscult_model::scenario::{CredentialKind, Role};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::header::{ACCEPT, AUTHORIZATION};
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::ask::{Answered, Client, Question};
use super::base;
use super::session::{Entered, Session, enter, leave};
use super::thing::{Dialect, Thing, print_of, slows};
use crate::access::guess::{Guessed, Guessing, guess_all};
use crate::access::{Enough, FUNCTIONS, Key, Ledger, THINGS, apart};
use crate::credentials::says_locked;
use crate::{Bound, Errand, NodeBench};

pub(crate) use idle::longest_idle;

/// Questions asked at most; what is beyond is written down as not asked for want of budget.
const QUESTIONS: u64 = 112;

/// Requests with a credential that was made up, at most: each may count as a failed login.
const MADE_UP: u32 = 10;

/// Most bytes of an answer that are read.
const MOST: usize = 64 << 10;

/// What asking may cost at most.
pub(crate) const fn bound() -> Bound {
    super::ask::bound(QUESTIONS, QUESTIONS * 106)
}

/// Asks with every credential.
pub(crate) async fn ask(
    bench: &NodeBench,
    subject: &Subject,
    errand: &Errand,
    keys: &[&Key],
    ledger: &mut Ledger,
) -> Result<(), Interrupted> {
    let idle = longest_idle(keys.iter().copied());
    let end = Instant::now() + bench.limits().observation * 8 / 10 + idle;
    let mut client = Client::new(bench, subject, bound())?;
    let (dialect, root) = match subject.service.as_ref().and_then(|s| s.protocol()) {
        Some("fhir") => (Dialect::Fhir, crate::fhir::find_base(&mut client, subject).await.0),
        Some("dicomweb") => (Dialect::Dicomweb, base(subject, "/dicom-web")),
        _ => (Dialect::Plain, base(subject, "/")),
    };
    let root = root.trim_end_matches('/').to_owned();
    let made_up = format!("auscult-{}", errand.mark);
    let mut round = Round {
        client,
        dialect,
        root,
        front: base(subject, "/"),
        made_up,
        made_up_left: MADE_UP,
        prints: HashMap::new(),
        sessions: HashMap::new(),
        ledger,
    };
    // That it slows down or locks is written down; nothing more is asked then.
    if round.go(keys).await.is_ok() {
        // The last of all, because a lock may shut out whoever asks from here.
        round.guess(keys, errand, end).await;
    }
    Ok(())
}

struct Round<'a, 'l> {
    client: Client<'a>,
    dialect: Dialect,
    root: String,
    /// Where a form to log in is looked for, if the scenario does not say.
    front: String,
    made_up: String,
    made_up_left: u32,
    /// What the things of each credential look like to it, with their paths.
    prints: HashMap<(String, usize), (String, u64)>,
    /// Sessions that forms opened.
    sessions: HashMap<String, Session>,
    ledger: &'l mut Ledger,
}

/// Whether an answer was given, or what came in between.
type Given = Result<Answered, Interrupted>;

impl Round<'_, '_> {
    async fn go(&mut self, keys: &[&Key]) -> Result<(), Enough> {
        let working: Vec<&Key> = keys.iter().copied().filter(|k| k.credential.role.is_let_in()).collect();
        for key in &working {
            self.own(key).await?;
        }
        for key in keys.iter().filter(|k| k.credential.role == Role::Withdrawn) {
            self.withdrawn(key).await?;
        }
        for who in working.iter().filter(|k| k.credential.role != Role::Admin) {
            for whose in working.iter().filter(|k| k.credential.role == Role::Admin) {
                for (item, thing) in self.things(whose) {
                    self.stranger(who, Asked::Function, (whose, item), &thing).await?;
                }
            }
        }
        for who in &working {
            for whose in working.iter().filter(|whose| apart(who, whose)) {
                let strange = |named: &String| !who.credential.owns.contains(named);
                let things: Vec<_> = self
                    .things(whose)
                    .into_iter()
                    .filter(|(item, _)| whose.credential.owns.get(*item).is_some_and(strange))
                    .collect();
                for (item, thing) in things {
                    self.stranger(who, Asked::Read, (whose, item), &thing).await?;
                    self.search(who, (whose, item), &thing).await?;
                }
            }
            self.lists(who, &working).await?;
        }
        for key in &working {
            self.leave(key).await?;
        }
        self.idle(&working).await
    }

    /// The first things of a credential.
    fn things(&self, key: &Key) -> Vec<(usize, Thing)> {
        let most = if key.credential.role == Role::Admin { FUNCTIONS } else { THINGS };
        let named = key.credential.owns.iter().take(most).enumerate();
        named.map(|(item, named)| (item, self.dialect.thing(&self.root, named))).collect()
    }

    /// The proof that a credential works.
    ///
    /// A page counts only where a credential that was made up gets another answer: a page that refuses by its words
    /// alone would be taken for the thing itself.
    async fn own(&mut self, key: &Key) -> Result<(), Enough> {
        if key.credential.kind == CredentialKind::Form
            && let Err(outcome) = self.enter(key).await?
        {
            self.ledger.note(key, Asked::Own, (key, 0), outcome);
            return Ok(());
        }
        for (item, thing) in self.things(key) {
            let path = thing.path(&self.root);
            let mut nobody = None;
            if !thing.tells_itself() {
                match self.made_up(key, &path).await? {
                    Ok(answered) => nobody = Some(print_of(&answered)),
                    Err(why) => {
                        self.ledger.note(key, Asked::Own, (key, item), Answer::Interrupted(why));
                        continue;
                    }
                }
            }
            let outcome = match self.get(key, &path).await? {
                Err(why) => Answer::Interrupted(why),
                Ok(answered) => {
                    let print = print_of(&answered);
                    self.prints.insert((key.credential.name.clone(), item), (path.clone(), print));
                    Answer::Seen(match thing.read(&path, &answered, &self.client.origin) {
                        Reach::Reached if nobody == Some(print) => Reach::Unclear,
                        reach => reach,
                    })
                }
            };
            self.ledger.note(key, Asked::Own, (key, item), outcome);
            self.anybody(key, item, &thing).await?;
            if let Some(path) = thing.search(&self.root) {
                let outcome = self.found(key, &path, &thing, false).await?;
                self.ledger.note(key, Asked::Search, (key, item), outcome);
            }
        }
        Ok(())
    }

    /// The same thing without any credential, where it was seen to be there.
    async fn anybody(&mut self, key: &Key, item: usize, thing: &Thing) -> Result<(), Enough> {
        if !self.ledger.reaches(key, Asked::Own, item) {
            self.ledger.no_occasion(key, Asked::Anybody, (key, item));
            return Ok(());
        }
        let path = thing.path(&self.root);
        let given = self.put(self.question(&path)).await?;
        let outcome = self.as_its_owner_got_it(given, (key, item), thing, &path);
        self.ledger.note(key, Asked::Anybody, (key, item), outcome);
        Ok(())
    }

    /// How far an answer came, which for a page is known only by what its owner got.
    fn as_its_owner_got_it(
        &self,
        given: Given,
        (whose, item): (&Key, usize),
        thing: &Thing,
        path: &str,
    ) -> Answer<Reach> {
        let answered = match given {
            Err(why) => return Answer::Interrupted(why),
            Ok(answered) => answered,
        };
        let same = self.prints.get(&(whose.credential.name.clone(), item)).map(|(_, print)| *print);
        Answer::Seen(match thing.read(path, &answered, &self.client.origin) {
            // Only the very page that its owner got is known to be the thing.
            Reach::Reached if !thing.tells_itself() && same != Some(print_of(&answered)) => Reach::Unclear,
            reach => reach,
        })
    }

    /// A thing of another, or an administrative function.
    async fn stranger(
        &mut self,
        who: &Key,
        question: Asked,
        (whose, item): (&Key, usize),
        thing: &Thing,
    ) -> Result<(), Enough> {
        if !self.ledger.works(who) || !self.ledger.reaches(whose, Asked::Own, item) {
            self.ledger.no_occasion(who, question, (whose, item));
            return Ok(());
        }
        let path = thing.path(&self.root);
        let given = self.get(who, &path).await?;
        let outcome = self.as_its_owner_got_it(given, (whose, item), thing, &path);
        self.ledger.note(who, question, (whose, item), outcome);
        Ok(())
    }

    async fn search(&mut self, who: &Key, (whose, item): (&Key, usize), thing: &Thing) -> Result<(), Enough> {
        let Some(path) = thing.search(&self.root) else { return Ok(()) };
        if !self.ledger.works(who) || !self.ledger.reaches(whose, Asked::Search, item) {
            self.ledger.no_occasion(who, Asked::Search, (whose, item));
            return Ok(());
        }
        let outcome = self.found(who, &path, thing, false).await?;
        self.ledger.note(who, Asked::Search, (whose, item), outcome);
        Ok(())
    }

    /// Searches without restriction, looked through for the things of all others.
    async fn lists(&mut self, who: &Key, working: &[&Key]) -> Result<(), Enough> {
        let mut others = Vec::new();
        for whose in working.iter().filter(|whose| apart(who, whose)) {
            for (item, thing) in self.things(whose) {
                let shared = whose.credential.owns.get(item).is_some_and(|o| who.credential.owns.contains(o));
                let there = self.ledger.reaches(whose, Asked::Own, item);
                if !shared && there && thing.search(&self.root).is_some() {
                    others.push((*whose, item, thing));
                }
            }
        }
        if others.is_empty() || !self.ledger.works(who) {
            return Ok(());
        }
        let mut answers = Vec::new();
        for path in self.dialect.lists(&self.root) {
            let given = self.get(who, &path).await?;
            answers.push((path, given));
        }
        for (whose, item, thing) in others {
            let reaches = answers.iter().map(|(path, given)| match given {
                Ok(answered) => Ok(thing.found(path, answered, &self.client.origin, true)),
                Err(why) => Err(*why),
            });
            let outcome = worst(reaches);
            self.ledger.note(who, Asked::List, (whose, item), outcome);
        }
        Ok(())
    }

    /// What was withdrawn must not reach what it once did, and a credential that was made up is the measure.
    async fn withdrawn(&mut self, key: &Key) -> Result<(), Enough> {
        if key.credential.kind == CredentialKind::Form {
            let strange = (self.made_up.clone(), self.made_up.clone());
            let made_up = self.log_in(key, (&strange.0, &strange.1)).await?;
            let made_up = made_up.map_or_else(|outcome| outcome, |_| Answer::Seen(Reach::Reached));
            self.ledger.note(key, Asked::MadeUp, (key, 0), made_up);
            if let Err(outcome) = self.enter(key).await? {
                self.ledger.note(key, Asked::Withdrawn, (key, 0), outcome);
                return Ok(());
            }
        }
        for (item, thing) in self.things(key) {
            let path = thing.path(&self.root);
            let read = |given: Given, round: &Self| match given {
                Err(why) => Answer::Interrupted(why),
                // A page may refuse by its words alone: only what somebody gets who may have it is the thing.
                Ok(answered) => Answer::Seen(round.known_reach(&thing, &path, &answered)),
            };
            if key.credential.kind != CredentialKind::Form {
                let given = self.made_up(key, &path).await?;
                let outcome = read(given, self);
                self.ledger.note(key, Asked::MadeUp, (key, item), outcome);
            }
            let given = self.get(key, &path).await?;
            let outcome = read(given, self);
            self.ledger.note(key, Asked::Withdrawn, (key, item), outcome);
        }
        Ok(())
    }

    async fn guess(&mut self, keys: &[&Key], errand: &Errand, end: Instant) {
        for key in keys.iter().filter(|k| k.credential.role == Role::Guess) {
            let named =
                key.credential.owns.first().map(|o| self.dialect.thing(&self.root, o).path(&self.root));
            let path = key.credential.login.clone().or(named).unwrap_or_else(|| self.front.clone());
            let (form, accepts) = (key.credential.kind == CredentialKind::Form, self.dialect.accepts());
            let mut door = GuessedDoor { client: &mut self.client, path, form, accepts, refusal: None };
            let guesses = guess_all(key, &errand.mark, end, &mut door).await;
            self.ledger.facts.guesses.insert(key.credential.name.clone(), guesses);
        }
    }

    /// Opens the session of a credential, or says how far the login came.
    async fn enter(&mut self, key: &Key) -> Result<Result<(), Answer<Reach>>, Enough> {
        let user = key.credential.user.as_deref().unwrap_or_default();
        Ok(match self.log_in(key, (user, key.secret.shown())).await? {
            Err(outcome) => Err(outcome),
            Ok(session) => {
                let name = key.credential.name.clone();
                self.ledger.facts.cookies.insert(name.clone(), session.cookies.clone());
                self.sessions.insert(name, session);
                Ok(())
            }
        })
    }

    async fn log_in(
        &mut self,
        key: &Key,
        login: (&str, &str),
    ) -> Result<Result<Session, Answer<Reach>>, Enough> {
        let path = key.credential.login.clone().unwrap_or_else(|| self.front.clone());
        Ok(match enter(&mut self.client, &path, login).await {
            Ok(Entered::In(session)) => Ok(session),
            Ok(Entered::Refused(_)) => Err(Answer::Seen(Reach::Refused)),
            Ok(Entered::Unclear) => Err(Answer::Seen(Reach::Unclear)),
            Ok(Entered::Locked) => return Err(self.ledger.locked()),
            Err(why) => Err(Answer::Interrupted(why)),
        })
    }

    /// Ends the session of a credential, and shows its cookies once more.
    async fn leave(&mut self, key: &Key) -> Result<(), Enough> {
        let Some(logout) = &key.credential.logout else { return Ok(()) };
        let Some((0, thing)) = self.things(key).into_iter().next() else { return Ok(()) };
        let reached = self.ledger.reaches(key, Asked::Own, 0);
        let left = match self.sessions.get(&key.credential.name) {
            Some(session) if reached => leave(&mut self.client, session, logout).await,
            _ => Ok(false),
        };
        let outcome = match left {
            Err(why) => Answer::Interrupted(why),
            Ok(false) => Answer::NotAsked(NotAsked::NoOccasion),
            Ok(true) => {
                let path = thing.path(&self.root);
                match self.get(key, &path).await? {
                    Err(why) => Answer::Interrupted(why),
                    Ok(answered) => Answer::Seen(self.known_reach(&thing, &path, &answered)),
                }
            }
        };
        self.ledger.note(key, Asked::AfterLogout, (key, 0), outcome);
        Ok(())
    }

    /// Whether a credential that works got the very same from a path.
    fn is_known(&self, path: &str, answered: &Answered) -> bool {
        let print = print_of(answered);
        self.prints.values().any(|(at, known)| at == path && *known == print)
    }

    async fn found(
        &mut self,
        who: &Key,
        path: &str,
        thing: &Thing,
        whole: bool,
    ) -> Result<Answer<Reach>, Enough> {
        Ok(match self.get(who, path).await? {
            Err(why) => Answer::Interrupted(why),
            Ok(answered) => Answer::Seen(thing.found(path, &answered, &self.client.origin, whole)),
        })
    }

    async fn get(&mut self, who: &Key, path: &str) -> Result<Given, Enough> {
        let shown = Zeroizing::new(match who.credential.kind {
            CredentialKind::Form => {
                let Some(session) = self.sessions.get(&who.credential.name) else {
                    return Ok(Err(Interrupted::AccessRefused));
                };
                let question = session.jar.send(self.question(path));
                return self.put(question).await;
            }
            CredentialKind::Basic => {
                let user = who.credential.user.as_deref().unwrap_or_default();
                let both = Zeroizing::new(format!("{user}:{}", who.secret.shown()));
                format!("Basic {}", STANDARD.encode(both.as_bytes()))
            }
            CredentialKind::Bearer | CredentialKind::Mqtt => format!("Bearer {}", who.secret.shown()),
        });
        self.ask(&shown, path).await
    }

    /// Asks with a credential of the same kind that nobody has.
    async fn made_up(&mut self, like: &Key, path: &str) -> Result<Given, Enough> {
        let Some(left) = self.made_up_left.checked_sub(1) else {
            return Ok(Err(Interrupted::BudgetSpent));
        };
        self.made_up_left = left;
        let shown = match like.credential.kind {
            CredentialKind::Form => {
                let jar = self.sessions.get(&like.credential.name).map(|s| s.jar.with_value(&self.made_up));
                let question = jar.unwrap_or_default().send(self.question(path));
                return self.put(question).await;
            }
            CredentialKind::Basic => {
                format!("Basic {}", STANDARD.encode(format!("{0}:{0}", self.made_up)))
            }
            CredentialKind::Bearer | CredentialKind::Mqtt => format!("Bearer {}", self.made_up),
        };
        self.ask(&shown, path).await
    }

    async fn ask(&mut self, shown: &str, path: &str) -> Result<Given, Enough> {
        match self.question(path).with_secret(AUTHORIZATION, shown) {
            Some(question) => self.put(question).await,
            None => Ok(Err(Interrupted::InstrumentFault)),
        }
    }

    fn question(&self, path: &str) -> Question {
        Question::get(path).with(ACCEPT, self.dialect.accepts()).most(MOST).step(Impact::Intrusive)
    }

    async fn put(&mut self, question: Question) -> Result<Given, Enough> {
        match self.client.ask(question).await {
            Ok(answered) if slows(&answered) => Err(self.ledger.locked()),
            given => Ok(given),
        }
    }
}

/// A login at which passwords are guessed.
struct GuessedDoor<'c, 'a> {
    client: &'c mut Client<'a>,
    path: String,
    form: bool,
    accepts: &'static str,
    /// What the first refusal said: words that stand there already are no sign of a lock.
    refusal: Option<String>,
}

impl Guessing for GuessedDoor<'_, '_> {
    async fn guess(&mut self, user: &str, password: &str) -> Result<Guessed, Interrupted> {
        let text = if self.form {
            match enter(self.client, &self.path, (user, password)).await? {
                Entered::Refused(text) => text,
                Entered::Locked => return Ok(Guessed::Locked),
                Entered::In(_) | Entered::Unclear => return Err(Interrupted::NotUnderstood),
            }
        } else {
            let shown = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
            let question = Question::get(self.path.as_str()).with(ACCEPT, self.accepts);
            let question = question.with(AUTHORIZATION, &shown).step(Impact::Intrusive);
            let answered = self.client.ask(question).await?;
            if slows(&answered) {
                return Ok(Guessed::Locked);
            }
            if !matches!(answered.status, 401 | 403) {
                return Err(Interrupted::NotUnderstood);
            }
            answered.text().to_lowercase()
        };
        let before = self.refusal.get_or_insert_with(|| text.clone());
        Ok(if says_locked(&text) && !says_locked(before) { Guessed::Locked } else { Guessed::Refused })
    }
}

/// What several answers say together: one that reached decides, then what is open, then what kept out.
fn worst(reaches: impl Iterator<Item = Result<Reach, Interrupted>>) -> Answer<Reach> {
    let mut all: Vec<_> = reaches.collect();
    all.sort_by_key(|reach| match reach {
        Ok(Reach::Reached) => 0,
        Err(_) => 1,
        Ok(Reach::Unclear) => 2,
        Ok(Reach::Refused) => 3,
        Ok(Reach::Absent) => 4,
    });
    match all.first() {
        Some(Ok(reach)) => Answer::Seen(*reach),
        Some(Err(why)) => Answer::Interrupted(*why),
        None => Answer::Interrupted(Interrupted::InstrumentFault),
    }
}
