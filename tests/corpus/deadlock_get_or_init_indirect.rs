//! A configuration's initialiser logs, and the logger asks for the configuration.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2 threads=1
use std::sync::OnceLock;
use std::thread;

static CONFIG: OnceLock<String> = OnceLock::new(); // (A)

fn config() -> &'static str {
    CONFIG.get_or_init(|| {
        // (1)
        log("reading");
        "verbose".to_owned()
    })
}

fn log(text: &str) {
    if CONFIG.get_or_init(String::new) == "verbose" {
        // (2)
        println!("{text}");
    }
}

pub fn main() {
    let t = thread::Builder::new().name("init".into()).spawn(|| config().len()).unwrap();
    println!("{}", t.join().unwrap());
}
