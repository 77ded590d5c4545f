//! The list, run against this crate.

use crate::actor::Actor;
use crate::objects::{self, Object};
use crate::step::{self, Line};
use std::collections::HashMap;

/// The outcomes, each with the number of its line.
pub(crate) fn run(list: &str) -> Vec<(usize, String)> {
    let mut objects: HashMap<&str, &'static Object> = HashMap::new();
    let mut actors: HashMap<&str, Actor> = HashMap::new();
    let mut outcomes = Vec::new();
    for (number, line) in step::lines(list) {
        match line {
            Line::Scenario => {
                objects.clear();
                actors.clear();
            }
            Line::Object { kind, name, argument } => {
                // Actors hold guards across steps, so objects live on.
                objects.insert(name, Box::leak(Box::new(objects::make(kind, argument))));
            }
            Line::Step { actor, call, outcome } => {
                let actor = actors.entry(actor).or_insert_with(Actor::start);
                if let Some((object, operation, arguments)) = call {
                    let arguments = arguments.into_iter().map(str::to_owned).collect();
                    actor.begin(objects[object], operation.to_owned(), arguments);
                }
                if outcome.is_some() {
                    outcomes.push((number, actor.outcome()));
                }
            }
        }
    }
    outcomes
}
