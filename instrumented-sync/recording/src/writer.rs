//! Creates recordings.
