//! `[[allow]]`: what is allowed on purpose, and what is allowed in vain.

use crate::support::Bank;

const PAIR: &str = "[[allow]]\nlocks = ['LEDGER', 'audit']\nreason = 'start-up only'\n";

fn allowed(config: &str, args: &[&str]) -> (i32, String) {
    let project = Bank::project();
    project.store("1.syncscope", Bank::inverted());
    project.write("syncscope.toml", config.as_bytes());
    let outcome = project.call(&[&["check", "."], args].concat());
    assert_eq!(outcome.stderr, "");
    (outcome.code, outcome.stdout)
}

#[test]
fn what_is_allowed_is_counted_and_not_shown() {
    let (code, shown) = allowed(PAIR, &[]);
    assert_eq!(code, 0);
    assert!(shown.ends_with("0 findings (1 allowed)\n") && !shown.contains("unused"), "{shown}");
    let (_, shown) = allowed(PAIR, &["--allowed"]);
    assert!(shown.contains("allowed in line 1 of syncscope.toml: start-up only"), "{shown}");
}

#[test]
fn an_allow_in_vain_is_a_finding() {
    let config =
        format!("{PAIR}\n[[allow]]\nrule = 'deadlock'\nsites = ['src/*']\nreason = 'none'\n");
    let (code, shown) = allowed(&config, &[]);
    assert_eq!(code, 0, "{shown}");
    let expected =
        "warning[unused-allow]: syncscope.toml:5: this [[allow]] matches no finding: none\n";
    assert!(shown.contains(expected), "{shown}");
    let (code, shown) = allowed(&config, &["-D", "unused-allow"]);
    assert_eq!(code, 1);
    assert!(shown.contains("error[unused-allow]: "), "{shown}");
    let (code, shown) = allowed(&config, &["-A", "unused-allow"]);
    assert!(code == 0 && !shown.contains("unused-allow"), "{shown}");
}

#[test]
fn an_allow_that_has_ended_has_no_effect() {
    let (code, shown) = allowed(&format!("{PAIR}expires = '2001-02-03'\n"), &[]);
    assert_eq!(code, 1);
    assert!(shown.contains("this [[allow]] ended on 2001-02-03: start-up only"), "{shown}");
    assert_eq!(allowed(&format!("{PAIR}expires = '9999-12-31'\n"), &[]).0, 0);
}

#[test]
fn every_form_tells_what_was_allowed_in_vain() {
    let project = Bank::project();
    project.store("1.syncscope", Bank::inverted());
    let config = format!("{PAIR}\n[[allow]]\nlocks = ['x']\nreason = 'a\\u001b[31m::b'\n");
    project.write("syncscope.toml", config.replace('\'', "\"").as_bytes());
    let text = |form: &str| project.call(&["check", ".", "--format", form]).stdout;
    let json: serde_json::Value = serde_json::from_str(&text("json")).unwrap();
    assert_eq!(json["suppressed"][0]["by"], "allow");
    assert_eq!(
        (&json["remarks"][0]["line"], &json["remarks"][0]["level"]),
        (&5.into(), &"warn".into())
    );
    let sarif: serde_json::Value = serde_json::from_str(&text("sarif")).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "unused-allow");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "syncscope.toml");
    assert!(
        text("github")
            .starts_with("::warning file=syncscope.toml,line=5,col=1,title=unused-allow::")
    );
    assert!(text("junit").contains("classname=\"syncscope.unused-allow\""));
    assert!(
        text("junit")
            .contains("<skipped message=\"allowed in line 1 of syncscope.toml: start-up only\"/>")
    );
    for form in ["human", "short", "json", "sarif", "github", "junit", "markdown"] {
        let text = text(form);
        assert!(
            text.contains("unused-allow") || text.contains("unused&#45;allow"),
            "{form}: {text}"
        );
        assert!(
            !text.replace('\n', "").contains(cargo_syncscope::escape::is_hostile),
            "{form}: {text:?}"
        );
    }
}
