//! Who keeps whom waiting, as trees: those who wait for each other first, then each thread with those that wait for it below.

use super::process::threads::{event, state};
use crate::escape;
use crate::postmortem::{By, Edge, End, ThreadEnd, Waits};
use crate::words;
use crate::words::lasted;
use anstyle::{AnsiColor, Style};
use std::collections::BTreeMap;
use std::fmt::Write;

/// More lines than this are a picture in a report that nobody reads.
pub(super) const LINES: usize = 40;

/// Threads that wait alike behind one thread have one line from this number on.
const ALIKE: usize = 3;

/// How many of those are named.
const NAMED: usize = 6;

/// What there is to draw.
pub(super) struct Picture<'a> {
    pub(super) waits: &'a Waits,
    /// Whether those who wait for each other surely wait for ever.
    pub(super) is_proven: bool,
    /// Threads that are drawn though nobody waits for them.
    pub(super) alone: Vec<u32>,
    /// By number, escaped.
    pub(super) labels: BTreeMap<u32, String>,
    /// By number: what a thread waits for, escaped. Of one that is drawn alone.
    pub(super) wants: BTreeMap<u32, String>,
    /// The state of the process, where it is that of these waits.
    pub(super) end: Option<&'a End>,
    /// Columns that lines are cut to.
    pub(super) columns: usize,
    /// How many lines there are at most.
    pub(super) limit: usize,
}

impl<'a> Picture<'a> {
    /// All waits of a process.
    pub(super) fn of_process(end: &'a End, columns: usize) -> Self {
        let (labels, alone, wants) = (labels(end), Vec::new(), BTreeMap::new());
        let (waits, end) = (&end.waits, Some(end));
        Self { waits, is_proven: true, alone, labels, wants, end, columns, limit: LINES }
    }

    /// Writes it, without a title. Nothing where nobody waits for anybody.
    pub(super) fn draw(&self, out: &mut String) {
        let mut tree = Tree { picture: self, told: Vec::new(), lines: 0, left_out: 0, out };
        for cycle in &self.waits.cycles {
            tree.cycle(cycle);
        }
        for (root, behind) in self.waits.roots() {
            tree.root(root, behind);
        }
        for thread in &self.alone {
            if !tree.told.contains(thread) {
                tree.root(*thread, 0);
            }
        }
        // Threads in a state that was read while it changed may wait in a circle that is none: they are told as they are.
        for edge in &self.waits.edges {
            if !tree.told.contains(&edge.waiter) {
                tree.told.push(edge.waiter);
                tree.line(0, &tree.waits_for(edge));
            }
        }
        if tree.left_out > 0 {
            let more = words::count(tree.left_out as u64, "line", "lines");
            let _ = writeln!(tree.out, "    and {more} more");
        }
    }
}

/// Number and name of each thread.
pub(super) fn labels(end: &End) -> BTreeMap<u32, String> {
    end.threads.iter().map(|thread| (thread.number, thread.label.clone())).collect()
}

/// All waits of a process in so many lines, as plain text.
pub(in crate::output) fn plain(end: &End, limit: usize) -> String {
    let mut out = String::new();
    Picture { limit, ..Picture::of_process(end, usize::MAX) }.draw(&mut out);
    anstream::adapter::strip_str(&out).to_string()
}

pub(super) fn title(out: &mut String) {
    let bold = Style::new().bold();
    let _ = writeln!(out, "  {bold}who waits for whom{bold:#}");
}

struct Tree<'a, 'b> {
    picture: &'a Picture<'a>,
    /// Threads that have their line.
    told: Vec<u32>,
    lines: usize,
    left_out: usize,
    out: &'b mut String,
}

