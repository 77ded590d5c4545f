//! Tasks of tokio in a circle over full channels: a stall, whatever else goes on.

use crate::support::{Project, line_of};

/// What each test does comes from the first argument. A ticker lives beside all of it.
const MAIN: &str = r#"
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::sync::Barrier;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::yield_now;
use tokio::time::{interval, sleep};

/// A task is known from its first wait on, and a channel from the first one for it.
async fn gets_known(inbox: &mut Receiver<u32>) {
    yield_now().await;
    sleep(Duration::from_millis(1)).await;
    poll_fn(|context| Poll::Ready(assert!(inbox.poll_recv(context).is_pending()))).await;
}

/// Answers each message by two. One of them begins.
async fn peer(mut inbox: Receiver<u32>, other: Sender<u32>, gate: Arc<Barrier>) {
    gets_known(&mut inbox).await;
    if gate.wait().await.is_leader() {
        other.send(1).await.unwrap();
    }
    while let Some(one) = inbox.recv().await {
        for answer in [one, one + 1] {
            other.send(answer).await.unwrap(); // answers
        }
    }
}

/// Two tasks that fill each other's channels.
async fn peers() {
    let (to_left, left) = channel(2);
    let (to_right, right) = channel(2);
    let gate = Arc::new(Barrier::new(2));
    let both = [tokio::spawn(peer(left, to_right, gate.clone())), tokio::spawn(peer(right, to_left, gate))];
    sleep(Duration::from_secs(3)).await;
    both.iter().for_each(|one| one.abort());
}

/// A task that sends to itself.
async fn own() {
    let (to_own, mut own) = channel(1);
    let task = tokio::spawn(async move {
        gets_known(&mut own).await;
        to_own.send(0).await.unwrap();
        while let Some(one) = own.recv().await {
            to_own.send(one).await.unwrap();
            to_own.send(one).await.unwrap(); // itself
        }
    });
    sleep(Duration::from_secs(3)).await;
    task.abort();
}

/// A task that receives, and awaits the end of one that sends to it.
async fn joins() {
    let (tx, mut rx) = channel(1);
    let task = tokio::spawn(async move {
        gets_known(&mut rx).await;
        let sender = tokio::spawn(async move { for one in 0..9 { tx.send(one).await.unwrap(); } }); // sends
        rx.recv().await;
        sender.await.unwrap(); // joins
    });
    sleep(Duration::from_secs(3)).await;
    task.abort();
}

/// A receiver that takes its time, and was sent elsewhere after it was first used.
async fn slow() {
    let (tx, mut rx) = channel(1);
    gets_known(&mut rx).await;
    let receiver = tokio::spawn(async move {
        for _ in 0..3 {
            rx.recv().await;
            sleep(Duration::from_millis(900)).await;
        }
    });
    for one in 0..3 {
        tx.send(one).await.unwrap();
    }
    receiver.await.unwrap();
}

/// Two tasks that send to each other and receive at the same time.
async fn both_ways() {
    let (to_left, left) = channel(1);
    let (to_right, right) = channel(1);
    async fn either(mut inbox: Receiver<u32>, other: Sender<u32>) {
        loop {
            tokio::select! {
                _ = other.send(1) => sleep(Duration::from_millis(900)).await,
                one = inbox.recv() => if one.is_none() { break },
            }
        }
    }
    let both = [tokio::spawn(either(left, to_right)), tokio::spawn(either(right, to_left))];
    sleep(Duration::from_secs(3)).await;
    both.iter().for_each(|one| one.abort());
}

/// A producer that is held up by a slow consumer, which answers now and then.
async fn pipeline() {
    let (to_worker, mut jobs) = channel(1);
    let (to_main, mut answers) = channel(1);
    let worker = tokio::spawn(async move {
        while let Some(one) = jobs.recv().await {
            sleep(Duration::from_millis(700)).await;
            to_main.send(one).await.unwrap();
        }
    });
    let producer = tokio::spawn(async move { for one in 0..5 { to_worker.send(one).await.unwrap(); } });
    while answers.recv().await.is_some() {}
    producer.await.unwrap();
    worker.await.unwrap();
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    std::thread::spawn(|| { std::thread::sleep(Duration::from_secs(60)); std::process::exit(99) });
    let runtime = match args.get(1) {
        Some(_) => tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
        None => tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap(),
    };
    runtime.block_on(async {
        tokio::spawn(async { let mut ticks = interval(Duration::from_millis(20)); loop { ticks.tick().await; } });
        match args[0].as_str() {
            "peers" => peers().await,
            "own" => own().await,
            "joins" => joins().await,
            "slow" => slow().await,
            "both_ways" => both_ways().await,
            _ => pipeline().await,
        }
        println!("went on");
    });
}
"#;

#[test]
fn tasks_that_fill_each_others_channels_are_told() {
    let project = Project::with_tokio("full", "", MAIN);
    let run = |what: &str| project.call(&format!("run --stall 300ms -- {what}"));
    let line = |end: &str| line_of(MAIN, end);
    for runtime in ["", " current"] {
        let outcome = run(&format!("peers{runtime}"));
        let each_other = "and wait for each other";
        outcome.expect(
            0,
            &["warning[stall]: task `peer`", each_other, &line("// answers"), "went on"],
        );
        outcome.lacks(&["` is waited for"]);
        let outcome = run(&format!("own{runtime}"));
        let itself = "and receives from it itself";
        outcome.expect(0, &["warning[stall]: task `own`", itself, &line("// itself"), "went on"]);
        let outcome = run(&format!("joins{runtime}"));
        let both = [&*line("// sends"), &line("// joins")];
        outcome.expect(0, &["warning[stall]: task `joins`", each_other, both[0], both[1]]);
        for correct in ["slow", "both_ways", "pipeline"] {
            let outcome = run(&format!("{correct}{runtime}"));
            outcome.expect(0, &["went on", " 0 findings"]);
        }
    }
}
