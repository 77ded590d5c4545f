use super::*;

/// Looks at acquisitions that come so far apart; gives which of them were looked at, each with what it stands for.
fn looks(sampler: &Sampler, apart: impl Fn(u64) -> u64, count: u64) -> Vec<(u64, u64)> {
    let (mut ticks, mut looks) = (1 << 40, Vec::new());
    for acquisition in 1..=count {
        ticks += apart(acquisition);
        if sampler.is_due(acquisition) {
            looks.push((acquisition, 1 << sampler.draw(acquisition, ticks)));
        } else if sampler.is_stale(ticks) {
            sampler.look_again(acquisition, ticks);
        }
    }
    looks
}

#[test]
fn a_slow_thread_has_all_looked_at() {
    let looks = looks(&Sampler::new(1), |_| BETWEEN, 1000);
    assert_eq!(looks, (1..=1000).map(|acquisition| (acquisition, 1)).collect::<Vec<_>>());
}

#[test]
fn looks_stand_for_all_acquisitions() {
    for (apart, most) in [(100, 1 << LEVELS), (BETWEEN / 100, 1 << FREQUENT)] {
        let looks = looks(&Sampler::new(7), |_| apart, 4_000_000);
        let sum: u64 = looks.iter().map(|(_, weight)| weight).sum();
        let variance: u64 = looks.iter().map(|(_, weight)| weight * (weight - 1)).sum();
        let error = (sum as f64 - 4_000_000.0).abs();
        assert!(error < 4.0 * (variance as f64).sqrt(), "{sum}, {error}");
        assert!(looks.len() > 500 && looks.len() < 20_000, "{}", looks.len());
        assert!(looks.iter().all(|(_, weight)| *weight <= most));
    }
}

/// Locks are often taken in a pattern, and a pattern is often in step with powers of two.
#[test]
fn patterns_do_not_matter() {
    for period in [2_u64, 3, 64, 256] {
        // A pause after each period: so that the rate, too, depends on the place in the pattern.
        let apart =
            |acquisition: u64| if acquisition.is_multiple_of(period) { 40_000 } else { 200 };
        let looks = looks(&Sampler::new(3), apart, 4_000_000);
        let of_first = looks.iter().filter(|(at, _)| at % period == 0);
        let (sum, variance) = of_first.fold((0, 0), |(sum, variance), (_, weight)| {
            (sum + weight, variance + weight * (weight - 1))
        });
        let error = (sum as f64 - (4_000_000 / period) as f64).abs();
        assert!(error < 4.0 * (variance as f64).sqrt() + 1.0, "{period}: {sum}, {error}");
    }
}

#[test]
fn a_thread_that_becomes_slow_is_looked_at_more_often() {
    let apart = |acquisition| if acquisition < 1_000_000 { 100 } else { BETWEEN };
    let looks = looks(&Sampler::new(5), apart, 1_001_000);
    assert!(looks.iter().filter(|(at, _)| *at >= 1_000_000).count() > 900);
}

#[test]
fn locks_are_closed_in_any_order() {
    let sampler = Sampler::new(1);
    let measure = Measure::of_nothing();
    let open = |instance| Open { instance, level: instance, since: 0, measure };
    (0..OPEN as u32 + 3).for_each(|instance| sampler.open(open(instance)));
    assert!(sampler.is_full());
    assert!(sampler.close(OPEN as u32).is_none());
    assert_eq!(sampler.close(2).map(|open| open.level), Some(2));
    sampler.open(open(3));
    assert_eq!(sampler.opened.get() as usize, OPEN);
    // The one that was begun last.
    sampler.close(3);
    assert_eq!(sampler.close(3).map(|open| open.instance), Some(3));
    assert!(sampler.close(3).is_none());
    sampler.forget(|instance| instance % 2 == 1);
    let left: Vec<u32> = (0..OPEN as u32).filter(|i| sampler.close(*i).is_some()).collect();
    assert_eq!(left, [1, 5, 7]);
    assert!(!sampler.is_open());
}
