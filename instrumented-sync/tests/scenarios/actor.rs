//! A thread that does what it is told, one step at a time.

use crate::objects::{Held, Object};
use instrumented_sync::thread;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};

/// The teller's side. Dropping it lets the thread end after the step that it does.
#[derive(Debug)]
pub(crate) struct Actor {
    steps: Sender<Step>,
    outcomes: Receiver<String>,
}

type Step = (&'static Object, String, Vec<String>);

impl Actor {
    pub(crate) fn start() -> Self {
        let (steps, to_do) = channel::<Step>();
        let (done, outcomes) = channel();
        thread::spawn(move || {
            let mut held = Held::default();
            for (object, operation, arguments) in to_do {
                let call = AssertUnwindSafe(|| object.call(&operation, &arguments, &mut held));
                let outcome = catch_unwind(call).unwrap_or_else(|_| "error".to_owned());
                if done.send(outcome).is_err() {
                    break;
                }
            }
        });
        Self { steps, outcomes }
    }

    pub(crate) fn begin(&self, object: &'static Object, operation: String, arguments: Vec<String>) {
        self.steps.send((object, operation, arguments)).expect("the actor lives");
    }

    pub(crate) fn outcome(&self) -> String {
        self.outcomes.recv().expect("the actor lives")
    }
}
