// The answer, top to bottom: field, item with next step, evidence, actions.

import { el } from "../dom.js";
import { actions, others } from "../parts/actions.js";
import { headline, item, steps, why } from "../parts/panel.js";
import { notes, rows } from "../parts/rows.js";
import { strip } from "../parts/strip.js";
import { shape, tally } from "../shapes.js";

function hero(view) {
  const { field, beside } = view;
  if (!beside) {
    return el("header", { class: "hero field" }, strip(view),
      view.shape ? shape(view.shape) : null, headline(field.headline, 3), why(field.reason));
  }
  return el("header", { class: "hero split" }, strip(view),
    el("div", { class: "half field record" }, headline(field.headline, 3), why(field.reason)),
    el("div", { class: "half object" }, headline(beside.headline, 3, "h2"), why(beside.reason)),
    tally());
}

export const verdict = (view) => [
  hero(view),
  item(view),
  el("div", { class: "body", "data-region": true }, rows(view), steps(view), notes(view), others(view)),
  actions(view),
];