impl<'a> Tree<'a, '_> {
    fn cycle(&mut self, cycle: &[u32]) {
        let error = AnsiColor::BrightRed.on_default().bold();
        let how = match cycle.len() {
            1 => "it waits for itself",
            2 => "the two wait for each other",
            _ => "each waits for the next, the last for the first",
        };
        let what = if self.picture.is_proven { "deadlock" } else { "circle" };
        let _ = writeln!(self.out, "    {error}{what}{error:#}: {how}");
        self.told.extend(cycle);
        for (at, thread) in cycle.iter().enumerate() {
            let next = cycle[(at + 1) % cycle.len()];
            let edges = &self.picture.waits.edges;
            let edge = edges.iter().find(|edge| edge.waiter == *thread && edge.blocker == next);
            let text = edge.map_or_else(|| self.label(*thread), |edge| self.waits_for(edge));
            self.line(1, &text);
        }
        for thread in cycle {
            self.waiters(*thread, 2);
        }
    }

    fn root(&mut self, root: u32, behind: usize) {
        self.told.push(root);
        let label = self.label(root);
        let known = self.thread(root);
        let wanted = self.picture.wants.get(&root).filter(|_| behind == 0);
        let unknown = || {
            wanted.map_or_else(|| "is waited for".to_owned(), |what| format!("waits for {what}"))
        };
        let does = known.map_or_else(unknown, state);
        let keeps = match behind {
            0 => String::new(),
            1 => "; 1 thread waits behind it".to_owned(),
            many => format!("; {} wait behind it", words::count(many as u64, "thread", "threads")),
        };
        let wait = known.and_then(|thread| thread.wait.as_ref()).filter(|wait| !wait.timed);
        let long = lasted(wait.and_then(|wait| wait.lasted).filter(|lasted| *lasted > 0.0));
        self.line(0, &format!("{label} {does}{long}{keeps}"));
        if let Some((last, end)) =
            known.and_then(|thread| thread.events.last()).zip(self.picture.end)
        {
            self.line(2, &format!("last: {}", event(last, end)));
        }
        self.waiters(root, 1);
    }

    /// Those that wait for `blocker`, each with those that wait for it. A stack, so that long chains do not recurse.
    fn waiters(&mut self, blocker: u32, depth: usize) {
        let waiters = self.picture.waits.waiters();
        let mut stack = behind(blocker, depth, &waiters);
        while let Some((edges, depth)) = stack.pop() {
            let new: Vec<&Edge> =
                edges.into_iter().filter(|edge| !self.told.contains(&edge.waiter)).collect();
            self.told.extend(new.iter().map(|edge| edge.waiter));
            match new.as_slice() {
                [] => {}
                [edge] => {
                    let lasted = lasted(self.times(&new));
                    let text = format!("{}{lasted}", self.waits_below(edge));
                    self.line(depth, &text);
                    stack.extend(behind(edge.waiter, depth + 1, &waiters));
                }
                many => {
                    let text = self.alike(many);
                    self.line(depth, &text);
                }
            }
        }
    }

    /// Threads that wait alike.
    fn alike(&self, edges: &[&Edge]) -> String {
        let mut names: Vec<String> =
            edges.iter().take(NAMED).map(|edge| self.label(edge.waiter)).collect();
        if edges.len() > NAMED {
            names.push(format!("{} more", edges.len() - NAMED));
        }
        let object = edges.first().map_or("", |edge| edge.object.as_str());
        format!("{} wait for {object}{}", words::and(&names), lasted(self.times(edges)))
    }

    /// How long each of them has waited, where that is known.
    fn times(&self, edges: &[&Edge]) -> Vec<f64> {
        let wait = |edge: &&Edge| self.thread(edge.waiter)?.wait.as_ref()?.lasted;
        edges.iter().filter_map(wait).filter(|lasted| *lasted > 0.0).collect()
    }

    /// Below the one that it waits for.
    fn waits_below(&self, edge: &Edge) -> String {
        let text = format!("{} waits for {}", self.label(edge.waiter), edge.object);
        match edge.by {
            By::Permits(calls) => {
                let itself = edge.waiter == edge.blocker;
                let who = if itself { "itself".to_owned() } else { self.label(edge.blocker) };
                let times = words::times(calls);
                format!("{text}, taken {times} by {who} and not given back")
            }
            _ => text,
        }
    }

    fn waits_for(&self, edge: &Edge) -> String {
        let text = self.waits_below(edge);
        let itself = edge.waiter == edge.blocker;
        match edge.by {
            By::Holding if itself => format!("{text}, which it holds itself"),
            By::Holding => format!("{text}, held by {}", self.label(edge.blocker)),
            By::Queueing => format!("{text}, behind {}", self.label(edge.blocker)),
            By::Going | By::Permits(_) => text,
        }
    }

    fn line(&mut self, depth: usize, text: &str) {
        self.lines += 1;
        if self.lines > self.picture.limit {
            self.left_out += 1;
            return;
        }
        // Deeper than this there is no room for the text.
        let margin = 4 + 2 * depth.min(12);
        let text = escape::fit(text, self.picture.columns.saturating_sub(margin));
        let _ = writeln!(self.out, "{:margin$}{text}", "");
    }

    fn thread(&self, number: u32) -> Option<&'a ThreadEnd> {
        let threads: &'a [ThreadEnd] = &self.picture.end?.threads;
        let at = threads.binary_search_by_key(&number, |thread| thread.number).ok()?;
        threads.get(at)
    }

    fn label(&self, number: u32) -> String {
        self.picture.labels.get(&number).cloned().unwrap_or_else(|| format!("#{number}"))
    }
}

