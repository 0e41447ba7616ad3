//! Places boxes in rows and leads lines between them through the free channels; pure geometry in whole pixels.
//!
//! Rows lie under each other, each in its zone. A line leaves its box at one side, keeps to the channels between
//! rows, and passes a row only in a gap between boxes. Every port and every passage has an x of its own: lines may
//! cross, but never lie on each other, on a box or on a tag.

/// All x are multiples of this, or shifted from them by a part that tells ports and passages apart.
const UNIT: i32 = 12;
const BOX_WIDTH: i32 = 14 * UNIT;
const BOX_HEIGHT: i32 = 74;
/// What a box needs more for the label of undeclared services.
const LABEL_HEIGHT: i32 = 22;
/// Width of a port that carries a tag, in units.
const TAG_UNITS: i32 = 11;
const TAG_WIDTH: i32 = TAG_UNITS * UNIT - 8;
const TAG_HEIGHT: i32 = 20;
/// Height of the strip beside a row in which its tags lie.
const TAG_STRIP: i32 = TAG_HEIGHT + 12;
/// Room for the names of the zones.
const MARGIN: i32 = 9 * UNIT;
/// Boxes of one row take at most this.
const ROW_WIDTH: i32 = 68 * UNIT;
const GAP: i32 = 3 * UNIT;
const TRACK: i32 = 10;
const PAD: i32 = 22;

/// A box to be placed.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// Zones lie under each other in this order.
    pub(super) zone: usize,
    /// Rows within a zone, in this order.
    pub(super) rank: usize,
    /// Needs room for one more label.
    pub(super) tall: bool,
    /// Lines run through it: what enters first leaves first.
    pub(super) passage: bool,
}

/// A line from one box to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leg {
    pub(super) from: usize,
    pub(super) to: usize,
    /// Whether it carries a tag where it begins.
    pub(super) tagged: bool,
}

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::html) struct Rect {
    pub(in crate::html) x: i32,
    pub(in crate::html) y: i32,
    pub(in crate::html) w: i32,
    pub(in crate::html) h: i32,
}

/// Where everything came to lie.
#[derive(Debug, Default)]
pub(super) struct Placement {
    pub(super) width: i32,
    pub(super) height: i32,
    /// One for each item.
    pub(super) boxes: Vec<Rect>,
    /// Zone and its band, from top to bottom.
    pub(super) zones: Vec<(usize, Rect)>,
    /// One for each leg: corners from its beginning to its end.
    pub(super) lines: Vec<Vec<(i32, i32)>>,
    /// One for each leg; only where it is tagged.
    pub(super) tags: Vec<Option<Rect>>,
}

