//! One declaration.

/// Names of locks in the order in which they are to be taken.
///
/// A name is the user's ([`Class::name`](syncscope_recording::model::Class::name)) or what the source calls the lock; `bank.rs:LEDGER`
/// is the `LEDGER` that is created in a file whose path ends so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeclaredOrder {
    /// Where it was declared, in words, for texts.
    pub origin: String,
    /// The line there, counted from 1; 0 when it has none.
    pub line: usize,
    /// The names, outermost first. Those in between may be left out.
    pub names: Vec<String>,
}
