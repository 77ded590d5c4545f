const ROW = 24;
const BAR = 16;
// Waits for nobody.
const IDLE = new Set(["sleep", "idle"]);
const SVG = "http://www.w3.org/2000/svg";

function shape(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function duration(ns) {
  const units = [[6e10, "min"], [1e9, "s"], [1e6, "ms"], [1e3, "µs"]];
  const [size, unit] = units.find(([size]) => ns >= size) || [1, "ns"];
  const value = ns / size;
  return `${value >= 100 || Number.isInteger(value) ? Math.round(value) : value.toPrecision(3)} ${unit}`;
}

// Where moments lie, from 0 to 1. Long stretches in which nothing begins or ends are cut short, and are told.
function timeScale(picture) {
  const moments = new Set([0, picture.until]);
  for (const track of picture.tracks) {
    for (const slice of track.slices) moments.add(slice.start).add(slice.end);
    for (const mark of track.marks) moments.add(mark.at);
  }
  const at = [...moments].sort((a, b) => a - b);
  const lengths = at.slice(1).map((moment, i) => moment - at[i]);
  const sorted = [...lengths].sort((a, b) => a - b);
  const most = Math.max(1, sorted[Math.floor(sorted.length * 0.8)] * 3);
  const least = most / 60;
  const shown = lengths.map((length) => Math.min(most, Math.max(least, length)));
  const sum = shown.reduce((a, b) => a + b, 0) || 1;
  const places = [0];
  for (const length of shown) places.push(places.at(-1) + length / sum);
  const place = new Map(at.map((moment, i) => [moment, places[i]]));
  const cuts = lengths.flatMap((length, i) => length > most * 1.5 ? [{ from: places[i], to: places[i + 1], length }] : []);
  // A moment between two known ones, such as that of a wake-up.
  const of = (moment) => {
    const known = place.get(moment);
    if (known !== undefined) return known;
    let next = at.findIndex((one) => one > moment);
    if (next < 1) next = at.length - 1;
    const part = (moment - at[next - 1]) / (at[next] - at[next - 1] || 1);
    return places[next - 1] + part * (places[next] - places[next - 1]);
  };
  return { of, cuts };
}

// The picture of one finding: a row for each thread and lock.
function drawTimeline(place, picture) {
  const told = make("p", { class: "told", role: "status" }, "");
  const scroll = make("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "timeline" });
  let zoom = 1;
  const draw = () => {
    const names = place.clientWidth < 600 ? 110 : 190;
    const longest = Math.floor(names / 7.4);
    const width = Math.max(320, place.clientWidth - names - 4) * zoom;
    const time = timeScale(picture);
    const x = (moment) => names + time.of(moment) * (width - 12);
    const y = (row) => 22 + row * ROW;
    const height = y(picture.tracks.length) + 8;
    const svg = shape("svg", { width: names + width, height, viewBox: `0 0 ${names + width} ${height}`, role: "img", "aria-label": "waits of threads and holds of locks; the same is below as a table" });
    for (const cut of time.cuts) {
      const left = names + cut.from * (width - 12);
      const right = names + cut.to * (width - 12);
      svg.append(
        shape("rect", { class: "cut", x: left, y: 0, width: right - left, height }, shape("title", {}, `${duration(cut.length)} in which nothing begins or ends`)),
      );
      const text = `… ${duration(cut.length)} …`;
      if (right - left > text.length * 6.8) {
        svg.append(shape("text", { class: "when", x: (left + right) / 2, y: 13, "text-anchor": "middle" }, text));
      }
    }
    svg.append(shape("text", { class: "when", x: 2, y: 13 }, `from ${duration(picture.from)}`, shape("title", {}, "after the start of the recording")));
    picture.tracks.forEach((track, row) => {
      const top = y(row);
      const label = shape("text", { class: "name", x: 2, y: top + 12 }, track.name.length > longest ? `${track.name.slice(0, longest - 1)}…` : track.name);
      label.append(shape("title", {}, `${track.kind} ${track.name}`));
      svg.append(label, shape("line", { class: "rule", x1: names, x2: names + width, y1: top + BAR / 2, y2: top + BAR / 2 }));
      for (const slice of track.slices) {
        const left = x(slice.start);
        const long = Math.max(2, x(slice.end) - left);
        const text = track.kind === "lock" ? `${slice.what} ${slice.how}` : `${slice.how} ${slice.what}`;
        const all = `${track.name}: ${text}, for ${duration(slice.end - slice.start)}${slice.open ? ", to the end" : ""}, at ${slice.place}`;
        const kind = track.kind === "lock" ? "hold" : IDLE.has(slice.how) ? "idle" : "wait";
        const bar = shape("rect", { class: `${kind}${slice.open ? " open" : ""}`, x: left, y: top, width: long, height: BAR, rx: 2 }, shape("title", {}, all));
        bar.addEventListener("click", () => { told.textContent = all; });
        svg.append(bar);
        const fits = Math.floor((long - 6) / 6.4);
        if (fits >= 4) svg.append(shape("text", { class: "inside", x: left + 4, y: top + 12 }, text.length > fits ? `${text.slice(0, fits - 1)}…` : text));
      }
      for (const mark of track.marks) {
        const at = x(mark.at);
        svg.append(shape("path", { class: "mark", d: `M${at} ${top - 1}l3 5-3 5-3-5z` }, shape("title", {}, `${track.name} ${mark.what}`)));
      }
    });
    for (const wake of picture.wakes) {
      const [from, to] = [y(wake.from) + BAR / 2, y(wake.to) + BAR / 2];
      const [left, right] = [x(wake.at), x(wake.woken)];
      const bend = Math.max(12, Math.abs(right - left) / 2);
      svg.append(
        shape("path", { class: "wake", d: `M${left} ${from}C${left + bend} ${from} ${right - bend} ${to} ${right} ${to}` }),
        shape("path", { class: "head", d: `M${right} ${to}l-7 -4v8z` }),
      );
    }
    scroll.replaceChildren(svg);
  };
  const button = (text, label, by) => make("button", {
    type: "button", "aria-label": label,
    onclick: () => {
      zoom = Math.min(32, Math.max(1, zoom * by));
      draw();
    },
  }, text);
  place.append(
    make("div", { class: "tools" }, button("+", "Zoom in on the timeline", 1.6), button("−", "Zoom out of the timeline", 0.625),
      make("span", { class: "key" }, "threads: waits; locks: who held them; arrows: from a release to who went on")),
    scroll, told,
  );
  draw();
}

// Timelines are drawn when they come near the screen.
function startTimelines(pictures) {
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      drawTimeline(entry.target, pictures[entry.target.dataset.timeline]);
    }
  }, { rootMargin: "400px" });
  for (const place of document.querySelectorAll("[data-timeline]")) seen.observe(place);
}

