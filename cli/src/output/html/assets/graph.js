const BOX = 26;
// How many are drawn at once.
const ARROWS = 60;
const BOXES = 100;

// The drawing of the lock order: one of the ways to draw it at a time.
class LockGraph {
  constructor(graph, chosen) {
    this.graph = graph;
    this.chosen = chosen;
    this.lock = this.order = undefined;
    this.surface = new Surface(
      "lock order: arrows move, plus and minus zoom, 0 shows all, n and p go from order to order of a lock or a cycle, Enter tells more",
      (context, colours, seen) => this.draw(context, colours, seen),
      (point) => this.press(point),
    );
    this.surface.fit = () => this.fit();
    this.surface.hover = (point) => this.hover(point);
    this.surface.key = (event) => this.key(event);
    this.use(0);
  }

  use(number) {
    this.view = this.graph.views[number];
    this.place = new Map(this.view.boxes.map((box) => [box.lock, box]));
    const { orders } = this.graph;
    for (const arrow of this.view.arrows) {
      const order = orders[arrow.order];
      arrow.kind = order.findings.length ? "red" : order.refuted.length ? "amber" : "arrow";
      const at = arrow.at;
      // An order of locks of one sort among themselves is a loop above the box.
      arrow.loop = at.length ? undefined : this.place.get(orders[arrow.order].from);
      if (arrow.loop) {
        const { x, y } = arrow.loop;
        Object.assign(arrow, { left: x - 20, right: x + 20, top: y - BOX / 2 - 26, bottom: y });
        continue;
      }
      arrow.left = Infinity, arrow.top = Infinity, arrow.right = -Infinity, arrow.bottom = -Infinity;
      for (let i = 0; i < at.length; i += 2) {
        arrow.left = Math.min(arrow.left, at[i]);
        arrow.right = Math.max(arrow.right, at[i]);
        arrow.top = Math.min(arrow.top, at[i + 1]);
        arrow.bottom = Math.max(arrow.bottom, at[i + 1]);
      }
    }
    // What matters lies above the rest.
    const rank = { arrow: 0, amber: 1, red: 2 };
    this.arrows = [...this.view.arrows].sort((a, b) => rank[a.kind] - rank[b.kind]);
    // Few boxes need little room.
    this.surface.paper.classList.toggle("small", this.view.height < 220);
    if (this.surface.width) this.fit();
  }

  fit() {
    this.surface.show(0, -20, this.view.width, this.view.height);
  }

  // Brings a lock into the middle.
  go(lock) {
    if (!this.place.has(lock)) this.use(this.graph.views.length - 1);
    const box = this.place.get(lock);
    const surface = this.surface;
    if (surface.scale < 0.7) surface.scale = 0.9;
    surface.x = surface.width / 2 - box.x * surface.scale;
    surface.y = surface.height / 2 - box.y * surface.scale;
    surface.change();
  }

  select(lock, order) {
    this.lock = lock;
    this.order = order;
    this.chosen(lock, order);
    this.surface.change();
  }

  *draw(context, colours, seen) {
    const { scale } = seen;
    const out = (left, top, right, bottom) =>
      right < seen.left || left > seen.right || bottom < seen.top || top > seen.bottom;
    const { lock, order } = this;
    const isDim = (arrow) => lock !== undefined && !this.touches(arrow);
    for (const kind of ["arrow", "amber", "red"]) {
      for (const dim of [true, false]) {
        const some = this.arrows.filter((arrow) =>
          arrow.kind === kind && isDim(arrow) === dim && arrow.order !== order && !out(arrow.left, arrow.top, arrow.right, arrow.bottom));
        for (let at = 0; at < some.length; at += ARROWS) {
          context.strokeStyle = colours[kind];
          context.globalAlpha = dim ? 0.25 : 1;
          context.lineWidth = (kind === "arrow" ? 1.2 : 2.2) / Math.max(scale, 0.4);
          context.setLineDash(kind === "amber" ? [6, 4] : []);
          context.beginPath();
          for (const arrow of some.slice(at, at + ARROWS)) this.trace(context, arrow, scale);
          context.stroke();
          yield;
        }
      }
    }
    context.globalAlpha = 1;
    context.setLineDash([]);
    const chosen = this.view.arrows.find((arrow) => arrow.order === order);
    if (chosen) {
      context.beginPath();
      this.trace(context, chosen, scale);
      context.strokeStyle = chosen.kind === "red" ? colours.red : colours.chosen;
      context.lineWidth = 4 / Math.max(scale, 0.4);
      context.stroke();
    }
    yield* this.boxes(context, colours, out, scale);
  }

