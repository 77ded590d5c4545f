//! Joins the parts.

use super::board::Board;
use super::chains;
use super::chunks::{self, Chunk};
use super::damage::Damage;
use super::error::ReadError;
use super::header::{self, Header};
use super::log::Tables;
use super::nodes::Nodes;
use super::overdue::complete_participant;
use super::stream;
use crate::layout::chunk_kind;
use crate::model::{BoardSlot, Deadlock, Lost, Recording, Totals};

/// Reads a recording; never fails on damage behind the header.
///
/// `source` names it in messages. Takes time and memory linear in the length of `bytes`, up to sorting.
///
/// # Errors
///
/// When `bytes` do not start like a recording that this version can read, see [`ReadError`].
pub fn read(bytes: &[u8], source: &str) -> Result<Recording, ReadError> {
    let mut damage = Damage::default();
    let Header { process, totals, lost, is_newer_minor } = header::read(bytes, &mut damage)?;
    let chunks = chunks::walk(bytes, &mut damage);
    if !is_newer_minor {
        damage.count(count_unknown(&chunks), "chunks are of an unknown kind");
    }
    let mut tables = Tables::read(&chunks, is_newer_minor, &mut damage);
    let mut nodes = Nodes::read(&chunks, &tables, &mut damage);
    chains::fold_in(&chunks, &mut nodes, &mut damage);
    let board = Board::read(&chunks, process.start_ticks, &mut tables, &mut damage);
    let streams = stream::read(&chunks, &tables, is_newer_minor, &mut damage);
    let mut deadlocks = std::mem::take(&mut tables.deadlocks);
    for deadlock in &mut deadlocks {
        complete(deadlock, &tables, &board.slots);
    }
    let mut races = std::mem::take(&mut tables.races);
    races.iter_mut().for_each(|race| super::race::complete(race, &tables));
    let mut overdue = std::mem::take(&mut tables.overdue);
    overdue.iter_mut().for_each(|overdue| super::overdue::complete(overdue, &tables));
    let overwritten = streams.iter().fold(0, |sum: u64, s| sum.saturating_add(s.overwritten));
    Ok(Recording {
        source: source.to_owned(),
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
        overdue,
        totals: Totals {
            events: totals.events.saturating_add(board.totals.events),
            acquisitions: totals.acquisitions.saturating_add(board.totals.acquisitions),
            ..totals
        },
        board: board.slots,
        streams,
        declared_orders: tables.declared_orders,
        notes: tables.notes,
        lost: Lost { overwritten, damage: damage.into_lines(), ..lost },
    })
}

fn count_unknown(chunks: &[Chunk<'_>]) -> usize {
    let is_known =
        |chunk: &&Chunk<'_>| (chunk_kind::BOARD..=chunk_kind::FREE).contains(&chunk.kind);
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
