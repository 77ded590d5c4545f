//! The nestings: chain nodes, which many chunks hold.

use super::bytes::{records, u32_at, u64_at};
use super::chunks::Chunk;
use super::codes::site_access;
use super::damage::Damage;
use super::tables::Tables;
use crate::layout::{chunk, chunk_kind, node};
use crate::model::{ChainNode, ClassId, InstanceId, NodeId, ThreadNum};

/// Nodes of a file, with new numbers without gaps.
#[derive(Debug, Default)]
pub(super) struct Nodes {
    pub(super) nodes: Vec<ChainNode>,
    /// The number in the file of each node, ascending.
    numbers: Vec<u32>,
}

/// What was left out or is incomplete.
#[derive(Debug, Default)]
struct Flaws {
    orphans: usize,
    repeated: usize,
    clocks: usize,
    classes: usize,
}

impl Nodes {
    /// Reads the nodes of all chunks. A node whose parent is missing is left out: without the locks that were held it
    /// would claim a nesting that never was.
    pub(super) fn read(chunks: &[Chunk<'_>], tables: &Tables, damage: &mut Damage) -> Self {
        let mut tables_of_nodes: Vec<_> =
            chunks.iter().filter(|c| c.kind == chunk_kind::NODES).collect();
        tables_of_nodes.sort_by_key(|c| (c.index, c.offset));
        let mut this = Self::default();
        let mut flaws = Flaws::default();
        for chunk in tables_of_nodes {
            this.read_chunk(chunk, tables, &mut flaws);
        }
        let Flaws { orphans, repeated, clocks, classes } = flaws;
        damage.count(orphans, "nestings are left out: an outer lock of theirs is missing");
        damage.count(repeated, "nestings are left out: their number is taken");
        damage.count(clocks, "nestings have lost their clock");
        damage.count(classes, "nestings have lost their lock class");
        this
    }

    /// The node with this number in the file.
    pub(super) fn find(&self, number: u32) -> Option<NodeId> {
        let index = match self.numbers.get(number as usize) {
            Some(&found) if found == number => number as usize,
            _ => self.numbers.binary_search(&number).ok()?,
        };
        u32::try_from(index).ok().map(NodeId)
    }

    fn read_chunk(&mut self, chunk: &Chunk<'_>, tables: &Tables, flaws: &mut Flaws) {
        for (number, bytes) in
            (chunk.index..u32::MAX).zip(records(&chunk.bytes, chunk::PAYLOAD, node::SIZE))
        {
            // A node that is not ready is free, or its thread was stopped while it wrote it.
            if u32_at(bytes, node::READY) != 1 {
                continue;
            }
            if self.numbers.last().is_some_and(|&last| last >= number) {
                flaws.repeated += 1;
                continue;
            }
            // A parent is made before its children, so it has a lower number and was read already.
            let parent = match u32_at(bytes, node::PARENT).checked_sub(1) {
                None => None,
                Some(parent) => match self.find(parent) {
                    Some(parent) => Some(parent),
                    None => {
                        flaws.orphans += 1;
                        continue;
                    }
                },
            };
            self.numbers.push(number);
            self.nodes.push(read_node(bytes, parent, tables, flaws));
        }
    }
}

fn read_node(
    bytes: &[u8],
    parent: Option<NodeId>,
    tables: &Tables,
    flaws: &mut Flaws,
) -> ChainNode {
    let thread = u32_at(bytes, node::THREAD);
    let (site, access) = site_access(u32_at(bytes, node::SITE_ACCESS));
    let class = u32_at(bytes, node::CLASS);
    flaws.classes += usize::from(class != 0 && tables.class(class).is_none());
    let first_clock = u32_at(bytes, node::FIRST_CLOCK).checked_sub(1).and_then(|clock| {
        let index = tables.clock_index.get(&clock).copied();
        flaws.clocks += usize::from(index.is_none());
        index
    });
    let stack = u32_at(bytes, node::STACK).checked_sub(1);
    ChainNode {
        thread: (thread != 0).then_some(ThreadNum(thread)),
        parent,
        instance: InstanceId(u32_at(bytes, node::INSTANCE)),
        class: tables.class(class).unwrap_or(ClassId(0)),
        access,
        site: tables.site(site),
        first_clock,
        first_segment: u32_at(bytes, node::FIRST_SEGMENT),
        last_segment: u32_at(bytes, node::LAST_SEGMENT),
        count: u64_at(bytes, node::COUNT),
        first_ticks: u64_at(bytes, node::FIRST_TICKS),
        stack: stack.and_then(|stack| tables.stack_index.get(&stack)).copied(),
        address: u64_at(bytes, node::ADDRESS),
    }
}
