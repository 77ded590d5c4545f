//! Drawings of the graph: of what findings are about, and of all of it.

use super::shape::{Arrow, Box, Drawing, Lock, Order};
use crate::drawing::place;
use crate::escape;
use std::collections::BTreeSet;

/// A graph of so many locks is drawn once.
const SMALL: usize = 30;
/// Neighbours of the locks of findings that are drawn with them, for each of them.
const NEIGHBOURS: usize = 4;

/// What a character takes, what is around a name, and the least and most that a box takes.
const CHARACTER: f64 = 7.4;
const MARGIN: f64 = 24.0;
const NARROWEST: f64 = 48.0;
/// Columns of a name in a box.
const NAME: usize = 30;

/// The drawings, the first of which is to be shown first.
pub(super) fn views(locks: &[Lock], orders: &[Order]) -> Vec<Drawing> {
    let all: Vec<usize> = (0..locks.len()).collect();
    let mut views = Vec::new();
    if locks.len() > SMALL {
        let around = around(locks, orders);
        if !around.is_empty() && around.len() < locks.len() {
            views.push(draw("Around findings", &around, locks, orders));
        }
    }
    views.push(draw("All locks", &all, locks, orders));
    views
}

/// The locks of findings, refuted ones included, and some of their neighbours.
fn around(locks: &[Lock], orders: &[Order]) -> Vec<usize> {
    let of_orders =
        orders.iter().filter(|order| !order.refuted.is_empty() || !order.findings.is_empty());
    let mut chosen: BTreeSet<usize> = of_orders.flat_map(|order| [order.from, order.to]).collect();
    chosen.extend((0..locks.len()).filter(|at| !locks[*at].findings.is_empty() || locks[*at].gate));
    let mut room = vec![NEIGHBOURS; locks.len()];
    let mut more = BTreeSet::new();
    for order in orders {
        for (at, other) in [(order.from, order.to), (order.to, order.from)] {
            if chosen.contains(&at) && !chosen.contains(&other) && room[at] > 0 {
                room[at] -= 1;
                more.insert(other);
            }
        }
    }
    chosen.into_iter().chain(more).collect()
}

fn draw(title: &str, chosen: &[usize], locks: &[Lock], orders: &[Order]) -> Drawing {
    let mut number = vec![usize::MAX; locks.len()];
    chosen.iter().enumerate().for_each(|(at, lock)| number[*lock] = at);
    let width = |lock: &usize| {
        let columns = escape::width(&locks[*lock].name).min(NAME) as f64;
        (columns * CHARACTER + MARGIN).max(NARROWEST)
    };
    let widths: Vec<f64> = chosen.iter().map(width).collect();
    let inside = |order: &Order| number[order.from] != usize::MAX && number[order.to] != usize::MAX;
    let drawn: Vec<usize> = (0..orders.len()).filter(|at| inside(&orders[*at])).collect();
    let ends: Vec<(usize, usize)> =
        drawn.iter().map(|at| (number[orders[*at].from], number[orders[*at].to])).collect();
    let placed = place(&widths, &ends);
    let whole = |value: f64| value.round() as i32;
    Drawing {
        title: title.to_owned(),
        width: whole(placed.width),
        height: whole(placed.height),
        boxes: (chosen.iter().zip(&placed.boxes).zip(&widths))
            .map(|((lock, point), width)| Box {
                lock: *lock,
                x: whole(point.x),
                y: whole(point.y),
                w: whole(*width),
            })
            .collect(),
        arrows: (drawn.iter().zip(&placed.arrows))
            .map(|(order, points)| Arrow {
                order: *order,
                at: points.iter().flat_map(|point| [whole(point.x), whole(point.y)]).collect(),
            })
            .collect(),
    }
}
