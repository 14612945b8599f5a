// Telling the brand: which kind, which sentences, everything that leaves, and what became of it.

import { clean, el } from "../dom.js";
import { actions, sends } from "../parts/actions.js";
import { headline, next, steps, why } from "../parts/panel.js";
import { rows } from "../parts/rows.js";
import { strip } from "../parts/strip.js";

/** Sentences that can be chosen: touched again, one is taken back. */
const choices = ({ choices: list = [] }) =>
  list.length === 0 ? null : el("ul", { class: "choices" },
    ...list.map(({ label, chosen }, at) =>
      el("li", {}, el("button", { ...sends({ act: { "pick-phrase": at } }), "aria-pressed": String(chosen) },
        el("span", { class: "most-2" }, clean(label))))));

export const report = (view) => [
  el("header", { class: "hero field" }, strip(view), headline(view.field.headline, 3), why(view.field.reason)),
  el("div", { class: "body", "data-region": true }, next(view.next), choices(view), rows(view), steps(view)),
  actions(view),
];
