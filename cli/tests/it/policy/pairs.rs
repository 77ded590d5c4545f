//! A project with as many inversions as are asked for, each in a file of its own.

use crate::support::{Project, Recorder};
use syncscope_recording::Recording;
use syncscope_recording::model::{Access, Primitive};

/// One inversion: the file it is in, and how many lines stand above its code.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) number: usize,
    pub(super) file: String,
    pub(super) above: usize,
}

impl Pair {
    pub(super) fn many(numbers: std::ops::Range<usize>) -> Vec<Self> {
        let pair = |number| Self { number, file: format!("src/pair{number}.rs"), above: 0 };
        numbers.map(pair).collect()
    }

    fn code(&self) -> String {
        let n = self.number;
        format!(
            "{}static A{n}: Mutex<u64> = Mutex::new(0);\nstatic B{n}: Mutex<u64> = Mutex::new(0);\n\
             fn forward() {{\n    let a = A{n}.lock();\n    let b = B{n}.lock();\n}}\n\
             fn backward() {{\n    let b = B{n}.lock(); // first\n    let a = A{n}.lock(); // second\n}}\n",
            "// moved\n".repeat(self.above)
        )
    }
}

/// A project of these inversions, with a recording that has them all.
pub(super) fn project(pairs: &[Pair]) -> Project {
    let project = Project::new(&[(
        "Cargo.toml",
        "[package]\nname = \"pairs\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    )]);
    project.write("src/main.rs", b"fn main() {}\n");
    for pair in pairs {
        project.write(&pair.file, pair.code().as_bytes());
    }
    project.store("run/1.syncscope", recording(pairs));
    project
}

fn recording(pairs: &[Pair]) -> Recording {
    let mut recorder = Recorder::new("", "");
    let [one, other] = [1, 2].map(|number| recorder.thread(number, None, None));
    for pair in pairs {
        let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
        recorder.go_to(leak(pair.file.clone()), leak(pair.code()));
        let n = pair.number;
        let [a, b] = ["A", "B"].map(|name| {
            recorder.class(
                Primitive::Mutex,
                "u64",
                &format!("static {name}{n}: Mutex<u64> = @Mutex::new"),
            )
        });
        let any = Access::default();
        let place = |text: &str| text.replace('#', &n.to_string());
        let [first, then] = ["let a = A#.@lock();\n    let b", "let b = B#.@lock();\n}"].map(place);
        recorder.nests(one, (a, any, &first), (b, any, &then), 5);
        let [first, then] =
            ["let b = B#.@lock(); // first", "let a = A#.@lock(); // second"].map(place);
        recorder.nests(other, (b, any, &first), (a, any, &then), 2);
    }
    recorder.finish()
}
