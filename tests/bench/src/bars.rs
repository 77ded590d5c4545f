//! Horizontal bars in groups, drawn as SVG.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::error::Error;

/// Dark on white, and told apart without colour sight (after Okabe and Ito).
const COLOURS: [RGBColor; 6] = [
    RGBColor(0x99, 0x99, 0x99),
    RGBColor(0x00, 0x72, 0xB2),
    RGBColor(0x56, 0xB4, 0xE9),
    RGBColor(0x00, 0x9E, 0x73),
    RGBColor(0xE6, 0x9F, 0x00),
    RGBColor(0xD5, 0x5E, 0x00),
];

const WIDTH: u32 = 860;

/// Of a bar and the gap beside it.
const BAR: u32 = 11;

/// The part of it that is drawn.
const FILLED: f64 = 0.85;

/// Ratios of several things, a group of bars for each.
pub struct Bars<'a> {
    pub title: &'a str,
    /// Of each group.
    pub series: &'a [&'a str],
    /// The colour of the first series, the others follow.
    pub colour: usize,
    /// Names, and the ratios by series; a bar may be missing.
    pub groups: Vec<(String, Vec<Option<f64>>)>,
}

impl Bars<'_> {
    /// Draws them from 1 on, on a logarithmic scale.
    pub fn draw(&self) -> Result<String, Box<dyn Error>> {
        let mut text = String::new();
        self.onto(&SVGBackend::with_string(&mut text, self.size()).into_drawing_area())
            .map_err(|error| error.to_string())?;
        Ok(text)
    }

    fn size(&self) -> (u32, u32) {
        (WIDTH, self.groups.len() as u32 * self.rows() as u32 * BAR + 90)
    }

    /// Of a group: its bars, and a gap.
    fn rows(&self) -> usize {
        self.series.len() + 1
    }

    fn onto<B: DrawingBackend>(
        &self,
        area: &DrawingArea<B, plotters::coord::Shift>,
    ) -> Result<(), DrawingAreaErrorKind<B::ErrorType>> {
        let most = self.groups.iter().flat_map(|(_, bars)| bars.iter().flatten());
        let most = most.copied().fold(2.0, f64::max) * 1.3;
        let groups = self.groups.len() as f64;
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(area)
            .caption(self.title, ("sans-serif", 18))
            .margin(10)
            .x_label_area_size(26)
            .y_label_area_size(150)
            .build_cartesian_2d((LEFT..most).log_scale(), 0.0..groups)?;
        let mut mesh = chart.configure_mesh();
        mesh.disable_y_mesh().disable_y_axis().y_labels(0);
        mesh.x_label_formatter(&|ratio| format!("{ratio}")).draw()?;
        for (series, name) in self.series.iter().enumerate() {
            let colour = COLOURS[(self.colour + series) % COLOURS.len()];
            let bars = self.groups.iter().enumerate().filter_map(|(group, (_, bars))| {
                // The first group and the first series are at the top.
                let top = groups - group as f64 - (series as f64 + 0.5) / self.rows() as f64;
                let bottom = top - FILLED / self.rows() as f64;
                Some(Rectangle::new([(1.0, top), (bars[series]?, bottom)], colour.filled()))
            });
            let sample =
                move |(x, y)| Rectangle::new([(x, y - 4), (x + 12, y + 4)], colour.filled());
            chart.draw_series(bars)?.label(*name).legend(sample);
        }
        let style = ("sans-serif", 13).into_text_style(area);
        let style = style.pos(Pos::new(HPos::Right, VPos::Center));
        chart.draw_series(self.groups.iter().enumerate().map(|(group, (name, _))| {
            let place = (LEFT, groups - group as f64 - 0.5);
            EmptyElement::at(place) + Text::new(name.clone(), (-8, 0), style.clone())
        }))?;
        let mut legend = chart.configure_series_labels();
        legend.position(SeriesLabelPosition::LowerRight).background_style(WHITE.filled());
        legend.border_style(BLACK.mix(0.3)).draw()?;
        area.present()
    }
}

/// Where the scale begins: what costs less than std goes to the left of 1.
const LEFT: f64 = 0.5;
