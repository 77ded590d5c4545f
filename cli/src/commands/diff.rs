//! `diff`: two runs beside each other.

use super::Context;
use super::check::Checked;
use super::inspect::{is_empty, read, symbol_places};
use crate::args::{CheckArgs, DiffArgs, JudgeArgs};
use crate::compare::{Difference, Run, Waits};
use crate::error::CliError;
use crate::exit::{Exit, Verdict};
use crate::naming::name_locks;
use crate::output::diff::{Compared, DiffFormat, Side, render};
use crate::policy::{Evidence, Judged, Policy};
use crate::recordings::{self, Keep, Recordings};
use crate::source::Sources;
use crate::symbols::Symbols;
use std::path::{Path, PathBuf};
use syncscope_detector::contention::{Contention, contention};
use syncscope_detector::{Analysis, DeclaredOrder, Level, Options, analyze};

pub(super) fn diff(context: &Context, args: &DiffArgs) -> Result<Exit, CliError> {
    // The old run is the baseline.
    let policy = context.policy(&JudgeArgs { no_baseline: true, ..JudgeArgs::default() })?;
    let files = recordings::find(std::slice::from_ref(&args.old))?;
    let paths = args.new.iter().cloned().collect();
    let check = CheckArgs { paths, dir: args.dir.clone(), ..CheckArgs::default() };
    let Checked { files: new_files, orders } = Checked::of(context, &check)?;
    let one = |files: &[PathBuf], sources: Option<&Path>| {
        Examined::of(context, files, sources, &policy, &orders)
    };
    let old = one(&files, args.old_sources.as_deref());
    let new = one(&new_files, None);
    let difference = Difference::between(old.run(), new.run());
    let verdict = Verdict {
        denied: difference.new_findings.iter().any(|finding| finding.level == Level::Deny),
        unreadable: [&old, &new].iter().any(|run| !run.recordings.unreadable.is_empty()),
        nothing_checked: [&old, &new].iter().any(|run| run.is_empty),
        program: None,
    };
    let compared = Compared {
        difference: &difference,
        old: old.side(args.old_sources.is_none()),
        new: new.side(true),
        exit: verdict.exit(),
        quiet: context.global.quiet,
    };
    let text = render(args.format, &compared);
    match args.format {
        DiffFormat::Human => context.print_linked(&text, new.sources.roots()),
        DiffFormat::Json | DiffFormat::JsonV1 => context.print(&text),
    }
    Ok(verdict.exit())
}

/// One of the two runs.
#[derive(Debug)]
struct Examined {
    recordings: Recordings,
    contention: Contention,
    waits: Waits,
    sources: Sources,
    analysis: Analysis,
    judged: Judged,
    is_empty: bool,
}

impl Examined {
    fn of(
        context: &Context,
        files: &[PathBuf],
        sources: Option<&Path>,
        policy: &Policy,
        orders: &[DeclaredOrder],
    ) -> Self {
        let mut waits = Waits::default();
        let mut recordings =
            read(context, files, Keep::FindingsOnceSeen, |recording| waits.add(recording));
        let sources = match sources {
            Some(folder) => {
                Sources::new(vec![context.folder.join(folder)]).with_wrappers(context.wrappers())
            }
            None => context.sources(&recordings.readable),
        };
        let symbols = Symbols::new(symbol_places(context, &[]));
        name_locks(&mut recordings.readable, &sources, &symbols);
        let options = Options { refuted: false, orders: orders.to_vec() };
        let mut analysis = analyze(&recordings.readable, &options, &sources);
        let contention = contention(&recordings.readable, &sources);
        let is_empty = is_empty(&analysis, &recordings);
        let findings = std::mem::take(&mut analysis.findings);
        let evidence = Evidence::new(&sources, &recordings.readable, Some(&symbols), options);
        let judged = policy.judge(findings, &[], &evidence, false);
        Self { recordings, contention, waits, sources, analysis, judged, is_empty }
    }

    fn run(&self) -> Run<'_> {
        Run {
            recordings: &self.recordings.readable,
            contention: &self.contention,
            waits: &self.waits,
            sources: &self.sources,
            findings: &self.judged.findings,
        }
    }

    fn side(&self, may_have_changed: bool) -> Side<'_> {
        Side {
            recordings: &self.recordings,
            sources: &self.sources,
            coverage: &self.analysis.coverage,
            is_empty: self.is_empty,
            changed_sources: if may_have_changed {
                self.sources.newer_files(&self.recordings.readable)
            } else {
                Vec::new()
            },
        }
    }
}
