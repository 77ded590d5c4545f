//! `init`, `completions`, `man`.

use crate::support::{Bank, Project};
use cargo_syncscope::args::RuntimeArgs;
use cargo_syncscope::policy::{Incomplete, Scope};
use cargo_syncscope::settings::{ConfigFile, DEFAULT_FILE, Environment, Mode, Settings};
use cargo_syncscope::time::Time;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use syncscope_detector::rules;

/// The default file with its comments opened: `# key = value`, and with the examples too: `## key = value`.
fn opened(examples: bool) -> String {
    let mut text = String::new();
    for line in DEFAULT_FILE.lines() {
        let code = match (line.strip_prefix("## "), line.strip_prefix("# ")) {
            (Some(example), _) => examples.then_some(example),
            (None, Some(code)) if is_code(code) => Some(code),
            (None, Some(_)) => None,
            (None, None) => Some(line),
        };
        if let Some(code) = code {
            text.push_str(code);
            text.push('\n');
        }
    }
    text
}

/// Words of a key are lower case with dashes, and prose has no `=` behind its first word.
fn is_code(line: &str) -> bool {
    line.starts_with('[')
        || line
            .split_once(" = ")
            .is_some_and(|(key, _)| key.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
}

fn read(text: &str) -> ConfigFile {
    ConfigFile::of_text(text, Path::new("syncscope.toml"), Path::new("/project")).unwrap()
}

#[test]
fn what_init_writes_changes_nothing() {
    let mut file = read(DEFAULT_FILE);
    assert_eq!(file.policy.path, Path::new("syncscope.toml"));
    file.policy.path = Default::default();
    assert_eq!(file, ConfigFile::default());
}

#[test]
fn what_init_shows_are_the_defaults() {
    let text = opened(false);
    let file = read(&text);
    let defaults =
        Settings::resolve(&RuntimeArgs::default(), &Environment::default(), &ConfigFile::default())
            .unwrap();
    assert_eq!(file.mode, Some(defaults.mode));
    assert_eq!(file.mode, Some(Mode::Ring));
    assert_eq!(file.policy.scope, Some(Scope::default()));
    assert_eq!(file.policy.incomplete, Some(Incomplete::default()));
    // The runtime's own; the command passes on what is set and no more.
    let runtime = include_str!("../../../instrumented-sync/src/rt/machine/settings.rs");
    for (key, time) in [
        ("STALL", file.times.stall),
        ("LONG_WAIT", file.times.long_wait),
        ("LONG_HOLD", file.times.long_hold),
        ("BLOCKING", file.times.blocking),
    ] {
        let seconds = time.and_then(Time::duration).unwrap().as_secs();
        let default = format!("duration(\"SYNCSCOPE_{key}\", Duration::from_secs({seconds}))");
        assert!(runtime.contains(&default), "{default}");
    }
}

#[test]
fn init_shows_every_key() {
    let text = opened(true);
    read(&text);
    let table: toml::Table = text.parse().unwrap();
    let shown: BTreeSet<&str> = table.keys().map(String::as_str).collect();
    let error = ConfigFile::of_text("wrong = 1", Path::new("x"), Path::new("/")).unwrap_err();
    let error = error.to_string();
    let known: BTreeSet<&str> =
        error.rsplit_once("the keys are: ").unwrap().1.split(", ").collect();
    assert_eq!(shown, known);
}

/// What the command takes, the schema for editors takes, and the other way round where a schema can tell.
#[test]
fn the_schema_for_editors_agrees_with_the_command() {
    let schema = serde_json::from_str(include_str!("../../schemas/config.json")).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let agrees = |text: &str, expected: bool| {
        let table: toml::Table = text.parse().unwrap();
        let value = serde_json::to_value(table).unwrap();
        assert_eq!(validator.is_valid(&value), expected, "the schema: {text}");
        let read = ConfigFile::of_text(text, Path::new("x"), Path::new("/"));
        assert_eq!(read.is_ok(), expected, "the command: {text}: {read:?}");
    };
    agrees(&opened(true), true);
    agrees(DEFAULT_FILE, true);
    for time in ["off", "500ms", "1.5 s", "2m", "1h", "7", "0"] {
        agrees(&format!("stall = '{time}'"), true);
    }
    agrees("[levels]\nall = 'warn'\n'races:observed' = 'allow'\nunused-allow = 'deny'", true);
    agrees("[order]\n", true);
    for wrong in [
        "mod = 'ring'",
        "mode = 'rnig'",
        "on-stall = 'panic'",
        "dir = ''",
        "stall = 5",
        "long-wait = 'soon'",
        "scope = 'mine'",
        "incomplete = 'allow'",
        "baseline = 1",
        "wrappers = 'Guarded'",
        "wrappers = [' ']",
        "levels = 1",
        "[levels]\ndeadlok = 'warn'",
        "[levels]\ndeadlock = 'wran'",
        "[levels]\n'deadlock:seen' = 'warn'",
        "allow = 3",
        "[[allow]]\nlocks = ['a']",
        "[[allow]]\nlocks = ['a']\nreason = ' '",
        "[[allow]]\nrule = 'deadlock'\nreason = 'x'",
        "[[allow]]\nlocks = []\nreason = 'x'",
        "[[allow]]\nlock = ['a']\nreason = 'x'",
        "[[allow]]\nfingerprint = '12'\nreason = 'x'",
        "[[allow]]\nlocks = ['a']\nreason = 'x'\nexpires = 'soon'",
        "order = 'a'",
        "[order]\nx = ['a']",
        "[order]\nx = ['a', 'a']",
        "[order]\nx = ['a', ' ']",
    ] {
        agrees(wrong, false);
    }
    for rule in rules().map(|rule| rule.id.name()) {
        agrees(&format!("[levels]\n{rule} = 'warn'"), true);
        agrees(&format!("[[allow]]\nrule = '{rule}'\nsites = ['a']\nreason = 'x'"), true);
    }
}

#[test]
fn init_never_overwrites() {
    let project = Project::new(&[]);
    let outcome = project.call(&["init"]);
    assert_eq!(outcome.code, 0);
    assert_eq!(outcome.stderr, "wrote [project]/syncscope.toml\n");
    let path = project.path().join("syncscope.toml");
    assert_eq!(fs::read_to_string(&path).unwrap(), DEFAULT_FILE);
    fs::write(&path, "mode = 'off'\n").unwrap();
    let again = project.call(&["init"]);
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains("syncscope.toml` exists"), "{}", again.stderr);
    assert_eq!(fs::read_to_string(&path).unwrap(), "mode = 'off'\n");
    let shown = project.call(&["init", "--stdout"]);
    assert_eq!((shown.code, shown.stdout.as_str()), (0, DEFAULT_FILE));
}

