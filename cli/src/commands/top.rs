//! `top`: a running process on a screen.

use super::Context;
use super::attach;
use super::inspect::symbol_places;
use crate::args::{JudgeArgs, RuntimeArgs, TopArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::policy::Policy;
use crate::symbols::Symbols;
use crate::top::{self, Choice, Judge, RunError, Screen, Show, State, Watch};
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;
use syncscope_detector::DeclaredOrder;
use syncscope_recording::Recording;

pub(super) fn top(context: &Context, args: &TopArgs) -> Result<Exit, CliError> {
    let runtime = RuntimeArgs { dir: args.dir.clone(), ..RuntimeArgs::default() };
    let settings = context.settings(&runtime)?;
    let policy = context.policy(&JudgeArgs::default())?;
    let is_terminal = io::stdout().is_terminal() && io::stdin().is_terminal();
    if !is_terminal && !args.once {
        return Err(CliError::NoTerminal);
    }
    let mut choices = match &args.target {
        Some(target) => {
            let files = attach::find(context, target, settings.dir)?;
            files.into_iter().map(|file| Choice { pid: 0, command: String::new(), file }).collect()
        }
        None => Choice::all(),
    };
    let mut screen = None;
    let file = match choices.len() {
        0 => return Err(CliError::NothingRuns),
        1 => choices.remove(0).file,
        _ if args.once => {
            let lines: Vec<String> = choices.iter().map(Choice::line).collect();
            return Err(CliError::SeveralRun { choices: lines.join("\n") });
        }
        _ => {
            let mut taken = Screen::new().map_err(failed)?;
            let chosen = top::choose(&mut taken, &choices).map_err(failed)?;
            let Some(chosen) = chosen else { return Ok(Exit::Clean) };
            screen = Some(taken);
            chosen.file
        }
    };
    let watch = || watch(context, file, policy, settings.orders);
    if args.once {
        let model = watch().look().map_err(RunError::Unreadable)?;
        context.print(&top::text(&State::new(Arc::new(model))));
        return Ok(Exit::Clean);
    }
    let screen = match screen {
        Some(screen) => screen,
        None => Screen::new().map_err(failed)?,
    };
    let show = Show { every: args.every, coloured: context.is_coloured(), folder: &context.folder };
    top::run(screen, watch, show)?;
    Ok(Exit::Clean)
}

fn failed(error: io::Error) -> CliError {
    RunError::from(error).into()
}

fn watch(
    context: &Context,
    file: PathBuf,
    policy: Policy,
    orders: Vec<DeclaredOrder>,
) -> Watch<'_> {
    let symbols = Symbols::new(symbol_places(context, &[]));
    let sources = Box::new(|recordings: &[Recording]| context.sources(recordings));
    Watch::new(file, sources, Judge { symbols, policy, orders })
}
