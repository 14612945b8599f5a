// The evidence: one row a part.

import { clean, el, rich } from "../dom.js";
import { mark } from "../shapes.js";

const cell = (kind, ...children) => el("div", { class: kind, role: "cell" }, ...children);

function titles({ found, said_by }) {
  const title = (text) => el("div", { role: "columnheader" }, clean(text));
  return el("div", { class: "row titles", role: "row" }, cell("mark"), cell("part"), title(found), title(said_by));
}

function row({ mark: name, part, finding, said_by, names }) {
  const by = said_by === null ? null : cell("by",
    el("span", { class: "most-2" }, clean(said_by)),
    names.length ? el("span", { class: "heard" }, names.map(clean).join(", ")) : null);
  return el("div", { class: `row ${name}`, role: "row" },
    cell("mark-cell", mark(name)),
    cell("part most-2", clean(part)),
    cell("finding most-3", ...rich(finding)),
    by);
}

export const rows = (view) =>
  view.rows.length === 0 ? null : el("div", { class: "rows", role: "table" },
    view.titles ? titles(view.titles) : null, ...view.rows.map(row));

export const notes = (view) =>
  view.notes.length === 0 ? null : el("ul", { class: "notes" },
    ...view.notes.map((text) => el("li", { class: "most-4" }, ...rich(text))));
