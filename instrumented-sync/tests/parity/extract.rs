//! The public interface that rustdoc's pages document, as a list.

use crate::html::{attribute, between, text};
use crate::signature::subject;
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Traits that no stable code can name; rustdoc does not mark their impls.
const UNSTABLE_TRAITS: &[&str] = &[
    "AtomicPrimitive",
    "CloneFromCell",
    "CoerceUnsized",
    "ConstParamTy_",
    "DerefPure",
    "DispatchFromDyn",
    "DynSend",
    "DynSync",
    "Freeze",
    "LegacyReceiver",
    "PinCoerceUnsized",
    "Receiver",
    "StructuralPartialEq",
    "TrivialClone",
    "TrustedLen",
    "UnsafeUnpin",
    "UseCloned",
];

/// Types of std that are unstable, as they show in impls of stable ones.
const UNSTABLE_TYPES: &[&str] = &["ByteStr", "SendTimeoutError", "impl<T, A> Allocator for"];

/// What ends an item's own part of its page.
const SECTIONS: &[&str] = &[
    "id=\"implementations\"",
    "id=\"trait-implementations\"",
    "id=\"variants\"",
    "id=\"required-methods\"",
    "id=\"provided-methods\"",
    "id=\"synthetic-implementations\"",
];

/// A documented item.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Item {
    pub(crate) kind: String,
    pub(crate) path: String,
    since: String,
    const_since: String,
    flags: String,
    pub(crate) signature: String,
}

impl Item {
    /// A line of a list.
    pub(crate) fn parse(line: &str) -> Item {
        let mut columns = line.split('\t').map(str::to_owned);
        let mut column = || columns.next().expect("six columns");
        Item {
            kind: column(),
            path: column(),
            since: column(),
            const_since: column(),
            flags: column(),
            signature: column(),
        }
    }

    /// The line of a list.
    pub(crate) fn line(&self) -> String {
        let Item { kind, path, since, const_since, flags, signature } = self;
        [kind, path, since, const_since, flags, signature].map(String::as_str).join("\t")
    }

    pub(crate) fn is_impl(&self) -> bool {
        matches!(self.kind.as_str(), "impl" | "autoimpl")
    }

    fn is_unstable(&self) -> bool {
        if self.flags.contains("unstable") {
            return true;
        }
        self.is_impl()
            && (UNSTABLE_TRAITS.iter().any(|name| implements(&self.signature, name))
                || self.since.is_empty()
                    && UNSTABLE_TYPES.iter().any(|name| self.signature.contains(name)))
    }
}

/// rustdoc's output.
pub(crate) struct Source<'a> {
    /// The folder that holds a folder for each crate.
    pub(crate) root: &'a Path,
    pub(crate) crate_name: &'a str,
}

impl Source<'_> {
    /// The stable items of these modules of the crate and of what is below them.
    pub(crate) fn stable_items(&self, modules: &[&str]) -> Vec<Item> {
        let mut items = Vec::new();
        for module in modules {
            self.module(module, &mut items);
        }
        let mut seen = HashSet::new();
        items.retain(|item| !item.is_unstable() && seen.insert(item.clone()));
        items
    }

    /// The items of one page of the crate's root.
    pub(crate) fn page(&self, file: &str) -> Vec<Item> {
        let mut items = Vec::new();
        let (kind, name) = kind_and_name(file).expect("a page of an item");
        page(&self.folder("").join(file), kind, &self.path(name), &mut items);
        items
    }

    fn folder(&self, module: &str) -> PathBuf {
        self.root.join(self.crate_name).join(module.replace("::", "/"))
    }

    fn path(&self, name: &str) -> String {
        if name.is_empty() {
            self.crate_name.to_owned()
        } else {
            format!("{}::{name}", self.crate_name)
        }
    }

    fn module(&self, module: &str, items: &mut Vec<Item>) {
        let folder = self.folder(module);
        let index = read(&folder.join("index.html"));
        let heading = after(&index, "class=\"main-heading\"");
        let heading = before(before(heading, "<h2"), "<div class=\"docblock\">");
        let inherited = add("mod", &self.path(module), heading, "", "", items);

        let first = items.len();
        let names = sidebar(&folder);
        let below = |name: &str| {
            if module.is_empty() { name.to_owned() } else { format!("{module}::{name}") }
        };
        let mut modules = Vec::new();
        for entry in entries(&folder) {
            let file = file_name(&entry);
            if entry.is_dir() {
                if index.contains(&format!("href=\"{file}/index.html\"")) {
                    modules.push(file);
                }
            } else if let Some((kind, name)) = kind_and_name(&file)
                && names.contains(&format!("{kind}.{name}"))
            {
                page(&entry, kind, &self.path(&below(name)), items);
            }
        }
        if inherited.contains("unstable") {
            for item in &mut items[first..] {
                item.flags = inherited.clone();
            }
        }
        for name in modules {
            self.module(&below(&name), items);
        }
    }
}

