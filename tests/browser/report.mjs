// Opens reports in Chromium: nothing is requested, nothing is logged, axe finds no fault, keys reach everything, and large pages stay quick.
//
// Times may be three times what the page promises, for a busy machine; `SYNCSCOPE_BARS` in the environment is another number in place of three.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const folder = resolve(process.argv[2]);
const room = Number(process.env.SYNCSCOPE_BARS ?? 3);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM,
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
  ],
});
const faults = [];
let checks = 0;

function check(name, holds, told = "") {
  checks += 1;
  if (!holds) faults.push(`${name}: ${told}`);
}

async function open(name, { width, scheme, scripts = true }) {
  const page = await browser.newPage();
  await page.setViewport({ width, height: 1000 });
  await page.setJavaScriptEnabled(scripts);
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  const said = [];
  page.on("console", (message) => said.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    said.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) said.push(`request: ${request.url()}`);
  });
  const began = Date.now();
  await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
  if (scripts) await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return { page, said, opened: Date.now() - began };
}

// What a person sees and reaches by keys.
async function basics(name, width, scheme) {
  const { page, said } = await open(name, { width, scheme });
  // Of the large page so much would be shown that axe takes many minutes; each part is like those of the small pages.
  if (name !== "large") {
    await page.evaluate(() => {
      for (const details of document.querySelectorAll("details")) details.open = true;
    });
  }
  await page.screenshot({ path: join(folder, `${name}-${width}-${scheme}.png`), fullPage: name !== "large" });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(`${name} at ${width}`, wide <= 0, `it is ${wide} pixels too wide`);
  // Names that look like elements are names.
  check(`${name} at ${width}`, !(await page.$("img, iframe, object, embed")), "a name became an element");
  await page.evaluate(`${axe}; 0`);
  const { violations } = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
  for (const { id, nodes } of violations) check(`${name} at ${width}, ${scheme}`, false, `axe: ${id} at ${nodes[0].target}`);
  check(`${name} at ${width}, ${scheme}`, said.length === 0, said.join("; "));
  await page.close();
}

// The drawing by keys alone: from order to order, and to the details of one.
async function keys(name) {
  const { page, said } = await open(name, { width: 1600, scheme: "light" });
  if (await page.$(".paper canvas")) {
    await page.focus(".paper canvas");
    await page.keyboard.press("n");
    const shown = await page.$eval(".side", (side) => side.textContent);
    check(`${name} by keys`, /held at .*taken at/.test(shown), `no places of an order: ${shown}`);
    await page.keyboard.press("Enter");
    check(`${name} by keys`, await page.$eval(".side", (side) => side === document.activeElement), "Enter does not lead to the details");
    await page.type(".tools input[type=search]", "zzz no such lock");
    check(`${name} search`, (await page.$eval(".tools [role=status]", (said) => said.textContent)) === "not found");
  }
  check(`${name} by keys`, said.length === 0, said.join("; "));
  await page.close();
}

// Without scripts all of it is text and tables.
async function plain(name) {
  const { page, said } = await open(name, { width: 1600, scheme: "light", scripts: false });
  const text = await page.$eval("main", (main) => main.textContent);
  check(`${name} without scripts`, text.includes("Findings") && text.includes("Locks") && said.length === 0, said.join("; "));
  check(`${name} without scripts`, !(await page.$(".board")), "there is a drawing");
  await page.close();
}

async function quick(name) {
  const { page, opened } = await open(name, { width: 1600, scheme: "light" });
  check(`${name}`, opened < 2000 * room, `it opens in ${opened} ms`);
  await page.select(".tools select", "1");
  await page.$eval(".paper", (paper) => paper.scrollIntoView({ behavior: "instant" }));
  const box = await (await page.$(".paper canvas")).boundingBox();
  await page.evaluate(() => {
    window.frames_ = [];
    let last = performance.now();
    const next = () => {
      const now = performance.now();
      window.frames_.push(now - last);
      last = now;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 0; step < 80; step++) await page.mouse.move(x + 150 * Math.sin(step / 9), y + 90 * Math.cos(step / 7));
  await page.mouse.up();
  for (let step = 0; step < 60; step++) await page.mouse.wheel({ deltaY: step < 30 ? -60 : 60 });
  const frames = (await page.evaluate(() => window.frames_)).sort((a, b) => a - b);
  const late = frames[Math.floor(frames.length * 0.95)];
  check(`${name}`, late < 33 * room, `95 of 100 frames take up to ${late.toFixed(1)} ms`);
  const searched = await page.evaluate(async () => {
    const field = document.querySelector(".tools input[type=search]");
    const times = [];
    for (const wanted of ["orders_1", "stock_19", "zzz", "part_3", "prices_1002"]) {
      const began = performance.now();
      field.value = wanted;
      field.dispatchEvent(new Event("input"));
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      times.push(performance.now() - began);
    }
    return Math.max(...times);
  });
  check(`${name}`, searched < 100 * room, `a search takes ${searched.toFixed(0)} ms`);
  console.log(`${name}: opens in ${opened} ms, frames up to ${late.toFixed(1)} ms (95 of 100), searches up to ${searched.toFixed(0)} ms`);
  await page.close();
}

for (const name of ["bank", "cache", "philosophers", "pipeline", "pool", "large"]) {
  for (const width of [1600, 400]) {
    for (const scheme of ["light", "dark"]) await basics(name, width, scheme);
  }
  await keys(name);
  await plain(name);
}
await quick("large");
await browser.close();
for (const fault of faults) console.error(fault);
console.log(`${checks - faults.length} passed, ${faults.length} failed`);
process.exit(faults.length ? 1 : 0);
