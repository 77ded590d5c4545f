//! Each connection has a thread of its own, which sends to a worker that main joins. Longer than a stall takes there is no further connection.
//! expect: none held=500ms
use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

const LAST: u8 = 2;

pub fn main() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, receiver) = mpsc::channel::<u8>();
    let acceptor = thread::spawn(move || {
        for connection in listener.incoming() {
            let (mut connection, sender) = (connection.unwrap(), sender.clone());
            let handler = thread::spawn(move || {
                let mut said = [0];
                connection.read_exact(&mut said).unwrap();
                sender.send(said[0]).unwrap();
                said[0]
            });
            if handler.join().unwrap() == LAST {
                break;
            }
        }
    });
    thread::spawn(move || {
        for said in 1..=LAST {
            let mut connection = TcpStream::connect(address).unwrap();
            std::io::Write::write_all(&mut connection, &[said]).unwrap();
            thread::sleep(Duration::from_millis(2500));
        }
    });
    let worker = thread::spawn(move || receiver.iter().map(u32::from).sum::<u32>());
    println!("{}", worker.join().unwrap());
    acceptor.join().unwrap();
}
