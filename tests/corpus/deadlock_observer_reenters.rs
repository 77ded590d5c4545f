//! A subject calls its observers under its lock; one of them subscribes another.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2 threads=1
use std::rc::Rc;
use std::sync::Mutex;

trait Observer {
    fn changed(&self, subject: &Subject, value: i32);
}

struct Subject {
    observers: Mutex<Vec<Rc<dyn Observer>>>,
}

struct Print;
struct Multiply;

impl Observer for Print {
    fn changed(&self, _: &Subject, value: i32) {
        println!("{value}");
    }
}

impl Observer for Multiply {
    fn changed(&self, subject: &Subject, _: i32) {
        subject.observers.lock().unwrap().push(Rc::new(Print)); // (2)
    }
}

pub fn main() {
    let subject = Subject {
        observers: Mutex::new(vec![Rc::new(Multiply)]), // (A)
    };
    let observers = subject.observers.lock().unwrap(); // (1)
    observers.iter().for_each(|o| o.changed(&subject, 3));
}