#[derive(Debug)]
struct Row {
    zone: usize,
    items: Vec<usize>,
    top: i32,
    height: i32,
    /// Passages in each gap: before the first box, between, after the last.
    passages: Vec<i32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edge {
    Top,
    Bottom,
}

/// How a leg runs.
#[derive(Clone, Debug)]
struct Run {
    exit: Edge,
    entry: Edge,
    exit_x: i32,
    entry_x: i32,
    /// Channels in the order in which they are crossed; channel `n` lies below row `n`.
    channels: Vec<usize>,
    /// Row, gap and track of each passage between two channels.
    passages: Vec<(usize, usize, i32)>,
    /// Height in each channel; `None` where the line goes straight through.
    tracks: Vec<Option<i32>>,
}

/// Places everything; legs whose ends do not exist are left out by the caller.
pub(super) fn place(items: &[Item], legs: &[Leg]) -> Placement {
    let widths: Vec<i32> = (0..items.len()).map(|at| box_width(at, legs)).collect();
    let mut rows = rows(items, &widths);
    let mut row_of = vec![0; items.len()];
    for (at, row) in rows.iter().enumerate() {
        for item in &row.items {
            row_of[*item] = at;
        }
    }
    let mut runs: Vec<Run> = legs.iter().map(|leg| run(row_of[leg.from], row_of[leg.to])).collect();
    let (rough, _) = columns(&rows, &widths);
    for (leg, run) in legs.iter().zip(&mut runs) {
        choose_gaps(leg, run, &mut rows, &rough, &widths);
    }
    let (xs, width) = columns(&rows, &widths);
    ports(items, legs, &mut runs, &xs, &widths);
    let heights = tracks(legs, &mut runs, &rows, &row_of, &xs, &widths);
    let mut y = PAD;
    for (row, height) in rows.iter_mut().zip(&heights) {
        row.top = y;
        y += row.height + height;
    }
    let boxes: Vec<Rect> = (0..items.len())
        .map(|at| {
            let row = &rows[row_of[at]];
            Rect { x: xs[at], y: row.top, w: widths[at], h: row.height }
        })
        .collect();
    Placement {
        width,
        height: y,
        zones: zones(&rows, &heights, width, y),
        lines: legs.iter().zip(&runs).map(|(leg, run)| line(leg, run, &rows, &boxes, &xs, &widths)).collect(),
        tags: legs
            .iter()
            .zip(&runs)
            .map(|(leg, run)| leg.tagged.then(|| tag(run, &boxes[leg.from])))
            .collect(),
        boxes,
    }
}

/// Wide enough for all its ports, as if they lay on one side.
fn box_width(item: usize, legs: &[Leg]) -> i32 {
    let units: i32 = legs
        .iter()
        .map(|leg| i32::from(leg.to == item) + if leg.from == item { port_units(leg) } else { 0 })
        .sum();
    BOX_WIDTH.max((units + 2) * UNIT)
}

const fn port_units(leg: &Leg) -> i32 {
    if leg.tagged { TAG_UNITS } else { 1 }
}

fn rows(items: &[Item], widths: &[i32]) -> Vec<Row> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|at| (items[*at].zone, items[*at].rank, *at));
    let mut rows: Vec<Row> = Vec::new();
    let (mut rank, mut used) = (None, 0);
    for at in order {
        let here = Some((items[at].zone, items[at].rank));
        let needed = widths[at] + GAP;
        if here != rank || used + needed > ROW_WIDTH {
            rows.push(Row {
                zone: items[at].zone,
                items: Vec::new(),
                top: 0,
                height: BOX_HEIGHT,
                passages: vec![0],
            });
            (rank, used) = (here, 0);
        }
        if let Some(row) = rows.last_mut() {
            row.items.push(at);
            row.passages.push(0);
            used += needed;
            if items[at].tall {
                row.height = BOX_HEIGHT + LABEL_HEIGHT;
            }
        }
    }
    rows
}

fn run(from: usize, to: usize) -> Run {
    let (exit, entry, channels): (Edge, Edge, Vec<usize>) = match from.cmp(&to) {
        std::cmp::Ordering::Less => (Edge::Bottom, Edge::Top, (from..to).collect()),
        std::cmp::Ordering::Equal => (Edge::Bottom, Edge::Bottom, vec![from]),
        std::cmp::Ordering::Greater => (Edge::Top, Edge::Bottom, (to..from).rev().collect()),
    };
    let tracks = vec![None; channels.len()];
    Run { exit, entry, exit_x: 0, entry_x: 0, channels, passages: Vec::new(), tracks }
}

/// x of each box, and the width of the whole.
fn columns(rows: &[Row], widths: &[i32]) -> (Vec<i32>, i32) {
    let total = |row: &Row| -> i32 {
        let gaps: i32 = (0..row.passages.len()).map(|gap| gap_width(row, gap)).sum();
        row.items.iter().map(|i| widths[*i]).sum::<i32>() + gaps
    };
    let inner = rows.iter().map(total).max().unwrap_or(0);
    let mut xs = vec![0; widths.len()];
    for row in rows {
        let mut x = MARGIN + (inner - total(row)) / (2 * UNIT) * UNIT;
        for (gap, item) in row.items.iter().enumerate() {
            x += gap_width(row, gap);
            xs[*item] = x;
            x += widths[*item];
        }
    }
    (xs, MARGIN + inner + UNIT)
}

