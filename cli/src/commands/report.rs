//! `report`: findings and the state of each process at its end.

use super::Context;
use super::check::Checked;
use super::inspect::Inspection;
use crate::args::ReportArgs;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::v1;
use std::collections::BTreeMap;

pub(super) fn report(context: &Context, args: &ReportArgs) -> Result<Exit, CliError> {
    if args.check.print_schema {
        context.print(v1::SCHEMA);
        return Ok(Exit::Clean);
    }
    let Checked { files, orders } = Checked::of(context, &args.check)?;
    let inspection = Inspection {
        command: "report",
        files,
        orders,
        policy: context.policy(&args.check.print.judge)?,
        print: args.check.print.clone(),
        program: None,
        schedules: Vec::new(),
        decided: None,
        last_events: (!args.locks).then_some(args.events),
        answered: BTreeMap::new(),
        stacks: BTreeMap::new(),
        locks: args.locks,
        profiles: args.profile.clone(),
        looks: None,
    };
    inspection.perform(context)
}
