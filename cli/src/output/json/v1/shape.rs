//! The structs of version 1: field by field what the schema says.

use super::contention::JsonContention;
use super::end::End;
use super::place::{Place, StackFrame};
use crate::explore::Reached;
use serde::Serialize;

/// The whole report.
#[derive(Debug, Serialize)]
pub struct Report {
    /// 1.
    pub version: u32,
    /// Who wrote it.
    pub tool: Tool,
    /// `check`, `report`, `run`, `exec`.
    pub command: &'static str,
    /// The code that the command ends with.
    pub exit_code: u8,
    /// The supervised program, of `run` and `exec`.
    pub program: Option<Program>,
    /// Counts.
    pub summary: Summary,
    /// Worst first.
    pub findings: Vec<JsonFinding>,
    /// Schedules that fail, of `explore` and `replay`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub schedules: Vec<Schedule>,
    /// What was measured of locks, of `report --locks`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contention: Option<JsonContention>,
    /// Findings that do not count.
    pub suppressed: Vec<JsonSuppressed>,
    /// What is wrong with the policy.
    pub remarks: Vec<JsonRemark>,
    /// What was looked at.
    pub coverage: Coverage,
    /// What was read.
    pub recordings: Vec<RecordingInfo>,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
}

/// Who wrote the report.
#[derive(Debug, Serialize)]
pub struct Tool {
    /// `cargo-syncscope`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// A supervised program.
#[derive(Debug, Serialize)]
pub struct Program {
    /// What was run, arguments included.
    pub command: Vec<String>,
    /// Its exit code.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// The run.
    pub run: String,
    /// The folder of its recordings.
    pub dir: String,
}

/// Counts of findings.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// All that are listed.
    pub findings: usize,
    /// Those that fail.
    pub deny: usize,
    /// Those that do not.
    pub warn: usize,
    /// Those shown on request.
    pub allow: usize,
    /// Those that do not count.
    pub suppressed: usize,
    /// Accepted findings that were not seen.
    pub unseen: usize,
    /// Whether anything was checked.
    pub checked: bool,
}

/// A schedule that fails.
#[derive(Debug, Serialize)]
pub struct Schedule {
    /// The test, or the program.
    pub subject: String,
    /// Whether it is one test.
    pub is_test: bool,
    /// How it goes wrong, in words.
    pub failure: String,
    /// How many steps it has.
    pub steps: u64,
    /// How often another thread goes on.
    pub switches: usize,
    /// How many threads it has.
    pub threads: u32,
    /// What the rest of the report calls the first of them, where they are recorded.
    pub names: Vec<Option<String>>,
    /// The steps in their order; of a long schedule the first and the last ones.
    pub lines: Vec<ScheduleLine>,
    /// The last lines that the program printed.
    pub printed: Vec<String>,
    /// The file that `replay` takes.
    pub file: Option<String>,
}

/// A step of a schedule, or several alike.
#[derive(Debug, Serialize)]
pub struct ScheduleLine {
    /// The thread, in the order of the threads' beginnings, from 0.
    pub thread: u16,
    /// What it does, as a verb; nothing for steps that are left out.
    pub what: Option<&'static str>,
    /// Where: `file:line:column`.
    pub place: Option<String>,
    /// What stands there.
    pub source: Option<String>,
    /// How many steps the line stands for.
    pub count: usize,
}

/// What came of trying to make a finding happen.
#[derive(Debug, Serialize)]
pub struct JsonConfirmation {
    /// `confirmed`, `not-reached` or `diverged`.
    pub result: Reached,
    /// The try in which it happened, or how many there were.
    pub tries: u64,
    /// The day.
    pub date: String,
    /// The file that `replay` takes.
    pub schedule: Option<String>,
}

/// One finding.
#[derive(Debug, Serialize)]
pub struct JsonFinding {
    /// Kebab-case.
    pub rule: &'static str,
    /// `deny`, `warn`, `allow`.
    pub level: &'static str,
    /// `observed`, `predicted`, `possible`, `refuted`.
    pub grade: &'static str,
    /// Stable across runs, machines and moved code.
    pub fingerprint: String,
    /// How often it was seen.
    pub count: u64,
    /// What came of `confirm`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<JsonConfirmation>,
    /// The headline.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The names of the locks in the order to take them, outermost first; empty where no order mends it.
    pub suggested_order: Vec<String>,
    /// The test that it was seen in, where it was one.
    pub test: Option<String>,
    /// The tests that its sides were seen in.
    pub tests: Vec<String>,
    /// Why it cannot happen, for refuted findings.
    pub refutation: Option<String>,
    /// Further evidence.
    pub notes: Vec<String>,
    /// In the order of the cycle.
    pub locks: Vec<Lock>,
    /// In the order of the cycle.
    pub threads: Vec<Thread>,
    /// Every acquisition, grouped by thread, in the order of the thread.
    pub sites: Vec<JsonSite>,
    /// Indices into `recordings`.
    pub processes: Vec<usize>,
}

/// A finding that does not count.
#[derive(Debug, Serialize)]
pub struct JsonSuppressed {
    /// Kebab-case.
    pub rule: &'static str,
    /// `observed`, `predicted`, `possible`.
    pub grade: &'static str,
    /// Stable across runs, machines and moved code.
    pub fingerprint: String,
    /// The headline.
    pub message: String,
    /// `level`, `allow` or `baseline`.
    pub by: &'static str,
    /// Why, in words.
    pub reason: String,
}

