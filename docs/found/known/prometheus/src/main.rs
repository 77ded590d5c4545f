//! Hangs: a collector registers its metric when it is collected for the first time.

use std::sync::LazyLock;

use prometheus::core::{Collector, Desc};
use prometheus::proto::MetricFamily;
use prometheus::{IntCounter, register, register_int_counter};

static COLLECTED: LazyLock<IntCounter> =
    LazyLock::new(|| register_int_counter!("collected", "How often").expect("a new name"));

struct Late;

impl Collector for Late {
    fn desc(&self) -> Vec<&Desc> {
        Vec::new()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        COLLECTED.inc();
        Vec::new()
    }
}

fn main() {
    register(Box::new(Late)).expect("a new collector");
    prometheus::gather();
    println!("did not hang");
}
