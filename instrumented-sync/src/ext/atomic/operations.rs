//! The operations that all atomics have.

/// Defines them for `$type`, whose values are `$value`. `$pointer` makes of a value what the runtime knows of pointers, and
/// `$enter` begins an operation that stores.
macro_rules! operations {
    ([$($parameters:tt)*] $type:ty, $value:ty, $real:path, $pointer:expr, $enter:ident) => {
        impl<$($parameters)*> $type {
            /// A new variable.
            #[inline]
            #[must_use]
            pub const fn new(value: $value) -> Self {
                Self { track: AtomicTrack::new(), inner: <$real>::new(value) }
            }

            /// The value, through an exclusive borrow: all other use of the variable is over.
            #[inline]
            pub fn get_mut(&mut self) -> &mut $value {
                Exclusive::of(&mut self.track);
                self.inner.get_mut()
            }

            /// Calls `f` with the value, through an exclusive borrow, as loom's does.
            #[inline]
            pub fn with_mut<R>(&mut self, f: impl FnOnce(&mut $value) -> R) -> R {
                f(self.get_mut())
            }

            /// The value. All other use of the variable is over.
            #[inline]
            pub fn into_inner(mut self) -> $value {
                Exclusive::of(&mut self.track);
                self.inner.into_inner()
            }

            /// Loads the value.
            ///
            /// # Panics
            ///
            /// When `order` is `Release` or `AcqRel`.
            #[inline]
            pub fn load(&self, order: Ordering) -> $value {
                let Some(mut section) = self.track.enter() else { return self.inner.load(order) };
                let value = self.inner.load(order);
                section.load(order, $pointer(value));
                value
            }

            /// Stores a value.
            ///
            /// # Panics
            ///
            /// When `order` is `Acquire` or `AcqRel`.
            #[inline]
            #[track_caller]
            pub fn store(&self, value: $value, order: Ordering) {
                let Some(mut section) = self.track.$enter() else {
                    return self.inner.store(value, order);
                };
                self.inner.store(value, order);
                section.store(order, $pointer(value), Location::caller());
            }

            /// Replaces the value and returns the old one.
            #[inline]
            #[track_caller]
            pub fn swap(&self, value: $value, order: Ordering) -> $value {
                let Some(mut section) = self.track.$enter() else {
                    return self.inner.swap(value, order);
                };
                let old = self.inner.swap(value, order);
                section.modify(order, $pointer(old), $pointer(value), Location::caller());
                old
            }

            /// Replaces the value if it is `current`.
            ///
            /// # Errors
            ///
            /// It is another one, which is returned.
            ///
            /// # Panics
            ///
            /// When `failure` is `Release` or `AcqRel`.
            #[inline]
            #[track_caller]
            pub fn compare_exchange(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                let Some(mut section) = self.track.$enter() else {
                    return self.inner.compare_exchange(current, new, success, failure);
                };
                let result = self.inner.compare_exchange(current, new, success, failure);
                match result {
                    Ok(old) => {
                        section.modify(success, $pointer(old), $pointer(new), Location::caller());
                    }
                    Err(found) => section.load(failure, $pointer(found)),
                }
                result
            }

            /// As [`compare_exchange`](Self::compare_exchange), but may also fail when the value is `current`.
            ///
            /// # Errors
            ///
            /// As [`compare_exchange`](Self::compare_exchange).
            ///
            /// # Panics
            ///
            /// As [`compare_exchange`](Self::compare_exchange).
            #[inline]
            #[track_caller]
            pub fn compare_exchange_weak(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                let Some(mut section) = self.track.$enter() else {
                    return self.inner.compare_exchange_weak(current, new, success, failure);
                };
                let result = self.inner.compare_exchange_weak(current, new, success, failure);
                match result {
                    Ok(old) => {
                        section.modify(success, $pointer(old), $pointer(new), Location::caller());
                    }
                    Err(found) => section.load(failure, $pointer(found)),
                }
                result
            }

            /// Replaces the value by what `f` makes of it, as often as it takes, unless `f` says `None`.
            ///
            /// # Errors
            ///
            /// `f` said `None` to this value.
            ///
            /// # Panics
            ///
            /// When `fetch_order` is `Release` or `AcqRel`, and when `f` does.
            #[inline]
            #[track_caller]
            pub fn fetch_update(
                &self,
                set_order: Ordering,
                fetch_order: Ordering,
                mut f: impl FnMut($value) -> Option<$value>,
            ) -> Result<$value, $value> {
                let mut value = self.load(fetch_order);
                while let Some(new) = f(value) {
                    match self.compare_exchange_weak(value, new, set_order, fetch_order) {
                        Ok(old) => return Ok(old),
                        Err(found) => value = found,
                    }
                }
                Err(value)
            }
        }

        impl<$($parameters)*> From<$value> for $type {
            fn from(value: $value) -> Self {
                Self::new(value)
            }
        }

        impl<$($parameters)*> fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.inner.fmt(f)
            }
        }
    };
}

/// Defines operations that make a new value of the old one and an operand, and return the old one.
macro_rules! fetches {
    ($type:ty, $value:ty, $($(#[$doc:meta])* $name:ident),* $(,)?) => {
        impl $type {
            $(
                $(#[$doc])*
                #[inline]
                #[track_caller]
                pub fn $name(&self, operand: $value, order: Ordering) -> $value {
                    let Some(mut section) = self.track.enter() else {
                        return self.inner.$name(operand, order);
                    };
                    let old = self.inner.$name(operand, order);
                    section.modify(order, (0, 0), (0, 0), Location::caller());
                    old
                }
            )*
        }
    };
}

pub(super) use {fetches, operations};
