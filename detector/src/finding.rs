//! The finding: the only currency between the rules and the outputs.
//!
//! A finding is plain data that refers to nothing outside itself, so an output needs neither the recording nor the
//! rule that made it. Texts that come from the program (names, types, paths) are carried raw: *outputs* escape them.

/// A rule of the detector, by its name. Each has a constant here, which stands in the file of the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RuleId(&'static str);

/// What is known, and how surely.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// It happened in this run.
    Observed,
    /// Another schedule of this recording reaches it. No rule gives it: the formats keep the word.
    Predicted,
    /// Nothing in the recording refutes it.
    Possible,
    /// It cannot happen as recorded, and the reason is known.
    Refuted,
}

/// What a finding does to the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Shown on request only.
    Allow,
    /// Shown, does not fail.
    Warn,
    /// Fails.
    Deny,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub rule: RuleId,
    /// How sure.
    pub grade: Grade,
    /// How bad.
    pub level: Level,
    /// Stable across runs, machines and moved code: 16 hexadecimal digits.
    pub fingerprint: String,
    /// How often: occurrences of the rarest edge of a cycle, or times it was observed.
    pub count: u64,
    /// The headline, one sentence without a full stop, with lock names.
    pub message: String,
    /// The locks, in the order of the cycle.
    pub locks: Vec<LockInfo>,
    /// The threads, in the order of the cycle. For possible findings: one witness each.
    pub threads: Vec<ThreadInfo>,
    /// The steps that matter, grouped by thread in the order of `threads`, each group in program order: what it
    /// holds first, what it wants last.
    pub steps: Vec<Step>,
    /// Why it cannot happen, for refuted findings.
    pub refutation: Option<Refutation>,
    /// What had gone wrong before, and may be why, one sentence each.
    pub causes: Vec<String>,
    /// Further evidence, one sentence each.
    pub notes: Vec<String>,
    /// One line: what to do.
    pub help: String,
    /// The order in which to take the locks of a cycle, as indices into `locks`: as declared, else so that the rarest nesting is given up. Empty
    /// where neither tells.
    pub order: Vec<usize>,
    /// The processes it comes from: indices into the recordings that were analysed.
    pub processes: Vec<usize>,
}

/// A lock (or other object) of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockInfo {
    /// User name, or a name made from the source: `` `LEDGER` ``-like variable names are the output's business.
    pub name: Option<String>,
    /// `Mutex`, `RwLock`, `Once`, …, `thread` or `scope`.
    pub kind: &'static str,
    /// Type of the protected value.
    pub type_name: String,
    /// Where it was created.
    pub created: Place,
    /// Instance number in its process; 0 when it stands for a class.
    pub instance: u32,
    /// How many instances its class had.
    pub instances_of_class: u64,
}

/// A thread of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadInfo {
    /// Name, where it has one.
    pub name: Option<String>,
    /// Number in its process.
    pub number: u32,
    /// The kernel's id.
    pub os_tid: u32,
    /// Where it was spawned; unknown for the main thread and foreign threads.
    pub spawned: Place,
    /// The first thread.
    pub is_main: bool,
    /// Not a thread but a task, which threads poll.
    pub is_task: bool,
    /// One of several futures that a task polls in turn: the number of that task.
    pub part_of: Option<u32>,
    /// Index of the process among the recordings.
    pub process: usize,
    /// The number of that process, where another thread of the finding is called the same.
    pub pid: Option<u32>,
}

impl ThreadInfo {
    /// What it is: a thread or a task.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        if self.is_task { "task" } else { "thread" }
    }
}

/// A place in the source; `line` 0 when unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// As the compiler was given it.
    pub file: String,
    /// 1-based.
    pub line: u32,
    /// 1-based.
    pub column: u32,
    /// Raw addresses (innermost first) where the place itself says little; empty otherwise.
    pub stack: Vec<u64>,
}

/// What a thread does in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepKind {
    /// Took it before and holds it.
    Holds,
    /// Asks for it: in a deadlock, waits for ever.
    Wants,
    /// Reads it: a tracked place.
    Reads,
    /// Writes to it: a tracked place.
    Writes,
}

/// One step of one thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Index into [`Finding::threads`].
    pub thread: usize,
    /// Index into [`Finding::locks`].
    pub lock: usize,
    /// Holds or wants.
    pub kind: StepKind,
    /// The call in words, such as `lock`, `read`, `write`, `recv`, `join`, `wait`.
    pub call: &'static str,
    /// Where.
    pub place: Place,
    /// The nearest place of the workspace's own code that led there, where [`Self::place`] lies in a dependency. The detector knows no
    /// functions and leaves it empty: whoever has symbols fills it in.
    pub caller: Option<Place>,
    /// Raw addresses of the process of [`Self::thread`], innermost first: of a wait that was seen, that of the wait; else how a thread
    /// first got here, taken once for each pair of places at which one lock was requested under another. Empty elsewhere.
    pub stack: Vec<u64>,
    /// Occurrences.
    pub count: u64,
}

/// Why an order cycle cannot deadlock as recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refutation {
    /// All of its edges come from one thread.
    OneThread {
        /// Which.
        thread: String,
    },
    /// A lock was held around both sides every time.
    GateLock {
        /// Index into [`Finding::locks`] (the gate is listed after the cycle's own locks).
        lock: usize,
    },
    /// Readers only: no writer was seen that could queue between them.
    ReadersOnly,
    /// One side always happened before the other: fork–join order.
    MustOrder,
}

/// What was looked at: "no finding" must mean something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Recordings read.
    pub processes: u64,
    /// Threads.
    pub threads: u64,
    /// Instances of primitives.
    pub locks: u64,
    /// Classes (distinct across processes).
    pub classes: u64,
    /// Distinct order edges between instances.
    pub edges: u64,
    /// Events.
    pub events: u64,
    /// Events, nodes, records or threads that were lost.
    pub lost: u64,
    /// What was lost, in words.
    pub losses: Vec<String>,
}

/// The result of an analysis.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Analysis {
    /// Worst first; deterministic order.
    pub findings: Vec<Finding>,
    /// What was looked at.
    pub coverage: Coverage,
    /// Names in the declared orders of [`Options`](crate::Options) by which nothing is checked, in their order.
    pub unused_names: Vec<UnusedName>,
}

/// A name in a declared order that means no lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusedName {
    /// The name, as it was declared.
    pub name: String,
    /// Where it was declared, in words.
    pub origin: String,
    /// The line there; 0 when unknown.
    pub line: usize,
    /// Why.
    pub why: Unused,
}

/// Why a name means no lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unused {
    /// No lock that was used is called so.
    NoLock,
    /// Locks of several sorts are called so.
    SeveralSorts,
}

impl RuleId {
    pub(crate) const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The kebab-case name, the same everywhere.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl Grade {
    /// All grades, the surest first.
    pub const ALL: [Self; 4] = [Self::Observed, Self::Predicted, Self::Possible, Self::Refuted];

    /// The word used in outputs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::Predicted => "predicted",
            Self::Possible => "possible",
            Self::Refuted => "refuted",
        }
    }
}

impl Level {
    /// All levels, the mildest first.
    pub const ALL: [Self; 3] = [Self::Allow, Self::Warn, Self::Deny];

    /// The word used in outputs and settings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }
}

impl StepKind {
    /// The word used in outputs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Wants => "wants",
            Self::Reads => "reads",
            Self::Writes => "writes",
        }
    }
}
