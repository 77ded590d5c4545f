// Long: one scenario after the other, in one program that is compiled once.
//! Locks that are named in the usual ways. Each pair of threads takes two of them both ways, one after the other as far as the clock goes.
#![expect(unused_variables, reason = "guards are held and not used")]
mod cache;
mod store;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, RwLock};
use std::thread;

fn run(name: &str, f: impl FnOnce() + Send, g: impl FnOnce() + Send) {
    let done = AtomicBool::new(false);
    thread::scope(|s| {
        let done = &done;
        let first = thread::Builder::new().name(name.to_owned());
        let second = thread::Builder::new().name(format!("{name}, other way"));
        first
            .spawn_scoped(s, move || {
                f();
                done.store(true, SeqCst)
            })
            .unwrap();
        second
            .spawn_scoped(s, move || {
                while !done.load(SeqCst) {
                    thread::yield_now()
                }
                g()
            })
            .unwrap();
    });
}
type M = Mutex<u32>;

// two locks of one map by or_default
fn map() {
    let rooms: Mutex<HashMap<u32, Arc<M>>> = Mutex::default();
    let get = |k| rooms.lock().unwrap().entry(k).or_default().clone();
    let (first, second) = (get(1), get(2));
    run(
        "map",
        || {
            let alice = first.lock().unwrap();
            let bob = second.lock().unwrap();
        },
        || {
            let carol = second.lock().unwrap();
            let dave = first.lock().unwrap();
        },
    );
}
// derive(Default) fields
#[derive(Default)]
struct Shop {
    stock: M,
    prices: M,
}
fn derived() {
    let shop = Shop::default();
    run(
        "derived",
        || {
            let g = shop.stock.lock().unwrap();
            let h = shop.prices.lock().unwrap();
        },
        || {
            let x = shop.prices.lock().unwrap();
            let y = shop.stock.lock().unwrap();
        },
    );
}
// Arc::default in let
fn boxed() {
    let left = Arc::<M>::default();
    let right: Arc<M> = Default::default();
    run(
        "boxed",
        || {
            let g = left.lock().unwrap();
            let h = right.lock().unwrap();
        },
        || {
            let x = right.lock().unwrap();
            let y = left.lock().unwrap();
        },
    );
}
// Vec by resize_with
fn resized() {
    let mut slots: Vec<M> = Vec::new();
    slots.resize_with(4, Default::default);
    run(
        "resized",
        || {
            let g = slots[0].lock().unwrap();
            let h = slots[1].lock().unwrap();
        },
        || {
            let x = slots[1].lock().unwrap();
            let y = slots[0].lock().unwrap();
        },
    );
}
// .map(Mutex::new)
fn mapped() {
    let cells: Vec<_> = (0..4).map(Mutex::new).collect();
    run(
        "mapped",
        || {
            let g = cells[0].lock().unwrap();
            let h = cells[1].lock().unwrap();
        },
        || {
            let x = cells[1].lock().unwrap();
            let y = cells[0].lock().unwrap();
        },
    );
}
// same short names of statics
fn modules() {
    run(
        "modules",
        || {
            let g = cache::STATE.lock().unwrap();
            let h = store::STATE.lock().unwrap();
        },
        || {
            let x = store::STATE.lock().unwrap();
            let y = cache::STATE.lock().unwrap();
        },
    );
}
// same field names
struct FileSink {
    out: M,
}
struct NetSink {
    out: M,
}
impl FileSink {
    fn new() -> Self {
        Self { out: Mutex::new(0) }
    }
    fn put(&self, n: &NetSink) {
        let g = self.out.lock().unwrap();
        n.poke()
    }
    fn poke(&self) {
        *self.out.lock().unwrap() += 1
    }
}
impl NetSink {
    fn new() -> Self {
        NetSink { out: Mutex::new(0) }
    }
    fn put(&self, f: &FileSink) {
        let g = self.out.lock().unwrap();
        f.poke()
    }
    fn poke(&self) {
        *self.out.lock().unwrap() += 1
    }
}
fn owners() {
    let (f, n) = (FileSink::new(), NetSink::new());
    run("owners", || f.put(&n), || n.put(&f));
}
// generic
struct Guarded<T> {
    value: Mutex<T>,
}
impl<T> Guarded<T> {
    fn new(value: T) -> Self {
        Self { value: Mutex::new(value) }
    }
    fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.value.lock().unwrap())
    }
}
fn generic() {
    let number = Guarded::new(1_u32);
    let text = Guarded::new(String::new());
    run(
        "generic",
        || number.with(|n| text.with(|t| t.push('x'))),
        || text.with(|t| number.with(|n| *n += 1)),
    );
}
// parking_lot
struct Engine {
    fuel: parking_lot::Mutex<u32>,
    oil: parking_lot::RwLock<u32>,
}
fn parking() {
    let engine = Engine { fuel: parking_lot::Mutex::new(1), oil: parking_lot::RwLock::new(2) };
    run(
        "parking",
        || {
            let s = engine.fuel.lock();
            let t = engine.oil.write();
        },
        || {
            let s = engine.oil.write();
            let t = engine.fuel.lock();
        },
    );
}
static PLA: parking_lot::Mutex<u32> = parking_lot::Mutex::new(0);
static PLB: parking_lot::Mutex<u32> = parking_lot::const_mutex(0);
fn statics() {
    run(
        "statics",
        || {
            let s = PLA.lock();
            let t = PLB.lock();
        },
        || {
            let s = PLB.lock();
            let t = PLA.lock();
        },
    );
}
// pattern if let
struct Pair {
    alpha: M,
    beta: M,
}
fn patterns() {
    let p = Pair { alpha: M::new(1), beta: M::new(2) };
    run(
        "patterns",
        || {
            if let (Ok(a), Ok(b)) = (p.alpha.lock(), p.beta.lock()) {
                drop(a);
                drop(b)
            }
        },
        || {
            if let (Ok(b), Ok(a)) = (p.beta.lock(), p.alpha.lock()) {
                drop(a);
                drop(b)
            }
        },
    );
}
// OnceLock/LazyLock
static CONF: OnceLock<M> = OnceLock::new();
static LOGS: LazyLock<M> = LazyLock::new(Mutex::default);
fn conf() -> &'static M {
    CONF.get_or_init(Mutex::default)
}
fn lazy() {
    run(
        "lazy",
        || {
            let s = conf().lock().unwrap();
            let t = LOGS.lock().unwrap();
        },
        || {
            let s = LOGS.lock().unwrap();
            let t = conf().lock().unwrap();
        },
    );
}
// tuple structs
struct Ledger(M, M);
fn tuple() {
    let ledger = Ledger(Mutex::new(1), Mutex::new(2));
    run(
        "tuple",
        || {
            let s = ledger.0.lock().unwrap();
            let t = ledger.1.lock().unwrap();
        },
        || {
            let s = ledger.1.lock().unwrap();
            let t = ledger.0.lock().unwrap();
        },
    );
}
// arrays
fn arrays() {
    let seats: [M; 3] = std::array::from_fn(|_| Mutex::new(0));
    let rows: [M; 3] = Default::default();
    run(
        "arrays",
        || {
            let s = seats[0].lock().unwrap();
            let t = rows[1].lock().unwrap();
        },
        || {
            let s = rows[1].lock().unwrap();
            let t = seats[0].lock().unwrap();
        },
    );
}
// builder
#[derive(Default)]
struct Builder {
    queue: Option<Arc<M>>,
    log: Option<Arc<M>>,
}
impl Builder {
    fn queue(mut self, queue: Arc<M>) -> Self {
        self.queue = Some(queue);
        self
    }
    fn log(mut self, log: Arc<M>) -> Self {
        self.log = Some(log);
        self
    }
    fn build(self) -> Server {
        Server { queue: self.queue.unwrap(), log: self.log.unwrap() }
    }
}
struct Server {
    queue: Arc<M>,
    log: Arc<M>,
}
fn builder() {
    let server =
        Builder::default().queue(Arc::new(Mutex::new(1))).log(Arc::new(Mutex::new(2))).build();
    run(
        "builder",
        || {
            let s = server.queue.lock().unwrap();
            let t = server.log.lock().unwrap();
        },
        || {
            let s = server.log.lock().unwrap();
            let t = server.queue.lock().unwrap();
        },
    );
}
// impl Default by hand
struct Hub {
    peers: RwLock<Vec<u32>>,
    inbox: Mutex<Vec<u32>>,
}
impl Default for Hub {
    fn default() -> Self {
        Self { peers: Default::default(), inbox: Default::default() }
    }
}
fn by_hand() {
    let hub = Hub::default();
    run(
        "by_hand",
        || {
            let s = hub.peers.write().unwrap();
            let t = hub.inbox.lock().unwrap();
        },
        || {
            let s = hub.inbox.lock().unwrap();
            let t = hub.peers.write().unwrap();
        },
    );
}
// new with shorthand
struct Node {
    parent: M,
    children: M,
}
impl Node {
    fn new() -> Self {
        let parent = Mutex::new(0);
        let children = Mutex::new(0);
        Self { parent, children }
    }
}
fn shorthand() {
    let node = Arc::new(Node::new());
    let n = &node;
    run(
        "shorthand",
        || {
            let s = n.parent.lock().unwrap();
            let t = n.children.lock().unwrap();
        },
        || {
            let s = n.children.lock().unwrap();
            let t = n.parent.lock().unwrap();
        },
    );
}
// thread locals holding arcs
thread_local! { static MINE: RefCell<Option<Arc<M>>> = const { RefCell::new(None) }; }
static GLOBAL: M = M::new(0);
fn thread_local() {
    let shared = Arc::new(M::default());
    let (a, b) = (shared.clone(), shared.clone());
    run(
        "thread_local",
        move || {
            MINE.set(Some(a));
            MINE.with_borrow(|m| {
                let g = m.as_ref().unwrap().lock().unwrap();
                let h = GLOBAL.lock().unwrap();
            })
        },
        move || {
            let h = GLOBAL.lock().unwrap();
            let g = b.lock().unwrap();
        },
    );
}
// newtype function helper
fn locked(m: &M) -> std::sync::MutexGuard<'_, u32> {
    m.lock().unwrap()
}
struct Twin {
    east: M,
    west: M,
}
fn helper() {
    let twin = Twin { east: Mutex::new(0), west: Mutex::new(0) };
    run(
        "helper",
        || {
            let a = locked(&twin.east);
            let b = locked(&twin.west);
        },
        || {
            let a = locked(&twin.west);
            let b = locked(&twin.east);
        },
    );
}
// from()
struct Conv {
    ins: M,
    outs: M,
}
fn converted() {
    let conv = Conv { ins: 1.into(), outs: Mutex::from(2) };
    run(
        "converted",
        || {
            let a = conv.ins.lock().unwrap();
            let b = conv.outs.lock().unwrap();
        },
        || {
            let a = conv.outs.lock().unwrap();
            let b = conv.ins.lock().unwrap();
        },
    );
}
// nested map value struct
#[derive(Default)]
struct Account {
    balance: M,
    history: M,
}
#[derive(Default)]
struct Bank {
    accounts: BTreeMap<u32, Account>,
}
fn nested() {
    let mut bank = Bank::default();
    bank.accounts.entry(1).or_default();
    bank.accounts.entry(2).or_default();
    run(
        "nested",
        || {
            let a = bank.accounts[&1].balance.lock().unwrap();
            let b = bank.accounts[&2].balance.lock().unwrap();
        },
        || {
            let a = bank.accounts[&2].balance.lock().unwrap();
            let b = bank.accounts[&1].balance.lock().unwrap();
        },
    );
    run(
        "fields",
        || {
            let a = bank.accounts[&1].balance.lock().unwrap();
            let b = bank.accounts[&2].history.lock().unwrap();
        },
        || {
            let a = bank.accounts[&2].history.lock().unwrap();
            let b = bank.accounts[&1].balance.lock().unwrap();
        },
    );
}
// collections of arcs by vec! and repeat_with
fn collected() {
    let lanes: Vec<Arc<M>> = std::iter::repeat_with(Default::default).take(3).collect();
    let gates = vec![M::default(), M::default()];
    run(
        "collected",
        || {
            let a = lanes[0].lock().unwrap();
            let b = gates[0].lock().unwrap();
        },
        || {
            let a = gates[0].lock().unwrap();
            let b = lanes[0].lock().unwrap();
        },
    );
}
// parameters: two accounts
fn transfer(from: &M, to: &M) {
    let mut a = from.lock().unwrap();
    let mut b = to.lock().unwrap();
    *a -= 1;
    *b += 1;
}
fn parameters() {
    let accounts: Vec<M> = (0..2).map(|_| M::new(5)).collect();
    run(
        "parameters",
        || transfer(&accounts[0], &accounts[1]),
        || transfer(&accounts[1], &accounts[0]),
    );
}
fn main() {
    map();
    derived();
    boxed();
    resized();
    mapped();
    modules();
    owners();
    generic();
    parking();
    statics();
    patterns();
    lazy();
    tuple();
    arrays();
    builder();
    by_hand();
    shorthand();
    thread_local();
    helper();
    converted();
    nested();
    collected();
    parameters();
}
