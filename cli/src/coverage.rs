//! What a run covered beyond the detector's sums, so that "no finding" can be read for what it is.

use crate::names::class_label;
use crate::project::Project;
use crate::recordings::{Recordings, WITHOUT_EVENTS};
use crate::source::Sources;
use crate::swap::unseen::Way;
use crate::swap::{Linked, Packages};
use std::collections::BTreeSet;
use std::path::Path;
use syncscope_detector::class_graph;

/// What was covered, and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// Pairs of classes of which one was requested while the other was held.
    pub pairs: u64,
    /// Classes that took part in one nesting, once: names, escaped, sorted.
    pub met_once: Vec<String>,
    /// Threads that were not started through what is recorded: who started them, and what orders them, is not known. Those of
    /// test programs do not count, whose tests all run in threads of the harness.
    pub foreign_threads: u64,
    /// What the runtime had to say of what it recorded, each once: not escaped.
    pub notes: Vec<String>,
    /// Packages with locks that are not recorded, one line each; empty where nothing is known of the program's packages.
    pub not_seen: Vec<String>,
}

impl Extent {
    /// Of these recordings. What is not recorded is told of programs that were built in this project: of those that the recordings
    /// are of, or, where there is none, of one that was `swapped` and then recorded nothing.
    #[must_use]
    pub fn of(
        recordings: &Recordings,
        sources: &Sources,
        project: Option<&Project>,
        swapped: bool,
    ) -> Self {
        let graph = class_graph(&recordings.readable, sources);
        let mut nestings = vec![0_u64; graph.classes.len()];
        for edge in &graph.edges {
            nestings[edge.from] = nestings[edge.from].saturating_add(edge.count);
            nestings[edge.to] = nestings[edge.to].saturating_add(edge.count);
        }
        let once = graph.classes.iter().zip(nestings).filter(|(_, nestings)| *nestings == 1);
        let mut met_once: Vec<String> = once.map(|(class, _)| class_label(class)).collect();
        met_once.sort();
        let threads = (recordings.readable.iter())
            .filter(|recording| !is_of_cargo_test(&recording.process.exe))
            .flat_map(|recording| recording.threads.values());
        let foreign =
            threads.filter(|thread| thread.is_foreign && !thread.is_main && !thread.is_task);
        let notes = recordings.readable.iter().flat_map(|recording| recording.notes.clone());
        let notes: BTreeSet<String> = notes.collect();
        let has_recorded = !recordings.readable.is_empty();
        let own = project.filter(|project| match has_recorded {
            true => has_program_of(project, recordings),
            false => swapped,
        });
        Self {
            pairs: graph.edges.len() as u64,
            met_once,
            foreign_threads: foreign.count() as u64,
            notes: notes.into_iter().filter(|note| note != WITHOUT_EVENTS).collect(),
            not_seen: own.map(|own| not_seen(own, recordings)).unwrap_or_default(),
        }
    }
}

/// Where cargo puts the programs of tests.
pub(crate) fn is_of_cargo_test(exe: &str) -> bool {
    Path::new(exe).parent().and_then(Path::file_name).is_some_and(|folder| folder == "deps")
}

/// Whether a program of a project is among what was recorded.
fn has_program_of(project: &Project, recordings: &Recordings) -> bool {
    let is_below = |exe: &str| {
        let exe = Path::new(exe);
        exe.starts_with(&project.target_directory) || exe.starts_with(&project.workspace_root)
    };
    recordings.readable.iter().any(|recording| is_below(&recording.process.exe))
}

fn not_seen(project: &Project, recordings: &Recordings) -> Vec<String> {
    let lock = std::fs::read_to_string(project.workspace_root.join("Cargo.lock"));
    let lock = lock.unwrap_or_default();
    // Most projects have none in question, and then no program needs to be read.
    let programs: BTreeSet<_> =
        recordings.readable.iter().map(|recording| Path::new(&recording.process.exe)).collect();
    // Doc tests are built as the programs beside them are.
    let mut built = programs.iter().filter(|exe| !is_doc_test(exe));
    let way = if built.all(|exe| is_swapped(exe)) { Way::Swapped } else { Way::ByHand };
    let packages = Packages::of_lock_file(&lock, way, Some(&project.target_directory));
    let all = packages.unseen();
    // Which program recorded nothing is not known, nor what it was linked with.
    if all.is_empty() || programs.is_empty() {
        return all;
    }
    let linked = Linked::of(programs);
    packages.unseen_where(|name, version, part| linked.may_have(name, version, part))
}

/// Whether the command has built a program.
fn is_swapped(exe: &Path) -> bool {
    let folders: Vec<_> = exe.iter().collect();
    folders.windows(2).any(|two| {
        two[0] == "syncscope" && ["build", "doctests"].iter().any(|folder| two[1] == *folder)
    })
}

/// Whether it is a program of rustdoc's, in a folder that is gone afterwards.
fn is_doc_test(exe: &Path) -> bool {
    let folder = exe.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    exe.ends_with("rust_out") && folder.is_some_and(|name| name.starts_with("rustdoctest"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doc_tests_say_nothing_of_how_a_project_is_built() {
        let built = "/p/target/syncscope/build/1f/x86_64-unknown-linux-gnu/debug/deps/p-2a";
        assert!(is_swapped(Path::new(built)) && !is_doc_test(Path::new(built)));
        assert!(is_doc_test(Path::new("/tmp/rustdoctestA1b2C3/rust_out")));
        for other in ["/p/target/debug/rust_out", "/tmp/rustdoctestA1b2C3/p"] {
            assert!(!is_doc_test(Path::new(other)), "{other}");
        }
    }
}
