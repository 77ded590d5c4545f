//! Hangs: two metrics of one family in one expression.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;

fn main() {
    let family = Family::<Vec<(String, String)>, Counter>::default();
    let label = |value: &str| vec![("direction".to_owned(), value.to_owned())];
    let both =
        (family.get_or_create(&label("in")).clone(), family.get_or_create(&label("out")).clone());
    println!("did not hang: {both:?}");
}
