//! What findings may do: levels, scope, `[[allow]]`, the baseline.

mod allow;
mod baseline;
mod levels;
mod pairs;
