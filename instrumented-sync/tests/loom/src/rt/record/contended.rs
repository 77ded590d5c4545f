//! Nobody measures waits.

use crate::rt::shared::board::WaitEntry;
use crate::rt::thread::local::Local;

pub(crate) fn ends(_: &Local, _: &WaitEntry, _: u64) {}
