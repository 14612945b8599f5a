// Headline and reason, and the item with its next step.

import { clean, coded, el, rich } from "../dom.js";
import { picture } from "./picture.js";

/** The headline, on which the focus starts. */
export const headline = (text, lines, tag = "h1") =>
  el(tag, { "data-lines": lines, tabindex: tag === "h1" ? "-1" : null }, ...rich(text));

export const why = (text, most = 5) => (text ? el("p", { class: `why most-${most}` }, ...rich(text)) : null);

export const next = (text) => (text ? el("p", { class: "next most-4" }, ...rich(text)) : null);

/** What to do, step by step. */
export const steps = (view) =>
  view.steps.length === 0 ? null : el("ol", { class: "do" },
    ...view.steps.map((text) => el("li", {}, el("span", { class: "most-3" }, ...rich(text)))));

export function item(view) {
  if (!view.item) return null;
  const { name, maker, number, tail } = view.item;
  const heard = [number, tail].filter((text) => text !== null && !name.includes(text));
  return el("div", { class: "item" },
    picture(view.item.picture),
    el("div", {},
      el("h2", { class: "name", "data-lines": 2 }, ...coded(name)),
      el("p", { class: "maker most-2" }, ...coded(maker)),
      ...heard.map((text) => el("span", { class: "heard" }, clean(text))),
      next(view.next)));
}
