//! The recording's layout and its chunks, as they are; in place of the file, memory that ends with the model.

#[path = "../../../../recording/src/layout.rs"]
pub mod layout;
#[path = "../../../../recording/src/words.rs"]
pub mod words;
pub mod writer;
