//! Colours, and what stands in their place where there are none.

use super::super::model::Tone;
use ratatui::style::{Color, Modifier, Style};

/// How things look.
#[derive(Clone, Copy, Debug)]
pub(super) struct Palette {
    /// Colours are wanted.
    pub(super) coloured: bool,
}

impl Palette {
    /// A row of this tone.
    pub(super) fn of(self, tone: Tone) -> Style {
        let (colour, modifier) = match tone {
            Tone::Plain => (Color::Reset, Modifier::empty()),
            Tone::Quiet => (Color::Reset, Modifier::DIM),
            Tone::Warning => (Color::Yellow, Modifier::empty()),
            Tone::Error => (Color::LightRed, Modifier::BOLD),
        };
        let style = Style::new().add_modifier(modifier);
        if self.coloured && colour != Color::Reset { style.fg(colour) } else { style }
    }

    /// Titles, and what is chosen of several.
    pub(super) fn title(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// The chosen row or tab.
    pub(super) fn chosen(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// What is there for those who look for it.
    pub(super) fn quiet(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }
}
