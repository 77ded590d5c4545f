//! The parts of a graph that no arrow joins.

/// The boxes of each part, in the order of the boxes.
pub(super) fn parts(boxes: usize, arrows: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut parent: Vec<usize> = (0..boxes).collect();
    for &(from, to) in arrows {
        let (a, b) = (root(&mut parent, from), root(&mut parent, to));
        parent[a.max(b)] = a.min(b);
    }
    let mut number = vec![usize::MAX; boxes];
    let mut parts: Vec<Vec<usize>> = Vec::new();
    for at in 0..boxes {
        let root = root(&mut parent, at);
        if number[root] == usize::MAX {
            number[root] = parts.len();
            parts.push(Vec::new());
        }
        parts[number[root]].push(at);
    }
    parts
}

fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn what_arrows_join_is_one_part() {
        assert_eq!(parts(5, &[(4, 1), (0, 2)]), [vec![0, 2], vec![1, 4], vec![3]]);
        assert!(parts(0, &[]).is_empty());
    }
}
