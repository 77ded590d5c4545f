//! Tests of the detector, all in one binary.

mod checker;
mod explorer;
mod generator;
mod inversions;
mod machine;
mod notation;
mod program;
mod recorder;
