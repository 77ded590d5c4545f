//! Where in the source the accesses of races are, what atomics order, and what the memory is called. Those that are there on purpose are left out.

use super::deliberate::is_deliberate;
use crate::source::Sources;
use crate::symbols::{Frame, Origin, Symbols};
use std::collections::BTreeMap;
use syncscope_recording::Recording;
use syncscope_recording::model::{
    MemoryAccess, MemoryRace, MemoryRaceKind, OrderedBy, Site, SiteId,
};

/// Gives the accesses to memory their places, and the memory the name of the static that lies there.
pub(super) fn locate(recording: &mut Recording, sources: &Sources, symbols: &Symbols) {
    let mut races = std::mem::take(&mut recording.memory_races);
    races.retain(|race| {
        !race.accesses().any(|access| is_deliberate(&symbols.trace(recording, &access.stack)))
    });
    for race in &mut races {
        race.name = symbols.variable(recording, race.address);
        for access in race.accesses_mut() {
            access.site = site(recording, sources, symbols, &access.stack);
        }
        if let Some(block) = &mut race.block {
            block.site = site(recording, sources, symbols, &block.stack);
        }
    }
    races.retain_mut(is_meant);
    recording.memory_races = races;
    let mut orders = std::mem::take(&mut recording.likely_orders);
    let (mut known, mut sites) = (BTreeMap::new(), BTreeMap::new());
    for order in &mut orders {
        let OrderedBy::Atomic { address, name, .. } = &mut order.by else { continue };
        *name =
            known.entry(*address).or_insert_with(|| symbols.variable(recording, *address)).clone();
        for side in [&mut order.told, &mut order.learnt] {
            side.site = *sites
                .entry(side.at)
                .or_insert_with(|| site(recording, sources, symbols, &[side.at]));
        }
    }
    recording.likely_orders = orders;
}

/// Whether a write under a lock is told by what was read under it before. Not if both are one and the same place, come to again; nor if what was read there
/// again was read for its own sake, and not to change it: there it is checked again.
fn is_meant(race: &mut MemoryRace) -> bool {
    if race.kind != MemoryRaceKind::CheckThenAct {
        return true;
    }
    // Where sources are not known, an address stands for a place.
    let place = |access: &MemoryAccess| {
        let address = access.stack.first().copied();
        (access.site, address.filter(|_| access.site == SiteId::default()))
    };
    let (check, act) = (place(&race.earlier), place(&race.later));
    let is_known = race.later.site != SiteId::default();
    check != act && race.again.take().is_none_or(|again| is_known && place(&again) == act)
}

/// The place of the program's innermost code, as a site of the recording; where there is none, of std's.
pub(super) fn site(
    recording: &mut Recording,
    sources: &Sources,
    symbols: &Symbols,
    stack: &[u64],
) -> SiteId {
    let trace = symbols.trace(recording, stack);
    let of_std = |frame: &&Frame| frame.origin == Origin::Std && frame.line != 0;
    let frame = trace.user().or_else(|| trace.frames.iter().find(of_std));
    let Some(place) = frame.map(Frame::place) else { return SiteId::default() };
    let column = sources.name_near(&place.file, place.line, place.column).unwrap_or(place.column);
    let site = Site { file: place.file, line: place.line, column };
    let known = recording.sites.iter().position(|known| *known == site);
    let index = known.unwrap_or_else(|| {
        recording.sites.push(site);
        recording.sites.len() - 1
    });
    SiteId(u32::try_from(index).unwrap_or_default())
}
