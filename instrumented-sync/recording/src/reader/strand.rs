//! The log record of what a thread did in a job of a thread pool.

use super::bytes::Cursor;
use super::tables::Tables;
use crate::model::{JobStep, Strand, ThreadNum};

/// Bytes of a step.
const STEP: usize = 24;

/// Adds it to the tables. `None` when the record is shorter than its fields. The clock is as the file numbers it.
pub(super) fn strand(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let (thread, segment) = (ThreadNum(fields.u32()?), fields.u32()?);
    let (caller, call) = (ThreadNum(fields.u32()?), fields.u32()?);
    let (is_waited_for, clock) = (fields.u32()? != 0, fields.u32()?.checked_sub(1));
    let tree = fields.u64()?;
    let mut steps = Vec::new();
    for _ in 0..fields.count(STEP)? {
        let (branch, waiter) = (fields.u64()?, fields.u64()?);
        let (at, is_job) = (fields.u32()?, fields.u32()? != 0);
        steps.push(JobStep { branch, at, is_job, waiter });
    }
    let strand = Strand { thread, segment, caller, call, is_waited_for, clock, tree, steps };
    tables.strands.push(strand);
    Some(())
}

/// All of them, with the numbers of clocks that exist.
pub(super) fn in_order(tables: &mut Tables) -> Vec<Strand> {
    let mut strands = std::mem::take(&mut tables.strands);
    for strand in &mut strands {
        strand.clock = strand.clock.and_then(|clock| tables.clock_index.get(&clock).copied());
    }
    strands.sort_by_key(|strand| (strand.thread, strand.segment));
    strands.dedup_by_key(|strand| (strand.thread, strand.segment));
    strands
}
