//! What the order rules are known to get wrong, so that a change of it is seen.

use crate::checker::check;

/// A deadlock through a join: `main` holds `A` and joins `t`, which wants `A`. No lock cycle exists; the runtime sees
/// it when it happens.
#[test]
fn known_gap_joins_are_no_order_edges() {
    check(
        &["main: spawn t; lock A; lock B; drop B; drop A; join t
           t: lock A"],
        "",
    );
    check(
        &["main: spawn u; lock A; spawn t; join t; drop A; join u
           t: lock B
           u: lock B; lock A"],
        "",
    );
}

/// `t` must get `A` once before it comes to `B` then `A`, and `main` gives `A` back only after it has had `B`. That is
/// an order made by a lock, not by fork and join; first-level acquisitions, which would show it, are not recorded.
#[test]
fn known_gap_lock_held_over_the_fork() {
    check(
        &["main: lock A; spawn t; lock B; drop B; drop A; join t
           t: lock A; drop A; lock B; lock A"],
        "lock-order-inversion possible deny: A B x1",
    );
}

/// A gate that is held by the thread that waits for both sides, not by the sides.
#[test]
fn known_gap_gate_around_a_scope() {
    check(
        &["main: lock G; spawn t; join t; drop G; lock G; spawn u; join u; drop G
           t: lock A; lock B
           u: lock B; lock A"],
        // Here fork and join refute it all the same.
        "lock-order-inversion refuted(order) allow: A B x1",
    );
    check(
        &["main: spawn p; spawn q; join p; join q
           p: lock G; spawn t; join t; drop G
           q: lock G; spawn u; join u; drop G
           t: lock A; lock B
           u: lock B; lock A"],
        "lock-order-inversion possible deny: A B x1",
    );
}
