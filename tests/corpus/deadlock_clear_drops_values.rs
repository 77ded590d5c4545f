//! Values that deregister themselves in `drop`, dropped by `clear` under the registry's lock.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2 threads=1
use std::sync::{Arc, RwLock};

type Registry = Arc<RwLock<Vec<Handle>>>;

struct Handle {
    id: usize,
    home: Registry,
}

impl Drop for Handle {
    fn drop(&mut self) {
        let id = self.id;
        let home = self.home.read().unwrap(); // (2)
        assert!(home.iter().all(|h| h.id != id));
    }
}

pub fn main() {
    let registry: Registry = Arc::new(RwLock::new(Vec::new())); // (A)
    for id in 0..3 {
        let handle = Handle { id, home: registry.clone() };
        registry.write().unwrap().push(handle);
    }
    let mut all = registry.write().unwrap(); // (1)
    all.clear();
}
