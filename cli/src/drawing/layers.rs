//! A layer for each box: arrows lead from a lower layer to a higher one, but for those that close a cycle.

/// The layers, and the arrows against them.
#[derive(Debug)]
pub(super) struct Layers {
    /// By box.
    pub(super) layer: Vec<usize>,
    /// By arrow: whether it leads to a lower layer.
    pub(super) is_back: Vec<bool>,
}

/// Gives each box a layer. No arrow leads from a box to itself.
pub(super) fn layers(boxes: usize, arrows: &[(usize, usize)]) -> Layers {
    let is_back = back(boxes, arrows);
    let forward: Vec<(usize, usize)> = (arrows.iter().zip(&is_back))
        .map(|(&(from, to), is_back)| if *is_back { (to, from) } else { (from, to) })
        .collect();
    let mut layer = longest_paths(boxes, &forward);
    // What nothing leads to stands just before what it leads to.
    let mut has_before = vec![false; boxes];
    let mut next = vec![usize::MAX; boxes];
    for &(from, to) in &forward {
        has_before[to] = true;
        next[from] = next[from].min(layer[to]);
    }
    for at in (0..boxes).filter(|at| !has_before[*at] && next[*at] != usize::MAX) {
        layer[at] = next[at] - 1;
    }
    Layers { layer, is_back }
}

/// Which arrows lead back to a box whose search has not ended: without them there is no cycle.
fn back(boxes: usize, arrows: &[(usize, usize)]) -> Vec<bool> {
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut out: Vec<Vec<(usize, usize)>> = vec![Vec::new(); boxes];
    let mut incoming = vec![0_usize; boxes];
    for (number, &(from, to)) in arrows.iter().enumerate() {
        out[from].push((to, number));
        incoming[to] += 1;
    }
    let mut is_back = vec![false; arrows.len()];
    let mut state = vec![State::New; boxes];
    let mut starts: Vec<usize> = (0..boxes).collect();
    starts.sort_by_key(|at| incoming[*at] > 0);
    for start in starts {
        if state[start] != State::New {
            continue;
        }
        state[start] = State::Open;
        let mut open = vec![(start, 0)];
        while let Some((at, done)) = open.last_mut() {
            let Some(&(to, number)) = out[*at].get(*done) else {
                state[*at] = State::Done;
                open.pop();
                continue;
            };
            *done += 1;
            match state[to] {
                State::Open => is_back[number] = true,
                State::New => {
                    state[to] = State::Open;
                    open.push((to, 0));
                }
                State::Done => {}
            }
        }
    }
    is_back
}

/// For each box the length of the longest path to it, in a graph without cycles.
fn longest_paths(boxes: usize, arrows: &[(usize, usize)]) -> Vec<usize> {
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); boxes];
    let mut missing = vec![0_usize; boxes];
    for &(from, to) in arrows {
        out[from].push(to);
        missing[to] += 1;
    }
    let mut layer = vec![0; boxes];
    let mut ready: Vec<usize> = (0..boxes).filter(|at| missing[*at] == 0).collect();
    while let Some(at) = ready.pop() {
        for &to in &out[at] {
            layer[to] = layer[to].max(layer[at] + 1);
            missing[to] -= 1;
            if missing[to] == 0 {
                ready.push(to);
            }
        }
    }
    layer
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn arrows_lead_upwards_but_for_those_of_cycles(
            arrows in proptest::collection::vec((0_usize..9, 0_usize..9), 0..30),
        ) {
            let arrows: Vec<_> = arrows.into_iter().filter(|(from, to)| from != to).collect();
            let layers = layers(9, &arrows);
            for (&(from, to), is_back) in arrows.iter().zip(&layers.is_back) {
                let (low, high) = if *is_back { (to, from) } else { (from, to) };
                prop_assert!(layers.layer[low] < layers.layer[high]);
            }
        }

        #[test]
        fn nothing_is_turned_without_a_cycle(
            arrows in proptest::collection::vec((0_usize..9, 1_usize..9), 0..30),
        ) {
            let arrows: Vec<_> = arrows.into_iter().map(|(from, by)| (from, from + by)).collect();
            prop_assert!(!layers(18, &arrows).is_back.contains(&true));
        }
    }
}
