// What is known of the chosen lock or order.
class Details {
  constructor(graph) {
    this.graph = graph;
    this.side = make("div", { class: "side", tabindex: "0", role: "region", "aria-label": "details", "aria-live": "polite" });
    this.choose = () => {};
    this.show();
  }

  show(lock, order, focus) {
    const parts = order !== undefined ? this.order(order) : lock !== undefined ? this.lock(lock) : this.nothing();
    this.side.replaceChildren(...parts);
    this.side.scrollTop = 0;
    if (focus) this.side.focus();
  }

  nothing() {
    const { orders } = this.graph;
    const bad = orders.map((order, at) => [order, at]).filter(([order]) => order.findings.length);
    const list = make("ul", {}, ...bad.slice(0, 200).map(([, at]) => make("li", {}, this.button(at, "both"))));
    return bad.length
      ? [make("h3", {}, "Orders of findings"), list]
      : [make("p", {}, "Choose a lock or an arrow: its places and stacks are told here.")];
  }

  lock(at) {
    const { locks, orders } = this.graph;
    const lock = locks[at];
    const numbers = orders.map((order, number) => number);
    const after = numbers.filter((number) => orders[number].from === at);
    const before = numbers.filter((number) => orders[number].to === at);
    const list = (title, some, end) => some.length
      ? [make("h4", {}, `${title} (${some.length})`), make("ul", {}, ...some.slice(0, 300).map((number) => make("li", {}, this.button(number, end))))]
      : [];
    return [
      make("h3", {}, make("code", {}, lock.name)),
      make("p", {}, lock.facts),
      ...(lock.gate ? [make("p", {}, "A gate: it is held around both sides of a cycle every time.")] : []),
      ...this.findings(lock.findings),
      ...list("Taken while it was held", after, "to"),
      ...list("Held while it was taken", before, "from"),
    ];
  }

  // A button for an order, called by one end or both.
  button(number, end) {
    const { locks, orders } = this.graph;
    const order = orders[number];
    const text = end === "both" ? `${locks[order.from].name} → ${locks[order.to].name}` : locks[order[end]].name;
    const attributes = { type: "button", onclick: () => this.choose(undefined, number) };
    if (order.findings.length) attributes.class = "bad";
    return make("button", attributes, `${text} · ${order.count.toLocaleString("en")}`);
  }

  order(number) {
    const { locks, orders, frames } = this.graph;
    const order = orders[number];
    const [from, to] = [locks[order.from].name, locks[order.to].name];
    const sites = order.sites.flatMap((site) => {
      const lines = site.stack.map((frame) => frames[frame]).join("\n");
      return [
        make("h4", {}, counted(site.count, "time", "times")),
        make("p", {}, make("code", {}, from), " held at ", make("code", {}, site.held), make("br"), make("code", {}, to), " taken at ", make("code", {}, site.taken)),
        lines ? make("pre", {}, lines) : make("p", {}, "No stack was taken there."),
      ];
    });
    const ends = [order.from, order.to].map((lock) =>
      make("button", { type: "button", onclick: () => this.choose(lock, undefined) }, locks[lock].name));
    return [
      make("h3", {}, make("code", {}, from), " → ", make("code", {}, to)),
      make("p", {}, `${counted(order.count, "time", "times")}, by ${counted(order.threads, "thread", "threads")}`),
      ...this.findings(order.findings),
      ...order.refuted.map((why) => make("p", {}, `No deadlock: ${why}`)),
      ...sites,
      make("h4", {}, "Locks"),
      ...ends,
    ];
  }

  findings(ids) {
    if (!ids.length) return [];
    const links = ids.slice(0, 50).flatMap((id) => [link(id), " "]);
    return [make("p", {}, counted(ids.length, "finding: ", "findings: "), ...links)];
  }
}

