//! The state of a tracked place; nothing with the feature `instrument` off.

#[cfg(feature = "instrument")]
pub(crate) use on::Track;

#[cfg(not(feature = "instrument"))]
pub(crate) use off::Track;

#[cfg(feature = "instrument")]
mod on {
    use crate::rt::hook::CellTrack;
    use crate::rt::hook::primitive;
    use crate::rt::object::meta::{Desc, Meta};
    use std::panic::Location;

    /// What is remembered of a place: its identity, and who accessed it.
    #[derive(Debug)]
    pub(crate) struct Track {
        meta: Meta,
        cell: CellTrack,
        declared: Option<&'static str>,
    }

    impl Track {
        /// Of a place that is created at the caller's place. With `declared`, a lock of that name is meant to guard it.
        #[track_caller]
        pub(crate) const fn new(declared: Option<&'static str>) -> Self {
            Self { meta: Meta::new(), cell: CellTrack::new(), declared }
        }

        /// A place that holds a `T` is read now.
        #[inline]
        #[track_caller]
        pub(crate) fn read<T: ?Sized>(&self) {
            let desc = const { &Desc::of::<T>(primitive::CELL) };
            self.cell.access(&self.meta, desc, self.declared, false, Location::caller());
        }

        /// It is written now.
        #[inline]
        #[track_caller]
        pub(crate) fn write<T: ?Sized>(&self) {
            let desc = const { &Desc::of::<T>(primitive::CELL) };
            self.cell.access(&self.meta, desc, self.declared, true, Location::caller());
        }
    }
}

#[cfg(not(feature = "instrument"))]
mod off {
    /// Nothing.
    #[derive(Debug)]
    pub(crate) struct Track;

    impl Track {
        pub(crate) const fn new(_declared: Option<&'static str>) -> Self {
            Self
        }

        #[inline(always)]
        pub(crate) fn read<T: ?Sized>(&self) {}

        #[inline(always)]
        pub(crate) fn write<T: ?Sized>(&self) {}
    }
}
