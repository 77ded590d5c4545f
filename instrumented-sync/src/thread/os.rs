//! The platform's extension traits, on the recorded handle. They are std's own traits.

#[cfg(unix)]
mod unix {
    use crate::thread::JoinHandle;
    use std::os::unix::thread::{JoinHandleExt, RawPthread};

    impl<T> JoinHandleExt for JoinHandle<T> {
        /// The thread's `pthread_t`. Nothing is recorded.
        fn as_pthread_t(&self) -> RawPthread {
            self.real().as_pthread_t()
        }

        /// The thread's `pthread_t`, which the caller must then join or detach; a join of it is not recorded.
        fn into_pthread_t(self) -> RawPthread {
            self.into_real().into_pthread_t()
        }
    }
}

#[cfg(windows)]
mod windows {
    use crate::thread::JoinHandle;
    use std::os::windows::io::{
        AsHandle, AsRawHandle, BorrowedHandle, IntoRawHandle, OwnedHandle, RawHandle,
    };

    impl<T> AsHandle for JoinHandle<T> {
        fn as_handle(&self) -> BorrowedHandle<'_> {
            self.real().as_handle()
        }
    }

    impl<T> AsRawHandle for JoinHandle<T> {
        fn as_raw_handle(&self) -> RawHandle {
            self.real().as_raw_handle()
        }
    }

    impl<T> IntoRawHandle for JoinHandle<T> {
        fn into_raw_handle(self) -> RawHandle {
            self.into_real().into_raw_handle()
        }
    }

    impl<T> From<JoinHandle<T>> for OwnedHandle {
        fn from(handle: JoinHandle<T>) -> OwnedHandle {
            handle.into_real().into()
        }
    }
}
