// Something that is no answer about any goods, and what to do about it.

import { el, rich } from "../dom.js";
import { actions, others } from "../parts/actions.js";
import { headline, next, steps, why } from "../parts/panel.js";
import { notes } from "../parts/rows.js";
import { strip } from "../parts/strip.js";
import { shape } from "../shapes.js";

export const trouble = (view) => [
  el("header", { class: "hero field" }, strip(view),
    view.shape ? shape(view.shape) : null, headline(view.field.headline, 3), why(view.field.reason)),
  el("div", { class: "body", "data-region": true },
    view.steps.length && view.next ? el("p", { class: "heard" }, ...rich(view.next)) : next(view.next),
    steps(view), notes(view), others(view)),
  actions(view),
];
