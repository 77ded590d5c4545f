//! Messages of panics and what unwinding does, as std has it.
//! expect: none
use std::panic::{self, AssertUnwindSafe as A, catch_unwind};
use std::sync::*;
use std::thread;
pub fn main() {
    panic::set_hook(Box::new(|i| {
        let m = i.payload_as_str().map(str::to_owned);
        println!(
            "hook {:?} {} {}",
            m,
            thread::current().name().unwrap_or("-"),
            i.location().unwrap().line()
        )
    }));
    let m = Mutex::new(1);
    assert!(
        catch_unwind(A(|| {
            let _g = m.lock().unwrap();
            panic!("in lock")
        }))
        .is_err()
    );
    assert!(catch_unwind(A(|| { drop(m.lock().unwrap()) })).is_err());
    println!("{}", m.is_poisoned());
    m.clear_poison();
    println!("{}", m.is_poisoned());
    let r = RwLock::new(1);
    assert!(
        catch_unwind(A(|| {
            let _g = r.read().unwrap();
            panic!("in read")
        }))
        .is_err()
    );
    println!("{}", r.is_poisoned());
    assert!(
        catch_unwind(A(|| {
            let _g = r.write().unwrap();
            panic!("in write")
        }))
        .is_err()
    );
    println!("{}", r.is_poisoned());
    let o = Once::new();
    assert!(catch_unwind(A(|| o.call_once(|| panic!("in once")))).is_err());
    assert!(catch_unwind(A(|| o.call_once(|| ()))).is_err());
    let l: LazyLock<u8> = LazyLock::new(|| panic!("in lazy"));
    assert!(catch_unwind(A(|| *l)).is_err());
    assert!(catch_unwind(A(|| *l)).is_err());
    let c = OnceLock::<u8>::new();
    assert!(
        catch_unwind(A(|| {
            c.get_or_init(|| panic!("in cell"));
        }))
        .is_err()
    );
    println!("{}", c.get_or_init(|| 3));
    assert!(
        catch_unwind(A(|| {
            thread::scope(|s| {
                s.spawn(|| panic!("in scope"));
            })
        }))
        .is_err()
    );
    let r = thread::scope(|s| {
        let h = s.spawn(|| {
            if true {
                panic!("joined in scope")
            }
            3
        });
        h.join().is_err()
    });
    println!("{r}");
    let h = thread::Builder::new().name("n".into()).spawn(|| panic!("in thread {}", 1)).unwrap();
    println!("{:?}", h.join().unwrap_err().downcast_ref::<String>());
    let c = Condvar::new();
    let (a, b) = (Mutex::new(()), Mutex::new(()));
    let _r = c.wait_timeout(a.lock().unwrap(), std::time::Duration::from_millis(1));
    println!(
        "{}",
        catch_unwind(A(|| {
            let _r = c.wait_timeout(b.lock().unwrap(), std::time::Duration::from_millis(1));
        }))
        .is_err()
    );
    assert!(
        catch_unwind(A(|| {
            let x = Mutex::new(());
            let _g = x.lock();
            Err::<(), _>(x.try_lock()).unwrap();
        }))
        .is_err()
    );
    assert!(
        catch_unwind(|| {
            let (t, r) = mpsc::channel::<u8>();
            drop(r);
            t.send(1).unwrap()
        })
        .is_err()
    );
    assert!(
        catch_unwind(|| {
            let (t, r) = mpsc::channel::<u8>();
            drop(t);
            r.recv().unwrap()
        })
        .is_err()
    );
    let named = || thread::Builder::new().name("a\0b".into()).spawn(|| ()).is_ok();
    println!("{:?}", catch_unwind(named).is_ok());
}
