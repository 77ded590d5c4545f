//! `Shared`, and tracking of places other than cells.

use crate::cell::Track;
use std::cell::UnsafeCell;
use std::fmt;

/// A value that threads share under rules that the compiler does not know, tracked.
///
/// Usually the rule is a lock that lies elsewhere. [`guarded_by`](Self::guarded_by) declares it, and each access without it is
/// reported, once another thread could come in between. Without a declaration the locks that are held tell which one
/// guards the value, and reports say at how many accesses it was held.
///
/// With the feature `instrument` off it is its value, and costs nothing.
///
/// # Examples
///
/// ```
/// use instrumented_sync::ext::{Shared, named};
/// use instrumented_sync::{Mutex, thread};
///
/// static LEDGER: Mutex<()> = named("ledger", Mutex::new(()));
/// static TOTAL: Shared<u64> = Shared::guarded_by("ledger", 0);
///
/// thread::scope(|scope| {
///     for _ in 0..2 {
///         scope.spawn(|| {
///             let _guard = LEDGER.lock().unwrap();
///             // SAFETY: `LEDGER` is held.
///             unsafe { TOTAL.write(|total| *total += 1) };
///         });
///     }
/// });
/// // SAFETY: the threads have ended.
/// assert_eq!(unsafe { TOTAL.read(|total| *total) }, 2);
/// ```
#[repr(C)]
pub struct Shared<T: ?Sized> {
    track: Track,
    // Last, so that it unsizes.
    value: UnsafeCell<T>,
}

// SAFETY: whoever accesses the value promises that the access is in order; through it several threads get a `&T`, and one
// after the other may move the value.
unsafe impl<T: ?Sized + Send + Sync> Sync for Shared<T> {}

impl<T> Shared<T> {
    /// A value whose guard is to be found out. The caller's place becomes its creation site.
    #[must_use]
    #[track_caller]
    pub const fn new(value: T) -> Self {
        Self { track: Track::new(None), value: UnsafeCell::new(value) }
    }

    /// A value that is guarded by the lock that [`named`](super::named) has given this name.
    #[must_use]
    #[track_caller]
    pub const fn guarded_by(lock: &'static str, value: T) -> Self {
        Self { track: Track::new(Some(lock)), value: UnsafeCell::new(value) }
    }

    /// The value. Owning it proves that nobody else accesses it, so nothing is checked.
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized> Shared<T> {
    /// Reads the value. Checked, as made at the caller's place.
    ///
    /// # Safety
    ///
    /// Nobody may write to the value while `f` runs.
    #[inline]
    #[track_caller]
    pub unsafe fn read<R>(&self, f: impl FnOnce(&T) -> R) -> R {
        self.track.read::<T>();
        // SAFETY: by the caller's promise there is no writer.
        f(unsafe { &*self.value.get() })
    }

    /// Writes to the value. Checked, as made at the caller's place.
    ///
    /// # Safety
    ///
    /// Nobody else may access the value while `f` runs.
    #[inline]
    #[track_caller]
    pub unsafe fn write<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        self.track.write::<T>();
        // SAFETY: by the caller's promise there is nobody else.
        f(unsafe { &mut *self.value.get() })
    }

    /// The value. The exclusive borrow proves that nobody else accesses it, so nothing is checked.
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }
}

impl<T: Default> Default for Shared<T> {
    /// As [`Shared::new`] of the default value.
    #[track_caller]
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: ?Sized> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

/// Reads a place, tracked: `track_read!(place)` has the place's value, as `place` alone has.
///
/// The place is known by its address, so this is for places that live long: when memory is freed and used again for
/// something that is tracked too, the two cannot be told apart. With the feature `instrument` off it is the plain read.
///
/// ```
/// use instrumented_sync::{track_read, track_write};
///
/// static mut COUNT: u64 = 0;
///
/// // SAFETY: there is one thread.
/// unsafe {
///     track_write!(COUNT, 3);
///     assert_eq!(track_read!(COUNT), 3);
/// }
/// ```
#[macro_export]
macro_rules! track_read {
    ($place:expr) => {{
        $crate::__track!($place, false);
        $place
    }};
}

/// Writes to a place, tracked: `track_write!(place, value)` does what `place = value` does. See [`track_read!`].
#[macro_export]
macro_rules! track_write {
    ($place:expr, $value:expr) => {{
        let value = $value;
        $crate::__track!($place, true);
        $place = value;
    }};
}

#[cfg(feature = "instrument")]
#[doc(hidden)]
#[macro_export]
macro_rules! __track {
    ($place:expr, $is_write:literal) => {{
        static PLACE: $crate::ext::Tracked = $crate::ext::Tracked::new(stringify!($place));
        PLACE.access((&raw const $place).cast::<()>(), $is_write);
    }};
}

#[cfg(not(feature = "instrument"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __track {
    ($place:expr, $is_write:literal) => {};
}

/// A call site of [`track_read!`] or [`track_write!`].
#[cfg(feature = "instrument")]
#[doc(hidden)]
#[derive(Debug)]
pub struct Tracked {
    meta: crate::rt::object::meta::Meta,
}

#[cfg(feature = "instrument")]
impl Tracked {
    #[track_caller]
    pub const fn new(place: &'static str) -> Self {
        let mut meta = crate::rt::object::meta::Meta::new();
        meta.give_name(place);
        Self { meta }
    }

    #[track_caller]
    pub fn access(&self, place: *const (), is_write: bool) {
        use crate::rt::hook::primitive;
        use crate::rt::object::meta::Desc;
        let desc = const { &Desc::of::<()>(primitive::CELL) };
        let site = std::panic::Location::caller();
        crate::rt::hook::place_accessed(place.addr(), &self.meta, desc, is_write, site);
    }
}
