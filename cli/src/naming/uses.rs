//! Where locks are created and taken.

use super::told;
use crate::source::{Position, Question, Sources, Wrapping};
use crate::symbols::{Frame, Symbols, is_library};
use std::collections::{BTreeMap, BTreeSet};
use syncscope_recording::Recording;
use syncscope_recording::model::{
    ChainNode, ClassId, Held, InstanceId, Op, Participant, SiteId, ThreadNum, Wait,
};

/// Places that are looked at for one lock.
const PLACES: usize = 8;
/// Locks that are looked at around another.
const DEPTH: usize = 64;
/// Locks that are looked at of one class.
const INSTANCES: usize = 256;

/// The places of the classes of one recording.
#[derive(Debug, Default)]
pub(super) struct Uses {
    /// By class.
    pub(super) classes: BTreeMap<ClassId, OfClass>,
}

/// The places of a class.
#[derive(Debug, Default)]
pub(super) struct OfClass {
    /// Where the program creates its locks; none where a library does.
    pub(super) created: Option<Position>,
    /// Where its locks are taken, by lock.
    pub(super) instances: BTreeMap<InstanceId, BTreeSet<Position>>,
    /// Where one of them was taken first, as the stack of the class says.
    pub(super) first: Option<Position>,
    /// They are in a type that only wraps a lock.
    pub(super) wrapping: Option<Wrapping>,
    /// Where that was called, by lock, unless they are taken there.
    pub(super) called: BTreeMap<InstanceId, BTreeSet<Position>>,
}

impl OfClass {
    /// They are taken where the type was called that wraps them.
    pub(super) fn is_wrapped(&self) -> bool {
        self.wrapping == Some(Wrapping::Whole)
    }

    /// Where the type that wraps them creates them.
    pub(super) fn wrapper(&self) -> Option<&Position> {
        self.created.as_ref().filter(|_| self.wrapping.is_some())
    }

    fn is_called(&self) -> bool {
        self.wrapping.is_some_and(|wrapping| wrapping != Wrapping::Whole)
    }
}

impl Uses {
    pub(super) fn of(recording: &Recording, sources: &Sources, symbols: &Symbols) -> Self {
        let mut places = Places { recording, sources, symbols, of_stacks: BTreeMap::new() };
        let mut uses = Self::default();
        for (index, class) in recording.classes.iter().enumerate().skip(1) {
            let id = ClassId(u32::try_from(index).unwrap_or(u32::MAX));
            let created = places.of_site(class.site);
            let taken = || places.of_stack(class.stack?, false);
            let in_type = created.clone().or_else(taken);
            let wrapping = in_type.and_then(|place| places.wrapping(&place));
            let is_wrapped = wrapping == Some(Wrapping::Whole);
            let first = class.stack.and_then(|stack| places.of_stack(stack, is_wrapped));
            uses.classes.insert(id, OfClass { created, first, wrapping, ..OfClass::default() });
        }
        for node in &recording.nodes {
            if let Some(stack) = node.stack
                && uses.is_called(Some(node.class))
            {
                let place = places.of_stack(stack, true);
                uses.add_call(node.instance, Some(node.class), place);
            }
            uses.add_outer(&places, node);
            let is_wrapped = uses.is_wrapped(Some(node.class));
            let site = places.of_site(node.site).filter(|_| !is_wrapped);
            let place = site.or_else(|| places.of_stack(node.stack?, is_wrapped));
            uses.add(node.instance, Some(node.class), place);
        }
        for slot in &recording.board {
            uses.add_all(&places, &slot.held);
            uses.add_wait(&mut places, slot.thread, slot.wait.as_ref());
        }
        let deadlocks = recording.deadlocks.iter().flat_map(|deadlock| &deadlock.participants);
        let overdue = recording
            .overdue
            .iter()
            .flat_map(|overdue| overdue.waiter.iter().chain(&overdue.holder));
        for Participant { thread, wait, holds, .. } in deadlocks.chain(overdue) {
            uses.add_wait(&mut places, *thread, Some(wait));
            uses.add_all(&places, holds);
        }
        for race in &recording.races {
            uses.add(race.instance, race.class, None);
            uses.add_all(&places, race.earlier.held.iter().chain(&race.later.held));
        }
        uses.add_all(&places, told::held(recording));
        for across in &recording.held_across_pools {
            for side in [&across.holder, &across.taker] {
                uses.add_site(&places, across.instance, across.class, side.site);
            }
        }
        for kept in &recording.kept_asleep {
            for side in [&kept.keeper, &kept.taker] {
                uses.add_site(&places, kept.instance, kept.class, side.site);
            }
        }
        // What is part of nothing else may still be told as an event.
        let events = recording.streams.iter().flat_map(|stream| &stream.events);
        for event in events.filter(|event| matches!(event.op, Op::Acquire(_))) {
            let instance = InstanceId(event.object);
            if event.class.is_some_and(|class| uses.is_unknown(instance, class)) {
                uses.add_site(&places, instance, event.class, event.site);
            }
        }
        uses
    }

