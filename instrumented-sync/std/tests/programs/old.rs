//! An ordinary program, as of editions 2015 and 2018. It knows nothing of the drop-in.

use std::io;
use std::sync;
use std::thread;

mod inner {
    use std::sync::{Arc, Mutex, ONCE_INIT, Once};

    #[allow(deprecated)]
    static ONCE: Once = ONCE_INIT;

    #[derive(Clone, Debug)]
    pub struct Counter(pub Arc<Mutex<Vec<u32>>>);

    impl Counter {
        pub fn new() -> Counter {
            let mut counter = None;
            ONCE.call_once(|| counter = Some(Counter(Arc::new(Mutex::new(vec![0])))));
            counter.expect("made once")
        }

        pub fn add(&self) {
            let mut list = self.0.lock().unwrap();
            let last = *list.last().unwrap();
            list.push(last + 1);
        }
    }
}

fn count(counter: &inner::Counter) -> Result<usize, io::Error> {
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let counter = counter.clone();
            thread::spawn(move || counter.add())
        })
        .collect();
    for thread in threads {
        try!(thread.join().map_err(|_| io::Error::new(io::ErrorKind::Other, "panicked")));
    }
    Ok(counter.0.lock().unwrap().len())
}

fn main() {
    let counter = inner::Counter::new();
    let lock: Box<sync::RwLock<::std::fmt::Debug + Send>> = Box::new(sync::RwLock::new(1));
    println!("{} {:?}", count(&counter).unwrap(), counter.0.lock().unwrap());
    println!("{:?}", &*lock.read().unwrap());
    println!("{}", ::std::any::type_name::<::std::sync::Mutex<u8>>());
}
