//! Joins the parts.

use super::board::Board;
use super::chains;
use super::chunks::{self, Chunk, Head, Walk};
use super::damage::Damage;
use super::error::ReadError;
use super::header::{self, Header};
use super::measures::Measures;
use super::nodes::Nodes;
use super::participant::complete_participant;
use super::select::Events;
use super::source::Source;
use super::stream::Streams;
use super::tables::Tables;
use crate::layout::{PAGE, chunk_kind};
use crate::model::{BoardSlot, Deadlock, Lost, Recording, Totals};
use std::io;

/// Reads a recording with all of its events; never fails on damage behind the header.
///
/// `source` names it in messages. Takes time and memory linear in the length of `bytes`, up to sorting.
///
/// # Errors
///
/// When `bytes` do not start like a recording that this version can read, see [`ReadError`].
pub fn read(bytes: &[u8], source: &str) -> Result<Recording, ReadError> {
    read_with(bytes, source, Events::All)
}

/// The same, with as many of the events as are wanted.
///
/// # Errors
///
/// As [`read`].
pub fn read_with(bytes: &[u8], source: &str, events: Events) -> Result<Recording, ReadError> {
    read_from(&bytes, source, events, &mut Found::default())
}

/// The chunks of a file that is read again and again.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Those before the end of what was settled.
    heads: Vec<Head>,
    /// Up to here nothing becomes a chunk any more.
    settled: usize,
    /// Neither nestings nor clocks are wanted.
    state_only: bool,
    /// Bytes of the log, when it was read last.
    pub(super) log: u64,
}

impl Found {
    /// Of a file of which neither nestings nor clocks are wanted.
    pub(super) fn of_state() -> Self {
        Self { state_only: true, ..Self::default() }
    }

    /// The chunks that there are now.
    fn walk(
        &mut self,
        source: &impl Source,
        damage: &mut Damage,
    ) -> io::Result<(Vec<Head>, usize)> {
        // What was in no use may be a chunk of another kind by now.
        for head in &mut self.heads {
            if matches!(head.kind, chunk_kind::FREE | chunk_kind::HELD) {
                *head = head.of_now(source)?;
            }
        }
        let Walk { heads, settled } = chunks::walk(source, self.settled.max(PAGE), damage)?;
        let mut all = self.heads.clone();
        all.extend(heads);
        self.heads = all.iter().filter(|head| head.offset < settled).copied().collect();
        self.settled = settled;
        Ok((all, settled))
    }
}

