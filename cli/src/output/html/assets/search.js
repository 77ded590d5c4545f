// A field that finds locks by parts of their names and facts; Enter goes to the next one found.
function searchField(graph, go) {
  const texts = graph.locks.map((lock) => `${lock.name} ${lock.facts}`.toLowerCase());
  const said = make("span", { role: "status" });
  let found = [], at = -1;
  const find = () => {
    const wanted = field.value.trim().toLowerCase();
    found = wanted ? texts.flatMap((text, lock) => (text.includes(wanted) ? [lock] : [])) : [];
    // Names that begin so come first.
    found.sort((a, b) => texts[b].startsWith(wanted) - texts[a].startsWith(wanted));
    at = -1;
    next();
    if (!wanted) said.textContent = "";
  };
  const next = () => {
    if (!found.length) {
      said.textContent = "not found";
      return;
    }
    at = (at + 1) % found.length;
    said.textContent = `${at + 1} of ${found.length}`;
    go(found[at]);
  };
  const field = make("input", {
    type: "search", placeholder: "Find a lock", "aria-label": "Find a lock", oninput: find,
    onkeydown: (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        next();
      }
    },
  });
  return [field, said];
}

// A field that leaves those rows of a table that have its text.
function filterField(table) {
  let rows;
  const filter = (event) => {
    rows ??= [...table.tBodies[0].rows].map((row) => [row, row.textContent.toLowerCase()]);
    const wanted = event.target.value.trim().toLowerCase();
    for (const [row, text] of rows) row.hidden = !text.includes(wanted);
  };
  return make("input", { type: "search", class: "filter", placeholder: "Filter", "aria-label": `Filter ${table.dataset.filter}`, oninput: filter });
}

