//! What a device did with an image that it was offered: the judgement that all checks of updates share.

use auscult_facts::client::Kept;
use auscult_facts::update::{Image, Taken, UpdateFacts};
use auscult_model::{Judgement, Message};

use crate::towards::shared;

/// Judges one kind of image: whoever installs it fails, and only who was seen to fetch it, to stay as he was, and to
/// install the genuine one passes.
///
/// The check says `installed` and `refused` itself.
pub(crate) fn refuses(facts: &UpdateFacts, image: Image) -> Judgement {
    let of_both =
        |id: &str| Judgement::inconclusive(shared(id).with("far", &facts.far).with("image", image.word()));
    match facts.kept {
        Some(Kept::CannotListen) => return of_both("client-cannot-listen"),
        Some(Kept::AuthorityUnusable) => return of_both("client-authority-unusable"),
        None => {}
    }
    match facts.taken(image) {
        Taken::Installed => Judgement::fail(Message::new("installed").with("far", &facts.far)),
        Taken::Refused if facts.taken(Image::Genuine) == Taken::Installed => {
            Judgement::pass(Message::new("refused").with("far", &facts.far))
        }
        Taken::Refused => of_both("update-genuine-not-taken"),
        Taken::NotFetched => of_both("update-not-fetched"),
        Taken::Untold => of_both("update-untold"),
        Taken::NotOffered => of_both("update-not-offered"),
        Taken::Covered => of_both("update-covered"),
    }
}
