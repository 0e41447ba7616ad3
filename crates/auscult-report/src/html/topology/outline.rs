//! Corners of a line as an SVG path with rounded bends, and the head of its arrow.

use std::fmt::Write as _;

const BEND: i32 = 6;
const HEAD: i32 = 7;

/// The path of a line.
pub(super) fn path(corners: &[(i32, i32)]) -> String {
    let mut path = String::new();
    let Some((x, y)) = corners.first() else { return path };
    let _ = write!(path, "M{x} {y}");
    for around in corners.windows(3) {
        let (before, here, after) = (around[0], around[1], around[2]);
        let bend = BEND.min(distance(before, here) / 2).min(distance(here, after) / 2);
        let (x1, y1) = towards(here, before, bend);
        let (x2, y2) = towards(here, after, bend);
        let _ = write!(path, "L{x1} {y1}Q{} {} {x2} {y2}", here.0, here.1);
    }
    if let [_, .., (x, y)] = corners {
        let _ = write!(path, "L{x} {y}");
    }
    path
}

/// A triangle at the end of a line.
pub(super) fn head(corners: &[(i32, i32)]) -> Option<String> {
    let [.., from, to] = corners else { return None };
    let (x, y) = *to;
    let back = if from.1 < y { -HEAD } else { HEAD };
    Some(format!("M{x} {y}L{} {}L{} {}Z", x - HEAD / 2 - 1, y + back, x + HEAD / 2 + 1, y + back))
}

fn distance(a: (i32, i32), b: (i32, i32)) -> i32 {
    (a.0 - b.0).abs() + (a.1 - b.1).abs()
}

fn towards(from: (i32, i32), to: (i32, i32), by: i32) -> (i32, i32) {
    (from.0 + (to.0 - from.0).signum() * by, from.1 + (to.1 - from.1).signum() * by)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bends_are_round_and_short_pieces_stay_inside() {
        assert_eq!(
            path(&[(0, 0), (0, 20), (30, 20), (30, 40)]),
            "M0 0L0 14Q0 20 6 20L24 20Q30 20 30 26L30 40"
        );
        assert_eq!(path(&[(0, 0), (0, 4), (30, 4)]), "M0 0L0 2Q0 4 2 4L30 4");
        assert_eq!(path(&[(0, 0), (0, 9)]), "M0 0L0 9");
    }

    #[test]
    fn heads_point_the_way_of_the_line() {
        assert_eq!(head(&[(10, 0), (10, 20)]).as_deref(), Some("M10 20L6 13L14 13Z"));
        assert_eq!(head(&[(10, 20), (10, 0)]).as_deref(), Some("M10 0L6 7L14 7Z"));
    }
}