    /// Nothing else has told where the lock is taken.
    fn is_unknown(&self, instance: InstanceId, class: ClassId) -> bool {
        let of_class = self.classes.get(&class);
        of_class.is_some_and(|class| class.instances.get(&instance).is_none_or(BTreeSet::is_empty))
    }

    fn is_wrapped(&self, class: Option<ClassId>) -> bool {
        let class = class.and_then(|class| self.classes.get(&class));
        class.is_some_and(OfClass::is_wrapped)
    }

    fn is_called(&self, class: Option<ClassId>) -> bool {
        let class = class.and_then(|class| self.classes.get(&class));
        class.is_some_and(OfClass::is_called)
    }

    /// A lock that is only ever held when others are taken has no stack of its own, but those of the others show who called its wrapper, if
    /// it is the only such lock around them.
    fn add_outer(&mut self, places: &Places<'_>, inner: &ChainNode) {
        let Some(stack) = inner.stack.and_then(|at| places.recording.stacks.get(at as usize))
        else {
            return;
        };
        let outer = ancestors(places.recording, inner);
        let mut outer = outer.filter(|outer| {
            let class = self.classes.get(&outer.class);
            class.is_some_and(|class| class.wrapping.is_some())
        });
        let (Some(outer), None) = (outer.next(), outer.next()) else { return };
        let (instance, class) = (outer.instance, Some(outer.class));
        let of_class = &self.classes[&outer.class];
        let known = if of_class.is_wrapped() { &of_class.instances } else { &of_class.called };
        if known.get(&instance).is_some_and(|places| !places.is_empty()) {
            return;
        }
        let place = places.of_site(outer.site).and_then(|taken| places.of_holder(stack, &taken));
        match of_class.is_wrapped() {
            true => self.add(instance, class, place),
            false => self.add_call(instance, class, place),
        }
    }

    fn add_call(&mut self, instance: InstanceId, class: Option<ClassId>, place: Option<Position>) {
        let Some(class) = class.and_then(|class| self.classes.get_mut(&class)) else { return };
        if class.called.len() < INSTANCES || class.called.contains_key(&instance) {
            let places = class.called.entry(instance).or_default();
            places.extend(place.filter(|_| places.len() < PLACES));
        }
    }

    fn add_wait(&mut self, places: &mut Places<'_>, thread: ThreadNum, wait: Option<&Wait>) {
        let Some(wait) = wait else { return };
        if self.is_called(wait.class) {
            let place = places.of_addresses(places.recording.stack_of_wait(thread, wait), true);
            self.add_call(InstanceId(wait.object), wait.class, place);
        }
        if self.is_wrapped(wait.class) {
            let place = places.of_addresses(places.recording.stack_of_wait(thread, wait), true);
            self.add(InstanceId(wait.object), wait.class, place);
        } else {
            self.add_site(places, InstanceId(wait.object), wait.class, wait.site);
        }
    }

    fn add_all<'a>(&mut self, places: &Places<'_>, held: impl IntoIterator<Item = &'a Held>) {
        for held in held {
            self.add_site(places, held.instance, held.class, held.site);
        }
    }

    /// The place of a wrapper says nothing of its lock.
    fn add_site(
        &mut self,
        places: &Places<'_>,
        instance: InstanceId,
        class: Option<ClassId>,
        site: SiteId,
    ) {
        let place = places.of_site(site).filter(|_| !self.is_wrapped(class));
        self.add(instance, class, place);
    }

    fn add(&mut self, instance: InstanceId, class: Option<ClassId>, place: Option<Position>) {
        let Some(class) = class.and_then(|class| self.classes.get_mut(&class)) else { return };
        if class.instances.len() == INSTANCES && !class.instances.contains_key(&instance) {
            return;
        }
        let places = class.instances.entry(instance).or_default();
        if places.len() < PLACES {
            places.extend(place);
        }
    }

    /// All places.
    pub(super) fn places(&self) -> impl Iterator<Item = &Position> + '_ {
        self.classes.values().flat_map(|class| {
            let used = class.instances.values().chain(class.called.values()).flatten();
            used.chain(&class.created).chain(&class.first)
        })
    }

    /// What is to be asked.
    pub(super) fn questions(&self) -> impl Iterator<Item = (Position, Question)> + '_ {
        self.classes.values().flat_map(|class| {
            let created = class.created.iter().flat_map(|place| {
                [Question::Created, Question::Derived, Question::Module, Question::Crate]
                    .map(|q| (place.clone(), q))
            });
            let taken = class.instances.values().chain(class.called.values()).flatten();
            let taken = taken.chain(&class.first);
            let taken = taken.flat_map(|place| {
                [Question::Taken, Question::Module, Question::Crate].map(|q| (place.clone(), q))
            });
            created.chain(taken)
        })
    }
}