  // The line of an arrow, and its head where it can be seen.
  trace(context, arrow, scale) {
    const at = arrow.at;
    const end = at.length - 2;
    if (arrow.loop) {
      const { x, y } = arrow.loop;
      const top = y - BOX / 2;
      context.moveTo(x - 9, top);
      context.bezierCurveTo(x - 24, top - 30, x + 24, top - 30, x + 9, top);
      if (scale <= 0.3) return;
      context.moveTo(x + 7, top - 10);
      context.lineTo(x + 9, top);
      context.lineTo(x + 18, top - 6);
      return;
    }
    context.moveTo(at[0], at[1]);
    if (scale < 0.12) {
      context.lineTo(at[end], at[end + 1]);
      return;
    }
    for (let i = 2; i < at.length; i += 2) {
      const middle = (at[i] - at[i - 2]) / 2;
      context.bezierCurveTo(at[i - 2] + middle, at[i - 1], at[i] - middle, at[i + 1], at[i], at[i + 1]);
    }
    if (scale > 0.3) {
      const back = at[end] > at[end - 2] ? -8 : 8;
      context.moveTo(at[end] + back, at[end + 1] - 4.5);
      context.lineTo(at[end], at[end + 1]);
      context.lineTo(at[end] + back, at[end + 1] + 4.5);
    }
  }

  *boxes(context, colours, out, scale) {
    let drawn = 0;
    const { locks } = this.graph;
    context.font = "13px ui-monospace, 'DejaVu Sans Mono', monospace";
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const box of this.view.boxes) {
      const lock = locks[box.lock];
      const left = box.x - box.w / 2;
      const top = box.y - BOX / 2;
      if (out(left, top, left + box.w, top + BOX)) continue;
      if (++drawn % BOXES === 0) yield;
      const bad = lock.findings.length > 0;
      context.fillStyle = scale >= 0.25 ? colours.box : bad ? colours.red : colours.line;
      context.strokeStyle = box.lock === this.lock ? colours.chosen : bad ? colours.red : lock.gate ? colours.green : colours.line;
      context.lineWidth = (box.lock === this.lock ? 3 : bad || lock.gate ? 2 : 1.2) / Math.max(scale, 0.5);
      context.beginPath();
      context.roundRect(left, top, box.w, BOX, 5);
      context.fill();
      context.stroke();
      if (scale < 0.35) continue;
      context.fillStyle = bad ? colours.red : colours.text;
      context.fillText(this.short(lock.name), box.x, box.y + 0.5);
      if (lock.gate) {
        context.fillStyle = colours.green;
        context.fillText("gate", box.x, top - 8);
      }
    }
  }

  short(name) {
    return name.length > 30 ? `${name.slice(0, 29)}…` : name;
  }

  touches(arrow) {
    const order = this.graph.orders[arrow.order];
    return order.from === this.lock || order.to === this.lock;
  }

  lockAt(point) {
    return this.view.boxes.find(
      (box) => Math.abs(point.x - box.x) <= box.w / 2 && Math.abs(point.y - box.y) <= BOX / 2,
    )?.lock;
  }

  orderAt(point) {
    const near = 7 / this.surface.scale;
    let best = near, found;
    for (const arrow of this.arrows) {
      const at = arrow.at;
      if (point.x < arrow.left - near || point.x > arrow.right + near) continue;
      if (point.y < arrow.top - near || point.y > arrow.bottom + near) continue;
      if (arrow.loop) {
        const distance = Math.abs(Math.hypot(arrow.loop.x - point.x, arrow.loop.y - BOX / 2 - 9 - point.y) - 13);
        if (distance < best) best = distance, found = arrow.order;
        continue;
      }
      for (let i = 2; i < at.length; i += 2) {
        for (let step = 0; step <= 12; step++) {
          const t = step / 12;
          const bow = 3 * t * t - 2 * t * t * t;
          const across = at[i - 2] + (at[i] - at[i - 2]) * (t + (bow - t) * 0.5);
          const down = at[i - 1] + (at[i + 1] - at[i - 1]) * bow;
          const distance = Math.hypot(across - point.x, down - point.y);
          if (distance < best) best = distance, found = arrow.order;
        }
      }
    }
    return found;
  }

  press(point) {
    const lock = this.lockAt(point);
    const order = lock === undefined ? this.orderAt(point) : undefined;
    this.select(lock, order);
  }

  hover(point) {
    const over = this.lockAt(point) !== undefined || this.orderAt(point) !== undefined;
    this.surface.canvas.style.cursor = over ? "pointer" : "grab";
  }

  // n and p: the orders of the chosen lock, else those of cycles, else all, one after the other.
  key(event) {
    if (event.key === "Enter" && (this.lock !== undefined || this.order !== undefined)) {
      this.chosen(this.lock, this.order, true);
      return true;
    }
    if (event.key === "Escape") {
      this.select(undefined, undefined);
      return true;
    }
    if (event.key !== "n" && event.key !== "p") return false;
    const all = this.view.arrows.map((arrow) => arrow.order);
    const { orders } = this.graph;
    let some = all.filter((order) => this.lock !== undefined && this.touches({ order }));
    if (!some.length) some = all.filter((order) => orders[order].findings.length);
    if (!some.length) some = all;
    if (!some.length) return true;
    const at = some.indexOf(this.order);
    const next = event.key === "n" ? (at + 1) % some.length : (at <= 0 ? some.length : at) - 1;
    this.select(this.lock, some[next]);
    return true;
  }
}

