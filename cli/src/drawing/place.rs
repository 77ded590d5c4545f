//! The whole drawing.

use super::crossings::order;
use super::heights::heights;
use super::layers::{Layers, layers};
use super::parts::parts;
use std::collections::BTreeSet;

/// What a box takes from top to bottom, and a bend of an arrow.
const ROW: f64 = 40.0;
const BEND: f64 = 14.0;
/// Between two layers, and between two parts.
const GAP: f64 = 70.0;
const PART_GAP: f64 = 36.0;
/// How many bends arrows have in all; the others pass straight through the layers.
const BENDS: usize = 20_000;
/// Arrows between two boxes in both directions are so far from the middle.
const ASIDE: f64 = 5.0;

/// A point of the drawing: to the right, and down.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// A drawing.
#[derive(Debug, Default)]
pub(crate) struct Placed {
    /// The middles of the boxes.
    pub(crate) boxes: Vec<Point>,
    /// From the side of a box to that of another, with the bends between; empty for an arrow from a box to itself.
    pub(crate) arrows: Vec<Vec<Point>>,
    /// The size.
    pub(crate) width: f64,
    /// The size.
    pub(crate) height: f64,
}

/// Places boxes of these widths, and the arrows between them.
pub(crate) fn place(widths: &[f64], arrows: &[(usize, usize)]) -> Placed {
    let mut placed = Placed {
        boxes: vec![Point::default(); widths.len()],
        arrows: vec![Vec::new(); arrows.len()],
        ..Placed::default()
    };
    let mut of_box: Vec<Vec<usize>> = vec![Vec::new(); widths.len()];
    for (number, (from, _)) in arrows.iter().enumerate() {
        of_box[*from].push(number);
    }
    let mut drawn: Vec<(Vec<usize>, Vec<usize>, Placed)> = Vec::new();
    let mut inside = vec![0; widths.len()];
    for part in parts(widths.len(), arrows) {
        part.iter().enumerate().for_each(|(number, at)| inside[*at] = number);
        let own: Vec<usize> = part.iter().flat_map(|at| of_box[*at].iter().copied()).collect();
        let ends: Vec<(usize, usize)> =
            own.iter().map(|n| (inside[arrows[*n].0], inside[arrows[*n].1])).collect();
        let widths: Vec<f64> = part.iter().map(|at| widths[*at]).collect();
        let one = one_part(&widths, &ends);
        drawn.push((part, own, one));
    }
    // The largest first, in rows that are about as long as all rows together are high.
    drawn.sort_by(|a, b| b.2.height.total_cmp(&a.2.height));
    let area = drawn.iter().map(|(.., one)| (one.width + PART_GAP) * (one.height + PART_GAP));
    let longest = drawn.iter().map(|(.., one)| one.width).fold(0.0, f64::max);
    let row = (area.sum::<f64>() * 1.6).sqrt().max(longest);
    let (mut x, mut y, mut highest) = (0.0, 0.0, 0.0_f64);
    for (part, own, one) in drawn {
        if x > 0.0 && x + one.width > row {
            (x, y, highest) = (0.0, y + highest + PART_GAP, 0.0);
        }
        let moved = |point: Point| Point { x: point.x + x, y: point.y + y };
        for (at, point) in part.iter().zip(one.boxes) {
            placed.boxes[*at] = moved(point);
        }
        for (number, points) in own.iter().zip(one.arrows) {
            placed.arrows[*number] = points.into_iter().map(moved).collect();
        }
        placed.width = placed.width.max(x + one.width);
        placed.height = placed.height.max(y + one.height);
        highest = highest.max(one.height);
        x += one.width + PART_GAP;
    }
    placed
}

