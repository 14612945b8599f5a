// What every test of the pages needs: a server on loopback, a browser, the goldens.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const WEB = join(here, "../../ui/web");
const VIEWS = join(here, "../goldens/views");

/** The panels that are built for. */
export const PANELS = { upright: [1080, 1920], lying: [1920, 1080], small: [1280, 800] };

/** What the shell allows its pages, with the door that tests draw through. */
export const POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "font-src 'self'", "img-src 'self' data:",
  "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
].join("; ");

const TYPES = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript",
  ".css": "text/css", ".woff2": "font/woff2", ".json": "application/json", ".txt": "text/plain",
};

/** Serves the pages on a free port; `more` maps further paths to files, `framed` lets a page of ours frame them. */
export async function serve(more = {}, { framed = false } = {}) {
  const policy = framed ? POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'; frame-src 'self'") : POLICY;
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://h").pathname));
    const file = more[path] ?? join(WEB, path === sep ? "index.html" : path);
    if (!existsSync(file) || !Object.hasOwn(TYPES, extname(file))) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": TYPES[extname(file)], "content-security-policy": policy });
    response.end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

/** Every golden view: its name and its document. */
export function goldens() {
  return ["answers", "screens"].flatMap((folder) =>
    readdirSync(join(VIEWS, folder)).sort().map((file) => ({
      name: file.replace(/\.json$/u, ""),
      view: JSON.parse(readFileSync(join(VIEWS, folder, file), "utf8")),
    })));
}

/** The golden view of this name. */
export const golden = (wanted) => goldens().find(({ name }) => name === wanted).view;

/** Why no browser can be driven here; null where one can. */
export function missing() {
  if (!existsSync(join(here, "node_modules/playwright-core"))) return "no npm packages in tests/web (npm ci)";
  if (!chromium()) return "no Chromium";
  return null;
}

const chromium = () =>
  [process.env.SEALIGHT_CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => path && existsSync(path));

/** A browser that asks nobody. */
export async function launch() {
  const { chromium: driver } = await import("playwright-core");
  return driver.launch({
    executablePath: chromium(),
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync",
    ],
  });
}

/** A page of a panel's size, ready to draw. */
export async function open(browser, address, panel, query = {}) {
  const [width, height] = PANELS[panel];
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: "reduce", bypassCSP: false });
  const page = await context.newPage();
  page.faults = [];
  page.on("console", (message) => message.type() === "error" && page.faults.push(message.text()));
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("dialog", (dialog) => { page.faults.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => {
    if (!request.url().startsWith(address) && !request.url().startsWith("data:")) page.faults.push(`asked ${request.url()}`);
  });
  await page.goto(address);
  await page.evaluate(async ({ theme, dir }) => {
    const root = document.documentElement;
    root.dataset.sound = "off";
    if (theme) root.dataset.theme = theme;
    if (dir) root.dataset.dir = dir;
    const fonts = [...document.fonts].filter((font) => !font.family.includes("Arabic"));
    await Promise.all(fonts.map((font) => font.load()));
  }, query);
  return page;
}

let turn = 0;

/** Draws a view as the host would hand it over, as an answer of its own. */
export async function draw(page, view) {
  turn += 1;
  view = { ...view, turn };
  await page.evaluate((view) => new Promise((resolve) => {
    addEventListener("message", () => requestAnimationFrame(() => resolve()), { once: true });
    postMessage({ view }, location.origin);
  }), view);
}

/** Every text of a document, without the codes that a page maps to colour, shape and motion. */
export function texts(view) {
  const codes = new Set([
    "screen", "face", "language", "next_language", "tone", "shape", "mark", "rank", "action", "sound", "haptic", "picture",
  ]);
  const found = [];
  const walk = (value, key) => {
    if (typeof value === "string") { if (!codes.has(key)) found.push(value); }
    else if (Array.isArray(value)) value.forEach((one) => walk(one, key));
    else if (value && typeof value === "object") Object.entries(value).forEach(([name, one]) => !codes.has(name) && walk(one, name));
  };
  walk(view, "");
  return found;
}