fn gap_width(row: &Row, gap: usize) -> i32 {
    let outer = gap == 0 || gap + 1 == row.passages.len();
    let least = if outer { UNIT } else { GAP };
    if row.passages[gap] == 0 { least } else { least.max((row.passages[gap] + 2) * UNIT) }
}

/// Leads a long line through the gap of each row that lies nearest to the straight way.
fn choose_gaps(leg: &Leg, run: &mut Run, rows: &mut [Row], xs: &[i32], widths: &[i32]) {
    let centre = |item: usize| xs[item] + widths[item] / 2;
    let (from, to) = (centre(leg.from), centre(leg.to));
    let steps = i32::try_from(run.channels.len()).unwrap_or(i32::MAX);
    for (step, pair) in (1..).zip(run.channels.windows(2)) {
        let row_at = pair[0].max(pair[1]);
        let row = &mut rows[row_at];
        let wanted = from + (to - from) * step / steps;
        let nearest = (0..row.passages.len()).min_by_key(|gap| {
            let x = match (gap.checked_sub(1).map(|b| row.items[b]), row.items.get(*gap)) {
                (_, Some(right)) => xs[*right],
                (Some(left), None) => xs[left] + widths[left],
                (None, None) => 0,
            };
            ((x - wanted).abs(), *gap)
        });
        let gap = nearest.unwrap_or(0);
        run.passages.push((row_at, gap, row.passages[gap]));
        row.passages[gap] += 1;
    }
}

fn passage_x(rows: &[Row], (row_at, gap, track): (usize, usize, i32), xs: &[i32], widths: &[i32]) -> i32 {
    let row = &rows[row_at];
    let start = match gap.checked_sub(1) {
        Some(left) => xs[row.items[left]] + widths[row.items[left]],
        None => row.items.first().map_or(MARGIN, |first| xs[*first]) - gap_width(row, 0),
    };
    // Passages of neighbouring rows are shifted against each other, and both against the ports.
    let shift = if row_at % 2 == 0 { UNIT / 4 } else { 3 * UNIT / 4 };
    start + (track + 1) * UNIT - UNIT / 2 + shift
}

/// Gives every leg a port of its own at both ends.
fn ports(items: &[Item], legs: &[Leg], runs: &mut [Run], xs: &[i32], widths: &[i32]) {
    let centre = |item: usize| xs[item] + widths[item] / 2;
    for item in 0..items.len() {
        for edge in [Edge::Top, Edge::Bottom] {
            // (order, leg, whether it leaves here)
            let mut here: Vec<(i32, usize, bool)> = Vec::new();
            for (at, leg) in legs.iter().enumerate() {
                let order = |other: usize| if items[item].passage { 0 } else { centre(other) };
                if leg.from == item && runs[at].exit == edge {
                    here.push((order(leg.to), at, true));
                }
                if leg.to == item && runs[at].entry == edge {
                    here.push((order(leg.from), at, false));
                }
            }
            here.sort_unstable();
            let units = |leaves: bool, at: usize| if leaves { port_units(&legs[at]) } else { 1 };
            let total: i32 = here.iter().map(|(_, at, leaves)| units(*leaves, *at)).sum();
            let mut x = xs[item] + (widths[item] / UNIT - total + 1) / 2 * UNIT;
            if edge == Edge::Top {
                x += UNIT / 2;
            }
            for (_, at, leaves) in here {
                let port = x + units(leaves, at) / 2 * UNIT;
                if leaves {
                    runs[at].exit_x = port;
                } else {
                    runs[at].entry_x = port;
                }
                x += units(leaves, at) * UNIT;
            }
        }
    }
}

