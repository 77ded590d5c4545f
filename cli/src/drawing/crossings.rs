//! The order of the boxes in each layer, so that few arrows cross.

/// How often the layers are gone through.
const SWEEPS: usize = 12;

/// Puts the boxes of each layer in order. Arrows lead from a layer to the next one.
pub(super) fn order(layers: &mut [Vec<usize>], arrows: &[(usize, usize)], boxes: usize) {
    let (mut before, mut after) = (vec![Vec::new(); boxes], vec![Vec::new(); boxes]);
    for &(from, to) in arrows {
        after[from].push(to);
        before[to].push(from);
    }
    let mut place = places(layers, boxes);
    let mut best = (crossings(layers, &after, &place), layers.to_vec());
    for sweep in 0..SWEEPS {
        if best.0 == 0 {
            break;
        }
        let is_down = sweep % 2 == 0;
        let neighbours = if is_down { &before } else { &after };
        let mut numbers: Vec<usize> = (0..layers.len()).collect();
        if !is_down {
            numbers.reverse();
        }
        for number in numbers {
            let layer = &mut layers[number];
            let middle = |at: usize| mean(&neighbours[at], &place).unwrap_or(place[at] as f64);
            let mut keyed: Vec<(f64, usize)> = layer.iter().map(|at| (middle(*at), *at)).collect();
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
            for (to, (_, at)) in keyed.into_iter().enumerate() {
                layer[to] = at;
                place[at] = to;
            }
        }
        let crossings = crossings(layers, &after, &place);
        if crossings < best.0 {
            best = (crossings, layers.to_vec());
        }
    }
    layers.clone_from_slice(&best.1);
}

/// By box: which one of its layer it is.
fn places(layers: &[Vec<usize>], boxes: usize) -> Vec<usize> {
    let mut place = vec![0; boxes];
    for layer in layers {
        layer.iter().enumerate().for_each(|(number, at)| place[*at] = number);
    }
    place
}

fn mean(neighbours: &[usize], place: &[usize]) -> Option<f64> {
    let sum: usize = neighbours.iter().map(|at| place[*at]).sum();
    (!neighbours.is_empty()).then(|| sum as f64 / neighbours.len() as f64)
}

/// How many pairs of arrows cross. O(arrows × log boxes).
fn crossings(layers: &[Vec<usize>], after: &[Vec<usize>], place: &[usize]) -> u64 {
    let mut sum = 0;
    for (layer, next) in layers.iter().zip(layers.iter().skip(1)) {
        // A Fenwick tree: how many of the arrows so far end at a place or before it.
        let mut tree = vec![0_u64; next.len() + 1];
        let mut seen = 0;
        for at in layer {
            let mut ends: Vec<usize> = after[*at].iter().map(|to| place[*to]).collect();
            ends.sort_unstable();
            for end in &ends {
                let (mut upto, mut at) = (0, end + 1);
                while at > 0 {
                    upto += tree[at];
                    at &= at - 1;
                }
                sum += seen - upto;
            }
            for end in ends {
                let mut at = end + 1;
                while at < tree.len() {
                    tree[at] += 1;
                    at += at & at.wrapping_neg();
                }
                seen += 1;
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn naive(layers: &[Vec<usize>], arrows: &[(usize, usize)], place: &[usize]) -> u64 {
        let of = |at: usize| layers.iter().position(|layer| layer.contains(&at));
        let crosses = |a: &(usize, usize), b: &(usize, usize)| {
            of(a.0) == of(b.0) && place[a.0] < place[b.0] && place[a.1] > place[b.1]
        };
        arrows.iter().map(|a| arrows.iter().filter(|b| crosses(a, b)).count() as u64).sum()
    }

    proptest! {
        #[test]
        fn crossings_are_counted_and_never_get_more(
            arrows in proptest::collection::vec((0_usize..6, 6_usize..12), 0..25),
            more in proptest::collection::vec((6_usize..12, 12_usize..18), 0..25),
        ) {
            let arrows: Vec<_> = arrows.into_iter().chain(more).collect();
            let mut layers: Vec<Vec<usize>> = (0..3).map(|n| (n * 6..n * 6 + 6).collect()).collect();
            let mut after = vec![Vec::new(); 18];
            arrows.iter().for_each(|&(from, to)| after[from].push(to));
            let first = crossings(&layers, &after, &places(&layers, 18));
            prop_assert_eq!(first, naive(&layers, &arrows, &places(&layers, 18)));
            order(&mut layers, &arrows, 18);
            prop_assert!(naive(&layers, &arrows, &places(&layers, 18)) <= first);
            for (number, layer) in layers.iter().enumerate() {
                let mut sorted = layer.clone();
                sorted.sort_unstable();
                prop_assert_eq!(sorted, (number * 6..number * 6 + 6).collect::<Vec<_>>());
            }
        }
    }
}
