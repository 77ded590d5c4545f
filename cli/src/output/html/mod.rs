//! One page for a browser, in one file that needs nothing else: findings first, then the order graph, the locks, and what was covered.
//!
//! All that is said is in the page as text and tables; scripts add the drawings, search and filters. The page allows itself just its
//! own style and script, known by their hashes, and no request. Whatever a program named is escaped as for a terminal, then as HTML
//! (`text`); what scripts read is JSON in which no mark of HTML is left (`island`).

mod assets;
mod code;
mod coverage;
mod finding;
mod graph;
mod island;
mod locks;
mod page;
mod policy;
mod schedule;
mod text;
mod timeline;

pub(super) use page::render;
