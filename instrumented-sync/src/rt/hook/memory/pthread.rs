//! Locks, semaphores and barriers of the C library: what they order is not seen otherwise. A program that is built for the check is linked so that these stand in
//! their place (`--wrap`), which call them.
//!
//! Nothing else is told of them: they are no locks of the recording. Who unlocks a readers–writer lock is not told apart, so all who take it come after all who had it.

use crate::rt::memory::{self, mode};
use libc::{
    c_int, clockid_t, pthread_barrier_t, pthread_cond_t, pthread_mutex_t, pthread_rwlock_t,
    pthread_spinlock_t, sem_t, timespec,
};

/// How an object passes on what one thread knows.
#[derive(Clone, Copy)]
enum How {
    /// From its last owner.
    ByOwner,
    /// From all who gave.
    ByAll,
}

fn gives<T>(how: How, object: *const T) {
    if mode::is_on() {
        memory::released(object.addr(), matches!(how, How::ByAll));
    }
}

fn takes<T>(object: *const T) {
    if mode::is_on() {
        memory::acquired(object.addr(), false);
    }
}

/// Whether a lock was taken: also one whose owner has died.
fn is_taken(result: c_int) -> bool {
    result == 0 || result == libc::EOWNERDEAD
}

macro_rules! in_place_of {
    ($($kind:ident $how:ident $name:ident $wrap:ident $real:ident($object:ident: $of:ty $(, $argument:ident: $type:ty)*);)*) => {
        $(
            core::arch::global_asm!(
                concat!(".weak __real_", stringify!($name)),
                ".pushsection .data.rel.ro.__syncscope_real,\"aw\"",
                ".p2align 3",
                concat!(".hidden ", stringify!($real)),
                concat!(".globl ", stringify!($real)),
                concat!(stringify!($real), ":"),
                concat!(".quad __real_", stringify!($name)),
                ".popsection",
            );

            unsafe extern "C" {
                /// Null in a program that is not linked so: then nobody calls what follows.
                static $real: Option<unsafe extern "C" fn(*mut $of $(, $type)*) -> c_int>;
            }

            /// In place of the C library's function of this name.
            ///
            /// # Safety
            ///
            /// As of that.
            #[unsafe(no_mangle)]
            unsafe extern "C" fn $wrap($object: *mut $of $(, $argument: $type)*) -> c_int {
                // SAFETY: the table above, which the loader fills in before anything runs; nobody writes to it.
                let Some(real) = (unsafe { $real }) else { return libc::ENOSYS };
                // SAFETY: the program's own call.
                let call = || unsafe { real($object $(, $argument)*) };
                in_place_of!(@$kind $how $object call $($argument)*)
            }
        )*
    };
    (@takes $how:ident $object:ident $call:ident $($argument:ident)*) => {{
        let result = $call();
        if is_taken(result) {
            takes($object);
        }
        result
    }};
    (@gives $how:ident $object:ident $call:ident $($argument:ident)*) => {{
        gives(How::$how, $object);
        $call()
    }};
    (@meets $how:ident $object:ident $call:ident $($argument:ident)*) => {{
        gives(How::$how, $object);
        let result = $call();
        takes($object);
        result
    }};
    // The lock of a condition variable comes after it.
    (@waits $how:ident $object:ident $call:ident $lock:ident $($argument:ident)*) => {{
        gives(How::$how, $lock);
        let result = $call();
        takes($lock);
        result
    }};
}

in_place_of! {
    takes ByOwner pthread_mutex_lock __wrap_pthread_mutex_lock __syncscope_real_mutex_lock(lock: pthread_mutex_t);
    takes ByOwner pthread_mutex_trylock __wrap_pthread_mutex_trylock __syncscope_real_mutex_trylock(lock: pthread_mutex_t);
    takes ByOwner pthread_mutex_timedlock __wrap_pthread_mutex_timedlock __syncscope_real_mutex_timedlock(lock: pthread_mutex_t, until: *const timespec);
    takes ByOwner pthread_mutex_clocklock __wrap_pthread_mutex_clocklock __syncscope_real_mutex_clocklock(lock: pthread_mutex_t, clock: clockid_t, until: *const timespec);
    gives ByOwner pthread_mutex_unlock __wrap_pthread_mutex_unlock __syncscope_real_mutex_unlock(lock: pthread_mutex_t);
    waits ByOwner pthread_cond_wait __wrap_pthread_cond_wait __syncscope_real_cond_wait(condition: pthread_cond_t, lock: *mut pthread_mutex_t);
    waits ByOwner pthread_cond_timedwait __wrap_pthread_cond_timedwait __syncscope_real_cond_timedwait(condition: pthread_cond_t, lock: *mut pthread_mutex_t, until: *const timespec);
    waits ByOwner pthread_cond_clockwait __wrap_pthread_cond_clockwait __syncscope_real_cond_clockwait(condition: pthread_cond_t, lock: *mut pthread_mutex_t, clock: clockid_t, until: *const timespec);
    takes ByOwner pthread_spin_lock __wrap_pthread_spin_lock __syncscope_real_spin_lock(lock: pthread_spinlock_t);
    takes ByOwner pthread_spin_trylock __wrap_pthread_spin_trylock __syncscope_real_spin_trylock(lock: pthread_spinlock_t);
    gives ByOwner pthread_spin_unlock __wrap_pthread_spin_unlock __syncscope_real_spin_unlock(lock: pthread_spinlock_t);
    takes ByAll pthread_rwlock_rdlock __wrap_pthread_rwlock_rdlock __syncscope_real_rwlock_rdlock(lock: pthread_rwlock_t);
    takes ByAll pthread_rwlock_wrlock __wrap_pthread_rwlock_wrlock __syncscope_real_rwlock_wrlock(lock: pthread_rwlock_t);
    takes ByAll pthread_rwlock_tryrdlock __wrap_pthread_rwlock_tryrdlock __syncscope_real_rwlock_tryrdlock(lock: pthread_rwlock_t);
    takes ByAll pthread_rwlock_trywrlock __wrap_pthread_rwlock_trywrlock __syncscope_real_rwlock_trywrlock(lock: pthread_rwlock_t);
    takes ByAll pthread_rwlock_timedrdlock __wrap_pthread_rwlock_timedrdlock __syncscope_real_rwlock_timedrdlock(lock: pthread_rwlock_t, until: *const timespec);
    takes ByAll pthread_rwlock_timedwrlock __wrap_pthread_rwlock_timedwrlock __syncscope_real_rwlock_timedwrlock(lock: pthread_rwlock_t, until: *const timespec);
    gives ByAll pthread_rwlock_unlock __wrap_pthread_rwlock_unlock __syncscope_real_rwlock_unlock(lock: pthread_rwlock_t);
    meets ByAll pthread_barrier_wait __wrap_pthread_barrier_wait __syncscope_real_barrier_wait(barrier: pthread_barrier_t);
    takes ByAll sem_wait __wrap_sem_wait __syncscope_real_sem_wait(semaphore: sem_t);
    takes ByAll sem_trywait __wrap_sem_trywait __syncscope_real_sem_trywait(semaphore: sem_t);
    takes ByAll sem_timedwait __wrap_sem_timedwait __syncscope_real_sem_timedwait(semaphore: sem_t, until: *const timespec);
    gives ByAll sem_post __wrap_sem_post __syncscope_real_sem_post(semaphore: sem_t);
}
