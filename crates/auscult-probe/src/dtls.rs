//! DTLS hellos over the datagram door: what a server says before keys are agreed.

use auscult_facts::Interrupted;
use auscult_model::Impact;
use auscult_wire::tls::{
    Alert, DTLS12, DtlsAnswer, DtlsHello, ServerHello, dtls_goodbye, usual_offer, version,
};
use tokio::time::Instant;

use crate::NodeBench;
use crate::bench::Replies;
use crate::datagram::number;

/// What came of a hello.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Greeting {
    /// It answered in DTLS.
    Answered {
        /// Whether it wanted a cookie back before it did any work.
        cookie: bool,
        /// Its hello.
        hello: Option<ServerHello>,
        /// Its alert.
        alert: Option<Alert>,
        /// Bytes that it sent before it had seen a cookie.
        unproven: usize,
    },
    /// It answered something else.
    Strange(Vec<u8>),
}

/// Groups that are offered.
const GROUPS: [u16; 4] = [29, 23, 24, 25];

/// A hello as an ordinary client of DTLS 1.2 says it, with the older suites and those for shared keys that small devices use.
pub(crate) fn usual_hello(mark: &str) -> DtlsHello {
    let mut suites = usual_offer(version::TLS12, true);
    suites.truncate(60);
    // With a shared key: AES in CCM and GCM mode, which is what RFC 7252 asks of CoAP.
    suites.extend([0xc0a8, 0xc0a4, 0x00a8, 0xd001, 0xc0ac, 0xc0ae]);
    hello(mark, DTLS12, suites)
}

/// A hello that offers one version and these suites.
pub(crate) fn hello(mark: &str, version: u16, suites: Vec<u16>) -> DtlsHello {
    let mut random = [0u8; 32];
    let mut state = number(mark);
    for byte in &mut random {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *byte = state.to_be_bytes()[0];
    }
    DtlsHello { version, random, suites, groups: GROUPS.into() }
}

/// Says hello, gives back the cookie if one is asked for, and takes leave.
///
/// # Errors
/// `Silent` when nothing came back; else what came in between.
pub(crate) async fn greet(bench: &NodeBench, port: u16, hello: &DtlsHello) -> Result<Greeting, Interrupted> {
    let mut talk = bench.datagrams(port, Impact::Safe, Replies::FromPort).await?;
    talk.send(&hello.encode(0, &[])).await?;
    let until = Instant::now() + bench.datagram_patience();
    let first = talk.hear(until).await?;
    let Some(mut answer) = DtlsAnswer::read(&first) else { return Ok(Greeting::Strange(first)) };
    let mut unproven = first.len();
    let cookie = answer.cookie.take();
    if let Some(cookie) = &cookie {
        talk.send(&hello.encode(1, cookie)).await?;
        let until = Instant::now() + bench.datagram_patience();
        while answer.hello.is_none() && answer.alert.is_none() {
            match talk.hear(until).await {
                Ok(heard) => {
                    if let Some(more) = DtlsAnswer::read(&heard) {
                        answer.hello = answer.hello.or(more.hello);
                        answer.alert = answer.alert.or(more.alert);
                    }
                }
                Err(Interrupted::Silent | Interrupted::Closed) => break,
                Err(why) => return Err(why),
            }
        }
    } else {
        // What else belongs to the flight of a server that asks for no proof of the address.
        let until = Instant::now() + bench.datagram_patience() / 4;
        while let Ok(heard) = talk.hear(until).await {
            unproven = unproven.saturating_add(heard.len());
            if let Some(more) = DtlsAnswer::read(&heard) {
                answer.hello = answer.hello.or(more.hello);
                answer.alert = answer.alert.or(more.alert);
            }
        }
    }
    if answer.hello.is_some() {
        // So that it does not repeat its flight to nobody.
        let _ = talk.send(&dtls_goodbye(2)).await;
    }
    Ok(Greeting::Answered { cookie: cookie.is_some(), hello: answer.hello, alert: answer.alert, unproven })
}
