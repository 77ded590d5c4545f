//! Whether to colour.

use super::when::Color;
use std::ffi::OsStr;

/// What decides about colours, beside the flag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// `NO_COLOR`: anything but nothing switches colours off.
    pub no_color: Option<String>,
    /// `FORCE_COLOR`: anything but `0` and `false` switches them on, also where there is no terminal.
    pub force_color: Option<String>,
    /// `CLICOLOR_FORCE`: anything but `0` switches them on, also where there is no terminal.
    pub clicolor_force: Option<String>,
    /// `CLICOLOR`: `0` switches them off.
    pub clicolor: Option<String>,
    /// `TERM`: `dumb` knows none.
    pub term: Option<String>,
}

/// Decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Colours {
    flag: Color,
    surroundings: Surroundings,
}

impl Surroundings {
    /// Those of this process. Empty variables count as absent.
    #[must_use]
    pub fn of_process() -> Self {
        let get = |name: &str| {
            std::env::var_os(name)
                .as_deref()
                .map(OsStr::to_string_lossy)
                .map(|value| value.into_owned())
                .filter(|value| !value.is_empty())
        };
        Self {
            no_color: get("NO_COLOR"),
            force_color: get("FORCE_COLOR"),
            clicolor_force: get("CLICOLOR_FORCE"),
            clicolor: get("CLICOLOR"),
            term: get("TERM"),
        }
    }
}

impl Colours {
    /// The flag wins over the surroundings.
    #[must_use]
    pub const fn new(flag: Color, surroundings: Surroundings) -> Self {
        Self { flag, surroundings }
    }

    /// Whether a stream is coloured. What is switched off stays off: `NO_COLOR` wins over what switches on, and that over
    /// what depends on the terminal.
    #[must_use]
    pub fn of(&self, is_terminal: bool) -> bool {
        let Surroundings { no_color, force_color, clicolor_force, clicolor, term } =
            &self.surroundings;
        let forces =
            |value: &Option<String>| value.as_deref().map(|value| !matches!(value, "0" | "false"));
        match self.flag {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if no_color.is_some() => false,
            Color::Auto => match (forces(force_color), forces(clicolor_force)) {
                (Some(forced), _) => forced,
                (None, Some(true)) => true,
                _ if clicolor.as_deref() == Some("0") => false,
                _ => is_terminal && term.as_deref() != Some("dumb") && self.has_term(),
            },
        }
    }

    /// Windows' terminals have no `TERM`.
    fn has_term(&self) -> bool {
        cfg!(windows) || self.surroundings.term.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_has_its_place() {
        // NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, CLICOLOR, TERM; on a terminal, elsewhere.
        let rows = [
            (["", "", "", "", "xterm"], true, false),
            (["", "", "", "", "dumb"], false, false),
            (["1", "", "", "", "xterm"], false, false),
            (["0", "", "", "", "xterm"], false, false),
            (["1", "1", "1", "1", "xterm"], false, false),
            (["", "1", "", "", "dumb"], true, true),
            (["", "3", "", "0", "xterm"], true, true),
            (["", "0", "1", "", "xterm"], false, false),
            (["", "false", "", "", "xterm"], false, false),
            (["", "", "1", "", ""], true, true),
            (["", "", "1", "0", "xterm"], true, true),
            (["", "", "0", "", "xterm"], true, false),
            (["", "", "", "0", "xterm"], false, false),
            (["", "", "", "1", "xterm"], true, false),
        ];
        for (values, on_terminal, elsewhere) in rows {
            let [no_color, force_color, clicolor_force, clicolor, term] =
                values.map(|value| Some(value.to_owned()).filter(|value| !value.is_empty()));
            let surroundings =
                Surroundings { no_color, force_color, clicolor_force, clicolor, term };
            let auto = Colours::new(Color::Auto, surroundings.clone());
            assert_eq!((auto.of(true), auto.of(false)), (on_terminal, elsewhere), "{values:?}");
            for (flag, expected) in [(Color::Always, true), (Color::Never, false)] {
                let colours = Colours::new(flag, surroundings.clone());
                assert_eq!((colours.of(true), colours.of(false)), (expected, expected));
            }
        }
    }
}
