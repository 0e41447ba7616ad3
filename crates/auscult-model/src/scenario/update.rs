//! How a device is updated on the bench, as a scenario declares it.

use serde::{Deserialize, Serialize};

use super::impostor::{own_address, seconds};
use super::mistake::Mistakes;
use super::parse::paths;
use super::reader::Table;
use super::{Endpoint, Impostor, Node, Place, Trigger};
use crate::Message;

/// How long the device may take to install what it fetched where nothing is said, in seconds.
const USUAL_SETTLE: u32 = 20;

const KEYS: [&str; 4] = ["for", "images", "installed", "settle"];

/// How updates are offered to a device, and how it is seen whether it took one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Update {
    /// The update server; one of the node's impostors plays it.
    pub far: Endpoint,
    /// Folder with the images: one folder for each kind of offer, whose files are served under their paths.
    pub images: String,
    /// An address of the device that tells the installed version.
    pub installed: Trigger,
    /// How long the device may take to install what it fetched, in seconds.
    pub settle_seconds: u32,
    /// Where it is declared.
    pub place: Place,
}

/// Reads the table; the impostors of the node are known by then.
pub(super) fn update(
    fields: Table<'_, '_>,
    node: &Node,
    impostors: &[Impostor],
    mistakes: &mut Mistakes<'_>,
) -> Option<Update> {
    fields.only(&KEYS, mistakes);
    let far = fields.needed_text("for", mistakes).and_then(|text| {
        let far = impostors.iter().map(|i| &i.far).find(|far| far.label() == text.value).cloned();
        if far.is_none() {
            let message = Message::new("scenario.update-without-impostor")
                .with("node", &node.id)
                .with("far", &text.value);
            mistakes.add(text.span, message, Some(Message::new("scenario.hint-update-impostor")));
        }
        far
    });
    let images = paths(fields.needed_text("images", mistakes).into_iter().collect(), mistakes).pop();
    let installed =
        fields.needed_text("installed", mistakes).and_then(|text| own_address(node, &text, mistakes));
    let settle = match fields.text("settle", mistakes) {
        None => Some(USUAL_SETTLE),
        Some(text) => seconds(&text, mistakes),
    };
    Some(Update {
        far: far?,
        images: images?,
        installed: installed?,
        settle_seconds: settle?,
        place: mistakes.place(fields.at),
    })
}
