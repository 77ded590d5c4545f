//! Threads of the runtime's own: they take no signals, and record nothing of themselves.

/// Starts one. `false` when the system refuses.
#[cold]
pub(super) fn start(name: &str, body: impl FnOnce() + Send + 'static) -> bool {
    // SAFETY: the sets are valid places; the old mask is put back below.
    let old = unsafe {
        let mut all = std::mem::zeroed();
        let mut old: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&raw mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut old);
        old
    };
    let started = std::thread::Builder::new().name(name.to_owned()).spawn(|| {
        super::local::close();
        body();
    });
    // SAFETY: the mask was filled by the call above.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const old, std::ptr::null_mut()) };
    started.is_ok()
}
