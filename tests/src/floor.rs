//! Floors under the size of a corpus, which follow it.

/// Asserts that a corpus has neither shrunk unnoticed nor outgrown its floor, which would then hold nothing.
///
/// # Panics
///
/// With fewer than `floor` programs, or a tenth (at least three) more.
pub fn assert_size(what: &str, count: usize, floor: usize) {
    let ceiling = floor + (floor / 10).max(3);
    assert!(count >= floor, "{count} {what} programs are left of at least {floor}");
    assert!(count <= ceiling, "{count} {what} programs: raise the floor, which is {floor}");
}

#[cfg(test)]
mod tests {
    use super::assert_size;

    #[test]
    fn neither_fewer_nor_many_more() {
        assert_size("correct", 50, 50);
        assert_size("correct", 55, 50);
        for count in [49, 56] {
            assert!(std::panic::catch_unwind(|| assert_size("correct", count, 50)).is_err());
        }
    }
}
