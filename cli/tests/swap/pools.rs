//! Pools of connections.

use crate::support::{MANIFEST, Outcome, Project, line_of};

const MAIN: &str = r#"
use std::time::Duration;
use std::sync::Mutex;
struct Manager;
impl r2d2::ManageConnection for Manager {
    type Connection = u32;
    type Error = std::io::Error;
    fn connect(&self) -> Result<u32, std::io::Error> { Ok(1) }
    fn is_valid(&self, _: &mut u32) -> Result<(), std::io::Error> { Ok(()) }
    fn has_broken(&self, _: &mut u32) -> bool { false }
}
static LEDGER: Mutex<u32> = Mutex::new(0);
fn main() {
    let wait = if std::env::args().nth(1).as_deref() == Some("long") { 20 } else { 1 };
    let pool = r2d2::Pool::builder().max_size(2).connection_timeout(Duration::from_secs(wait)).build(Manager).unwrap(); // creates
    if std::env::args().nth(1).as_deref() == Some("ok") {
        std::thread::scope(|s| for _ in 0..4 { s.spawn(|| for _ in 0..200 { let c = pool.get().unwrap(); *LEDGER.lock().unwrap() += *c; }); });
        println!("ok {}", LEDGER.lock().unwrap());
        return;
    }
    // Each has one and wants another: the pool is empty.
    let both = std::sync::Barrier::new(2);
    std::thread::scope(|s| {
        for _ in 0..2 { s.spawn(|| { let _one = pool.get().unwrap(); // has
            both.wait();
            let two = pool.get(); // wants
            println!("{}", two.is_ok()); }); }
    });
}
"#;

#[test]
fn who_has_connections_and_where_they_were_taken_is_told() {
    let manifest = format!("{MANIFEST}[dependencies]\nr2d2 = \"0.8\"\n");
    let project = Project::new(&[("Cargo.toml", &manifest), ("src/main.rs", MAIN)]);
    project.call("run -- ok").expect(0, &["ok 800", "ok: ", "0 findings"]);
    let mut command = project.command("run --warn long-hold -- short");
    let outcome = Outcome::of(command.env("SYNCSCOPE_LONG_HOLD", "200ms").output().unwrap());
    let waits = format!("had been in `acquire` at {}", line_of(MAIN, "// wants"));
    outcome.expect(0, &["warning[long-hold]", "a permit of `pool`", "// has", &waits]);
    // Whose wait has a time limit: it is no deadlock.
    let mut command = project.command("run -- long");
    let outcome = Outcome::of(command.env("SYNCSCOPE_STALL", "1s").output().unwrap());
    let told = "have waited 1.";
    let why = "s for `pool`, and each of them has a permit of it";
    outcome.expect(0, &["warning[stall]", told, why, "// has", "// wants", "1 finding"]);
}
