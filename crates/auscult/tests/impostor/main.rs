//! Clients that dial out against the far ends that auscult plays: each flaw is found, and a proper client has none.
//!
//! What fails is compared to the check: a flaw that is missed fails the test, and so does a finding for which there
//! is no flaw. A proper client must really pass, since one that is merely not seen proves nothing.

mod benches;
mod field;
mod lab;
mod permits;
mod programs;
mod replays;
mod set_ups;
mod updates;
