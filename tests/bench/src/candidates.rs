//! What is compared: implementations, ours in each of its modes.

/// A process of the benchmark.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// In the table and on the command line of the worker.
    pub name: &'static str,
    /// `SYNCSCOPE_MODE` of the process.
    pub mode: Option<&'static str>,
}

/// All candidates. The first is what the others are compared with.
pub const CANDIDATES: [Candidate; 8] = [
    Candidate { name: "std", mode: None },
    Candidate { name: "syncscope off", mode: Some("off") },
    Candidate { name: "syncscope order", mode: Some("order") },
    Candidate { name: "syncscope ring", mode: Some("ring") },
    Candidate { name: "syncscope full", mode: Some("full") },
    Candidate { name: "parking_lot", mode: None },
    Candidate { name: "tracing-mutex", mode: None },
    Candidate { name: "deloxide", mode: None },
];