/// Reads a recording from wherever it is. What refers to log records is read before the log: a writer stores a record
/// before any reference to it, so then all of them are there, also in a file that is being written.
pub(super) fn read_from<S: Source>(
    source: &S,
    name: &str,
    events: Events,
    found: &mut Found,
) -> Result<Recording, ReadError> {
    let mut damage = Damage::default();
    let Header { process, totals, lost, is_newer_minor } =
        header::read(&source.load(0..PAGE)?, &mut damage)?;
    let (mut heads, settled) = found.walk(source, &mut damage)?;
    if !is_newer_minor {
        damage.count(count_unknown(&heads), "chunks are of an unknown kind");
    }
    let is_wanted = |kind| {
        let is_of_nestings = matches!(kind, chunk_kind::NODES | chunk_kind::CHAINS);
        is_table(kind) && !(found.state_only && is_of_nestings)
    };
    let mut chunks = load(source, &heads, is_wanted)?;
    let streams = Streams::read(source, &heads, events)?;
    if S::MAY_CHANGE {
        // Some may have come since.
        let new = chunks::walk(source, settled, &mut Damage::default())?.heads;
        heads.retain(|head| head.offset < settled);
        heads.extend(new);
    }
    chunks.extend(load(source, &heads, |kind| kind == chunk_kind::LOG)?);
    let logs = chunks.iter().filter(|c| c.kind == chunk_kind::LOG);
    found.log = logs.fold(0, |sum, log| sum.saturating_add(log.used));
    let mut tables = Tables::read(&chunks, found.state_only, is_newer_minor, &mut damage);
    let mut nodes = Nodes::read(&chunks, &tables, &mut damage);
    chains::fold_in(&chunks, &mut nodes, &mut damage);
    let measures = Measures::read(&chunks, &tables);
    let board = Board::read(&chunks, process.start_ticks, &mut tables, &mut damage);
    let mut event_damage = Damage::default();
    let depth = |thread| {
        let slot = board.slots.binary_search_by_key(&thread, |slot| slot.thread).ok();
        slot.map_or(0, |index| {
            board.slots[index].held.len() + board.slots[index].held_unlisted as usize
        })
    };
    let streams = streams.finish(&tables, depth, is_newer_minor, &mut event_damage);
    let mut deadlocks = std::mem::take(&mut tables.deadlocks);
    for deadlock in &mut deadlocks {
        complete(deadlock, &tables, &board.slots);
    }
    let mut races = std::mem::take(&mut tables.races);
    races.iter_mut().for_each(|race| super::race::complete(race, &tables));
    let mut memory_races = std::mem::take(&mut tables.memory_races);
    memory_races.iter_mut().for_each(|race| super::memory_race::complete(race, &tables));
    let mut across = std::mem::take(&mut tables.across_pools);
    across.iter_mut().for_each(|across| super::across_pool::complete(across, &tables));
    let mut kept_asleep = super::kept_asleep::take(&mut tables);
    kept_asleep.iter_mut().for_each(|kept| super::kept_asleep::complete(kept, &tables));
    let strands = super::strand::in_order(&mut tables);
    let mut panics = std::mem::take(&mut tables.panics);
    panics.iter_mut().for_each(|panic| super::panics::complete(panic, &tables));
    let mut overdue = std::mem::take(&mut tables.overdue);
    overdue.iter_mut().for_each(|overdue| super::overdue::complete(overdue, &tables));
    let overwritten = streams.iter().fold(0, |sum: u64, s| sum.saturating_add(s.overwritten));
    Ok(Recording {
        source: name.to_owned(),
        process,
        sites: tables.sites.rows,
        classes: tables.classes.rows,
        threads: tables.threads,
        nodes: nodes.nodes,
        clocks: tables.clocks,
        stacks: tables.stacks,
        modules: tables.modules,
        deadlocks,
        races,
        accesses_checked: tables.accesses_checked,
        memory_races,
        likely_orders: tables.likely_orders,
        held_across_pools: across,
        kept_asleep,
        strands,
        measures: measures.measures,
        overdue,
        wait_stacks: tables.wait_stacks,
        thread_states: tables.thread_states,
        panics,
        totals: Totals {
            events: totals.events.saturating_add(board.totals.events),
            acquisitions: totals.acquisitions.saturating_add(board.totals.acquisitions),
            ..totals
        },
        board: board.slots,
        streams,
        declared_orders: tables.declared_orders,
        notes: tables.notes,
        lost: Lost {
            overwritten,
            measures: measures.lost,
            damage: damage.into_lines(),
            event_damage: event_damage.into_lines(),
            ..lost
        },
    })
}

/// The chunks of some kinds, in the order of the file.
fn load<'a, S: Source>(
    source: &'a S,
    heads: &[Head],
    is_wanted: impl Fn(u32) -> bool,
) -> io::Result<Vec<Chunk<'a>>> {
    let wanted = heads.iter().filter(|head| is_wanted(head.kind));
    wanted.filter_map(|head| head.load(source).transpose()).collect()
}

/// Whether a chunk holds what is neither log nor events.
fn is_table(kind: u32) -> bool {
    use chunk_kind::{BOARD, BUCKETS, CHAINS, CLASSES, HELD, MEASURES, NODES};
    matches!(kind, BOARD | NODES | CHAINS | HELD | CLASSES | MEASURES | BUCKETS)
}

fn count_unknown(chunks: &[Head]) -> usize {
    let is_known = |chunk: &&Head| (chunk_kind::BOARD..=chunk_kind::BUCKETS).contains(&chunk.kind);
    chunks.len() - chunks.iter().filter(is_known).count()
}

/// Keeps numbers that exist, and adds what only the board knows: since when a lock is held.
fn complete(deadlock: &mut Deadlock, tables: &Tables, board: &[BoardSlot]) {
    for participant in &mut deadlock.participants {
        complete_participant(participant, tables);
        let Some(holds) = &mut participant.holds else { continue };
        // The board is sorted by thread.
        let slot = board.binary_search_by_key(&participant.thread, |slot| slot.thread);
        let held = slot
            .ok()
            .and_then(|slot| board[slot].held.iter().find(|held| held.instance == holds.instance));
        if let Some(held) = held {
            holds.since_ticks = held.since_ticks;
        }
    }
}
