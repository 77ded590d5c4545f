//! The closure given to `retain` asks whether the session is still alive, which locks the same map.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2 threads=1
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

#[derive(Clone)]
struct Sessions {
    map: Arc<Mutex<HashMap<u64, u64>>>,
}

impl Sessions {
    fn is_alive(&self, id: u64) -> bool {
        self.map.lock().map(|m| m.contains_key(&id)).unwrap_or(false) // (2)
    }
    fn sweep(&self) {
        let me = self.clone();
        self.map.lock().unwrap().retain(|id, _| me.is_alive(*id)); // (1)
    }
}

pub fn main() {
    let sessions = Sessions { map: Arc::new(Mutex::new((0..4).map(|i| (i, i)).collect())) }; // (A)
    let s = sessions.clone();
    std::thread::spawn(move || s.sweep()).join().unwrap();
}
