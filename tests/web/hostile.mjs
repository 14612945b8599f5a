// Hostile texts in every field of a view: nothing runs, nothing breaks the layout.

import { faults } from "./layout.mjs";
import { draw, goldens, open } from "./kit.mjs";

const RTL = "\u202E\u200F\u2067\u202B".repeat(1024);
/** What a label, a record or a feed might hold, by what it tries. */
const TEXTS = {
  markup: "<img src=x onerror=alert(1)><script>alert(1)</script><b style='position:fixed;inset:0'>x</b>",
  attribute: "\" onclick=\"alert(1)\" autofocus onfocus=\"alert(1)\" x=\"' javascript:alert(1)",
  directions: `${RTL}BR-0003`,
  word: "W".repeat(4096),
  marks: "**".repeat(700) + "\u200B".repeat(2000) + "\n".repeat(600),
  combining: `e${"\u0301\u0323\u0352".repeat(700)} Zalgo`,
  han: "廠".repeat(2000),
};
const CODES = new Set(["screen", "face", "language", "next_language", "tone", "shape", "mark", "rank", "action", "sound", "haptic", "rows"]);

/** The same view with `text` instead of every text. */
function poisoned(value, text, key = "") {
  if (typeof value === "string") return CODES.has(key) ? value : text;
  if (Array.isArray(value)) return value.map((one) => poisoned(one, text, key));
  if (!value || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) =>
    [name, CODES.has(name) && typeof one === "string" ? one : poisoned(one, text, name === "rows" && key !== "" ? "rows" : name === "rows" ? "" : name)]));
}

const KINDS = ["kiosk-e1-en", "kiosk-e3-zh-CN", "kiosk-recalled-lot-en", "kiosk-second-tap-en", "kiosk-attract-en", "kiosk-aiming-en",
  "kiosk-checking-en", "kiosk-typing-en", "kiosk-not-a-seal-en", "kiosk-story-en", "kiosk-staff-en", "kiosk-pin-en", "shopper-history-en"];

export async function hostile(browser, address) {
  const broken = [];
  let drawn = 0;
  const all = goldens();
  for (const panel of ["upright", "lying"]) {
    const page = await open(browser, address, panel);
    const before = await page.evaluate(() => document.querySelectorAll("script, iframe, object, embed, link").length);
    for (const kind of KINDS) {
      const golden = all.find(({ name }) => name === kind);
      if (!golden) { broken.push(`no golden ${kind}`); continue; }
      for (const [what, text] of Object.entries(TEXTS)) {
        const view = poisoned(golden.view, text);
        if (view.keypad) view.keypad.rows = golden.view.keypad.rows;
        Object.assign(view, { others: [text, text, text], others_title: text });
        if (view.clears) view.clears.warning = text;
        if (view.story) {
          view.story.hidden_after = 2;
          view.actions.push({ action: "show-all", label: text, rank: "outlined" });
        }
        await draw(page, view);
        drawn += 1;
        const found = await page.evaluate(faults, { clamped: true });
        broken.push(...found.map((fault) => `${kind}, ${what}, ${panel}: ${fault.slice(0, 160)}`));
        const foreign = await page.evaluate(() => [
          document.querySelectorAll("script, iframe, object, embed, link").length,
          [...document.querySelectorAll("#stage *")].flatMap((one) => [...one.attributes])
            .filter(({ name }) => name.startsWith("on") || name === "srcdoc" || name === "href").length,
          document.querySelectorAll("#stage img, #stage b, #stage script").length,
        ]);
        if (foreign[0] !== before || foreign[1] || foreign[2]) broken.push(`${kind}, ${what}: foreign elements ${foreign}`);
      }
    }
    broken.push(...page.faults.map((fault) => `${panel}: ${fault.slice(0, 200)}`));
    await page.context().close();
  }
  console.log(`figure: hostile screens drawn: ${drawn} screens`);
  return broken;
}
