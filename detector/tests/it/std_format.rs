//! The STD format of research traces: one event a line, `T1|acq(L2)|7`. Locks, forks and joins are taken over; reads
//! and writes of variables are not part of a lock order.

use crate::program::{LockDecl, LockKind, Mode, Op, OpKind, OpSite, Program, ThreadDecl};
use crate::recorder::{Run, run};

/// Replays a trace in its own order.
pub(crate) fn replay(text: &str) -> Run {
    let mut trace = Trace::default();
    for line in text.lines() {
        trace.event(line);
    }
    let mut order = trace.order.into_iter();
    let run = run(&trace.program, |enabled| {
        let thread = order.next().expect("as many steps as events");
        assert!(enabled.contains(&thread), "the trace is not well-formed");
        thread
    });
    assert_eq!(order.next(), None, "as many events as steps");
    run
}

#[derive(Default)]
struct Trace {
    program: Program,
    order: Vec<usize>,
}

impl Trace {
    fn event(&mut self, line: &str) {
        let mut fields = line.split('|');
        let (Some(thread), Some(op), Some(place), None) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            panic!("`{line}` is not `thread|operation|place`");
        };
        let (verb, noun) =
            op.strip_suffix(')').and_then(|op| op.split_once('(')).expect("`verb(noun)`");
        let thread = self.thread(thread);
        let kind = match verb {
            "acq" => OpKind::Acquire { lock: self.lock(noun), mode: Mode::Exclusive },
            "rel" => OpKind::Release { lock: self.lock(noun) },
            "fork" => {
                let child = self.thread(noun);
                self.program.threads[child].from_start = false;
                OpKind::Spawn { thread: child }
            }
            "join" => OpKind::Join { thread: self.thread(noun) },
            "r" | "w" => return,
            _ => panic!("no operation `{verb}`"),
        };
        let site = OpSite::Own(place.parse().expect("a number"));
        self.program.threads[thread].ops.push(Op { kind, site });
        self.order.push(thread);
    }

    /// Threads that nobody forks run from the start.
    fn thread(&mut self, name: &str) -> usize {
        let threads = &mut self.program.threads;
        threads.iter().position(|thread| thread.name == name).unwrap_or_else(|| {
            threads.push(ThreadDecl {
                name: name.to_owned(),
                from_start: true,
                ..ThreadDecl::default()
            });
            threads.len() - 1
        })
    }

    fn lock(&mut self, name: &str) -> usize {
        let locks = &mut self.program.locks;
        locks.iter().position(|lock| lock.name == name).unwrap_or_else(|| {
            locks.push(LockDecl { name: name.to_owned(), kind: LockKind::Mutex });
            locks.len() - 1
        })
    }
}
