//! The order of rooms: a lower room names nothing of a higher one.

use super::crates::{Arrow, Crate, Module};
use std::fmt;

/// What is wrong with the files of a module, such as the root of a crate, given its rooms from the lowest to the highest.
///
/// A room is a module with all that is in it, such as `escape` or `service::knot`; a file belongs to the most exact room that it
/// is in. The module's own file is above all of them. Rooms that are not there, and files in no room, are told too.
#[must_use]
pub fn upward(all: &Crate, module: &[&str], rooms: &[&str]) -> Vec<String> {
    let module: Module = module.iter().map(|&name| name.to_owned()).collect();
    let room = |room: &&str| {
        let names = room.split("::").map(str::to_owned);
        module.iter().cloned().chain(names).collect::<Module>()
    };
    let rooms: Vec<Module> = rooms.iter().map(room).collect();
    let is_inside = |file: &Module| file.starts_with(&module);
    let place = |file: &Module| {
        let around = (0..rooms.len()).filter(|&room| file.starts_with(&rooms[room]));
        around.max_by_key(|&room| rooms[room].len())
    };
    let gone = rooms.iter().filter(|room| !all.modules().any(|file| file.starts_with(room)));
    let gone = gone.map(|room| format!("the room `{}` is gone", room.join("::")));
    // The modules around a room only declare it.
    let declares =
        |file: &Module| *file == module || rooms.iter().any(|room| room.starts_with(file));
    let homeless = all.modules().filter(|file| is_inside(file) && !declares(file));
    let homeless = homeless.filter(|file| place(file).is_none());
    let homeless = homeless.map(|file| format!("`{}` is in no room", file.join("::")));
    let height = |file: &Module| place(file).unwrap_or(rooms.len());
    let is_upward = |arrow: &Arrow| {
        is_inside(&arrow.from) && is_inside(&arrow.to) && height(&arrow.from) < height(&arrow.to)
    };
    let upward = all.arrows().iter().filter(|arrow| is_upward(arrow));
    gone.chain(homeless).chain(upward.map(Arrow::to_string)).collect()
}

/// What some rooms name of another one beside the parts of it that are meant for them, and what these re-export.
#[must_use]
pub fn beside(all: &Crate, from: &[&str], of: &str, parts: &[&str]) -> Vec<String> {
    let is_in = |file: &Module, room: &str| {
        let names: Module = room.split("::").map(str::to_owned).collect();
        file.starts_with(&names)
    };
    let is_meant = |file: &Module| parts.iter().any(|part| is_in(file, &format!("{of}::{part}")));
    let is_handed_on = |arrow: &Arrow| arrow.through.iter().any(&is_meant);
    let arrows = all.arrows().iter().filter(|arrow| !is_handed_on(arrow)).filter(|arrow| {
        from.iter().any(|room| is_in(&arrow.from, room))
            && is_in(&arrow.to, of)
            && !is_meant(&arrow.to)
    });
    arrows.map(Arrow::to_string).collect()
}

impl fmt::Display for Arrow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |module: &Module| {
            if module.is_empty() { "the root".to_owned() } else { module.join("/") }
        };
        write!(f, "{} names {} by `{}`", shown(&self.from), shown(&self.to), self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_rooms_name_no_higher_ones() {
        let file = |name: &str, text: &str| (vec![name.to_owned()], text.to_owned());
        let all = Crate::of([
            (Vec::new(), "fn f() { low::f(high::g()) }".to_owned()),
            file("low", "use crate::high::g;"),
            file("high", "use crate::low; pub fn g() { crate::f() }"),
        ]);
        assert_eq!(
            upward(&all, &[], &["low", "high"]),
            ["high names the root by `crate::f`", "low names high by `crate::high::g`"]
        );
        assert_eq!(upward(&all, &[], &["high", "low", "more"]).len(), 3, "gone, low, the root");
        assert_eq!(upward(&all, &[], &["low"])[0], "`high` is in no room");
    }

    #[test]
    fn a_module_has_rooms_too() {
        let file = |path: &str, text: &str| {
            (path.split("::").map(str::to_owned).collect(), text.to_owned())
        };
        let all = Crate::of([
            file("m", "pub fn own() {}"),
            file("m::low", "use super::high; fn f() { crate::other::f(crate::m::own()) }"),
            file("m::high", ""),
            file("other", "use crate::m::low;"),
        ]);
        assert_eq!(
            upward(&all, &["m"], &["low", "high"]),
            ["m/low names m by `crate::m::own`", "m/low names m/high by `super::high`"]
        );
    }

    #[test]
    fn only_the_parts_that_are_meant_are_named() {
        let file = |path: &str, text: &str| {
            (path.split("::").map(str::to_owned).collect(), text.to_owned())
        };
        let all = Crate::of([
            file("rt", ""),
            file("rt::hook", "pub use super::inner::A;"),
            file("rt::inner", "pub struct A;"),
            file("thread", "use crate::rt::hook; fn f() { hook::A }"),
            file("sync", "use crate::rt::{hook::A, inner};"),
        ]);
        assert_eq!(
            beside(&all, &["sync", "thread"], "rt", &["hook"]),
            ["sync names rt/inner by `crate::rt::inner`"]
        );
    }
}
