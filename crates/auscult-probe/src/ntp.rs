//! Looks at an NTP server: the time, and whether it tells strangers of itself and of its clients.

use auscult_facts::ntp::{NtpFacts, Told};
use auscult_facts::{Answer, Interrupted, Subject};
use auscult_model::{Impact, Transport};
use auscult_wire::ntp::{MONITOR_LIST, client, control, private, read_variables, time};
use tokio::time::Instant;

use crate::bench::{DATAGRAM, Replies};
use crate::datagram::number;
use crate::{Bound, Depth, Errand, NodeBench, Observer};

/// How often each question is asked.
const TRIES: u32 = 2;

/// The observer of NTP servers.
#[derive(Debug)]
pub struct Ntp;

impl Observer for Ntp {
    type Facts = NtpFacts;
    const NAME: &'static str = "ntp/1";
    const IMPACT: Impact = Impact::Safe;

    fn bound(_: Depth, _: Impact) -> Bound {
        Bound { connections: 0, packets: 3 * u64::from(TRIES) * DATAGRAM }
    }

    async fn look(bench: &NodeBench, subject: &Subject, errand: &Errand) -> Result<NtpFacts, Interrupted> {
        let service = subject.service.as_ref().ok_or(Interrupted::InstrumentFault)?;
        if service.transport != Transport::Udp {
            return Err(Interrupted::BeyondInstrument);
        }
        let (port, number) = (service.port, number(&errand.mark));
        let stamp = u64::from(number);
        let stratum = bench
            .ask_datagram(port, Impact::Safe, TRIES, &client(stamp), |heard| {
                time(heard).filter(|t| t.origin == stamp).map(|t| t.stratum)
            })
            .await;
        let stratum = match stratum {
            Ok(stratum) => Answer::Seen(stratum),
            Err(why @ (Interrupted::Silent | Interrupted::NotUnderstood)) => Answer::Interrupted(why),
            Err(why) => return Err(why),
        };
        let sequence = u16::try_from(number & 0xffff).unwrap_or(1);
        let variables =
            told(bench, port, &read_variables(sequence), |heard| control(heard, sequence)).await?;
        let clients = told(bench, port, &MONITOR_LIST, private).await?;
        let seen = stratum.seen().is_some() || variables.seen().is_some() || clients.seen().is_some();
        if seen { Ok(NtpFacts { stratum, variables, clients }) } else { Err(Interrupted::Silent) }
    }
}

/// Asks the server about itself, and counts all that it sends in answer.
async fn told(
    bench: &NodeBench,
    port: u16,
    question: &[u8],
    read: impl Fn(&[u8]) -> Option<u8>,
) -> Result<Answer<Told>, Interrupted> {
    for _ in 0..TRIES {
        let mut talk = bench.datagrams(port, Impact::Safe, Replies::FromPort).await?;
        talk.send(question).await?;
        let until = Instant::now() + bench.datagram_patience();
        let mut told: Option<Told> = None;
        loop {
            match talk.hear(until).await {
                Ok(heard) => {
                    let Some(error) = read(&heard) else { continue };
                    let first = Told { error, asked: question.len() as u64, answered: 0 };
                    let told = told.get_or_insert(first);
                    told.answered = told.answered.saturating_add(heard.len() as u64);
                }
                Err(Interrupted::Silent) => break,
                Err(why) => return Err(why),
            }
        }
        if let Some(told) = told {
            return Ok(Answer::Seen(told));
        }
    }
    Ok(Answer::Interrupted(Interrupted::Silent))
}
