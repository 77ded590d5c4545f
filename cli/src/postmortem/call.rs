//! Calls in words.

use syncscope_recording::model::WaitKind;

/// The call that a thread is blocked in.
pub(super) const fn call(kind: WaitKind) -> &'static str {
    match kind {
        WaitKind::None | WaitKind::Unknown => "an unknown call",
        WaitKind::Mutex => "lock",
        WaitKind::Read => "read",
        WaitKind::Write => "write",
        WaitKind::Condvar | WaitKind::Barrier | WaitKind::Event | WaitKind::OnceWait => "wait",
        WaitKind::Once => "initialisation",
        WaitKind::Recv => "recv",
        WaitKind::Send => "send",
        WaitKind::Join | WaitKind::QueueJoin => "join",
        WaitKind::Scope => "end of a scope",
        WaitKind::Park => "park",
        WaitKind::Sleep => "sleep",
        WaitKind::Semaphore | WaitKind::Lock => "acquire",
        WaitKind::Put => "put",
        WaitKind::Get => "get",
    }
}
