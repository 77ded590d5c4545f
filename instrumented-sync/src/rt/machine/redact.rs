//! What of a program's arguments goes into its recording: by default not what looks like a secret.
//!
//! A guess, and told as such in the docs: a secret that is named by nothing and looks like nothing (a password as the only argument, or
//! behind `-p`) is not known for one.

/// How much is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Redact {
    /// What looks like a secret.
    Secrets,
    /// Everything but the program's own name.
    All,
    /// Nothing.
    None,
}

/// Stands for what was left out.
const MASK: &str = "***";

/// Words in the name of a secret.
const NAMES: [&str; 12] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "privatekey",
    "credential",
    "authorization",
    "cookie",
    "signature",
];

/// Parts of a name that are the name of a secret only if they stand alone.
const PARTS: [&str; 6] = ["pass", "pwd", "pw", "auth", "bearer", "session"];

/// Ends of names of what tells where a secret is, and not which.
const PLACES: [&str; 10] =
    ["file", "path", "stdin", "env", "command", "cmd", "dir", "prompt", "url", "name"];

/// How well-known secrets begin, and how many characters they have at least.
const BEGINNINGS: [(&str, usize); 15] = [
    ("AKIA", 16),
    ("ASIA", 16),
    ("AIza", 30),
    ("ghp_", 20),
    ("gho_", 20),
    ("ghu_", 20),
    ("ghs_", 20),
    ("github_pat_", 20),
    ("glpat-", 16),
    ("xoxb-", 16),
    ("xoxp-", 16),
    ("sk-", 20),
    ("sk_live_", 16),
    ("npm_", 30),
    ("eyJ", 30),
];

impl Redact {
    /// The arguments as they are recorded.
    pub(crate) fn arguments(self, args: impl Iterator<Item = String>) -> Vec<String> {
        let mut is_value = false;
        let redacted = |(index, arg): (usize, String)| {
            // The program's own name.
            if index == 0 || self == Self::None {
                return arg;
            }
            if self == Self::All {
                return MASK.to_owned();
            }
            let is_flag = arg.starts_with("--");
            if std::mem::replace(&mut is_value, is_secret_flag(&arg)) && !is_flag {
                is_value = false;
                return MASK.to_owned();
            }
            argument(&arg)
        };
        args.enumerate().map(redacted).collect()
    }
}

/// `--password`, whose value is the next argument.
fn is_secret_flag(arg: &str) -> bool {
    arg.starts_with('-') && !arg.contains(['=', ':', ' ']) && is_secret(arg)
}

/// An argument without what looks like a secret in it.
fn argument(arg: &str) -> String {
    // `--token=…` and `TOKEN=…`: all that follows.
    if let Some((name, _)) = arg.split_once('=')
        && !name.is_empty()
        && name.chars().all(is_of_name)
        && is_secret(name)
    {
        return format!("{name}={MASK}");
    }
    // `Authorization: …`: a header, to its end.
    if let Some((name, value)) = arg.split_once(':')
        && value.starts_with(' ')
        && name.chars().all(is_of_name)
        && is_secret(name)
    {
        return format!("{name}: {MASK}");
    }
    named_values(&without_users(arg))
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// Whether something of this name is a secret.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let parts = || name.split(['-', '_', '.']).filter(|part| !part.is_empty());
    let is_place =
        parts().next() == Some("no") || parts().next_back().is_some_and(|l| PLACES.contains(&l));
    let whole: String = parts().collect();
    !is_place
        && (NAMES.iter().any(|known| whole.contains(known))
            || parts().any(|part| PARTS.contains(&part)))
}

/// Takes users with their passwords out of addresses: `scheme://user:password@host`.
fn without_users(arg: &str) -> String {
    let mut out = String::with_capacity(arg.len());
    let mut rest = arg;
    while let Some(at) = rest.find("://") {
        let (scheme, behind) = rest.split_at(at + 3);
        out.push_str(scheme);
        let end = behind.find(['/', '?', '#', ' ', '"', '\'']).unwrap_or(behind.len());
        rest = match behind[..end].rfind('@') {
            Some(at) => {
                out.push_str(MASK);
                &behind[at..]
            }
            None => behind,
        };
    }
    out.push_str(rest);
    out
}

