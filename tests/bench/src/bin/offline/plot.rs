//! How reading grows, as a drawing.

use super::Row;
use super::measure::Task;
use plotters::coord::Shift;
use plotters::prelude::*;

/// The file beside the page.
pub const FILE: &str = "benchmarks-offline.svg";

const SIZE: (u32, u32) = (640, 420);

/// Told apart without colour sight (after Okabe and Ito).
const COLOURS: [RGBColor; 3] =
    [RGBColor(0x00, 0x72, 0xB2), RGBColor(0xE6, 0x9F, 0x00), RGBColor(0xD5, 0x5E, 0x00)];

/// Seconds by the number of events, a line for each task; both scales are logarithmic.
///
/// # Errors
///
/// What the library says.
pub fn draw(rows: &[Row]) -> Result<String, String> {
    let mut text = String::new();
    onto(&SVGBackend::with_string(&mut text, SIZE).into_drawing_area(), rows)
        .map_err(|error| error.to_string())?;
    Ok(text)
}

fn onto<B: DrawingBackend>(
    area: &DrawingArea<B, Shift>,
    rows: &[Row],
) -> Result<(), DrawingAreaErrorKind<B::ErrorType>> {
    let seconds = |row: &Row, task: usize| row.measured[task].nanoseconds as f64 / 1e9;
    let events = || rows.iter().map(|row| row.events as f64);
    let times = || rows.iter().flat_map(|row| (0..Task::ALL.len()).map(|task| seconds(row, task)));
    let range = |least: f64, most: f64| (least / 1.5..most * 1.5).log_scale();
    let least = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::NAN, f64::min);
    let most = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::NAN, f64::max);
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(area)
        .caption("Seconds by events of the recordings", ("sans-serif", 18))
        .margin(10)
        .x_label_area_size(30)
        .y_label_area_size(60)
        .build_cartesian_2d(
            range(least(&mut events()), most(&mut events())),
            range(least(&mut times()), most(&mut times())),
        )?;
    let mut mesh = chart.configure_mesh();
    mesh.x_label_formatter(&|events| format!("{events:.0e}"));
    mesh.y_label_formatter(&|seconds| format!("{seconds}")).draw()?;
    for (index, task) in Task::ALL.into_iter().enumerate() {
        let colour = COLOURS[index];
        let points = rows.iter().map(|row| (row.events as f64, seconds(row, index)));
        let line = LineSeries::new(points, colour.stroke_width(2)).point_size(3);
        let sample = move |(x, y)| PathElement::new([(x, y), (x + 16, y)], colour.stroke_width(2));
        chart.draw_series(line)?.label(task.name()).legend(sample);
    }
    let mut legend = chart.configure_series_labels();
    legend.position(SeriesLabelPosition::UpperLeft).background_style(WHITE.filled());
    legend.border_style(BLACK.mix(0.3)).draw()?;
    area.present()
}
