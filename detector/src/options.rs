//! How to analyse.

use crate::declared::DeclaredOrder;

/// How to analyse.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Show refuted findings too (level `allow`).
    pub refuted: bool,
    /// Declared lock orders, beside those that the programs declared themselves.
    pub orders: Vec<DeclaredOrder>,
}
