// What is drawn beyond each edge, so that there is something when the picture is dragged.
const BEYOND = 160;
// What a frame may spend on drawing, in milliseconds.
const SLICE = 4;

// A canvas that is dragged, zoomed and reached by keys.
//
// `draw(context, colours, seen)` is a generator that draws in the picture's own units and yields now and then. It draws on a sheet, for as
// many frames as it takes; until that is done, frames show the last sheet at its new place. So a frame is short however much there is.
class Surface {
  constructor(label, draw, press) {
    this.canvas = make("canvas", { tabindex: "0", role: "application", "aria-label": label });
    this.paper = make("div", { class: "paper" }, this.canvas);
    this.context = this.canvas.getContext("2d", { alpha: false });
    this.sheets = [document.createElement("canvas"), document.createElement("canvas")];
    this.draw = draw;
    this.press = press;
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    this.pointers = new Map();
    this.moved = 0;
    this.hover = () => {};
    this.key = () => false;
    this.listen();
    new ResizeObserver(() => this.resize()).observe(this.paper);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.recolour());
  }

  listen() {
    const canvas = this.canvas;
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      const { x, y } = this.point(event);
      this.zoom(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0015)), x, y);
    }, { passive: false });
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.pointers.set(event.pointerId, this.point(event));
      this.moved = 0;
    });
    canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, (event) => {
        const known = this.pointers.delete(event.pointerId);
        if (known && end === "pointerup" && this.moved < 5) this.press(this.inside(this.point(event)));
      });
    }
    canvas.addEventListener("keydown", (event) => this.keydown(event));
  }

  move(event) {
    const now = this.point(event);
    const before = this.pointers.get(event.pointerId);
    if (!before) return this.hover(this.inside(now));
    const others = [...this.pointers].filter(([id]) => id !== event.pointerId);
    if (others.length === 1) {
      const other = others[0][1];
      const apart = (point) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
      this.zoom(apart(now) / apart(before), other.x, other.y);
    } else {
      this.moved += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
      this.x += now.x - before.x;
      this.y += now.y - before.y;
    }
    this.pointers.set(event.pointerId, now);
    this.change();
  }

  keydown(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = 60;
    const middle = [this.width / 2, this.height / 2];
    if (this.key(event)) return event.preventDefault();
    switch (event.key) {
      case "ArrowLeft": this.x += step; break;
      case "ArrowRight": this.x -= step; break;
      case "ArrowUp": this.y += step; break;
      case "ArrowDown": this.y -= step; break;
      case "+": case "=": this.zoom(1.25, ...middle); break;
      case "-": this.zoom(0.8, ...middle); break;
      case "0": this.fit(); break;
      default: return;
    }
    event.preventDefault();
    this.change();
  }

  point(event) {
    const edge = this.canvas.getBoundingClientRect();
    return { x: event.clientX - edge.left, y: event.clientY - edge.top };
  }

  inside(point) {
    return { x: (point.x - this.x) / this.scale, y: (point.y - this.y) / this.scale };
  }

  zoom(by, x, y) {
    const scale = Math.min(4, Math.max(0.01, this.scale * by));
    this.x = x - (x - this.x) * scale / this.scale;
    this.y = y - (y - this.y) * scale / this.scale;
    this.scale = scale;
    this.change();
  }

  // Shows all of a part of the picture, as large as it gets, but not beyond its own size.
  show(left, top, right, bottom) {
    const margin = 30;
    const scale = Math.min((this.width - 2 * margin) / (right - left || 1), (this.height - 2 * margin) / (bottom - top || 1), 1.2);
    this.scale = Math.max(0.01, scale);
    this.x = this.width / 2 - (left + right) / 2 * this.scale;
    this.y = this.height / 2 - (top + bottom) / 2 * this.scale;
    this.change();
  }

  resize() {
    const first = !this.width;
    this.width = this.paper.clientWidth;
    this.height = this.paper.clientHeight;
    if (!this.width) return;
    this.ratio = Math.min(devicePixelRatio || 1, 2);
    this.canvas.width = Math.round(this.width * this.ratio);
    this.canvas.height = Math.round(this.height * this.ratio);
    for (const sheet of this.sheets) {
      sheet.width = Math.round((this.width + 2 * BEYOND) * this.ratio);
      sheet.height = Math.round((this.height + 2 * BEYOND) * this.ratio);
    }
    this.shown = this.job = undefined;
    if (first) this.fit();
    this.change();
  }

  fit() {}

  recolour() {
    this.colours = undefined;
    this.change();
  }

  // Draws before the next frame, however much changes until then.
  change() {
    this.stale = true;
    this.ask();
  }

  ask() {
    if (!this.asked) {
      this.asked = true;
      requestAnimationFrame(() => this.paint());
    }
  }

  paint() {
    this.asked = false;
    if (!this.width) return;
    if (!this.colours) {
      const style = getComputedStyle(document.documentElement);
      const names = ["raised", "line", "text", "faint", "red", "amber", "green", "blue", "box", "arrow", "chosen"];
      this.colours = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`)]));
    }
    const end = performance.now() + SLICE;
    if (!this.job && this.stale) this.begin();
    while (this.job && performance.now() < end) {
      const { done } = this.job.steps.next();
      // Browsers put off what is drawn, and would do all of it in one frame: to read a dot is to have it done.
      this.job.context.getImageData(0, 0, 1, 1);
      if (!done) continue;
      const { sheet, place } = this.job;
      this.shown = { sheet, place };
      this.job = undefined;
      if (this.stale && performance.now() < end) this.begin();
    }
    this.present();
    if (this.job || this.stale) this.ask();
  }

  // Begins to draw the picture where it is now.
  begin() {
    this.stale = false;
    const { x, y, scale, ratio } = this;
    const sheet = this.sheets.find((one) => one !== this.shown?.sheet);
    const context = sheet.getContext("2d", { alpha: false, willReadFrequently: true });
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.globalAlpha = 1;
    context.setLineDash([]);
    context.fillStyle = this.colours.raised;
    context.fillRect(0, 0, this.width + 2 * BEYOND, this.height + 2 * BEYOND);
    context.translate(x + BEYOND, y + BEYOND);
    context.scale(scale, scale);
    const seen = {
      scale,
      left: (-x - BEYOND) / scale, top: (-y - BEYOND) / scale,
      right: (this.width + BEYOND - x) / scale, bottom: (this.height + BEYOND - y) / scale,
    };
    this.job = { sheet, context, place: { x, y, scale }, steps: this.draw(context, this.colours, seen) };
  }

  // Shows the last sheet where it belongs now.
  present() {
    const { context, ratio } = this;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = this.colours.raised;
    context.fillRect(0, 0, this.width, this.height);
    if (!this.shown) return;
    const { sheet, place } = this.shown;
    const by = this.scale / place.scale;
    const left = this.x - (place.x + BEYOND) * by;
    const top = this.y - (place.y + BEYOND) * by;
    context.drawImage(sheet, left, top, sheet.width / ratio * by, sheet.height / ratio * by);
  }
}

