//! The objects that an assertion speaks of.

use crate::ext::Nameable;
use crate::ext::hook::tested::Thing;
use sealed::Known;

/// An object that an assertion speaks of: a reference to a lock, or a name that [`named`](crate::ext::named) gave.
pub trait Object: sealed::Object {}

/// Several of them: one, a tuple of up to four, or `()` for none.
pub trait Objects: sealed::Objects {}

impl<T: Nameable> Object for &T {}
impl Object for &str {}

pub(super) mod sealed {
    use crate::ext::hook::tested::Thing;

    /// What the runtime knows an object by; `None` for what has no identity.
    #[derive(Debug)]
    pub struct Known<'a>(pub(in crate::ext::testing) Option<Thing<'a>>);

    /// What the runtime knows it by.
    pub trait Object {
        fn known(&self) -> Known<'_>;

        /// In words, for messages.
        fn words(&self) -> String;
    }

    /// Several.
    pub trait Objects {
        /// Each with its words.
        fn each<'a>(&'a self, f: &mut dyn FnMut(String, Known<'a>));
    }
}

#[cfg(feature = "instrument")]
fn of<T: Nameable>(object: &T) -> Option<Thing<'_>> {
    crate::ext::identity(object).map(Thing::Object)
}

/// Nobody asks which.
#[cfg(not(feature = "instrument"))]
fn of<T: Nameable>(_: &T) -> Option<Thing<'_>> {
    Some(Thing::Object)
}

impl<T: Nameable> sealed::Object for &T {
    fn known(&self) -> Known<'_> {
        Known(of(*self))
    }

    fn words(&self) -> String {
        format!("the {}", short(std::any::type_name::<T>()))
    }
}

impl sealed::Object for &str {
    fn known(&self) -> Known<'_> {
        Known(Some(Thing::Name(self)))
    }

    fn words(&self) -> String {
        format!("`{}`", self.escape_debug())
    }
}

impl sealed::Objects for () {
    fn each<'a>(&'a self, _: &mut dyn FnMut(String, Known<'a>)) {}
}

impl Objects for () {}

impl<O: Object> sealed::Objects for O {
    fn each<'a>(&'a self, f: &mut dyn FnMut(String, Known<'a>)) {
        f(self.words(), self.known());
    }
}

impl<O: Object> Objects for O {}

macro_rules! tuples {
    ($(($($name:ident $at:tt),*))*) => {
        $(
            impl<$($name: Object),*> sealed::Objects for ($($name,)*) {
                fn each<'a>(&'a self, f: &mut dyn FnMut(String, Known<'a>)) {
                    $(f(self.$at.words(), self.$at.known());)*
                }
            }

            impl<$($name: Object),*> Objects for ($($name,)*) {}
        )*
    };
}

tuples!((A 0)(A 0, B 1)(A 0, B 1, C 2)(A 0, B 1, C 2, D 3));

/// A type without the modules of its parts: `a::b::Mutex<c::D>` is `Mutex<D>`.
fn short(name: &str) -> String {
    let mut short = String::new();
    let mut start = 0;
    for (at, character) in name.char_indices() {
        let is_part = character.is_alphanumeric() || character == '_' || character == ':';
        if !is_part {
            short.push_str(last(&name[start..at]));
            short.push(character);
            start = at + character.len_utf8();
        }
    }
    short + last(&name[start..])
}

fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_of_types() {
        for (long, expected) in [
            ("std::sync::Mutex<i32>", "Mutex<i32>"),
            ("a::Lock<(b::C, alloc::vec::Vec<&d::e::F>)>", "Lock<(C, Vec<&F>)>"),
            ("u8", "u8"),
            ("", ""),
        ] {
            assert_eq!(short(long), expected);
        }
    }
}
