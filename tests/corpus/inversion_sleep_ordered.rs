//! The only thing that keeps the halves apart is a sleep.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

static ORDERS: Mutex<Vec<u32>> = Mutex::new(Vec::new()); // (A)
static STOCK: Mutex<u32> = Mutex::new(10); // (B)

fn sell() {
    let mut orders = ORDERS.lock().unwrap(); // (1)
    *STOCK.lock().unwrap() -= 1; // (2)
    orders.push(1);
}

fn restock() {
    thread::sleep(Duration::from_millis(200));
    let mut stock = STOCK.lock().unwrap(); // (3)
    *stock += ORDERS.lock().unwrap().len() as u32; // (4)
}

pub fn main() {
    let restock = thread::Builder::new().name("restock".into()).spawn(restock).unwrap();
    let sell = thread::Builder::new().name("sell".into()).spawn(sell).unwrap();
    sell.join().unwrap();
    restock.join().unwrap();
    println!("{}", STOCK.lock().unwrap());
}
