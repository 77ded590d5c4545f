//! Wait-for.