/// Places what arrows join.
fn one_part(widths: &[f64], arrows: &[(usize, usize)]) -> Placed {
    let to_others: Vec<usize> =
        (0..arrows.len()).filter(|number| arrows[*number].0 != arrows[*number].1).collect();
    let ends: Vec<(usize, usize)> = to_others.iter().map(|number| arrows[*number]).collect();
    let Layers { mut layer, is_back } = layers(widths.len(), &ends);
    let first = layer.iter().copied().min().unwrap_or(0);
    layer.iter_mut().for_each(|layer| *layer -= first);
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); layer.iter().max().map_or(0, |last| last + 1)];
    layer.iter().enumerate().for_each(|(at, layer)| rows[*layer].push(at));
    // An arrow over several layers has a bend in each, which takes room as a box does.
    let (mut steps, mut bends) = (Vec::new(), vec![Vec::new(); ends.len()]);
    let mut room = vec![ROW; widths.len()];
    for (number, &(from, to)) in ends.iter().enumerate() {
        let (low, high) = if is_back[number] { (to, from) } else { (from, to) };
        if room.len() - widths.len() + layer[high] - layer[low] > BENDS {
            continue;
        }
        let mut last = low;
        for (at, row) in rows.iter_mut().enumerate().take(layer[high]).skip(layer[low] + 1) {
            let bend = room.len();
            room.push(BEND);
            row.push(bend);
            bends[number].push((bend, at));
            steps.push((last, bend));
            last = bend;
        }
        steps.push((last, high));
    }
    order(&mut rows, &steps, room.len());
    let height = heights(&rows, &steps, &room);
    let top = (height.iter().zip(&room)).map(|(y, room)| y - room / 2.0).fold(f64::MAX, f64::min);
    let bottom = (height.iter().zip(&room)).map(|(y, room)| y + room / 2.0).fold(0.0, f64::max);
    let (mut middles, mut x) = (Vec::new(), 0.0);
    for row in &rows {
        let widest = row.iter().filter_map(|at| widths.get(*at)).copied().fold(0.0, f64::max);
        middles.push(x + widest / 2.0);
        x += widest + GAP;
    }
    let boxes: Vec<Point> =
        (0..widths.len()).map(|at| Point { x: middles[layer[at]], y: height[at] - top }).collect();
    let pairs: BTreeSet<(usize, usize)> = ends.iter().copied().collect();
    let mut placed = Placed {
        width: (x - GAP).max(0.0),
        height: bottom - top,
        arrows: vec![Vec::new(); arrows.len()],
        boxes: Vec::new(),
    };
    for (number, &(from, to)) in ends.iter().enumerate() {
        let side = if is_back[number] { -1.0 } else { 1.0 };
        let aside = if pairs.contains(&(to, from)) { -ASIDE * side } else { 0.0 };
        let end = |at: usize, side: f64| Point {
            x: boxes[at].x + side * widths[at] / 2.0,
            y: boxes[at].y + aside,
        };
        let between = bends[number].iter();
        let between = between.map(|&(bend, at)| Point { x: middles[at], y: height[bend] - top });
        let mut points: Vec<Point> = between.collect();
        if is_back[number] {
            points.reverse();
        }
        points.insert(0, end(from, side));
        points.push(end(to, -side));
        placed.arrows[to_others[number]] = points;
    }
    placed.boxes = boxes;
    placed
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_order_goes_from_left_to_right() {
        let placed = place(&[60.0, 80.0, 60.0], &[(0, 1), (1, 2), (0, 2), (1, 1)]);
        let [a, b, c] = placed.boxes[..] else { panic!() };
        assert!(a.x < b.x && b.x < c.x);
        assert_eq!(placed.arrows[2].len(), 3, "it goes around the box between");
        assert!(placed.arrows[3].is_empty());
    }

    #[test]
    fn an_arrow_back_leaves_to_the_left() {
        let placed = place(&[60.0, 60.0], &[(0, 1), (1, 0)]);
        let [there, back] = &placed.arrows[..] else { panic!() };
        assert!(there[0].x < there[1].x && back[0].x > back[1].x);
        assert_ne!(there[0].y, back[1].y, "the two do not lie on each other");
    }

    proptest! {
        #[test]
        fn boxes_are_clear_of_each_other(
            arrows in proptest::collection::vec((0_usize..15, 0_usize..15), 0..40),
            widths in proptest::collection::vec(20.0_f64..200.0, 15),
        ) {
            let placed = place(&widths, &arrows);
            for (a, one) in placed.boxes.iter().enumerate() {
                prop_assert!(one.x - widths[a] / 2.0 >= -1e-6 && one.x + widths[a] / 2.0 <= placed.width + 1e-6);
                prop_assert!(one.y >= 0.0 && one.y <= placed.height);
                for (b, other) in placed.boxes.iter().enumerate().skip(a + 1) {
                    let beside = (one.x - other.x).abs() >= (widths[a] + widths[b]) / 2.0 - 1e-6;
                    prop_assert!(beside || (one.y - other.y).abs() >= ROW - 1e-6, "{} {}", a, b);
                }
            }
        }
    }
}
