use std::sync::Mutex;
pub static STATE: Mutex<u32> = Mutex::new(0);
