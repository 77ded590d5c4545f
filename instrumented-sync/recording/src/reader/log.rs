//! Fills the tables: from everything that comes as log records, and from the class counters.

use super::bytes::{records, u32_at, u64_at};
use super::chunks::Chunk;
use super::damage::Damage;
use super::records::apply;
use super::tables::{Skipped, Tables};
use crate::layout::{chunk, chunk_kind, class_counter, log};
use crate::model::{Class, Site, SiteId};

impl Tables {
    /// Builds the tables from all chunks of a file.
    pub(super) fn read(
        chunks: &[Chunk<'_>],
        without_clocks: bool,
        is_newer_minor: bool,
        damage: &mut Damage,
    ) -> Self {
        let mut tables = Self { without_clocks, ..Self::default() };
        let mut logs: Vec<_> = chunks.iter().filter(|c| c.kind == chunk_kind::LOG).collect();
        // A later record may correct an earlier one, so the order in which chunks were begun matters.
        logs.sort_by_key(|log| (log.index, log.offset));
        for log in logs {
            tables.read_log(log, damage);
        }
        for counters in chunks.iter().filter(|c| c.kind == chunk_kind::CLASSES) {
            tables.read_counters(counters);
        }
        tables.finish();
        let Skipped { short, out_of_range, unknown } = tables.skipped;
        damage.count(short, "log records are shorter than their fields");
        damage.count(out_of_range, "log records have a number that makes no sense");
        if !is_newer_minor {
            damage.count(unknown, "log records are of an unknown sort");
        }
        tables
    }

    fn read_log(&mut self, log_chunk: &Chunk<'_>, damage: &mut Damage) {
        let payload = log_chunk.bytes.get(chunk::PAYLOAD..).unwrap_or_default();
        let used = usize::try_from(log_chunk.used).unwrap_or(usize::MAX);
        if used > payload.len() {
            damage.add(format!("the log at offset {} is cut", log_chunk.offset));
        }
        let mut rest = &payload[..used.min(payload.len())];
        while !rest.is_empty() {
            let len = u32_at(rest, 4) as usize;
            let is_valid = len >= log::HEADER && len.is_multiple_of(8) && len <= rest.len();
            if !is_valid {
                // The end of a cut log was named above.
                if used <= payload.len() {
                    damage.add(format!(
                        "the log at offset {} cannot be read in its last {} bytes",
                        log_chunk.offset,
                        rest.len()
                    ));
                }
                return;
            }
            apply(rest[0], &rest[log::HEADER..len], self);
            rest = &rest[len..];
        }
    }

    fn read_counters(&mut self, counters: &Chunk<'_>) {
        for counter in records(&counters.bytes, chunk::PAYLOAD, class_counter::SIZE) {
            let id = u32_at(counter, class_counter::ID).wrapping_sub(1);
            // A class is counted before its record is written; without one there is nothing to add to.
            if let Some(class) = self.classes.rows.get_mut(id as usize) {
                let instances = u64_at(counter, class_counter::INSTANCES);
                class.instances = class.instances.saturating_add(instances);
            }
        }
    }

    /// Resolves what records say of records that may come later.
    fn finish(&mut self) {
        std::mem::take(&mut self.grounds).settle(&mut self.clocks, &mut self.likely_orders);
        if self.sites.rows.is_empty() {
            self.sites.rows.push(Site::default());
        }
        if self.classes.rows.is_empty() {
            self.classes.rows.push(Class::default());
        }
        for (id, class) in self.classes.rows.iter_mut().enumerate() {
            if class.site.0 as usize >= self.sites.rows.len() {
                class.site = SiteId(0);
            }
            let stack = u32::try_from(id).ok().and_then(|id| self.class_stacks.get(&id));
            class.stack = stack.and_then(|stack| self.stack_index.get(stack)).copied();
        }
        for class in &self.moved {
            if let Some(class) = self.classes.rows.get_mut(*class as usize) {
                class.guards_move = true;
            }
        }
        for class in &self.awaited {
            if let Some(class) = self.classes.rows.get_mut(*class as usize) {
                class.is_awaited = true;
            }
        }
        let stacks = &self.stack_index;
        self.wait_stacks.retain_mut(|wait| match stacks.get(&wait.stack) {
            Some(stack) => {
                wait.stack = *stack;
                true
            }
            None => false,
        });
        for (thread, stack) in &self.spawn_stacks {
            if let Some(thread) = self.threads.get_mut(thread) {
                thread.spawn_stack = stacks.get(stack).copied();
            }
        }
        for thread in self.threads.values_mut() {
            if thread.spawn_site.0 as usize >= self.sites.rows.len() {
                thread.spawn_site = SiteId(0);
            }
        }
    }
}
