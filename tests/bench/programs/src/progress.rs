//! `indicatif`: two threads move bars of one display, which draws to nowhere.

use crate::hash;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget};
use std::thread;

const STEPS: u64 = 400_000;
const WORK: u32 = 100;

pub fn run() {
    let display = MultiProgress::with_draw_target(ProgressDrawTarget::hidden());
    thread::scope(|s| {
        for _ in 0..2 {
            let bar = display.add(ProgressBar::new(STEPS));
            s.spawn(move || {
                for step in 0..STEPS {
                    if hash(step, WORK) != 0 {
                        bar.inc(1);
                    }
                    if step % 1000 == 0 {
                        bar.set_message(format!("step {step}"));
                    }
                }
                bar.finish();
            });
        }
    });
}