/// Those that wait for `blocker`, to be taken from the end: those that wait alike and keep nobody waiting together.
fn behind<'a>(
    blocker: u32,
    depth: usize,
    waiters: &BTreeMap<u32, Vec<&'a Edge>>,
) -> Vec<(Vec<&'a Edge>, usize)> {
    let mut groups: Vec<Vec<&Edge>> = Vec::new();
    for edge in waiters.get(&blocker).into_iter().flatten() {
        let is_last = |edge: &Edge| !waiters.contains_key(&edge.waiter);
        let fits = |group: &&mut Vec<&Edge>| {
            group[0].object == edge.object
                && group[0].by == edge.by
                && is_last(group[0])
                && is_last(edge)
        };
        match groups.iter_mut().find(fits) {
            Some(group) => group.push(edge),
            None => groups.push(vec![edge]),
        }
    }
    let few = |group: Vec<&'a Edge>| match group.len() >= ALIKE {
        true => vec![group],
        false => group.into_iter().map(|edge| vec![edge]).collect(),
    };
    groups.into_iter().flat_map(few).rev().map(|group| (group, depth)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(waiter: u32, blocker: u32, by: By) -> Edge {
        Edge { waiter, object: format!("`lock{blocker}`"), blocker, by }
    }

    fn drawn(edges: Vec<Edge>, cycles: Vec<Vec<u32>>, columns: usize) -> String {
        let waits = Waits { edges, cycles, stuck: Vec::new() };
        let labels = (1..20).map(|number| (number, format!("#{number}"))).collect();
        let alone = vec![9];
        let wants = BTreeMap::new();
        let (waits, is_proven, end, limit) = (&waits, true, None, LINES);
        let picture = Picture { waits, is_proven, alone, labels, wants, end, columns, limit };
        let mut out = String::new();
        picture.draw(&mut out);
        anstream::adapter::strip_str(&out).to_string()
    }

    #[test]
    fn causes_come_before_what_follows_from_them() {
        let held = |waiter, blocker| edge(waiter, blocker, By::Holding);
        let mut edges: Vec<Edge> = (3..8).map(|waiter| held(waiter, 1)).collect();
        edges.extend([held(1, 2), edge(2, 1, By::Queueing), held(8, 7), held(10, 11)]);
        let expected = "    deadlock: the two wait for each other
      #1 waits for `lock2`, held by #2
      #2 waits for `lock1`, behind #1
        #3, #4, #5 and #6 wait for `lock1`
        #7 waits for `lock1`
          #8 waits for `lock7`
    #11 is waited for; 1 thread waits behind it
      #10 waits for `lock11`
    #9 is waited for
";
        assert_eq!(drawn(edges, vec![vec![1, 2]], 80), expected);
    }

    #[test]
    fn lines_fit_the_terminal() {
        let edges = vec![edge(1, 1, By::Holding)];
        let text = drawn(edges.clone(), vec![vec![1]], 30);
        assert!(text.contains("#1 waits for `lock1`, w…\n"), "{text}");
        let text = drawn(edges, vec![vec![1]], usize::MAX);
        assert!(text.contains("#1 waits for `lock1`, which it holds itself\n"), "{text}");
    }
}
