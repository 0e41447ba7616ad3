//! Looks at data stores, container hosts and dashboards that speak HTTP, as a stranger.
//!
//! A product is recognised by its front page, or by one of a few answers that only it gives; then it is asked for one
//! inner function, a reading one. Of what it gives the entries are counted and forgotten.

mod products;

use auscult_facts::console::{ConsoleFacts, Gate, Inner};
use auscult_facts::{Answer, Interrupted, NotAsked, Subject};
use auscult_model::Impact;
use hyper::Method;
use hyper::header::{ACCEPT, CONTENT_TYPE, LOCATION};

use crate::http::Answered;
use crate::http::ask::{Client, Question, bound, noted};
use crate::mqtt::door::inside_tls;
use crate::{Bound, Depth, Errand, NodeBench, Observer};

pub use products::{PRODUCTS, Place, Product, inner, recognise};

/// Where a product tells what it is, asked one after the other where the front page does not.
const TELLING: [&str; 5] = ["/version", "/ping", "/-/healthy", "/api/health", "/pods"];

/// Most bytes of an answer by which a product is recognised.
const TOLD: usize = 16 << 10;

/// Most bytes of what an inner function gives.
const GIVEN: usize = 64 << 10;

/// The front page, the telling answers, and at most two inner functions.
const QUESTIONS: u64 = 1 + TELLING.len() as u64 + 2;

/// The observer of consoles.
#[derive(Debug)]
pub struct Console;

impl Observer for Console {
    type Facts = ConsoleFacts;
    const NAME: &'static str = "console/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, _: Impact) -> Bound {
        bound(QUESTIONS, 2 * 106)
    }

    async fn look(
        bench: &NodeBench,
        subject: &Subject,
        errand: &Errand,
    ) -> Result<ConsoleFacts, Interrupted> {
        let mut client = Client::new(bench, subject, Self::bound(errand.depth, bench.allowed()))?;
        let mut facts = ConsoleFacts {
            tls: inside_tls(subject),
            product: None,
            front_demands_login: false,
            asked: 1,
            answered: 0,
            inner: Answer::NotAsked(NotAsked::NoOccasion),
        };
        let front = client.ask(Question::get("/").most(TOLD)).await?;
        facts.front_demands_login = front.status == 401;
        facts.answered += u32::from(says_what_it_is(&front));
        let mut product = recognise("/", &front);
        if product.is_none() && may_tell(&front) {
            for path in TELLING {
                facts.asked += 1;
                match client.ask(Question::get(path).most(TOLD)).await {
                    Ok(answered) => {
                        facts.answered += u32::from(says_what_it_is(&answered));
                        product = recognise(path, &answered);
                    }
                    Err(why @ (Interrupted::SafetyStop | Interrupted::BudgetSpent)) => return Err(why),
                    Err(_) => {}
                }
                if product.is_some() {
                    break;
                }
            }
        }
        if let Some(product) = product {
            facts.product = Some(product.word().to_owned());
            facts.inner = ask_inner(&mut client, product).await;
        }
        Ok(facts)
    }
}

/// Whether an answer shows that what was asked for is or is not there: a server in trouble, one that sends people
/// about, one that broke off and a document too long to be read do not; one that sends them to TLS has nothing else
/// to give.
fn says_what_it_is(answered: &Answered) -> bool {
    let to_tls =
        || answered.header(&LOCATION).is_some_and(|to| to.to_ascii_lowercase().starts_with("https:"));
    match answered.status {
        200..300 => !answered.cut || (is_html(answered) && answered.short.is_none()),
        300..400 => to_tls(),
        status => status < 500,
    }
}

fn is_html(answered: &Answered) -> bool {
    answered.header(&CONTENT_TYPE).is_some_and(|kind| kind.to_ascii_lowercase().contains("text/html"))
}

/// Whether a service whose front page is no product's may still be one.
///
/// A page for people that none of them shows is the page of something else, and is spared the rest.
fn may_tell(front: &Answered) -> bool {
    !(front.given() && is_html(front))
}

/// Asks a product's inner functions: one that is open decides, and one that is shut before one that is neither.
async fn ask_inner(client: &mut Client<'_>, product: Product) -> Answer<Inner> {
    let mut kept: Option<Answer<Inner>> = None;
    for place in product.places() {
        let question = match place.body {
            None => Question::get(place.path),
            Some(body) => Question::new(Method::POST, place.path)
                .with(CONTENT_TYPE, "application/json")
                .body(body.to_owned()),
        };
        let answered = client.ask(question.with(ACCEPT, "application/json").most(GIVEN)).await;
        let seen = noted(answered.map(|answered| inner(place, &answered)));
        let weight = |answer: &Answer<Inner>| match answer {
            Answer::Seen(Inner { gate: Gate::Open, .. }) => 3,
            Answer::Interrupted(_) => 2,
            Answer::Seen(Inner { gate: Gate::Shut, .. }) => 1,
            _ => 0,
        };
        if kept.as_ref().is_none_or(|kept| weight(&seen) > weight(kept)) {
            kept = Some(seen);
        }
    }
    kept.unwrap_or(Answer::NotAsked(NotAsked::NoOccasion))
}
