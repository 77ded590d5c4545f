//! What is told of several measurements.

/// The one in the middle; no number if there is none.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The least.
pub fn least(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::NAN, f64::min)
}

/// Times of one thing and of what it is compared with, measured in the same rounds.
#[derive(Clone, Copy, Debug)]
pub struct Ratio {
    /// The median of the rounds' ratios: what is usual.
    pub median: f64,
    /// The ratio of the least times: what it is when nothing disturbs.
    pub of_minima: f64,
}

impl Ratio {
    /// Nothing if one of them was not measured.
    pub fn of(own: &[f64], base: &[f64]) -> Option<Self> {
        if own.is_empty() || base.is_empty() {
            return None;
        }
        let median = median(own.iter().zip(base).map(|(own, base)| own / base));
        Some(Self { median, of_minima: least(own) / least(base) })
    }
}
