use std::any::TypeId;

macro_rules! same_types {
    ($($path:ident :: $name:ident $(< $($argument:tt),* >)?),* $(,)?) => {
        $({
            let std = TypeId::of::<std::$path::$name $(< $($argument),* >)?>();
            assert_eq!(TypeId::of::<off::$path::$name $(< $($argument),* >)?>(), std);
        })*
    };
}

/// The root mirrors `sync`.
mod off {
    pub use instrumented_sync as sync;
    pub use instrumented_sync::thread;
}

/// Each function has a type of its own, so two of one type are one function.
fn same<F>(_ours: F, _std: F) {}

fn main() {
    same_types!(
        sync::Arc<u8>,
        sync::Barrier,
        sync::BarrierWaitResult,
        sync::Condvar,
        sync::LazyLock<u8>,
        sync::Mutex<u8>,
        sync::Mutex<[u8]>,
        sync::MutexGuard<'static, u8>,
        sync::Once,
        sync::OnceLock<u8>,
        sync::OnceState,
        sync::PoisonError<u8>,
        sync::RwLock<u8>,
        sync::RwLockReadGuard<'static, u8>,
        sync::RwLockWriteGuard<'static, u8>,
        sync::TryLockError<u8>,
        sync::WaitTimeoutResult,
        sync::Weak<u8>,
        sync::LockResult<u8>,
        thread::AccessError,
        thread::Builder,
        thread::JoinHandle<u8>,
        thread::LocalKey<u8>,
        thread::Scope<'static, 'static>,
        thread::ScopedJoinHandle<'static, u8>,
        thread::Thread,
        thread::ThreadId,
    );
    {
        use instrumented_sync::mpsc as ours;
        use std::sync::mpsc as std;
        assert_eq!(TypeId::of::<ours::Sender<u8>>(), TypeId::of::<std::Sender<u8>>());
        assert_eq!(TypeId::of::<ours::SyncSender<u8>>(), TypeId::of::<std::SyncSender<u8>>());
        assert_eq!(TypeId::of::<ours::Receiver<u8>>(), TypeId::of::<std::Receiver<u8>>());
        assert_eq!(TypeId::of::<ours::IntoIter<u8>>(), TypeId::of::<std::IntoIter<u8>>());
    }
    same(off::thread::park, std::thread::park);
    same(off::thread::current, std::thread::current);
    same(off::thread::spawn::<fn() -> u8, u8>, std::thread::spawn::<fn() -> u8, u8>);
    instrumented_sync::thread_local!(static LOCAL: u8 = const { 1 });
    assert_eq!(LOCAL.with(|local| *local), 1);
}
