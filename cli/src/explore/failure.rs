//! Whether a run went wrong.

use super::Ran;
use serde::{Deserialize, Serialize};
use syncscope_recording::schedule::State;

/// How a run went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "value")]
pub enum Failure {
    /// Threads wait for each other.
    Deadlock,
    /// No thread can go on.
    Stuck,
    /// It takes more steps than allowed.
    Endless,
    /// It took too long, by the clock on the wall.
    TooLong,
    /// A signal ended it.
    Signal(i32),
    /// It ended with this code.
    Code(i32),
    /// Two threads access the same memory, and nothing orders them.
    Race,
}

impl Failure {
    /// What went wrong in a run, if anything did; `fine` is the code of one in which nothing does.
    #[must_use]
    pub fn of(ran: &Ran, fine: i32) -> Option<Self> {
        match ran.outcome.as_ref().map(|outcome| outcome.state) {
            Some(State::Deadlock) => return Some(Self::Deadlock),
            Some(State::Stuck) => return Some(Self::Stuck),
            Some(State::Endless) => return Some(Self::Endless),
            _ => {}
        }
        if ran.is_late {
            return Some(Self::TooLong);
        }
        match (ran.code, ran.signal) {
            (Some(code), _) if code == fine => None,
            (Some(code), _) => Some(Self::Code(code)),
            (None, Some(signal)) => Some(Self::Signal(signal)),
            (None, None) => None,
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Deadlock => "deadlock: threads wait for each other".to_owned(),
            Self::Stuck => "deadlock: no thread can go on".to_owned(),
            Self::Endless => "it does not come to an end".to_owned(),
            Self::TooLong => "it takes too long".to_owned(),
            Self::Signal(signal) => format!("ended by signal {signal}"),
            Self::Code(101) => "a panic (exit code 101)".to_owned(),
            Self::Code(code) => format!("exit code {code}"),
            Self::Race => "a data race".to_owned(),
        }
    }
}
