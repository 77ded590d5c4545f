//! The main thread is one side; it does its half after the worker was started and before it is joined.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

struct App {
    view: Mutex<String>,
    model: Mutex<u32>,
}

pub fn main() {
    let app = Arc::new(App {
        view: Mutex::new(String::new()), // (A)
        model: Mutex::new(0),            // (B)
    });
    let worker_app = Arc::clone(&app);
    let worker = thread::spawn(move || {
        let mut model = worker_app.model.lock().unwrap(); // (1)
        *model += 1;
        *worker_app.view.lock().unwrap() = format!("{model}"); // (2)
    });
    thread::sleep(Duration::from_millis(200));
    let text = {
        let view = app.view.lock().unwrap(); // (3)
        format!("{view} {}", app.model.lock().unwrap()) // (4)
    };
    worker.join().unwrap();
    println!("{text}");
}
