//! What builds of other compilers and versions have left.

use super::{Accesses, Plan, Runtime, SwapError, Toolchain, tidy};
use std::path::Path;

/// Removes it from the cache and from a target directory. Gives the bytes that are free now.
///
/// # Errors
///
/// When the environment names no cache.
pub fn clean(toolchain: &Toolchain, target: Option<&Path>) -> Result<u64, SwapError> {
    let keys = Accesses::EACH.map(|accesses| Runtime::key_with(toolchain, accesses.key()));
    let builds = target.map(Plan::all);
    let parents = [Some(Runtime::cache()?), builds];
    Ok(parents.iter().flatten().map(|parent| tidy::remove_others(parent, &keys)).sum())
}