/// Adds the items of one page.
fn page(file: &Path, kind: &str, path: &str, items: &mut Vec<Item>) {
    let page = read(file);
    let end = SECTIONS.iter().filter_map(|id| page.find(id)).min().unwrap_or(page.len());
    let start = page.find("class=\"main-heading\"").unwrap_or(0);
    let head = &page[start..end];
    let declaration = between(head, "<pre class=\"rust item-decl\"><code>", "</code></pre>")
        .map_or(String::new(), |(declaration, _)| text(declaration));
    let heading = before(head, "<div class=\"docblock\">");
    let inherited = add(kind, path, heading, "", &declaration, items);
    let inherited = if inherited.contains("unstable") { inherited } else { String::new() };

    let (mut zone, mut of_impl, mut impl_flags) = ("", String::new(), String::new());
    // The heading of the first section begins a little before its id.
    let rest = page[page[..end].rfind('<').unwrap_or(end)..].split('<');
    let base = page.as_ptr() as usize;
    for piece in rest {
        if piece.starts_with("h2 ") {
            zone = attribute(piece, "id").unwrap_or("");
        }
        if zone == "blanket-implementations" {
            return;
        }
        if !piece.starts_with("section id=") || zone.starts_with("deref-methods") {
            continue;
        }
        let at = piece.as_ptr() as usize - base;
        let Some((section, following)) = page[at..].split_once("</section>") else { continue };
        let Some((_, header)) = section.split_once("class=\"code-header\"") else { continue };
        let header = header.split_once('>').map_or("", |(_, header)| header);
        let signature = text(before(before(header, "</h4>"), "</h3>"));
        let marked = format!("{section}{}", item_info(following));
        let id = attribute(piece, "id").unwrap_or("");
        let classes: Vec<&str> = attribute(piece, "class").unwrap_or("").split(' ').collect();
        let member = format!("{path}::{}", name_of(id));
        if classes.contains(&"impl") {
            of_impl = signature.clone();
            match zone {
                "trait-implementations" => {
                    impl_flags = add("impl", path, &marked, &inherited, &signature, items);
                }
                "synthetic-implementations" => {
                    impl_flags = add("autoimpl", path, &marked, &inherited, &signature, items);
                }
                _ => impl_flags = flags(&marked),
            }
        } else if classes.contains(&"variant") {
            add("variant", &member, &marked, &inherited, &signature, items);
        } else if zone == "implementations" {
            let kind = if classes.contains(&"method") { "method" } else { "assoc" };
            let inherited =
                if impl_flags.contains("unstable") { impl_flags.as_str() } else { &inherited };
            let signature = format!("{signature}   [in {of_impl}]");
            add(kind, &member, &marked, inherited, &signature, items);
        } else if zone.starts_with("required-") || zone.starts_with("provided-") {
            add("trait-item", &member, &marked, &inherited, &signature, items);
        }
    }
}

/// Adds an item whose stability is in `html`; its flags.
fn add(
    kind: &str,
    path: &str,
    html: &str,
    inherited: &str,
    signature: &str,
    items: &mut Vec<Item>,
) -> String {
    let mut flags = flags(html);
    if !inherited.is_empty() && !flags.contains("unstable") {
        flags = [flags.as_str(), inherited].join(",").trim_matches(',').to_owned();
    }
    let title = between(html, "class=\"since\" title=\"", "\"").map_or("", |(title, _)| title);
    items.push(Item {
        kind: kind.to_owned(),
        path: path.to_owned(),
        since: version(title, "Stable since Rust version "),
        const_since: version(title, "const since "),
        flags: flags.clone(),
        signature: signature.to_owned(),
    });
    flags
}

fn flags(html: &str) -> String {
    let mut flags = Vec::new();
    if html.contains("class=\"stab unstable\"") {
        flags.push("unstable");
    }
    if html.contains("class=\"stab deprecated\"") {
        flags.push("deprecated");
    }
    flags.join(",")
}

fn version(title: &str, introduction: &str) -> String {
    let version = title.split_once(introduction).map_or("", |(_, version)| version);
    version.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect()
}

/// The stability note that may follow a section.
fn item_info(following: &str) -> &str {
    let following = following.trim_start();
    let following = following.strip_prefix("</summary>").unwrap_or(following).trim_start();
    if following.starts_with("<span class=\"item-info\">") {
        before(following, "</div></span>")
    } else {
        ""
    }
}

/// Whether the signature is that of an impl of the trait with this name.
fn implements(signature: &str, name: &str) -> bool {
    let subject = subject(signature);
    let implemented = subject.split(['<', ' ']).next().unwrap_or("");
    subject.contains(" for ") && implemented.trim_start_matches('!') == name
}

/// The items that the module lists, as `kind.name`; pages of items that are only redirects are not among them.
fn sidebar(folder: &Path) -> HashSet<String> {
    let mut names = HashSet::new();
    for entry in entries(folder) {
        let file = file_name(&entry);
        if !file.starts_with("sidebar-items") {
            continue;
        }
        let script = read(&entry);
        for list in script.split("],") {
            let Some((kind, list)) = list.split_once(":[") else { continue };
            let kind = kind.rsplit('"').nth(1).unwrap_or("");
            let list = list.split(']').next().unwrap_or("");
            names.extend(list.split(',').map(|name| format!("{kind}.{}", name.trim_matches('"'))));
        }
    }
    names
}

fn kind_and_name(file: &str) -> Option<(&str, &str)> {
    let (kind, name) = file.strip_suffix(".html")?.split_once('.')?;
    let kinds = ["struct", "enum", "union", "trait", "fn", "macro", "constant", "static", "type"];
    kinds.contains(&kind).then_some((kind, name))
}

/// `method.new-1` is `new`.
fn name_of(id: &str) -> &str {
    let name = id.rsplit('.').next().unwrap_or(id);
    match name.rsplit_once('-') {
        Some((name, number)) if number.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => name,
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let mut entries: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    entries
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{file:?}: {error}"))
}

fn before<'a>(text: &'a str, end: &str) -> &'a str {
    text.split_once(end).map_or(text, |(text, _)| text)
}

fn after<'a>(text: &'a str, start: &str) -> &'a str {
    text.split_once(start).map_or(text, |(_, text)| text)
}