/// Takes out the values of names in the middle of a text (`?token=…&`, `"password": "…"`), and what begins like a well-known secret.
fn named_values(arg: &str) -> String {
    let mut out = String::with_capacity(arg.len());
    let mut rest = arg;
    while !rest.is_empty() {
        let len = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(len);
        if is_well_known(word) {
            out.push_str(MASK);
            rest = behind;
            continue;
        }
        out.push_str(word);
        rest = behind;
        let is_named = is_secret(word);
        let is_bearer = matches!(word, "Bearer" | "Basic" | "bearer" | "basic");
        if let Some((between, value, after)) =
            value_behind(rest, is_bearer).filter(|_| is_named || is_bearer)
            && !value.is_empty()
        {
            out.push_str(between);
            out.push_str(MASK);
            rest = after;
            continue;
        }
        let next = rest.chars().next().map_or(0, char::len_utf8);
        out.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    out
}

fn is_well_known(word: &str) -> bool {
    BEGINNINGS.iter().any(|(start, least)| word.starts_with(start) && word.len() >= *least)
}

/// What stands between a name and its value, the value, and what follows.
fn value_behind(rest: &str, by_space: bool) -> Option<(&str, &str, &str)> {
    let trimmed = rest.trim_start_matches(['"', '\'', '\\']).trim_start();
    let value = match trimmed.strip_prefix(['=', ':']) {
        Some(value) => value,
        None if by_space && rest.starts_with(' ') => trimmed,
        None => return None,
    };
    let value = value.trim_start();
    let bare = value.trim_start_matches(['"', '\'', '\\']);
    let is_quoted = bare.len() < value.len();
    let ends = |c: char| match is_quoted {
        true => matches!(c, '"' | '\'' | '\\'),
        false => c.is_whitespace() || matches!(c, '&' | ',' | ';' | '}' | '"' | '\''),
    };
    let len = bare.find(ends).unwrap_or(bare.len());
    let start = rest.len() - bare.len();
    Some((&rest[..start], &bare[..len], &bare[len..]))
}

#[cfg(test)]
mod tests {
    use super::Redact;

    fn of(redact: Redact, args: &[&str]) -> Vec<String> {
        redact.arguments(args.iter().map(|arg| (*arg).to_owned()))
    }

    #[test]
    fn secrets_are_left_out() {
        for (given, expected) in [
            ("--password=hunter2", "--password=***"),
            ("--db-password=a,b c", "--db-password=***"),
            ("API_TOKEN=abc", "API_TOKEN=***"),
            ("--apiKey=abc", "--apiKey=***"),
            ("-pass=abc", "-pass=***"),
            ("Authorization: Bearer abc.def", "Authorization: ***"),
            ("X-Api-Key: 1234", "X-Api-Key: ***"),
            ("-HCookie: a=b", "-HCookie: ***"),
            ("postgres://bank:hunter2@db/ledger", "postgres://***@db/ledger"),
            ("https://ghp_x@github.com/a?b=c#d", "https://***@github.com/a?b=c#d"),
            ("https://h/a?access_token=x&page=2", "https://h/a?access_token=***&page=2"),
            (r#"{"password": "a b", "user": "me"}"#, r#"{"password": "***", "user": "me"}"#),
            ("AKIAIOSFODNN7EXAMPLE", "***"),
            ("use Bearer abcdef now", "use Bearer *** now"),
            ("user=me password=x host=h", "user=me password=*** host=h"),
        ] {
            assert_eq!(of(Redact::Secrets, &["program", given])[1], expected, "{given}");
        }
    }

    #[test]
    fn the_value_of_a_flag_is_the_next_argument() {
        let args = ["p", "--token", "abc", "--secret", "--verbose", "x", "--password", "-y"];
        let expected = ["p", "--token", "***", "--secret", "--verbose", "x", "--password", "***"];
        assert_eq!(of(Redact::Secrets, &args), expected);
    }

    #[test]
    fn the_rest_is_left_alone() {
        for arg in [
            "--password-file=/etc/x",
            "--no-password",
            "--author=me",
            "--passes=3",
            "https://example.org/a:b@c",
            "tests::the_token_is_checked",
            "src/main.rs:12",
            "a=b",
            "=",
            "",
            "--key",
            "grüße://ü@",
        ] {
            let expected = if arg == "grüße://ü@" { "grüße://***@" } else { arg };
            assert_eq!(
                of(Redact::Secrets, &["password", arg, "next"]),
                ["password", expected, "next"]
            );
        }
    }

    #[test]
    fn all_and_nothing() {
        let args = ["p", "a", "--token=b"];
        assert_eq!(of(Redact::All, &args), ["p", "***", "***"]);
        assert_eq!(of(Redact::None, &args), args);
    }
}