#[test]
fn every_shell_takes_its_completions() {
    let project = Bank::project();
    for (shell, interpreter) in
        [("bash", "bash"), ("zsh", "zsh"), ("fish", "fish"), ("elvish", ""), ("powershell", "")]
    {
        let outcome = project.call(&["completions", shell]);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{shell}");
        for word in ["cargo-syncscope", "baseline", "hyperlinks", "attach"] {
            assert!(outcome.stdout.contains(word), "{shell}: {word}");
        }
        // The generators for other shells complete no such values.
        let completes_rules = outcome.stdout.contains("held-across-pool");
        assert_eq!(completes_rules, ["bash", "zsh", "fish"].contains(&shell), "{shell}");
        // The shells that are installed read them.
        if interpreter.is_empty() {
            continue;
        }
        let started =
            Command::new(interpreter).args(["-n", "/dev/stdin"]).stdin(Stdio::piped()).spawn();
        let Ok(mut started) = started else { continue };
        std::io::Write::write_all(&mut started.stdin.take().unwrap(), outcome.stdout.as_bytes())
            .unwrap();
        assert!(started.wait().unwrap().success(), "{shell}");
    }
    assert_eq!(project.call(&["completions", "basch"]).code, 2);
}

#[test]
fn bash_completes_a_command() {
    let project = Bank::project();
    let script = project.call(&["completions", "bash"]).stdout;
    let path = project.write("complete.bash", script.as_bytes());
    let ask = format!(
        "source '{}'; COMP_WORDS=(cargo-syncscope che); COMP_CWORD=1; _cargo__syncscope cargo-syncscope che cargo-syncscope; echo \"${{COMPREPLY[@]}}\"",
        path.display()
    );
    let Ok(output) = Command::new("bash").args(["-c", &ask]).output() else { return };
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "check");
}

/// Shells complete by the first word. What was known of cargo before stays, also when the script is read twice.
#[test]
fn bash_completes_behind_cargo() {
    let project = Bank::project();
    let script = project.call(&["completions", "bash"]).stdout;
    let path = project.write("complete.bash", script.as_bytes());
    let ask = |words: &[&str]| {
        let [.., before, current] = words else { panic!("two words") };
        let script = format!(
            "of_cargo() {{ COMPREPLY=(cargos); }}; complete -F of_cargo cargo; \
             for n in 1 2; do source '{}'; done; read -r _ _ name _ < <(complete -p cargo | sed 's/.*-F/x x/'); \
             COMP_WORDS=({}); COMP_CWORD={}; $name cargo '{current}' '{before}'; echo \"${{COMPREPLY[@]}}\"",
            path.display(),
            words.join(" "),
            words.len() - 1,
        );
        let output = Command::new("bash").args(["-c", &script]).output().ok()?;
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    for (words, expected) in [
        (&["cargo", "syncscope", "che"][..], "check"),
        (&["cargo", "syncscope", "attach", "--onc"], "--once"),
        (&["cargo", "bu"], "cargos"),
    ] {
        // Where there is no bash, nobody completes with it.
        assert!(ask(words).is_none_or(|found| found == expected), "{words:?}: {:?}", ask(words));
    }
}

#[test]
fn the_manual_has_every_command_and_exit_code() {
    let project = Bank::project();
    let outcome = project.call(&["man"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    let page = outcome.stdout.replace("\\-", "-").replace("\\fR", "").replace("\\fB", "");
    for word in
        [".TH", "merge", "completions", "--color", "--hyperlinks", "EXIT STATUS", "NO_COLOR"]
    {
        assert!(page.contains(word), "{word}");
    }
    for code in [0, 1, 2, 3, 4, 5, 101] {
        assert!(page.contains(&format!("\n.TP\n{code}\n")), "{code}: {page}");
    }
    // The one that reads manuals has nothing to complain about, where it is installed.
    let checked = Command::new("man")
        .args(["--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    if let Ok(mut man) = checked {
        std::io::Write::write_all(&mut man.stdin.take().unwrap(), outcome.stdout.as_bytes())
            .unwrap();
        let output = man.wait_with_output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    }
    assert_eq!(project.call(&["man", "--dir", "man"]).code, 0);
    let pages: BTreeSet<String> = fs::read_dir(project.path().join("man"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    for page in ["cargo-syncscope.1", "cargo-syncscope-check.1", "cargo-syncscope-baseline-write.1"]
    {
        assert!(pages.contains(page), "{page}: {pages:?}");
    }
}
