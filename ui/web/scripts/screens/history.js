// Earlier scans, the newest day first.

import { clean, el } from "../dom.js";
import { actions, sends } from "../parts/actions.js";
import { headline, why } from "../parts/panel.js";
import { strip } from "../parts/strip.js";
import { shape } from "../shapes.js";

const line = ({ entry, tone, shape: name, name: product, what, since }) =>
  el("li", {}, el("button", sends({ act: { "open-entry": entry } }),
    el("span", { class: `square tone-${tone}` }, shape(name)),
    el("span", {},
      el("span", { class: "name most-2" }, clean(product)),
      el("span", { class: "what most-2" }, clean(what)),
      since === null ? null : el("span", { class: "since most-2" }, clean(since)))));

export const history = (view) => [
  el("header", { class: "hero field" }, strip(view), headline(view.field.headline, 3), why(view.field.reason)),
  el("div", { class: "body days", "data-region": true },
    ...view.history.map(({ date, lines }) => el("section", {}, el("h2", {}, clean(date)), el("ul", {}, ...lines.map(line))))),
  actions(view),
];