/// Gives every line a height in each channel it crosses; returns how high the channels must be.
fn tracks(
    legs: &[Leg],
    runs: &mut [Run],
    rows: &[Row],
    row_of: &[usize],
    xs: &[i32],
    widths: &[i32],
) -> Vec<i32> {
    let mut heights = Vec::with_capacity(rows.len());
    for channel in 0..rows.len() {
        let tags = |row: usize, edge: Edge| {
            legs.iter().zip(runs.iter()).any(|(l, r)| l.tagged && row_of[l.from] == row && r.exit == edge)
        };
        let above = if tags(channel, Edge::Bottom) { TAG_STRIP } else { 0 };
        let below = if tags(channel + 1, Edge::Top) { TAG_STRIP } else { 0 };
        let mut spans: Vec<(i32, i32, usize, usize)> = Vec::new();
        for (at, run) in runs.iter().enumerate() {
            for (step, _) in run.channels.iter().enumerate().filter(|(_, c)| **c == channel) {
                let (x1, x2) = ends(run, step, rows, xs, widths);
                if x1 != x2 {
                    spans.push((x1.min(x2), x1.max(x2), at, step));
                }
            }
        }
        spans.sort_unstable();
        let mut used: Vec<i32> = Vec::new();
        for (left, right, at, step) in spans {
            let free = used.iter().position(|end| *end + UNIT <= left);
            let track = free.unwrap_or(used.len());
            if track == used.len() {
                used.push(right);
            } else {
                used[track] = right;
            }
            let lane = i32::try_from(track).unwrap_or(0) * TRACK;
            runs[at].tracks[step] = Some(above + 14 + lane);
        }
        let lanes = i32::try_from(used.len()).unwrap_or(0) * TRACK;
        let last = channel + 1 == rows.len();
        heights.push(if last && lanes == 0 && above == 0 { PAD } else { above + lanes + below + 30 });
    }
    heights
}

/// x at which a leg comes into its channel of that step, and x at which it leaves it.
fn ends(run: &Run, step: usize, rows: &[Row], xs: &[i32], widths: &[i32]) -> (i32, i32) {
    let come = match step.checked_sub(1).and_then(|s| run.passages.get(s)) {
        Some(passage) => passage_x(rows, *passage, xs, widths),
        None => run.exit_x,
    };
    let go = match run.passages.get(step) {
        Some(passage) => passage_x(rows, *passage, xs, widths),
        None => run.entry_x,
    };
    (come, go)
}

fn line(leg: &Leg, run: &Run, rows: &[Row], boxes: &[Rect], xs: &[i32], widths: &[i32]) -> Vec<(i32, i32)> {
    let side = |rect: &Rect, edge: Edge| if edge == Edge::Top { rect.y } else { rect.y + rect.h };
    let mut corners = vec![(run.exit_x, side(&boxes[leg.from], run.exit))];
    for (step, channel) in run.channels.iter().enumerate() {
        let (come, go) = ends(run, step, rows, xs, widths);
        if let Some(height) = run.tracks[step] {
            let y = rows[*channel].top + rows[*channel].height + height;
            corners.extend([(come, y), (go, y)]);
        }
    }
    corners.push((run.entry_x, side(&boxes[leg.to], run.entry)));
    corners
}

fn tag(run: &Run, from: &Rect) -> Rect {
    let middle = TAG_STRIP / 2;
    let y = if run.exit == Edge::Top { from.y - middle } else { from.y + from.h + middle };
    Rect { x: run.exit_x - TAG_WIDTH / 2, y: y - TAG_HEIGHT / 2, w: TAG_WIDTH, h: TAG_HEIGHT }
}

