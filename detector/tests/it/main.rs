//! Tests of the detector, all in one binary.

mod checker;
mod coverage;
mod cross_process;
mod deadlock_notes;
mod deadlocks;
mod declared_orders;
mod explorer;
mod gaps;
mod generator;
mod groups;
mod hand_offs;
mod held_across_pools;
mod inversions;
mod kept_asleep;
mod machine;
mod micro;
mod moved_guards;
mod notation;
mod pool_jobs;
mod program;
mod recorder;
mod recursive_reads;
mod relocated;
mod scale;
mod std_format;
mod tasks;
