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

/// Pools of tasks; which one, and what happens, comes from the arguments.
const OF_TASKS: &str = r#"
use std::convert::Infallible;

mod bb8_pool;
mod managed;
mod unmanaged;

pub struct Manager;
impl deadpool::managed::Manager for Manager {
    type Type = u32;
    type Error = Infallible;
    async fn create(&self) -> Result<u32, Infallible> { Ok(1) }
    async fn recycle(&self, _: &mut u32, _: &deadpool::managed::Metrics) -> deadpool::managed::RecycleResult<Infallible> { Ok(()) }
}
impl bb8::ManageConnection for Manager {
    type Connection = u32;
    type Error = Infallible;
    async fn connect(&self) -> Result<u32, Infallible> { Ok(1) }
    async fn is_valid(&self, _: &mut u32) -> Result<(), Infallible> { Ok(()) }
    fn has_broken(&self, _: &mut u32) -> bool { false }
}

/// All that a pool does with its objects.
async fn by_turns() {
    let pool = deadpool::managed::Pool::<Manager>::builder(Manager).max_size(2).build().unwrap();
    _ = deadpool::managed::Object::take(pool.get().await.unwrap());
    pool.resize(1);
    let one = pool.get().await.unwrap();
    pool.resize(0);
    drop(one);
    pool.resize(3);
    drop((pool.get().await.unwrap(), pool.get().await.unwrap()));
    let pool = deadpool::unmanaged::Pool::from(vec![1_u32, 1]);
    let value = pool.remove().await.unwrap();
    pool.add(value).await.unwrap();
    drop((pool.try_get().unwrap(), pool.try_get().unwrap()));
    let pool = bb8::Pool::builder().max_size(2).build(Manager).await.unwrap();
    drop((pool.get_owned().await.unwrap(), pool.get().await.unwrap()));
}

#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().collect();
    match args[1].as_str() {
        "managed" => managed::run(&args[2]).await,
        "unmanaged" => unmanaged::run(&args[2]).await,
        "bb8_pool" => bb8_pool::run(&args[2]).await,
        _ => by_turns().await,
    }
    println!("end");
}
"#;

/// The same for each of them, which is made by `MAKE`.
const OF_TWO: &str = r#"
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

static LEDGER: Mutex<u32> = Mutex::new(0);

pub async fn run(mode: &str) {
    let pool = MAKE; // makes
    let (both, mut tasks) = (Arc::new(Barrier::new(2)), JoinSet::new());
    for _ in 0..2 {
        let (pool, both, is_ok) = (pool.clone(), both.clone(), mode == "ok");
        tasks.spawn(async move {
            for at in 0..200 * u32::from(is_ok) {
                let one = pool.get().await.unwrap();
                if at % 7 == 0 { tokio::task::yield_now().await; }
                *LEDGER.lock().unwrap() += *one;
            }
            if is_ok { return; }
            let one = pool.get().await.unwrap(); // has
            both.wait().await;
            let two = pool.get().await; // wants
            println!("{} {}", *one, two.is_ok());
        });
    }
    // Some pools wait without a time limit.
    _ = tokio::time::timeout(Duration::from_secs(4), tasks.join_all()).await;
    println!("sum {}", LEDGER.lock().unwrap());
}
"#;

#[test]
fn pools_of_tasks_that_their_users_exhaust_are_told() {
    let dependencies = "[dependencies]\ndeadpool = \"0.12\"\nbb8 = \"0.9\"\ntokio = { version = \"1\", features = [\"full\"] }\n";
    let of = |make: &str| OF_TWO.replace("MAKE", make);
    let project = Project::new(&[
        ("Cargo.toml", &format!("{MANIFEST}{dependencies}")),
        ("src/main.rs", OF_TASKS),
        (
            "src/managed.rs",
            &of(
                "deadpool::managed::Pool::<crate::Manager>::builder(crate::Manager).max_size(2).build().unwrap()",
            ),
        ),
        ("src/unmanaged.rs", &of("deadpool::unmanaged::Pool::from(vec![1_u32, 1])")),
        (
            "src/bb8_pool.rs",
            &of("bb8::Pool::builder().max_size(2).build(crate::Manager).await.unwrap()"),
        ),
    ]);
    for pool in ["managed", "unmanaged", "bb8_pool"] {
        let correct = project.call(&format!("run -- {pool} ok"));
        correct.expect(0, &["sum 400", "ok: ", "0 findings"]).lacks(&["are not seen"]);
        let mut command = project.command(&format!("run -- {pool} exhausted"));
        let outcome = Outcome::of(command.env("SYNCSCOPE_STALL", "1s").output().unwrap());
        let made = line_of(OF_TWO, "// makes").replace("main", pool);
        let why = "s for `pool`, and each of them has a permit of it";
        let said = [
            "warning[stall]: task `run`",
            why,
            "// has",
            "// wants",
            &format!("created at {made}"),
        ];
        outcome.expect(0, &said);
    }
    project.call("run -- by-turns -").expect(0, &["end", "ok: ", "0 findings"]);
    project.call("doctor").expect(0, &["deadpool 0.12.", "bb8 0.9."]);
}
