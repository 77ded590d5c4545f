//! Waits of tasks that something else ends after a time, which is polled beside them: where a type says that, and where it does not.

use crate::support::{FUTURES, Project};

/// What each test does comes from the first argument.
const MAIN: &str = r#"
use futures::FutureExt;
use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::sync::{Mutex, oneshot};
use tokio::time::{Instant, interval, interval_at, sleep};
use tower::{Service, ServiceBuilder, ServiceExt};

type Lock = Arc<Mutex<u32>>;
type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

const LONG: Duration = Duration::from_secs(60);

async fn plain(first: Lock, second: Lock) {
    let held = first.lock().await;
    *second.lock().await += *held;
}

async fn add(second: Lock, more: u32) { *second.lock().await += more; }

async fn service(first: Lock, second: Lock) {
    let service = ServiceBuilder::new().timeout(LONG).service(tower::service_fn(move |()| {
        plain(first.clone(), second.clone()).map(Ok::<_, std::io::Error>)
    }));
    tower::util::BoxService::new(service).ready().await.unwrap().call(()).await.unwrap();
}

async fn chosen(first: Lock, second: Lock) {
    let held = first.lock().await;
    let (mut work, mut end) = (pin!(add(second, *held).fuse()), pin!(sleep(LONG).fuse()));
    futures::select! { () = work => {}, () = end => {} }
}

async fn chosen_at_once(first: Lock, second: Lock) {
    let held = first.lock().await;
    let mut work = pin!(add(second, *held).fuse());
    futures::select_biased! { () = work => {}, () = sleep(LONG).fuse() => {} }
}

async fn of_two(first: Lock, second: Lock) {
    let held = first.lock().await;
    futures::future::select(pin!(add(second, *held)), pin!(sleep(LONG))).await;
}

async fn of_all(first: Lock, second: Lock) {
    let held = first.lock().await;
    let work: Work = Box::pin(add(second, *held));
    futures::future::select_all([work, Box::pin(sleep(LONG))]).await;
}

async fn ticks(first: Lock, second: Lock) {
    let mut ticks = interval_at(Instant::now() + LONG, LONG);
    let held = first.lock().await;
    tokio::select! { mut second = second.lock() => *second += *held, _ = ticks.tick() => {} }
}

async fn block(first: Lock, second: Lock) {
    let held = first.lock().await;
    tokio::select! {
        biased;
        mut second = second.lock() => *second += *held,
        _ = async { sleep(LONG).await; println!("late") } => {}
    }
}

/// A combinator that nobody knows, which looks at the time first.
async fn own(first: Lock, second: Lock) {
    let held = first.lock().await;
    let (mut work, mut end) = (pin!(add(second, *held)), pin!(sleep(LONG)));
    poll_fn(|context| match end.as_mut().poll(context) {
        Poll::Pending => work.as_mut().poll(context),
        ready => ready,
    }).await
}

async fn stopped() { std::future::pending().await }

/// What it awaits beside the lock was seen before: no time.
async fn beside_a_stop(first: Lock, second: Lock) {
    tokio::select! { biased; _ = stopped() => {} _ = async {} => {} }
    let held = first.lock().await;
    tokio::select! { biased; mut second = second.lock() => *second += *held, _ = stopped() => {} }
}

async fn pings(count: &Cell<u32>) {
    let mut ticks = interval(Duration::from_millis(1));
    loop { ticks.tick().await; count.set(count.get() + 1) }
}

/// It awaits one time after the other.
async fn beside_pings(first: Lock, second: Lock) {
    let count = Cell::new(0);
    let enough = poll_fn(|context| {
        context.waker().wake_by_ref();
        if count.get() < 4 { Poll::Pending } else { Poll::Ready(()) }
    });
    tokio::select! { biased; _ = pings(&count) => {} _ = enough => {} }
    let held = first.lock().await;
    tokio::select! { biased; mut second = second.lock() => *second += *held, _ = pings(&count) => {} }
}

/// Both come to their ends.
async fn joined(first: Lock, second: Lock) {
    let held = first.lock().await;
    futures::join!(sleep(Duration::from_millis(1)), add(second, *held));
}

/// One after the other, which the detector takes for no order.
async fn in_turn<A: Future<Output = ()>>(one: impl FnOnce(Lock, Lock) -> A) {
    let (ledger, audit) = (Lock::default(), Lock::default());
    let (done, is_done) = oneshot::channel();
    let (one, other) = (one(ledger.clone(), audit.clone()), plain(audit, ledger));
    let tasks = tokio::task::LocalSet::new();
    let other = tokio::spawn(async move { is_done.await.unwrap(); other.await });
    tasks.run_until(one).await;
    done.send(()).unwrap();
    other.await.unwrap();
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    macro_rules! programs { ($($name:ident)*) => { match args[0].as_str() {
        $(stringify!($name) => runtime.block_on(in_turn($name)),)*
        _ => panic!(),
    } } }
    programs!(service chosen chosen_at_once of_two of_all ticks block own beside_a_stop beside_pings joined);
}
"#;

const LIMITED: [&str; 8] =
    ["service", "chosen", "chosen_at_once", "of_two", "of_all", "ticks", "block", "own"];

const FOR_EVER: [&str; 3] = ["beside_a_stop", "beside_pings", "joined"];

#[test]
fn what_is_polled_beside_a_time_is_given_up() {
    let dependencies = format!(
        "{FUTURES}tower = {{ version = \"0.5\", default-features = false, features = [\"timeout\", \"util\"] }}\n"
    );
    let project = Project::with_tokio("limits_beside", &dependencies, MAIN);
    let run = |what: &str| project.call(&format!("run -- {what}"));
    for program in LIMITED {
        run(program).expect(0, &["warning[lock-order-inversion]", "has a time limit"]);
    }
    for program in FOR_EVER {
        let outcome = run(program);
        outcome.expect(1, &["error[lock-order-inversion]"]).lacks(&["has a time limit"]);
    }
}