/// Bands from the middle of one channel to the middle of the next.
fn zones(rows: &[Row], heights: &[i32], width: i32, bottom: i32) -> Vec<(usize, Rect)> {
    let mut zones: Vec<(usize, Rect)> = Vec::new();
    let mut top = 0;
    for (at, row) in rows.iter().enumerate() {
        let next = rows.get(at + 1);
        if next.is_some_and(|n| n.zone == row.zone) {
            continue;
        }
        let end = if next.is_some() { row.top + row.height + heights[at] / 2 } else { bottom };
        zones.push((row.zone, Rect { x: 0, y: top, w: width, h: end - top }));
        top = end;
    }
    zones
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touches(a: &Rect, b: &Rect) -> bool {
        a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
    }

    /// Straight pieces of a line as thin rectangles, without their very ends.
    fn pieces(line: &[(i32, i32)]) -> Vec<Rect> {
        line.windows(2)
            .map(|p| {
                let ((x1, y1), (x2, y2)) = (p[0], p[1]);
                assert!(x1 == x2 || y1 == y2, "a slanting line: {line:?}");
                Rect {
                    x: x1.min(x2),
                    y: y1.min(y2) + 1,
                    w: (x1 - x2).abs().max(1),
                    h: ((y1 - y2).abs() - 2).max(1),
                }
            })
            .collect()
    }

    /// A row of numbers that looks random and is the same in every run.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, below: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % below
        }
    }

    /// Worlds of up to 20 boxes and 24 lines between them.
    fn worlds() -> impl Iterator<Item = (Vec<Item>, Vec<Leg>)> {
        (0..400).map(|seed| {
            let mut dice = Dice(seed);
            let count = 1 + dice.roll(20);
            let items = (0..count)
                .map(|_| Item {
                    zone: dice.roll(4),
                    rank: dice.roll(3),
                    tall: dice.roll(4) == 0,
                    passage: dice.roll(4) == 0,
                })
                .collect();
            let legs = (0..dice.roll(25))
                .map(|_| Leg { from: dice.roll(count), to: dice.roll(count), tagged: dice.roll(2) == 0 })
                .filter(|leg| leg.from != leg.to)
                .collect();
            (items, legs)
        })
    }

    #[test]
    fn nothing_lies_on_anything() {
        for (items, legs) in worlds() {
            let placed = place(&items, &legs);
            for (at, a) in placed.boxes.iter().enumerate() {
                assert!(a.x >= MARGIN && a.x + a.w <= placed.width && a.y + a.h <= placed.height);
                for b in placed.boxes[at + 1..].iter().chain(placed.tags.iter().flatten()) {
                    assert!(!touches(a, b), "{a:?} {b:?}");
                }
                for piece in placed.lines.iter().flat_map(|l| pieces(l)) {
                    assert!(!touches(a, &piece), "{a:?} {piece:?}");
                }
            }
            let tags: Vec<(usize, Rect)> =
                placed.tags.iter().enumerate().filter_map(|(at, t)| Some((at, (*t)?))).collect();
            for (at, (leg, a)) in tags.iter().enumerate() {
                for (_, b) in &tags[at + 1..] {
                    assert!(!touches(a, b), "{a:?} {b:?}");
                }
                for (_, line) in placed.lines.iter().enumerate().filter(|(other, _)| other != leg) {
                    for piece in pieces(line) {
                        assert!(!touches(a, &piece), "{a:?} {line:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn lines_cross_but_never_share_a_way() {
        for (items, legs) in worlds() {
            let placed = place(&items, &legs);
            for (at, a) in placed.lines.iter().enumerate() {
                for b in &placed.lines[at + 1..] {
                    for (p, q) in a.windows(2).flat_map(|p| b.windows(2).map(move |q| (p, q))) {
                        assert!(!share_a_way(p, q), "{a:?} {b:?}");
                    }
                }
            }
        }
    }

    fn share_a_way(p: &[(i32, i32)], q: &[(i32, i32)]) -> bool {
        let overlap = |a: i32, b: i32, c: i32, d: i32| a.min(b).max(c.min(d)) < a.max(b).min(c.max(d));
        let [(px1, py1), (px2, py2)] = [p[0], p[1]];
        let [(qx1, qy1), (qx2, qy2)] = [q[0], q[1]];
        let upright = px1 == px2 && qx1 == qx2 && px1 == qx1 && overlap(py1, py2, qy1, qy2);
        let level = py1 == py2 && qy1 == qy2 && py1 == qy1 && overlap(px1, px2, qx1, qx2);
        upright || level
    }
}
