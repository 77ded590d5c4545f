//! Packages of all kinds: what they are made of does not matter.

use crate::support::{INVERTED, MANIFEST, Project};

/// A macro, a build script, a crate without std, old editions: all of them compile, and the locks of the dependency are
/// seen although no line names the drop-in.
#[test]
fn a_workspace_of_everything() {
    let manifest = "\
[workspace]
members = ['app', 'derive', 'bare', 'old', 'older']
resolver = '2'
";
    let member = |name: &str, edition: &str, more: &str| {
        format!("[package]\nname = '{name}'\nversion = '0.1.0'\nedition = '{edition}'\n{more}")
    };
    let app = member(
        "app",
        "2024",
        "[dependencies]\nderive.path = '../derive'\nbare.path = '../bare'\nold.path = '../old'\n\
         older.path = '../older'\n[profile.release]\nlto = 'fat'\npanic = 'abort'\n\
         opt-level = 1\n",
    );
    // Profiles belong to the root.
    let (app, profile) = app.split_once("[profile.release]").unwrap();
    let project = Project::called(
        "größe und raum",
        &[
            ("Cargo.toml", &format!("{manifest}[profile.release]{profile}")),
            ("app/Cargo.toml", app),
            (
                "app/build.rs",
                // Build scripts are not swapped: their lock is std's own, without an identity.
                "use std::sync::Mutex;\nfn main() {\n\
                 assert_eq!(std::mem::size_of::<Mutex<u64>>(), 16);\n\
                 println!(\"cargo::rustc-env=BUILT=yes\"); }\n",
            ),
            (
                "app/src/main.rs",
                "use derive::Name;\n#[derive(Name)] struct Thing;\n\
                 fn main() { older::inverted::both();\n\
                 println!(\"{} {} {} {}\", Thing::NAME, env!(\"BUILT\"), bare::sum(&[1, 2]), old::count()); }\n",
            ),
            ("derive/Cargo.toml", &member("derive", "2021", "[lib]\nproc-macro = true\n")),
            (
                "derive/src/lib.rs",
                "use proc_macro::TokenStream;\nuse std::sync::Mutex;\n\
                 static CALLS: Mutex<u32> = Mutex::new(0);\n#[proc_macro_derive(Name)]\n\
                 pub fn name(_: TokenStream) -> TokenStream { *CALLS.lock().unwrap() += 1;\n\
                 \"impl Thing { const NAME: &'static str = \\\"thing\\\"; }\".parse().unwrap() }\n",
            ),
            (
                "bare/Cargo.toml",
                &member("bare", "2018", "[features]\ndefault = ['std']\nstd = []\n"),
            ),
            (
                "bare/src/lib.rs",
                "#![no_std]\n#[cfg(feature = \"std\")]\nextern crate std;\n\
                 pub fn sum(of: &[u32]) -> u32 { of.iter().sum() }\n\
                 #[cfg(feature = \"std\")]\npub static L: std::sync::Mutex<u8> = std::sync::Mutex::new(0);\n",
            ),
            ("old/Cargo.toml", &member("old", "2015", "")),
            (
                "old/src/lib.rs",
                "extern crate std as mystd;\n#[macro_use] extern crate std as again;\n\
                 use mystd::sync::{Mutex, Once, ONCE_INIT};\nstatic START: Once = ONCE_INIT;\n\
                 pub fn count() -> usize { START.call_once(|| {}); let m = Mutex::new(vec![1, 2]);\n\
                 let n = m.lock().unwrap().len(); n }\n",
            ),
            ("older/Cargo.toml", &member("older", "2018", "")),
            ("older/src/lib.rs", "pub mod inverted;\n"),
            ("older/src/inverted.rs", INVERTED),
        ],
    );
    let first = project.call("run --manifest-path app/Cargo.toml");
    first.expect(1, &["thing yes 3 2", "lock-order-inversion", "`A`", "`B`", "Compiling older"]);
    project.call("run -p app").expect(1, &["thing yes 3 2"]).lacks(&["Compiling"]);
    project.call("run -p app --release").expect(1, &["thing yes 3 2", "lock-order-inversion"]);
    let normal = project.path().join("target/debug");
    assert!(!normal.exists(), "the normal build is left alone");
}

#[test]
fn types_are_as_std_documents_them() {
    let main = "\
use std::sync::{Arc, Mutex, RwLock, LazyLock, atomic::AtomicU8, mpsc};
use std::thread;
thread_local! { static N: std::cell::Cell<u8> = const { std::cell::Cell::new(1) }; }
static LAZY: LazyLock<RwLock<Vec<u8>>> = LazyLock::new(Default::default);
trait Speak: Send { fn speak(&self) -> u8; }
impl Speak for u8 { fn speak(&self) -> u8 { *self } }
fn core_atomic(a: &core::sync::atomic::AtomicU8) -> u8 { a.load(core::sync::atomic::Ordering::SeqCst) }
fn main() {
    let dynamic: Arc<Mutex<dyn Speak>> = Arc::new(Mutex::new(7_u8));
    let (send, receive) = mpsc::channel();
    let thread = thread::Builder::new().name(\"w\".into()).spawn(move || {
        send.send(dynamic.lock().unwrap().speak() + N.get()).unwrap();
        thread::current().name().map(str::to_owned)
    }).unwrap();
    LAZY.write().unwrap().push(receive.recv().unwrap());
    println!(\"{:?} {:?} {}\", thread.join().unwrap(), LAZY.read().unwrap(), core_atomic(&AtomicU8::new(3)));
}
";
    let project = Project::program(main);
    project.call("run").expect(0, &["Some(\"w\") [8] 3", "ok: ", "0 findings"]);
}

#[test]
fn build_then_exec() {
    let project = Project::new(&[
        ("Cargo.toml", MANIFEST),
        ("src/lib.rs", INVERTED),
        ("src/main.rs", "fn main() { app::both() }"),
    ]);
    project.call("test --no-run").expect(0, &["built under "]);
    project.call("build").expect(0, &["built under "]);
    let builds = project.path().join("target/syncscope/build");
    let found = std::fs::read_dir(builds).unwrap().next().unwrap().unwrap().path();
    let triple = std::fs::read_dir(found).unwrap().flatten().map(|entry| entry.path());
    let program = triple.map(|path| path.join("debug/app")).find(|path| path.is_file()).unwrap();
    let mut exec = project.command("exec --");
    let outcome = crate::support::Outcome::of(exec.arg(program).output().unwrap());
    outcome.expect(1, &["lock-order-inversion"]);
}
