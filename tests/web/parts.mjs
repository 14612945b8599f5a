// Parts that no golden view has: a story that is cut short, its longest route, other codes in view, the warning before a screen clears itself.

import { draw, golden } from "./kit.mjs";
import { faults } from "./layout.mjs";

const TITLE = "Also in view: touch one to look at it";
const WARNINGS = { "en": "This screen clears in 10 s. Touch it to stay.", "zh-CN": "本页 10 秒后清除，点按屏幕即可保留。" };
/** After how many moments some are left out, and how many stand there then. */
const [AFTER, MOMENTS] = [2, 8];
/** Least contrast of text (WCAG 2.2, 1.4.3). */
const LEAST = 4.5;

/** A story of which moments are left out. */
export function shortened() {
  const view = golden("kiosk-story-en");
  const [first, second, ...last] = view.story.timeline;
  const between = Array.from({ length: MOMENTS - view.story.timeline.length }, () => last[1]);
  const timeline = [first, second, ...between, ...last];
  const more = { action: "show-all", label: "Show 5 more", rank: "outlined" };
  return { ...view, story: { ...view.story, timeline, hidden: 5, hidden_after: AFTER }, actions: [view.actions[0], more, ...view.actions.slice(1)] };
}

const withOthers = (name) => ({ ...golden(name), others: ["BR-00016", "BR-00017"], others_title: TITLE });

/** The last seconds of a screen, with the warning or without. */
const clearing = (view, warning) =>
  ({ ...view, clears: { ...view.clears, seconds: 10, last: true, ...(warning ? { warning: WARNINGS[view.language] } : {}) } });

/** Views with such parts, by names of their own. */
export const extras = () => [
  { name: "kiosk-story-short-en", view: shortened() },
  { name: "kiosk-others-en", view: withOthers("kiosk-e1-en") },
  { name: "kiosk-others-aiming-en", view: withOthers("kiosk-aiming-en") },
  { name: "kiosk-clears-typing-en", view: clearing(golden("kiosk-typing-en"), true) },
];

/** The button that shows the rest stands where it is left out, and the line is interrupted there. */
export async function cut(page) {
  await draw(page, shortened());
  const broken = await page.evaluate((after) => {
    const found = [];
    const lines = [...document.querySelectorAll(".timeline li")];
    const where = lines.findIndex((line) => line.querySelector("[data-send='{\"act\":\"show-all\"}']"));
    if (where !== after) found.push(`the button for more stands at ${where}, not at ${after}`);
    if (document.querySelector(".acts [data-send*='show-all']")) found.push("the button for more stands among the others too");
    const dashed = (line) => getComputedStyle(line, "::before").backgroundImage.includes("repeating");
    const is = lines.slice(0, after + 2).map(dashed).join();
    if (is !== "false,true,true,false") found.push(`the line is dashed at the first moments: ${is}`);
    return found;
  }, AFTER);
  return [...broken, ...await page.evaluate(faults, { clamped: false })].map((fault) => `a story cut short: ${fault}`);
}

/** What the other codes are stands over them, and names their list. */
export async function listed(page) {
  const broken = [];
  for (const name of ["kiosk-e1-en", "kiosk-aiming-en"]) {
    await draw(page, withOthers(name));
    if (await page.getByRole("list", { name: TITLE }).count() !== 1) broken.push("their list has no name");
    const over = await page.evaluate((title) => {
      const heading = [...document.querySelectorAll("h2")].find((one) => one.textContent === title);
      return Boolean(heading) && heading.getBoundingClientRect().bottom <= document.querySelector(".others button").getBoundingClientRect().top;
    }, TITLE);
    if (!over) broken.push("nothing stands over them");
    broken.push(...await page.evaluate(faults, { clamped: true }));
  }
  return broken.map((fault) => `other codes: ${fault}`);
}

/** As many stations as there can be, with names of two lines each. */
export async function stations(page, panel) {
  const view = golden("kiosk-story-en");
  const names = ["Chengdu Depot", "Suzhou Port", "Nanjing Hall", "Wuxi Market", "Yichang Shop", "Here, today"];
  // Lying there is twice the room.
  const places = names.map((name) => (panel === "upright" ? name : `${name} ${name}`));
  await draw(page, { ...view, story: { ...view.story, places, legs: [true, false, true, true, false] } });
  const lines = await page.evaluate(() => [...document.querySelectorAll(".route li > span:last-child")]
    .map((name) => Math.round(name.offsetHeight / parseFloat(getComputedStyle(name).lineHeight))));
  const broken = lines.join() === "2,2,2,2,2,2" ? [] : [`names of ${lines} lines`];
  return [...broken, ...await page.evaluate(faults, { clamped: false })].map((fault) => `six stations: ${fault}`);
}

/** Inside the page: the warning, and where everything else stands. */
function standing() {
  const box = (element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return { x, y, width, height, name: `${element.tagName.toLowerCase()} "${element.textContent.slice(0, 30)}"` };
  };
  const bar = document.querySelector(".clearing");
  const all = [...document.querySelectorAll(".kiosk :is(h1, h2, p, li, dt, dd, button, .row, .typed)")];
  const { color, backgroundColor } = bar ? getComputedStyle(bar) : {};
  return { bar: bar && box(bar), color, backgroundColor, places: all.filter((one) => one !== bar && !one.closest(".heard")).map(box) };
}

const overlap = (one, other) =>
  Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x) > 2
  && Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y) > 2;

/** The warning before a screen clears itself: it is read, moves nothing and covers nothing. */
export async function warned(page, view) {
  if (!view.clears) return [];
  await draw(page, clearing(view, false));
  const before = await page.evaluate(standing);
  await draw(page, clearing(view, true));
  const after = await page.evaluate(standing);
  if (!after.bar) return ["no warning that it clears itself"];
  const broken = after.places.filter((place) => overlap(place, after.bar)).map(({ name }) => `the warning covers ${name}`);
  if (JSON.stringify(before.places) !== JSON.stringify(after.places)) broken.push("the warning moves what stands there");
  const clear = contrast(rgb(after.color), rgb(after.backgroundColor));
  if (clear < LEAST) broken.push(`the warning has a contrast of ${clear.toFixed(2)}`);
  return [...broken, ...await page.evaluate(faults, { clamped: false })];
}

/** The strip is read over whatever the camera sees, a white wall too. */
export async function veiled(page) {
  await draw(page, golden("kiosk-aiming-en"));
  const [text, veil, opacity] = await page.evaluate(() => {
    const veil = getComputedStyle(document.querySelector(".preview .veil"));
    return [getComputedStyle(document.querySelector(".preview .as-of")).color, veil.backgroundColor, Number(veil.opacity)];
  });
  const behind = rgb(veil).map((part) => part * opacity + 255 * (1 - opacity));
  const clear = contrast(rgb(text), behind);
  return clear < LEAST ? [`the strip before a white scene has a contrast of ${clear.toFixed(2)}`] : [];
}

const rgb = (colour) => colour.match(/[\d.]+/gu).slice(0, 3).map(Number);

/** Contrast of two colours by the formula of WCAG 2.2. */
function contrast(one, other) {
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const [dark, light] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}
