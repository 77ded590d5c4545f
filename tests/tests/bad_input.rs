//! Damaged, truncated, empty, foreign and newer recordings; unknown rules, keys and folders: a clear error and the
//! right exit code, never a panic, never a hang. [`Tool::call`] checks the latter two.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use syncscope_tests::build::{Artifacts, workspace_artifacts};
use syncscope_tests::command::Tool;
use syncscope_tests::random::Random;

/// Offsets of the format's header (`docs/format.md`).
const MAJOR: usize = 8;
const PAGE: usize = 4096;

static BUILT: LazyLock<Artifacts> = LazyLock::new(|| {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    workspace_artifacts(scratch)
});

/// A good recording, with findings.
static GOOD: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let tool = tool();
    let recordings = tool.folder().join("recordings");
    let program = BUILT.executable("bank-broken");
    let arguments = ["exec".as_ref(), "--dir".as_ref(), recordings.as_os_str(), "--".as_ref()];
    tool.call(&[&arguments[..], &[program.as_os_str()]].concat());
    let mut files = fs::read_dir(&recordings).expect("it recorded").flatten().map(|e| e.path());
    let file = files.find(|path| path.extension() == Some(OsStr::new("syncscope")));
    fs::read(file.expect("there is a recording")).expect("it can be read")
});

fn tool() -> Tool {
    Tool::new(BUILT.executable("cargo-syncscope"))
}

/// Writes a file that claims to be a recording, and checks it; gives the exit code and all that was printed.
fn check(tool: &Tool, bytes: &[u8]) -> (i32, String, PathBuf) {
    let file = tool.folder().join("sample.syncscope");
    fs::write(&file, bytes).expect("the folder is writable");
    let ran = tool.call(&["check".as_ref(), file.as_os_str()]);
    (ran.code.expect("it ended"), ran.stdout + &ran.stderr, file)
}

fn assert_unreadable(bytes: &[u8], word: &str) {
    let tool = tool();
    let (code, text, _) = check(&tool, bytes);
    assert_eq!(code, 4, "{text}");
    assert!(text.contains("sample.syncscope"), "the file is not named: {text}");
    assert!(text.to_lowercase().contains(word), "`{word}` is not said: {text}");
}

#[test]
fn a_good_recording_is_checked() {
    let (code, text, _) = check(&tool(), &GOOD);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("lock-order-inversion"), "{text}");
}

#[test]
fn empty_foreign_newer_and_cut_files_are_named() {
    assert_unreadable(b"", "empty");
    assert_unreadable(b"\x89PNG\r\n\x1a\n and so on", "recording");
    assert_unreadable(&[0; 3 * PAGE], "recording");
    assert_unreadable(&GOOD[..100], "recording");
    let mut newer = GOOD.clone();
    newer[MAJOR] += 1;
    assert_unreadable(&newer, "newer");
}

#[test]
fn a_bad_file_does_not_hide_the_findings_of_a_good_one() {
    let tool = tool();
    fs::write(tool.folder().join("good.syncscope"), &*GOOD).expect("the folder is writable");
    fs::write(tool.folder().join("bad.syncscope"), b"nothing").expect("the folder is writable");
    let (ran, report) = tool.report("check", &[tool.folder().as_os_str()]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert_eq!(report.unreadable.len(), 1);
    assert!(report.denied().count() == 2);
}

#[test]
fn cut_anywhere_it_is_read_as_far_as_it_goes() {
    let mut random = Random::seeded(11);
    let tool = tool();
    let pages = GOOD.len().div_ceil(PAGE);
    let mut lengths: Vec<usize> = (0..pages.min(24)).map(|page| page * PAGE).collect();
    lengths.extend((0..24).map(|_| random.below(GOOD.len() as u64) as usize));
    for length in lengths {
        let (code, text, _) = check(&tool, &GOOD[..length]);
        let allowed: &[i32] = if length < PAGE { &[4] } else { &[0, 1, 3, 4] };
        assert!(allowed.contains(&code), "cut at {length}: {code}\n{text}");
    }
}

#[test]
fn flipped_bytes_break_nothing() {
    let rounds = std::env::var("SYNCSCOPE_FUZZ_CASES").map_or(60, |n| n.parse().expect("a number"));
    let mut random = Random::seeded(13);
    let tool = tool();
    let (good, merged) =
        (tool.folder().join("good.syncscope"), tool.folder().join("merged.syncscope"));
    fs::write(&good, &*GOOD).expect("the folder is writable");
    for round in 0..rounds {
        let _ = fs::remove_file(&merged);
        let mut bytes = GOOD.clone();
        // Headers of chunks are the tender spots, so half of the flips go there.
        for _ in 0..=random.below(8) {
            let page = random.below(bytes.len().div_ceil(PAGE) as u64) as usize * PAGE;
            let offset =
                if random.below(2) == 0 { random.below(64) } else { random.below(PAGE as u64) };
            if let Some(byte) = bytes.get_mut(page + offset as usize) {
                *byte = random.below(256) as u8;
            }
        }
        let (code, text, file) = check(&tool, &bytes);
        assert!([0, 1, 3, 4].contains(&code), "round {round}: {code}\n{text}");
        tool.call(&["report".as_ref(), file.as_os_str()]);
        tool.call(&["order".as_ref(), file.as_os_str()]);
        tool.call(&["diff".as_ref(), file.as_os_str(), good.as_os_str()]);
        tool.call(&["merge".as_ref(), file.as_os_str(), "--out".as_ref(), merged.as_os_str()]);
        if merged.exists() {
            let again = tool.call(&["check".as_ref(), merged.as_os_str()]);
            assert_eq!(again.code, Some(code), "round {round}: merged\n{text}");
        }
    }
}

#[test]
fn nothing_to_check_is_its_own_code() {
    let tool = tool();
    let empty = tool.folder().join("empty");
    fs::create_dir(&empty).expect("the folder is writable");
    assert_eq!(tool.call(&["check".as_ref(), empty.as_os_str()]).code, Some(3));
}

#[test]
fn usage_errors_suggest_what_was_meant() {
    let tool = tool();
    let expect = |arguments: &[&str], word: &str| {
        let ran = tool.call(arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(word), "{arguments:?}: {}", ran.stderr);
    };
    expect(&["explain", "lock-order-inversoin"], "lock-order-inversion");
    expect(&["chekc"], "check");
    expect(&["check", "--formt", "json"], "--format");
    expect(&["exec", "--mode", "rign", "--", "true"], "ring");
    expect(&["exec", "--on-deadlock", "panik", "--", "true"], "panic");
    expect(&["exec", "--", "./no-such-program"], "no-such-program");
    fs::create_dir_all(tool.folder().join("recordings")).expect("the folder is writable");
    expect(&["check", "recordngs"], "recordings");
}

#[test]
fn a_bad_configuration_key_is_named_with_the_right_one() {
    let tool = tool();
    fs::write(tool.folder().join("syncscope.toml"), "mdoe = \"ring\"\n").expect("it is writable");
    let ran = tool.call(&["exec", "--", "true"]);
    assert_eq!(ran.code, Some(2), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("mdoe") && ran.stderr.contains("mode"), "{}", ran.stderr);
    assert!(ran.stderr.contains("syncscope.toml"), "{}", ran.stderr);
}
