//! The service's thread: one look after the other.

use super::{
    asked, asleep, blocking, ends, held_up, leaks, look, overdue, places, progress, queues,
    sleepers, still, suspects, tell, unheard,
};
use crate::rt::deadlock::verdict;
use crate::rt::machine::clock;
use crate::rt::machine::own_thread;
use crate::rt::machine::settings::Settings;
use crate::rt::shared::runtime::{self, Runtime};
use crate::rt::shared::trouble;
use crate::rt::thread::local;
use std::sync::atomic::Ordering;
use std::time::Duration;
use syncscope_recording::layout::header;
use syncscope_recording::writer::bounded_lock;

/// How often it looks while there is something to watch, at most and at least: a tenth of the shortest time that is watched.
const TICK: Duration = Duration::from_millis(200);
const SHORTEST_TICK: Duration = Duration::from_millis(10);
/// Ticks without anything to watch before it sleeps until it is called.
const IDLE_TICKS: u32 = 5;
/// Ticks that it sleeps at most: nobody calls it when a lock is merely held.
const ASLEEP_TICKS: u32 = 10;

/// Starts the thread. `false` when the system refuses one.
#[cold]
pub(crate) fn start() -> bool {
    own_thread::start(c"syncscope", local::close_own, || {
        // The runtime may not be published yet when the very first event starts the thread.
        let runtime = loop {
            match runtime::started() {
                Some(runtime) => break runtime,
                None => std::thread::yield_now(),
            }
        };
        run(runtime);
    })
}

/// What is left to check when the process ends.
pub(crate) fn finish(runtime: &Runtime) {
    if let Some(mut online) = bounded_lock(&runtime.service.online) {
        online.check(runtime, true);
    }
    runtime.service.texts().iter().for_each(|(rule, text)| tell::observed(rule, text));
}

fn run(runtime: &'static Runtime) {
    let service = &runtime.service;
    let tick = tick(&runtime.settings);
    let mut asleep = asleep::Asleep::default();
    let mut ends = ends::Ends::default();
    let mut stillness = still::Stillness::default();
    let mut watch = overdue::Watch::default();
    let mut held_up = held_up::HeldUp::default();
    let mut blocking = blocking::Blocking::default();
    let mut leaks = leaks::Leaks::default();
    let mut places = places::Places::default();
    let mut asked = asked::Asked::default();
    let mut progress = progress::Progress::new(tick);
    let mut idle = 0;
    // A process may hang from its first milliseconds on, and then nothing else measures the clock.
    std::thread::sleep(runtime::CALIBRATION);
    loop {
        runtime.calibrate();
        let sleeps = idle >= IDLE_TICKS;
        service.wait(tick, sleeps.then_some(ASLEEP_TICKS));
        if sleeps {
            // One look, and a second one if the first finds something.
            idle = IDLE_TICKS - 1;
        }
        runtime.file.check();
        trouble::tell(runtime);
        // Relaxed: for readers of the file. A process that is killed while it hangs leaves no other trace of how long it hung.
        let alive = runtime.file.header().u64(header::ALIVE_TICKS);
        alive.store(clock::ticks(), Ordering::Relaxed);
        let step = progress.step();
        let edges = service.take_edges();
        if edges
            && let Some(mut online) = bounded_lock(&service.online)
            && online.check(runtime, false)
        {
            service.keep_edges();
        }
        let texts = service.texts();
        texts.iter().for_each(|(rule, text)| tell::observed(rule, text));
        let mut sleep_lightly = sleepers::look(runtime)
            | queues::look(runtime, step)
            | asleep.look(runtime)
            | suspects::look(runtime);
        let threads = look::threads(runtime);
        // First: it tells why, and what follows may end the process.
        let are_leaks = leaks.look(runtime, &threads, step);
        stillness.look(runtime, &threads, step);
        sleep_lightly |= ends.look(runtime, &threads, step);
        places.look(runtime, &threads, step);
        asked.look(runtime, &threads, step);
        blocking.look(runtime, &threads, step);
        // If nothing moves at all, that is reported once, and not thread by thread.
        if !stillness.lasts() {
            held_up.look(runtime, &threads, step, (&watch, &mut places));
        }
        let ages =
            watch.look(runtime, &threads, step, |thread, held| held_up.has_told(thread, held));
        let blocked = threads.iter().any(|known| known.wait.is_some() && !known.awaits);
        let waits_for_end = match unheard::look(runtime, step) {
            Ok((root, lasted)) => verdict::unnoticed(runtime, root, lasted),
            Err(is_any) => is_any,
        };
        let busy = edges
            || blocked
            || are_leaks
            || ages
            || sleep_lightly
            || stillness.is_open()
            || waits_for_end
            || !texts.is_empty();
        idle = if busy { 0 } else { idle + 1 };
    }
}

/// How often to look, by the shortest time that is watched.
fn tick(settings: &Settings) -> Duration {
    // Twice: a blocking call need not be seen that exactly.
    let blocking = settings.blocking.map(|blocking| blocking * 2);
    let times = [settings.stall, settings.long_wait, settings.long_hold, blocking];
    let shortest = times.into_iter().flatten().min().unwrap_or(TICK * 10);
    (shortest / 10).clamp(SHORTEST_TICK, TICK)
}
