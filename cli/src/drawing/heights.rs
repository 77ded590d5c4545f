//! How high each box stands: near the middle of its neighbours, in the order of its layer, and clear of the boxes beside it.

/// How often the layers are gone through.
const SWEEPS: usize = 8;

/// The heights of the boxes' middles, by box. `room` is what each takes, by box.
pub(super) fn heights(layers: &[Vec<usize>], arrows: &[(usize, usize)], room: &[f64]) -> Vec<f64> {
    let (mut before, mut after) = (vec![Vec::new(); room.len()], vec![Vec::new(); room.len()]);
    for &(from, to) in arrows {
        after[from].push(to);
        before[to].push(from);
    }
    let mut height = vec![0.0; room.len()];
    for layer in layers {
        let mut top = 0.0;
        for at in layer {
            height[*at] = top + room[*at] / 2.0;
            top += room[*at];
        }
    }
    for sweep in 0..SWEEPS {
        let is_down = sweep % 2 == 0;
        let neighbours = if is_down { &before } else { &after };
        let mut numbers: Vec<usize> = (0..layers.len()).collect();
        if !is_down {
            numbers.reverse();
        }
        for number in numbers {
            let layer = &layers[number];
            let wish = |at: usize| match neighbours[at].len() {
                0 => height[at],
                n => neighbours[at].iter().map(|other| height[*other]).sum::<f64>() / n as f64,
            };
            let wishes: Vec<f64> = layer.iter().map(|at| wish(*at)).collect();
            let rooms: Vec<f64> = layer.iter().map(|at| room[*at]).collect();
            for (at, new) in layer.iter().zip(apart(&wishes, &rooms)) {
                height[*at] = new;
            }
        }
    }
    height
}

/// The heights nearest to the wishes (by the sum of squares) at which none overlaps the next: an isotonic regression of what is left of
/// the wishes without the rooms.
fn apart(wishes: &[f64], rooms: &[f64]) -> Vec<f64> {
    let mut offset = 0.0;
    let mut offsets = Vec::with_capacity(wishes.len());
    for (number, room) in rooms.iter().enumerate() {
        let last = number.checked_sub(1).map_or(0.0, |last| rooms[last] / 2.0 + room / 2.0);
        offset += last;
        offsets.push(offset);
    }
    // Runs that have one value: its sum, and how many they are.
    let mut runs: Vec<(f64, usize)> = Vec::new();
    for (wish, offset) in wishes.iter().zip(&offsets) {
        runs.push((wish - offset, 1));
        while let [.., (sum, count), (next, more)] = runs[..] {
            if sum / count as f64 <= next / more as f64 {
                break;
            }
            runs.truncate(runs.len() - 2);
            runs.push((sum + next, count + more));
        }
    }
    let values = runs.iter().flat_map(|(sum, count)| vec![sum / *count as f64; *count]);
    values.zip(offsets).map(|(value, offset)| value + offset).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn wishes_that_do_not_meet_are_kept() {
        assert_eq!(apart(&[0.0, 20.0, 90.0], &[10.0; 3]), [0.0, 20.0, 90.0]);
        assert_eq!(apart(&[50.0, 50.0], &[10.0; 2]), [45.0, 55.0]);
    }

    proptest! {
        #[test]
        fn nothing_overlaps(wishes in proptest::collection::vec(-100.0_f64..100.0, 1..20)) {
            let rooms: Vec<f64> = (0..wishes.len()).map(|n| 10.0 + n as f64).collect();
            let heights = apart(&wishes, &rooms);
            for n in 1..heights.len() {
                let least = rooms[n - 1] / 2.0 + rooms[n] / 2.0;
                prop_assert!(heights[n] - heights[n - 1] >= least - 1e-6);
            }
        }
    }
}
