//! The reader sends a whole block under the progress lock. A block is longer than the channel: the reader waits for
//! room with the lock, the worker waits for the lock before it makes room. It hangs every time.

use instrumented_sync::mpsc::{SyncSender, sync_channel};
use instrumented_sync::thread;
use syncscope_app_pipeline::{Board, ROOM, blocks, count, sum};

fn read(lines: SyncSender<String>, board: &Board) {
    for block in blocks() {
        let mut progress = board.progress();
        for line in block {
            lines.send(line).expect("the worker lives until the channel closes");
            progress.read += 1;
        }
    }
}

fn main() {
    let board = Board::default();
    let (to_worker, lines) = sync_channel(ROOM);
    let (to_writer, counts) = sync_channel(ROOM);
    let words = thread::scope(|s| {
        let stage = |name: &str| thread::Builder::new().name(name.into());
        stage("reader").spawn_scoped(s, || read(to_worker, &board)).unwrap();
        stage("worker").spawn_scoped(s, || count(lines, to_writer, &board)).unwrap();
        let writer = stage("writer").spawn_scoped(s, || sum(counts)).unwrap();
        writer.join().unwrap()
    });
    println!("{words} words");
}
