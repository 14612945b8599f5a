// Invites to scan, in both languages at once, and teaches it in three steps.

import { clean, el, rich } from "../dom.js";
import { drawing } from "../drawing.js";
import { actions } from "../parts/actions.js";
import { headline } from "../parts/panel.js";
import { strip } from "../parts/strip.js";
import { DURATION } from "../tokens.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");
/** Against burn-in the drawing moves 12 px every ten minutes. */
const SHIFT_EVERY = 600_000;

export const attract = (view) => {
  const scene = still.matches ? 0 : Math.floor(performance.now() / DURATION["attract-scene"]) % 3;
  return [
    strip(view),
    el("div", { class: "drawing" }, drawing(document.documentElement.dataset.camera)),
    el("div", { class: "say" },
      headline(view.field.headline, 2),
      view.other_language ? el("p", { class: "other most-2", lang: view.next_language }, clean(view.other_language)) : null),
    el("ol", { class: "steps" }, ...view.steps.map((text, at) =>
      el("li", { class: at === scene ? "now" : null }, el("span", { class: "most-3" }, ...rich(text))))),
    el("div", { class: "foot" },
      el("div", {}, ...view.notes.map((text) => el("p", { class: "most-2" }, clean(text)))),
      actions(view)),
  ];
};

/** Moves on to the next step, while the screen is shown. */
export function animate(root) {
  const steps = [...root.querySelectorAll(".attract .steps li")];
  const scene = Math.floor(performance.now() / DURATION["attract-scene"]) % 3;
  if (!still.matches) steps.forEach((step, at) => step.classList.toggle("now", at === scene));
  const drawn = root.querySelector(".attract .drawing");
  const shift = (Math.floor(performance.now() / SHIFT_EVERY) % 3) - 1;
  drawn?.style.setProperty("transform", `translateX(${shift * 12}px)`);
}
