//! Programs as text: one line a thread, `name: operation; operation; …`.
//!
//! Operations: `lock A`, `read R`, `write R`, `read_rec R`, `try_lock A`, `try_read R`, `try_write R`, `init O`, `use O`,
//! `drop A`, `wait M` (a condition variable's wait: gives `M` back and takes it again), `spawn t`, `join t`.
//! `@7` behind an operation puts it at line 7 of a file that all threads share, else each has a place of its own.
//! Everything still held at the end of a line is dropped, newest first.
//!
//! A lock is declared by its use. `R…` is a readers–writer lock, `O…` a `OnceLock`, `E…` re-entrant, all else a mutex.
//! `acc#1` and `acc#2` are two instances of one class. A name with `$` in front is given by the user.

use crate::program::{LockDecl, LockKind, Mode, Op, OpKind, OpSite, Program, ThreadDecl};

pub(crate) fn parse(text: &str) -> Program {
    let mut program = Program::default();
    let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    for line in &lines {
        let (name, _) = line.split_once(':').expect("a line is `name: operations`");
        program.threads.push(ThreadDecl { name: name.trim().to_owned(), ..ThreadDecl::default() });
    }
    for (thread, line) in lines.iter().enumerate() {
        let (_, ops) = line.split_once(':').expect("checked above");
        for (index, op) in ops.split(';').map(str::trim).filter(|op| !op.is_empty()).enumerate() {
            let own = OpSite::Own(index as u32 + 1);
            let (op, site) = match op.split_once('@') {
                Some((op, line)) => (op, OpSite::Shared(line.parse().expect("`@` and a line"))),
                None => (op, own),
            };
            for kind in kinds(&mut program, op) {
                program.threads[thread].ops.push(Op { kind, site });
            }
        }
        drop_rest(&mut program.threads[thread].ops);
    }
    program
}

fn kinds(program: &mut Program, op: &str) -> Vec<OpKind> {
    use Mode::{Exclusive, Recursive, Shared};
    let mut words = op.split_whitespace();
    let (Some(verb), Some(noun), None) = (words.next(), words.next(), words.next()) else {
        panic!("`{op}` is not `verb noun`");
    };
    if let "spawn" | "join" = verb {
        let thread = program.threads.iter().position(|thread| thread.name == noun);
        let thread = thread.unwrap_or_else(|| panic!("no thread `{noun}`"));
        return vec![match verb {
            "spawn" => OpKind::Spawn { thread },
            _ => OpKind::Join { thread },
        }];
    }
    let lock = lock(program, noun);
    match verb {
        "lock" | "write" => vec![OpKind::Acquire { lock, mode: Exclusive }],
        "read" => vec![OpKind::Acquire { lock, mode: Shared }],
        "read_rec" => vec![OpKind::Acquire { lock, mode: Recursive }],
        "try_lock" | "try_write" => vec![OpKind::Try { lock, mode: Exclusive }],
        "try_read" => vec![OpKind::Try { lock, mode: Shared }],
        "init" => vec![OpKind::Init { lock }],
        "use" => vec![OpKind::Use { lock }],
        "drop" => vec![OpKind::Release { lock }],
        "wait" => vec![OpKind::Release { lock }, OpKind::Reacquire { lock }],
        _ => panic!("no operation `{verb}`"),
    }
}

fn lock(program: &mut Program, name: &str) -> usize {
    if let Some(known) = program.locks.iter().position(|lock| lock.name == name) {
        return known;
    }
    let kind = match name.trim_start_matches('$').as_bytes().first() {
        Some(b'R') => LockKind::RwLock,
        Some(b'O') => LockKind::OnceLock,
        Some(b'E') => LockKind::Reentrant,
        _ => LockKind::Mutex,
    };
    program.locks.push(LockDecl { name: name.to_owned(), kind });
    program.locks.len() - 1
}

fn drop_rest(ops: &mut Vec<Op>) {
    let mut held = Vec::new();
    for op in ops.iter() {
        match op.kind {
            OpKind::Acquire { lock, .. }
            | OpKind::Try { lock, .. }
            | OpKind::Reacquire { lock }
            | OpKind::Init { lock } => held.push(lock),
            OpKind::Release { lock } => {
                let at = held.iter().rposition(|held| *held == lock).expect("drops what is held");
                held.remove(at);
            }
            _ => {}
        }
    }
    while let Some(lock) = held.pop() {
        ops.push(Op { kind: OpKind::Release { lock }, site: OpSite::Own(0) });
    }
}
