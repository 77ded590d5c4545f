//! The graph without a drawing: a table of orders; and the place for the drawing.

use super::shape::{Graph, Order};
use crate::output::html::text;
use crate::words;
use std::fmt::Write;

/// Orders that the table has.
const ROWS: usize = 5_000;
/// Orders whose table is there beside the drawing, too.
const FOLDED: usize = 300;

/// The graph's section.
pub(in crate::output::html) fn section(graph: &Graph) -> String {
    let mut out = String::from(
        "<section id=\"graph\" aria-labelledby=\"graph-h\">\n<h2 id=\"graph-h\">Lock order</h2>\n",
    );
    if graph.orders.is_empty() {
        out.push_str("<p>No lock was taken while another one was held.</p>\n</section>\n");
        return out;
    }
    let (locks, orders) = (graph.locks.len() as u64, graph.orders.len() as u64);
    let _ = writeln!(
        out,
        "<p>{}, {}. An arrow from one lock to another means: the second was taken while the first was held. A cycle is a \
         deadlock that can happen.</p>",
        words::count(locks, "sort of locks", "sorts of locks"),
        words::count(orders, "order", "orders")
    );
    if graph.left_out > 0 {
        let left_out = words::count(graph.left_out as u64, "more order is", "more orders are");
        let _ =
            writeln!(out, "<p>{left_out} not shown: the rarest ones that no finding is about.</p>");
    }
    out.push_str("<div id=\"drawing\" hidden></div>\n");
    // Where the drawing tells them all, a table of thousands only takes time.
    let (before, after) = match graph.orders.len() > FOLDED {
        true => ("<noscript>", "</noscript>\n"),
        false => ("<details><summary>Orders as a table</summary>", "</details>\n"),
    };
    out.push_str(before);
    out.push_str(
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"orders\"><table><thead><tr><th scope=\"col\">held</th>\
         <th scope=\"col\">taken meanwhile</th><th scope=\"col\">times</th><th scope=\"col\">threads</th><th scope=\"col\">held at</th>\
         <th scope=\"col\">taken at</th><th scope=\"col\">findings</th></tr></thead><tbody>\n",
    );
    let mut orders: Vec<&Order> = graph.orders.iter().collect();
    orders.sort_by_key(|order| order.findings.is_empty());
    for order in orders.iter().take(ROWS) {
        row(order, graph, &mut out);
    }
    out.push_str("</tbody></table></div>\n");
    if orders.len() > ROWS {
        let _ = writeln!(out, "<p>The table has {ROWS} of them, those of findings first.</p>");
    }
    out.push_str(after);
    out.push_str("</section>\n");
    out
}

fn row(order: &Order, graph: &Graph, out: &mut String) {
    let name = |lock: usize| text::text(&graph.locks[lock].name);
    let sites = order.sites.first();
    let place = |place: &str| format!("<code>{}</code>", text::text(place));
    let findings = order.findings.iter().map(|id| format!("<a href=\"#{id}\">{id}</a> "));
    let refuted = order.refuted.iter().map(|why| text::words(&format!("refuted: {why}")));
    let findings: Vec<String> = findings.chain(refuted).collect();
    let _ = writeln!(
        out,
        "<tr{}><td><code>{}</code></td><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        if order.findings.is_empty() { "" } else { " class=\"bad\"" },
        name(order.from),
        name(order.to),
        words::number(order.count),
        order.threads,
        sites.map(|sites| place(&sites.held)).unwrap_or_default(),
        sites.map(|sites| place(&sites.taken)).unwrap_or_default(),
        findings.concat()
    );
}
