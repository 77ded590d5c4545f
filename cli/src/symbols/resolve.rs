//! From addresses to frames.

use super::locate::locate;
use super::module::Opened;
use super::origin::origin;
use super::trace::{Frame, Trace};
use super::variable::variable;
use crate::whose::{Whose, whose};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use syncscope_detector::Analysis;
use syncscope_detector::finding::Place;
use syncscope_recording::Recording;
use syncscope_recording::model::Module;

/// Path and build id.
type ModuleKey = (String, String);

/// Looks addresses up, and remembers which files were opened and why others were not.
#[derive(Debug, Default)]
pub struct Symbols {
    search: Vec<PathBuf>,
    modules: RefCell<BTreeMap<ModuleKey, Result<Rc<Opened>, String>>>,
}

impl Symbols {
    /// With more files, or folders of files, to look for symbols in.
    #[must_use]
    pub fn new(search: Vec<PathBuf>) -> Self {
        Self { search, ..Self::default() }
    }

    /// The frames of a stack of a recorded process.
    #[must_use]
    pub fn trace(&self, recording: &Recording, stack: &[u64]) -> Trace {
        let frames = stack.iter().flat_map(|&address| self.frames(recording, address));
        Trace { frames: frames.collect() }
    }

    /// Why there are no symbols for files of the traces that were made, one fragment for each, by path.
    #[must_use]
    pub fn missing(&self) -> Vec<(String, String)> {
        let modules = self.modules.borrow();
        let missing = modules
            .iter()
            .filter_map(|((path, _), opened)| Some((path.clone(), opened.as_ref().err()?.clone())));
        missing.collect()
    }

    /// Gives the places of findings that are known by their stack alone, or lie in std, the place of the program's code in it; and those in
    /// dependencies the place of the workspace's code that led there.
    pub fn place(&self, analysis: &mut Analysis, recordings: &[Recording]) {
        for finding in &mut analysis.findings {
            let process = finding.processes.first().copied().unwrap_or_default();
            let of = |thread: usize| finding.threads.get(thread).map_or(process, |t| t.process);
            for step in &mut finding.steps {
                let Some(recording) = recordings.get(of(step.thread)) else { continue };
                self.complete(&mut step.place, recording);
                step.caller = self.own_code(&mut step.place, &step.stack, recording);
            }
            // A lock of several processes is described as in the first.
            if let Some(recording) = recordings.get(process) {
                let locks = finding.locks.iter_mut();
                locks.for_each(|lock| self.complete(&mut lock.created, recording));
            }
        }
    }

    /// Makes of a place inside std that of the code which called std, where the stack tells; gives the nearest place of the workspace's
    /// own code where the place lies in a dependency.
    pub fn own_code(
        &self,
        place: &mut Place,
        stack: &[u64],
        recording: &Recording,
    ) -> Option<Place> {
        if stack.is_empty() || place.line != 0 && whose(&place.file) == Whose::Workspace {
            return None;
        }
        let trace = self.trace(recording, stack);
        if place.line == 0 || whose(&place.file) == Whose::Std {
            *place = trace.user().map_or_else(|| place.clone(), Frame::place);
        }
        let is_foreign = whose(&place.file) == Whose::Dependency;
        trace.own().filter(|_| is_foreign).map(Frame::place)
    }

    /// The place of the program's code, where the place itself has only a stack.
    pub fn complete(&self, place: &mut Place, recording: &Recording) {
        if place.stack.is_empty() {
            return;
        }
        let trace = self.trace(recording, &place.stack);
        if let Some(frame) = trace.user() {
            *place = frame.place();
        }
    }

    /// What lies at an address: a static, by its path.
    #[must_use]
    pub fn variable(&self, recording: &Recording, address: u64) -> Option<String> {
        let holds = |module: &&Module| (module.base..module.end).contains(&address);
        let module = recording.modules.iter().filter(holds).max_by_key(|module| module.base)?;
        let path = locate(module, &recording.process, &self.search).ok()?;
        variable(&path, address - module.base)
    }

    fn frames(&self, recording: &Recording, address: u64) -> Vec<Frame> {
        // A return address is that of the next instruction, which may belong to another line.
        let address = address.saturating_sub(1);
        let holds = |module: &&Module| (module.base..module.end).contains(&address);
        // The nearest: a file that is mapped between the segments of another has the greater base.
        let module = recording.modules.iter().filter(holds).max_by_key(|module| module.base);
        let Some(module) = module else {
            let origin = super::Origin::Unknown;
            return vec![Frame { offset: address, origin, ..Frame::default() }];
        };
        let offset = address - module.base;
        let mut frames = match self.opened(module, recording) {
            Some(opened) => opened.frames(offset),
            None => Vec::new(),
        };
        if frames.is_empty() {
            frames.push(Frame::default());
        }
        for frame in &mut frames {
            frame.origin = origin(frame);
            frame.file = frame.file.take().map(|file| as_recorded(file, recording));
            frame.module.clone_from(&module.path);
            frame.offset = offset;
        }
        frames
    }

    fn opened(&self, module: &Module, recording: &Recording) -> Option<Rc<Opened>> {
        let key = (module.path.clone(), module.build_id.clone());
        let mut modules = self.modules.borrow_mut();
        let opened = modules.entry(key).or_insert_with(|| {
            let path = locate(module, &recording.process, &self.search)?;
            let opened = Opened::open(&path).map(Rc::new);
            opened.ok_or_else(|| "the file holds none that can be read".to_owned())
        });
        opened.as_ref().ok().cloned()
    }
}

/// The path as recorded places have it: relative to the workspace, which debug information makes absolute.
fn as_recorded(file: String, recording: &Recording) -> String {
    let path = Path::new(&file);
    let known = recording.sites.iter().map(|site| site.file.as_str());
    let known = known.filter(|known| !known.is_empty() && path.ends_with(known));
    if let Some(longest) = known.max_by_key(|known| known.len()) {
        return longest.to_owned();
    }
    if whose(&file) == Whose::Dependency {
        return file;
    }
    // The program usually lies below the `target` of its own workspace.
    let exe = Path::new(&recording.process.exe);
    let target =
        exe.ancestors().find(|folder| folder.file_name().is_some_and(|name| name == "target"));
    let root = target.and_then(Path::parent).filter(|root| root.parent().is_some());
    let inside = root.and_then(|root| path.strip_prefix(root).ok()).and_then(Path::to_str);
    inside.map(str::to_owned).unwrap_or(file)
}
