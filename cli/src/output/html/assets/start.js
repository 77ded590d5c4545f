function startGraph(graph) {
  const place = document.getElementById("drawing");
  if (!place) return;
  const details = new Details(graph);
  const drawing = new LockGraph(graph, (lock, order, focus) => details.show(lock, order, focus));
  const { surface } = drawing;
  details.choose = (lock, order) => {
    drawing.select(lock, order);
    const to = lock ?? graph.orders[order].from;
    drawing.go(to);
    details.side.focus();
  };
  const middle = () => [surface.width / 2, surface.height / 2];
  const button = (text, label, act) => make("button", { type: "button", "aria-label": label, title: label, onclick: act }, text);
  const views = graph.views.length > 1
    ? [make("select", { "aria-label": "What is drawn", onchange: (event) => drawing.use(Number(event.target.value)) },
        ...graph.views.map((view, at) => make("option", { value: at }, view.title)))]
    : [];
  const go = (lock) => {
    drawing.select(lock, undefined);
    drawing.go(lock);
    if (views.length) views[0].value = graph.views.indexOf(drawing.view);
  };
  const tools = make(
    "div", { class: "tools" },
    ...searchField(graph, go), ...views,
    button("+", "Zoom in", () => surface.zoom(1.25, ...middle())),
    button("−", "Zoom out", () => surface.zoom(0.8, ...middle())),
    button("Show all", "Show all", () => drawing.fit()),
  );
  const key = make(
    "p", { class: "key" },
    make("b", { class: "red" }, "Red"), ": the cycle of a finding. ", make("b", { class: "amber" }, "Dashed"),
    ": a cycle that cannot deadlock; a gate is a lock that is held around it. Drag, scroll or use the keys: arrows, +, −, 0; n and p go along the orders.",
  );
  place.append(make("div", { class: "board" }, tools, surface.paper, details.side, key));
  place.hidden = false;
}

const data = JSON.parse(document.getElementById("data").textContent);
startGraph(data.graph);
startTimelines(data.timelines);
for (const table of document.querySelectorAll("table[data-filter]")) {
  if (table.tBodies[0].rows.length > 10) table.parentElement.before(filterField(table));
}
