//! Threads of the runtime's own: they take no signals but those of their own faults, and record nothing of themselves.

/// Bytes of their stacks: they judge whole recordings.
const STACK: usize = 2 << 20;

/// Starts one, which does `first` before all else: from there on it records nothing. `false` when the system refuses.
#[cold]
pub(crate) fn start(name: &str, first: fn(), body: impl FnOnce() + Send + 'static) -> bool {
    // SAFETY: the sets are valid places; the old mask is put back below.
    let old = unsafe {
        let mut all = std::mem::zeroed();
        let mut old: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&raw mut all);
        // They look at the recording, which somebody may cut: with the signal blocked that would be the end of the process.
        libc::sigdelset(&raw mut all, libc::SIGBUS);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut old);
        old
    };
    // With a size of its own: std would look for one in the environment, whose lock may be held for ever in the child of a fork.
    let builder = std::thread::Builder::new().name(name.to_owned()).stack_size(STACK);
    let started = builder.spawn(move || {
        first();
        body();
    });
    // SAFETY: the mask was filled by the call above.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const old, std::ptr::null_mut()) };
    started.is_ok()
}