/// Finds the places of the program's own code.
struct Places<'a> {
    recording: &'a Recording,
    sources: &'a Sources,
    symbols: &'a Symbols,
    /// By the number of the stack, and whether its innermost code wraps a lock.
    of_stacks: BTreeMap<(u32, bool), Option<Position>>,
}

impl Places<'_> {
    fn of_site(&self, site: SiteId) -> Option<Position> {
        let site = self.recording.site(site);
        let site = site.filter(|site| site.line != 0 && !is_library(&site.file))?;
        Some((site.file.clone(), site.line, site.column))
    }

    /// The innermost place of the program in a stack; of what `is_wrapped` the one that called the wrapper.
    fn of_stack(&mut self, stack: u32, is_wrapped: bool) -> Option<Position> {
        if let Some(known) = self.of_stacks.get(&(stack, is_wrapped)) {
            return known.clone();
        }
        let addresses = self.recording.stacks.get(stack as usize)?;
        let found = self.of_addresses(addresses, is_wrapped);
        self.of_stacks.insert((stack, is_wrapped), found.clone());
        found
    }

    fn of_addresses(&self, addresses: &[u64], is_wrapped: bool) -> Option<Position> {
        let trace = self.symbols.trace(self.recording, addresses);
        let wraps = |frame: &Frame| position(frame).is_some_and(|at| self.wrapping(&at).is_some());
        position(if is_wrapped { trace.caller_of(wraps) } else { trace.user() }?)
    }

    /// Where the wrapper was called that took a lock at `taken`, which was held at a stack: it runs a closure there, or a variable keeps its
    /// guard.
    fn of_holder(&self, addresses: &[u64], taken: &Position) -> Option<Position> {
        let trace = self.symbols.trace(self.recording, addresses);
        let frames: Vec<Position> = trace.user_frames().filter_map(position).collect();
        let wraps = |at: &Position| self.wrapping(at).is_some();
        let function = |at: &Position| self.sources.function_around(&at.0, at.1, at.2);
        let function_taken = function(taken)?;
        // The innermost wrapper is the one that takes the next lock.
        let frames = &frames[frames.iter().position(|frame| !wraps(frame))?..];
        let runs = |pair: &&[Position]| {
            wraps(&pair[0])
                && !wraps(&pair[1])
                && function(&pair[0]) == Some(function_taken.clone())
        };
        let mut running = frames.windows(2).filter(runs);
        match (running.next(), running.next()) {
            (Some(pair), None) => return Some(pair[1].clone()),
            (Some(_), Some(_)) => return None,
            (None, _) => {}
        }
        let keeps = |frame: &Position| {
            let (line, column) = self.sources.kept_result(frame, &function_taken)?;
            Some((frame.0.clone(), line, column))
        };
        let mut keepers = frames.iter().filter(|frame| !wraps(frame)).filter_map(keeps);
        keepers.next().filter(|_| keepers.next().is_none())
    }

    fn wrapping(&self, (file, line, column): &Position) -> Option<Wrapping> {
        self.sources.wrapping(file, *line, *column)
    }
}

/// The nestings around one, the innermost first.
fn ancestors<'a>(
    recording: &'a Recording,
    node: &'a ChainNode,
) -> impl Iterator<Item = &'a ChainNode> {
    let parent = |node: &&'a ChainNode| recording.nodes.get(node.parent?.0 as usize);
    std::iter::successors(parent(&node), parent).take(DEPTH)
}

fn position(frame: &Frame) -> Option<Position> {
    Some((frame.file.clone()?, frame.line, frame.column.max(1)))
}
