// The staff's page: what is wrong with this kiosk, and its day in figures.

import { el } from "../dom.js";
import { actions } from "../parts/actions.js";
import { headline, why } from "../parts/panel.js";
import { rows } from "../parts/rows.js";
import { strip } from "../parts/strip.js";

export const staff = (view) => [
  el("header", { class: "hero field" }, strip(view), headline(view.field.headline, 2), why(view.field.reason)),
  el("div", { class: "body", "data-region": true }, rows(view)),
  actions(view),
];
