//! Messages that are sent to a device twice on the bench, as a scenario declares them.

use serde::{Deserialize, Serialize};

use super::impostor::{own_address, seconds};
use super::mistake::Mistakes;
use super::parse::paths;
use super::reader::Table;
use super::{Endpoint, Impostor, Node, Place, Trigger};
use crate::Message;

/// How long the device may take to do what a message says where nothing is said, in seconds.
const USUAL_SETTLE: u32 = 5;
/// Longest topic or path, in bytes.
const LONGEST_AT: usize = 200;

const KEYS: [&str; 7] = ["for", "at", "first", "second", "third", "state", "settle"];

/// Three valid messages to a device, of which the first one is sent again, and how it is seen what each of them did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replay {
    /// The far end that sends them; one of the node's impostors plays it.
    pub far: Endpoint,
    /// Where the device gets them: a topic of MQTT, or a path that it asks for over HTTP.
    pub at: String,
    /// Files with the messages, in the order in which they are valid.
    pub messages: [String; 3],
    /// An address of the device that tells what the messages change.
    pub state: Trigger,
    /// How long the device may take to do what a message says, in seconds.
    pub settle_seconds: u32,
    /// Where it is declared.
    pub place: Place,
}

/// Reads the table; the impostors of the node are known by then.
pub(super) fn replay(
    fields: Table<'_, '_>,
    node: &Node,
    impostors: &[Impostor],
    mistakes: &mut Mistakes<'_>,
) -> Option<Replay> {
    fields.only(&KEYS, mistakes);
    let far = fields.needed_text("for", mistakes).and_then(|text| {
        let far = impostors.iter().map(|i| &i.far).find(|far| far.label() == text.value).cloned();
        if far.is_none() {
            let message = Message::new("scenario.replay-without-impostor")
                .with("node", &node.id)
                .with("far", &text.value);
            mistakes.add(text.span, message, Some(Message::new("scenario.hint-replay-impostor")));
        }
        far
    });
    let at = fields.needed_text("at", mistakes).and_then(|text| {
        let fine = (1..=LONGEST_AT).contains(&text.value.len())
            && !text.value.contains(['#', '+', '?'])
            && text.value.bytes().all(|b| b.is_ascii_graphic());
        if !fine {
            let message = Message::new("scenario.bad-replay-place").with("text", &text.value);
            mistakes.add(text.span, message, Some(Message::new("scenario.hint-replay-place")));
        }
        fine.then_some(text.value)
    });
    let mut file = |key: &str| paths(fields.needed_text(key, mistakes).into_iter().collect(), mistakes).pop();
    let (first, second, third) = (file("first"), file("second"), file("third"));
    let state = fields.needed_text("state", mistakes).and_then(|text| own_address(node, &text, mistakes));
    let settle = match fields.text("settle", mistakes) {
        None => Some(USUAL_SETTLE),
        Some(text) => seconds(&text, mistakes),
    };
    Some(Replay {
        far: far?,
        at: at?,
        messages: [first?, second?, third?],
        state: state?,
        settle_seconds: settle?,
        place: mistakes.place(fields.at),
    })
}
