//! Plays the far ends of a client's flows towards it, proper and false, and notes what the client does.
//!
//! Nothing is opened from here: auscult listens at an address of its own machine, talks only to the declared device,
//! and everything that it sends is an answer. One act is played after the other, the proper far end first and last.
//! Nothing here has an opinion; it gives [`FarEnd`](auscult_facts::client::FarEnd)s.

mod act;
mod authority;
mod dns;
mod forged;
mod hear;
mod http;
mod meeting;
mod mqtt;
mod ntp;
mod replay;
mod secure;
mod stage;
mod status;
mod update;
mod wire;

pub use authority::{Authority, AuthorityError};
pub use hyper::body::Bytes;
pub use replay::{
    LONGEST_MESSAGE, Messages, TellSent, most_replay_packets, most_replay_questions, most_replay_seconds,
    replay,
};
pub use stage::{Dial, PLAYS, Stage, Tell, most_packets, most_seconds, play};
pub use update::{
    Images, LARGEST_IMAGE, TellOffer, Told, altered, cut_off, most_questions, most_update_packets,
    most_update_seconds, offer,
};

/// Name and version in evidence.
pub const NAME: &str = "impostor 1";
