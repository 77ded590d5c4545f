//! The relock is hidden behind a trait object in an `Arc<Mutex<dyn …>>`.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2
use std::sync::{Arc, Mutex};

trait Shape {
    fn area(&self) -> u32;
    fn parent(&self) -> Option<Arc<Mutex<dyn Shape>>>;
}

struct Square(u32, Option<Arc<Mutex<dyn Shape>>>);

impl Shape for Square {
    fn area(&self) -> u32 {
        let parent = self.parent().map_or(0, |p| p.lock().unwrap().area()); // (2)
        self.0 * self.0 + parent
    }

    fn parent(&self) -> Option<Arc<Mutex<dyn Shape>>> {
        self.1.clone()
    }
}

pub fn main() {
    let concrete = Arc::new(Mutex::new(Square(2, None))); // (A)
    let shape: Arc<Mutex<dyn Shape>> = concrete.clone();
    concrete.lock().unwrap().1 = Some(Arc::clone(&shape));
    println!("{}", shape.lock().unwrap().area()); // (1)
}
