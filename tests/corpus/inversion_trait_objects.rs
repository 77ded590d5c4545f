//! The locks are behind trait objects that call each other.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

trait Actor: Send + Sync {
    fn poke(&self) -> u32;
    fn visit(&self, other: &dyn Actor) -> u32;
}

struct Server(Mutex<u32>);
struct Client(Mutex<u32>);

impl Actor for Server {
    fn poke(&self) -> u32 {
        *self.0.lock().unwrap() // (4)
    }
    fn visit(&self, other: &dyn Actor) -> u32 {
        let own = self.0.lock().unwrap(); // (1)
        *own + other.poke()
    }
}

impl Actor for Client {
    fn poke(&self) -> u32 {
        *self.0.lock().unwrap() // (2)
    }
    fn visit(&self, other: &dyn Actor) -> u32 {
        let own = self.0.lock().unwrap(); // (3)
        *own + other.poke()
    }
}

pub fn main() {
    let server: Arc<dyn Actor> = Arc::new(Server(Mutex::new(1))); // (A)
    let client: Arc<dyn Actor> = Arc::new(Client(Mutex::new(2))); // (B)
    let (server2, client2) = (Arc::clone(&server), Arc::clone(&client));
    let serve = thread::spawn(move || server2.visit(&*client2));
    thread::sleep(Duration::from_millis(200));
    let sum = client.visit(&*server);
    println!("{} {sum}", serve.join().unwrap());
}
