//! Whole programs, run end to end.
