//! Who keeps whom waiting, as trees: a thread, and below it those that wait for it.

use super::threads::{event, state};
use crate::output::words;
use crate::output::words::seconds;
use crate::postmortem::{End, ThreadEnd};
use anstyle::{AnsiColor, Style};
use std::fmt::Write;

/// More lines than this are a picture that nobody reads.
const LINES: usize = 40;

pub(super) fn render(end: &End, out: &mut String) {
    let waits = &end.waits;
    if waits.edges.is_empty() {
        return;
    }
    let bold = Style::new().bold();
    let _ = writeln!(out, "\n  {bold}who waits for whom{bold:#}");
    let mut tree = Tree { end, told: Vec::new(), lines: 0, left_out: 0, out };
    for cycle in &waits.cycles {
        tree.cycle(cycle);
    }
    for (root, behind) in waits.roots() {
        tree.root(root, behind);
    }
    // Threads in a state that was read while it changed may wait in a circle that is none: they are told as they are.
    for edge in &waits.edges {
        if !tree.told.contains(&edge.waiter) {
            tree.told.push(edge.waiter);
            tree.line(
                1,
                &format!("{} waits for {}", tree.label(edge.waiter), tree.label(edge.blocker)),
            );
        }
    }
    if tree.left_out > 0 {
        let more = words::count(tree.left_out as u64, "thread", "threads");
        let _ = writeln!(tree.out, "    and {more} more");
    }
}

struct Tree<'a> {
    end: &'a End,
    /// Threads that have their line.
    told: Vec<u32>,
    lines: usize,
    left_out: usize,
    out: &'a mut String,
}

impl<'a> Tree<'a> {
    fn cycle(&mut self, cycle: &[u32]) {
        let error = AnsiColor::BrightRed.on_default().bold();
        let mut text = format!("{error}deadlock{error:#}: ");
        self.told.extend(cycle);
        for (at, thread) in cycle.iter().enumerate() {
            let next = cycle[(at + 1) % cycle.len()];
            let edges = &self.end.waits.edges;
            let edge = edges.iter().find(|edge| edge.waiter == *thread && edge.blocker == next);
            let object = edge.map_or("something", |edge| edge.object.as_str());
            let who = if at == 0 { self.label(*thread) } else { "which".to_owned() };
            let of = if next == *thread { "itself".to_owned() } else { self.label(next) };
            let separator = if at == 0 { "" } else { ", " };
            let _ = write!(text, "{separator}{who} waits for {object}");
            // A joined thread is what is waited for.
            if !object.starts_with("thread ") {
                let _ = write!(text, " of {of}");
            }
        }
        self.line(0, &text);
        for thread in cycle {
            self.waiters(*thread, 1);
        }
    }

    fn root(&mut self, root: u32, behind: usize) {
        let (state, last) = match self.thread(root) {
            None => ("has ended".to_owned(), None),
            Some(thread) => (state(thread), thread.events.last()),
        };
        let (keeps, wait) = match behind {
            1 => ("1 thread".to_owned(), "waits"),
            many => (words::count(many as u64, "thread", "threads"), "wait"),
        };
        self.told.push(root);
        self.line(0, &format!("{} {state}; {keeps} {wait} behind it", self.label(root)));
        if let Some(last) = last {
            self.line(2, &format!("last: {}", event(last, self.end)));
        }
        self.waiters(root, 1);
    }

    /// Those that wait for `blocker`, each with those that wait for it. A stack, so that long chains do not recurse.
    fn waiters(&mut self, blocker: u32, depth: usize) {
        let waiters = self.end.waits.waiters();
        let of = |blocker: u32, depth: usize| {
            let edges = waiters.get(&blocker).into_iter().flatten().rev();
            edges.map(move |edge| (*edge, depth)).collect::<Vec<_>>()
        };
        let mut stack = of(blocker, depth);
        while let Some((edge, depth)) = stack.pop() {
            if self.told.contains(&edge.waiter) {
                continue;
            }
            self.told.push(edge.waiter);
            let wait = self.thread(edge.waiter).and_then(|thread| thread.wait.as_ref());
            let lasted = wait.and_then(|wait| wait.lasted).filter(|lasted| *lasted > 0.0);
            let lasted =
                lasted.map_or_else(String::new, |lasted| format!(", for {}", seconds(lasted)));
            let label = self.label(edge.waiter);
            self.line(depth, &format!("{label} waits for {}{lasted}", edge.object));
            stack.extend(of(edge.waiter, depth + 1));
        }
    }

    fn line(&mut self, depth: usize, text: &str) {
        self.lines += 1;
        if self.lines > LINES {
            self.left_out += 1;
            return;
        }
        // Deeper than this there is no room for the text.
        let margin = "  ".repeat(depth.min(16));
        let _ = writeln!(self.out, "    {margin}{text}");
    }

    fn thread(&self, number: u32) -> Option<&'a ThreadEnd> {
        let threads: &'a [ThreadEnd] = &self.end.threads;
        let at = threads.binary_search_by_key(&number, |thread| thread.number).ok()?;
        threads.get(at)
    }

    fn label(&self, number: u32) -> String {
        self.thread(number).map_or_else(|| format!("#{number}"), |thread| thread.label.clone())
    }
}
