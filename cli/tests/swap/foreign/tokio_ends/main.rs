mod idle;
mod stuck;

use std::time::Duration;

macro_rules! table { ($name:expr, $($room:ident: $($one:ident)*;)*) => {
    match $name { $($(stringify!($one) => $room::$one().await,)*)* _ => panic!("no {}", $name) }
} }

async fn run(name: &str) {
    table! { name,
        stuck: circle actors itself own_sender kept_sender full results permit lock event;
        idle: on_a_stack with_a_thread_that_waits in_a_table in_a_local in_a_message weak in_a_poll with_a_ticker in_a_box peers for_ever either
            pool slow_reply listens
            own_and_on_a_stack own_and_with_a_thread_that_waits own_and_in_a_call own_and_in_a_table own_and_in_a_box own_and_in_a_poll own_and_weak;
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    std::thread::spawn(|| { std::thread::sleep(Duration::from_secs(60)); std::process::exit(99) });
    std::thread::spawn(|| loop { std::thread::sleep(Duration::from_millis(20)) });
    let runtime = match args.get(1) {
        Some(_) => tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
        None => tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap(),
    };
    if args[0] == "handle" {
        runtime.spawn(async { let mut ticks = tokio::time::interval(Duration::from_millis(20)); loop { ticks.tick().await; } });
        let handle = runtime.spawn(stuck::circle());
        return runtime.block_on(handle).unwrap(); // blocks
    }
    runtime.block_on(async {
        tokio::spawn(async { let mut ticks = tokio::time::interval(Duration::from_millis(20)); loop { ticks.tick().await; } });
        run(&args[0]).await;
        println!("went on");
    });
}
