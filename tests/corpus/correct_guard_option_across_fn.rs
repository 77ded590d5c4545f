//! A guard is kept in an option, released by one function and taken again by another.
//! expect: none
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

struct Editor<'a> {
    text: &'a Mutex<String>,
    cursor: &'a Mutex<usize>,
    open: Option<MutexGuard<'a, String>>,
}

impl Editor<'_> {
    fn release(&mut self) {
        self.open.take();
    }
    fn acquire(&mut self) {
        if self.open.is_none() {
            self.open = Some(self.text.lock().unwrap());
        }
    }
    fn advance(&mut self) {
        self.release();
        let mut c = self.cursor.lock().unwrap();
        *c += 1;
        let t = self.text.lock().unwrap();
        *c = (*c).min(t.len());
    }
    fn insert(&mut self) {
        self.acquire();
        self.open.as_mut().unwrap().push('x');
        self.release();
        *self.cursor.lock().unwrap() += 0;
    }
}

pub fn main() {
    let shared = Arc::new((Mutex::new(String::new()), Mutex::new(0)));
    let ts: Vec<_> = (0..3)
        .map(|_| {
            let s = shared.clone();
            thread::spawn(move || {
                let mut e = Editor { text: &s.0, cursor: &s.1, open: None };
                for _ in 0..50 {
                    e.insert();
                    e.advance();
                }
            })
        })
        .collect();
    ts.into_iter().for_each(|t| t.join().unwrap());
    println!("{}", shared.0.lock().unwrap().len());
}
