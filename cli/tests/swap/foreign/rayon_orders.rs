//! Orders of locks in jobs of a pool of rayon: which worker runs a job is chance, and what waits for a job is not.

use crate::support::Project;

const MAIN: &str = r#"
use rayon::prelude::*;
use std::sync::Mutex;
struct Two { a: Mutex<u32>, b: Mutex<u32> }
impl Two {
    fn ab(&self) { let _x = self.a.lock().unwrap(); let _y = self.b.lock().unwrap(); }
    fn ba(&self) { let _y = self.b.lock().unwrap(); let _x = self.a.lock().unwrap(); }
}
fn main() {
    let which = std::env::args().nth(1).unwrap();
    let threads = std::env::args().nth(2).map_or(1, |n| n.parse().unwrap());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let two = Two { a: Mutex::new(0), b: Mutex::new(0) };
    let t = &two;
    match &*which {
        "par_iter" => pool.install(|| (0..2).into_par_iter().for_each(|i| if i == 0 { t.ab() } else { t.ba() })),
        "join" => { pool.install(|| rayon::join(|| t.ab(), || t.ba())); }
        "scope" => pool.install(|| rayon::scope(|s| { s.spawn(|_| t.ab()); s.spawn(|_| t.ba()); })),
        "body" => pool.install(|| rayon::scope(|s| { s.spawn(|_| t.ab()); t.ba(); })),
        "outer" => pool.install(|| rayon::scope(|s1| { rayon::scope(|_| s1.spawn(|_| t.ab())); t.ba(); })),
        "in_place" => pool.in_place_scope(|s| { s.spawn(|_| t.ab()); t.ba(); }),
        "spawn" => { let two: &'static Two = Box::leak(Box::new(Two { a: Mutex::new(0), b: Mutex::new(0) }));
            let (tx, rx) = std::sync::mpsc::channel();
            let tx2 = tx.clone();
            pool.spawn(move || { two.ab(); tx.send(()).unwrap(); }); pool.spawn(move || { two.ba(); tx2.send(()).unwrap(); });
            rx.recv().unwrap(); rx.recv().unwrap(); }
        "one_job" => pool.install(|| { t.ab(); t.ba(); }),
        "one_inner" => pool.install(|| { rayon::join(|| { t.ab(); t.ba(); }, || ()); }),
        "before" => { t.ab(); pool.install(|| t.ba()); }
        "after" => { pool.install(|| t.ba()); t.ab(); }
        "phases" => { pool.install(|| (0..100).into_par_iter().for_each(|_| t.ab())); pool.install(|| (0..100).into_par_iter().for_each(|_| t.ba())); }
        "many_phases" => { for _ in 0..1000 { pool.install(|| (0..100).into_par_iter().for_each(|_| t.ab())); } pool.install(|| (0..100).into_par_iter().for_each(|_| t.ba())); }
        "install_join" => pool.install(|| { t.ab(); rayon::join(|| t.ba(), || ()); t.ab(); }),
        "scope_after" => { pool.scope(|s| s.spawn(|_| t.ba())); t.ab(); }
        "scope_inside" => pool.install(|| { rayon::scope(|s| s.spawn(|_| t.ba())); t.ab(); }),
        "in_place_before" => pool.in_place_scope(|s| { t.ab(); s.spawn(|_| t.ba()); }),
        "in_place_after" => { pool.in_place_scope(|s| s.spawn(|_| t.ba())); t.ab(); }
        "in_place_call" => pool.in_place_scope(|_| { pool.join(|| t.ba(), || ()); t.ab(); }),
        "two_joins" => pool.install(|| { rayon::join(|| t.ab(), || ()); rayon::join(|| t.ba(), || ()); }),
        "spawn_before" => { let two: &'static Two = Box::leak(Box::new(Two { a: Mutex::new(0), b: Mutex::new(0) })); two.ab();
            let (tx, rx) = std::sync::mpsc::channel(); pool.spawn(move || { two.ba(); tx.send(()).unwrap(); }); rx.recv().unwrap(); }
        "thread_in_job" => pool.install(|| { t.ab(); std::thread::scope(|s| { s.spawn(|| t.ba()); }); }),
        _ => panic!(),
    }
}
"#;

/// On a pool of one, or two, workers. In every case the two sides take the locks in different orders.
const MAY_MEET: [&str; 6] = ["par_iter", "join", "scope", "body", "outer", "in_place"];

const ARE_ORDERED: [&str; 14] = [
    "one_job",
    "one_inner",
    "before",
    "after",
    "phases",
    "many_phases",
    "install_join",
    "scope_after",
    "scope_inside",
    "in_place_before",
    "in_place_after",
    "in_place_call",
    "two_joins",
    "thread_in_job",
];

#[test]
fn the_tree_of_jobs_orders_and_the_workers_do_not() {
    let files = [("src/main.rs", MAIN)];
    let project = Project::of_group("rayon", "orders", "rayon = \"1\"\n", &files);
    for case in MAY_MEET {
        let outcome = project.call(&format!("run -- {case} 1"));
        outcome.expect(1, &["error[lock-order-inversion]", "`a` and `b`"]);
    }
    project.call("run -- join 1").expect(1, &["these are jobs of a thread pool"]);
    for case in ARE_ORDERED {
        for workers in [1, 2] {
            project.call(&format!("run -- {case} {workers}")).expect(0, &["ok: ", "0 findings"]);
        }
    }
    let both = ["run -- spawn 1", "run -- spawn_before 1"].map(|line| project.call(line));
    both[0].expect(1, &["error[lock-order-inversion]"]);
    both[1].expect(0, &["ok: "]);
}