/// Something that is wrong with the policy.
#[derive(Debug, Serialize)]
pub struct JsonRemark {
    /// `unused-allow` or `unused-order`.
    pub rule: &'static str,
    /// `deny` or `warn`.
    pub level: &'static str,
    /// What is wrong.
    pub message: String,
    /// The file.
    pub file: String,
    /// 1-based.
    pub line: usize,
}

/// A lock.
#[derive(Debug, Serialize)]
pub struct Lock {
    /// The user's name, or what the source calls it, or its type.
    pub name: String,
    /// `Mutex`, `RwLock` …
    pub kind: &'static str,
    /// The protected type.
    #[serde(rename = "type")]
    pub type_name: String,
    /// Where it was created.
    pub created: Option<Place>,
    /// Its number in its process; `null` when it stands for a class.
    pub instance: Option<u32>,
    /// How many were created there.
    pub instances_of_class: u64,
}

/// A thread.
#[derive(Debug, Serialize)]
pub struct Thread {
    /// Its name.
    pub name: Option<String>,
    /// Its number in its process.
    pub number: u32,
    /// The kernel's id.
    pub os_tid: u32,
    /// The first thread of its process.
    pub main: bool,
    /// Not a thread but a task of an async runtime, which threads poll.
    pub task: bool,
    /// Of one of several futures that a task polls in turn: the number of that task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of: Option<u32>,
    /// Where it was spawned.
    pub spawned: Option<Place>,
    /// Index into `recordings`.
    pub process: usize,
}

/// An acquisition.
#[derive(Debug, Serialize)]
pub struct JsonSite {
    /// As the compiler was given it; empty when unknown.
    pub file: String,
    /// 1-based; 0 when unknown.
    pub line: u32,
    /// 1-based, in characters; 0 when unknown.
    pub column: u32,
    /// `holds`, `wants`, `reads` or `writes`.
    pub role: &'static str,
    /// Index into `threads`.
    pub thread: usize,
    /// Index into `locks`.
    pub lock: usize,
    /// The call: `lock`, `read`, `join` …
    pub call: &'static str,
    /// How often.
    pub count: u64,
    /// The nearest place of the workspace's own code that led there, where the site lies in a dependency and a stack tells.
    pub caller: Option<Place>,
    /// How the thread came here, innermost first: in this wait, if one was seen, else when it first did. Empty where no stack was taken.
    pub stack: Vec<StackFrame>,
}

/// What was looked at.
#[derive(Debug, Serialize)]
pub struct Coverage {
    /// Recordings.
    pub processes: u64,
    /// Threads.
    pub threads: u64,
    /// Instances of primitives.
    pub locks: u64,
    /// Classes.
    pub classes: u64,
    /// Distinct order edges.
    pub edges: u64,
    /// Distinct pairs of classes that have an order edge.
    pub pairs: u64,
    /// Names of classes that took part in one nesting, once.
    pub met_once: Vec<String>,
    /// Threads that were not started through what is recorded, but for those of test harnesses.
    pub foreign_threads: u64,
    /// What is known not to be recorded, in words.
    pub not_recorded: Vec<String>,
    /// What the runtime had to say of what it recorded, each once.
    pub notes: Vec<String>,
    /// Recordings that were left out because they are of a process that another one is of.
    pub repeated: u64,
    /// Events.
    pub events: u64,
    /// What was lost, counted.
    pub lost: u64,
    /// What was lost, in words.
    pub losses: Vec<String>,
}

/// A recording.
#[derive(Debug, Serialize)]
pub struct RecordingInfo {
    /// The file.
    pub path: String,
    /// The process.
    pub pid: u32,
    /// Its executable.
    pub exe: String,
    /// Its arguments, the first included.
    pub args: Vec<String>,
    /// `exited`, `deadlock`, `stall`, or `unknown`: running still, killed or aborted.
    pub exit: &'static str,
    /// `order`, `ring`, `full`.
    pub mode: String,
    /// The run, where the runner told.
    pub run: Option<String>,
    /// The test binary, where the runner told.
    pub binary: Option<String>,
    /// The test, where the runner told.
    pub test: Option<String>,
    /// What was lost.
    pub lost: Lost,
    /// The state of the process at its end: `report` only.
    pub end: Option<End>,
}

/// What was lost of a recording.
#[derive(Debug, Serialize)]
pub struct Lost {
    /// Events that found no room.
    pub events: u64,
    /// Events overwritten in rings: what rings do. Only commands that show the end of a process count them.
    pub overwritten: Option<u64>,
    /// Nodes of the order graph.
    pub nodes: u64,
    /// Threads.
    pub threads: u64,
    /// Parts of the file.
    pub chunks: u64,
    /// Log records.
    pub records: u64,
    /// Damage found while reading.
    pub damage: Vec<String>,
}

/// A file that could not be read.
#[derive(Debug, Serialize)]
pub struct Unreadable {
    /// The file.
    pub path: String,
    /// `io`, `empty`, `foreign`, `newer`, `damaged`.
    pub reason: &'static str,
    /// In words.
    pub message: String,
}
