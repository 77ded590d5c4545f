//! A reader reads again through a helper; nobody writes while threads run.
//! expect: none
use std::sync::RwLock;
use std::thread;

struct Grid {
    cells: RwLock<Vec<u32>>,
}

impl Grid {
    fn width(&self) -> usize {
        self.cells.read().unwrap().len()
    }

    fn sum(&self) -> u32 {
        let cells = self.cells.read().unwrap();
        (0..self.width()).map(|i| cells[i]).sum()
    }
}

pub fn main() {
    let grid = Grid { cells: RwLock::new(vec![1, 2, 3]) };
    thread::scope(|s| {
        let sums = [s.spawn(|| grid.sum()), s.spawn(|| grid.sum())];
        println!("{:?}", sums.map(|sum| sum.join().unwrap()));
    });
}
