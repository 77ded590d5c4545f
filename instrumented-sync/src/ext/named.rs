//! Names for reports.

/// Something that can be given a name: a lock or another object of this crate. std's own types can be, too, so that code
/// compiles with the feature `instrument` on and off; they do not show it.
pub trait Nameable: sealed::Sealed {}

/// Gives an object a name, which reports use for its class in place of its creation site.
///
/// A name also tells that objects of different processes are the same, and it is what [`declare_order`](super::declare_order) and
/// `syncscope.toml` refer to. Objects created at one place, with one name, are one class, as without it.
///
/// It is `const`, so statics can be named. An object that was used before becomes a new one in the records. With the feature
/// `instrument` off this returns the value as it is. The name is kept in the bytes that count the object's acquisitions
/// later: a named object is as large as one without a name.
///
/// # Examples
///
/// ```
/// use instrumented_sync::{Mutex, RwLock, ext};
///
/// static LEDGER: Mutex<i64> = ext::named("ledger", Mutex::new(0));
///
/// let cache = ext::named("cache", RwLock::new(vec![1]));
/// assert_eq!(*LEDGER.lock().unwrap() + cache.read().unwrap()[0], 1);
/// ```
#[must_use]
pub const fn named<T: Nameable>(name: &'static str, value: T) -> T {
    #[cfg(not(feature = "instrument"))]
    {
        _ = name;
        value
    }
    #[cfg(feature = "instrument")]
    {
        let mut value = value;
        if let Some(offset) = T::IDENTITY {
            // SAFETY:
            // - the offset is that of a field of this type inside the value, by the contract of `Sealed`.
            // - the value is exclusively ours.
            unsafe {
                let meta = (&raw mut value)
                    .cast::<u8>()
                    .add(offset)
                    .cast::<crate::rt::object::meta::Meta>();
                (*meta).give_name(name);
            }
        }
        value
    }
}

/// The identity of an object, where it has one.
#[cfg(feature = "instrument")]
pub(crate) fn identity<T: Nameable>(object: &T) -> Option<&crate::rt::object::meta::Meta> {
    // SAFETY: the offset is that of a field of this type inside the object, by the contract of `Sealed`.
    T::IDENTITY
        .map(|offset| unsafe { &*std::ptr::from_ref(object).cast::<u8>().add(offset).cast() })
}

mod sealed {
    /// Where the identity of a type is.
    ///
    /// # Safety
    ///
    /// `IDENTITY` is `None`, or the offset of a field of type `Meta`.
    pub unsafe trait Sealed {
        /// Offset in bytes.
        const IDENTITY: Option<usize> = None;
    }
}

/// Types without an identity of ours.
macro_rules! without_identity {
    ($([$($parameters:tt)*] $type:ty),* $(,)?) => {
        $(
            // SAFETY: there is no offset.
            unsafe impl<$($parameters)*> sealed::Sealed for $type {}
            impl<$($parameters)*> Nameable for $type {}
        )*
    };
}

without_identity!(
    [] std::sync::Barrier,
    [] std::sync::Condvar,
    [] std::sync::Once,
    [T] std::sync::Mutex<T>,
    [T] std::sync::RwLock<T>,
    [T] std::sync::OnceLock<T>,
    [T, F] std::sync::LazyLock<T, F>,
);

/// Types with one, in a field `meta`.
#[cfg(feature = "instrument")]
macro_rules! with_identity {
    ($([$($parameters:tt)*] $type:ty),* $(,)?) => {
        $(
            // SAFETY: the offset is that of a field, and the closure compiles only if the field is a `Meta`.
            unsafe impl<$($parameters)*> sealed::Sealed for $type {
                const IDENTITY: Option<usize> = {
                    let _: fn(&$type) -> &crate::rt::object::meta::Meta = |value| &value.meta;
                    Some(std::mem::offset_of!($type, meta))
                };
            }
            impl<$($parameters)*> Nameable for $type {}
        )*
    };
}

#[cfg(feature = "instrument")]
with_identity!(
    [] crate::sync::Barrier,
    [] crate::sync::Condvar,
    [] crate::sync::Once,
    [T] crate::sync::Mutex<T>,
    [T] crate::sync::RwLock<T>,
    [T] crate::sync::OnceLock<T>,
    [T, F] crate::sync::LazyLock<T, F>,
);

#[cfg(feature = "instrument")]
use with_identity as of_ours;
#[cfg(not(feature = "instrument"))]
use without_identity as of_ours;

of_ours!(
    [] super::Event,
    [] super::Lock,
    [] super::Semaphore,
    [T] super::Queue<T>,
    [T] super::ReentrantLock<T>,
);
