// The box under the light, which teaches the scan: strip, distance, answer.

import { svg } from "./dom.js";

const GLYPHS = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"];

/** Something that looks like a square code and is none: one path, for an element a cell, each time that the screen is shown, stays in memory for minutes. */
function pattern(x, y, unit) {
  const cells = [];
  const put = (column, row) => cells.push(`M${x + column * unit} ${y + row * unit}h${unit}v${unit}h-${unit}z`);
  const corner = (column, row) =>
    GLYPHS.forEach((line, dy) => [...line].forEach((bit, dx) => bit === "1" && put(column + dx, row + dy)));
  [[0, 0], [14, 0], [0, 14]].forEach(([column, row]) => corner(column, row));
  for (let row = 0; row < 21; row += 1) {
    for (let column = 0; column < 21; column += 1) {
      const inCorner = (row < 8 && (column < 8 || column > 12)) || (row > 12 && column < 8);
      if (!inCorner && (row * 7 + column * 11 + row * column * 3) % 5 < 2) put(column, row);
    }
  }
  return svg("path", { class: "pattern", d: cells.join("") });
}

/** The light comes from where the camera really is. */
const TURN = { top: "", right: "rotate(90 540 540)", bottom: "rotate(180 540 540)", left: "rotate(-90 540 540)" };

export function drawing(camera) {
  const wave = (y) => `M386 ${y}q25 -18 51 0t51 0t51 0t51 0t51 0t51 0`;
  return svg("svg", { viewBox: "0 0 1080 1130", preserveAspectRatio: "xMidYMid meet", "aria-hidden": "true" },
    svg("g", { class: "shine", transform: TURN[camera] ?? "" },
      svg("path", { class: "light", d: "M512 0H568L648 520H432Z" }),
      svg("rect", { class: "lamp", x: 500, y: 0, width: 80, height: 18, rx: 9 })),
    svg("g", { class: "box" },
      svg("path", { class: "lid", d: "M386 386L486 354L798 386L692 386Z" }),
      svg("path", { class: "side", d: "M692 386L798 386V1068L692 1096Z" }),
      svg("rect", { class: "front", x: 386, y: 386, width: 306, height: 710 }),
      svg("path", { class: "seam", d: "M386 532H692L798 556" }),
      svg("rect", { class: "paper", x: 480, y: 436, width: 120, height: 210 }),
      svg("rect", { class: "white", x: 490, y: 446, width: 100, height: 100 }),
      pattern(498, 454, 4),
      svg("path", { class: "print", d: "M496 574H584M496 594H584M496 614H552" }),
      svg("g", { class: "disc", transform: "translate(456 722) scale(.84)" },
        svg("path", { class: "fill", d: "M92 12A88 88 0 0 0 92 188Z" }),
        svg("path", { class: "line", d: "M110 16A84 84 0 0 1 110 184", "stroke-width": 10, "stroke-dasharray": "19 15" })),
      ...[1010, 1036, 1062].map((y) => svg("path", { class: "brand", d: wave(y) }))),
    svg("path", {
      class: "guide",
      d: "M446 462V430q0-20 20-20H498M582 410H614q20 0 20 20V462M634 622V654q0 20-20 20H582M498 674H466q-20 0-20-20V622",
    }));
}
