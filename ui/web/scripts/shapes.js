// Every shape, mark and icon, in one colour; `cut` and `hole` take the field's.

import { svg } from "./dom.js";

const CHECK = "M63 104L90 131L139 75";
const LEFT = "M94 16.2A84 84 0 0 0 94 183.8Z";
const RIGHT_ARC = "M107 16.3A84 84 0 0 1 107 183.7";
const OCTAGON = [22.5, 67.5, 112.5, 157.5, 202.5, 247.5, 292.5, 337.5]
  .map((degrees) => (degrees * Math.PI) / 180)
  .map((angle) => `${(100 + 88 * Math.cos(angle)).toFixed(1)},${(100 + 88 * Math.sin(angle)).toFixed(1)}`)
  .join(" ");

const disc = (r = 84) => svg("circle", { class: "fill", cx: 100, cy: 100, r });
const ring = (r, width, dash, offset) =>
  svg("circle", { class: "dash", cx: 100, cy: 100, r, "stroke-width": width, "stroke-dasharray": dash, "stroke-dashoffset": offset });
const path = (kind, d, width, more = {}) => svg("path", { class: kind, d, "stroke-width": width, ...more });
const dot = (cx, cy, r, kind = "fill") => svg("circle", { class: kind, cx, cy, r });
const octagon = () => svg("polygon", { class: "fill", points: OCTAGON });
const struck = (from, to) => [path("cut", `M${from}L${to}`, 30), path("line", `M${from}L${to}`, 12)];

/** Bars of codes that are gone, inside the right half. */
function bars() {
  return Array.from({ length: 9 }, (_, at) => {
    const y = 21 + at * 19;
    const half = Math.sqrt(84 ** 2 - Math.min(83, Math.abs(y + 5 - 100) + 5) ** 2);
    return svg("rect", { class: "dash", x: 106, y, width: Math.max(12, half - 6).toFixed(1), height: 9, rx: 4.5, "stroke-width": 4.5 });
  });
}

/** What is drawn in a field, in a box of 200 units. */
const SHAPES = {
  "proven": () => [disc(), path("cut", CHECK, 19)],
  "proven-ring": () => [disc(69), ring(86, 10), path("cut", "M68 103L91 126L132 79", 17)],
  "half": () => [path("fill left", LEFT), path("dash right", RIGHT_ARC, 11, { "stroke-dasharray": "24 21.2" })],
  "not-seen": () => [
    ring(84, 11, "32 20.78", 16),
    path("line", "M75 81C75 65 86 56 101 56S127 66 127 80C127 99 101 101 101 121", 15),
    dot(101, 146, 9.5),
  ],
  "stale": () => [
    path("dash", "M100 16A84 84 0 0 0 100 184", 11),
    path("dash", "M100 184A84 84 0 0 0 100 16", 11, { "stroke-dasharray": "22 15.7", "stroke-dashoffset": -9 }),
    path("line", "M100 53V101L131 122", 14),
  ],
  "used-up": () => [path("fill", LEFT), ...bars()],
  "recalled": () => [octagon(), path("cut", "M84 62L58 88L84 114M62 88H117A25 25 0 0 1 117 138H86", 17)],
  "contradicted": () => [
    svg("g", { transform: "translate(14 2) scale(.88)" }, path("fill left", LEFT)),
    svg("g", { transform: "translate(12 36) scale(.88)" }, path("fill right", "M106 16.2A84 84 0 0 1 106 183.8Z")),
  ],
  "opened": () => [
    path("fill", "M27 101A74 74 0 1 0 173 101Z"),
    svg("g", { transform: "rotate(-18 31 85)" }, path("fill", "M31 85A74 74 0 0 1 169 85Z")),
  ],
  "not-a-seal": () => [
    svg("rect", { class: "dash", x: 22, y: 22, width: 156, height: 156, rx: 14, "stroke-width": 11 }),
    path("dash", "M54 58V142M72 58V142M85 58V142M105 58V142M118 58V142M138 58V142M150 58V142", 7),
    ...struck("18 182", "182 18"),
  ],
  "no-camera": () => [
    path("line", "M24 62H60L74 40H126L140 62H176V160H24Z", 11),
    svg("circle", { class: "dash", cx: 100, cy: 108, r: 30, "stroke-width": 11 }),
    ...struck("28 184", "172 16"),
  ],
  "no-network": () => [
    path("line", "M28 92A102 102 0 0 1 172 92M54 120A65 65 0 0 1 146 120", 13),
    dot(100, 154, 12),
    ...struck("34 186", "166 26"),
  ],
};

/** Marks of rows and of a timeline. */
const MARKS = {
  "proven": () => [disc(), path("cut", CHECK, 21)],
  "nobody": () => [ring(76, 17, "46 33.6", 23)],
  "against": () => [octagon(), path("cut", "M100 54V108", 21), dot(100, 142, 13, "hole")],
  "look": () => [path("line", "M14 100C50 44 150 44 186 100C150 156 50 156 14 100Z", 15), dot(100, 100, 25)],
  "time": () => [ring(76, 16), path("line", "M100 58V102L130 120", 16)],
  "out": () => [path("line", "M36 100H164", 19)],
  "ring": () => [dot(100, 100, 58, "hole"), ring(58, 24)],
  "ringed-dot": () => [dot(100, 100, 84, "hole"), ring(84, 14), disc(52)],
  "diamond": () => [svg("rect", { class: "fill", x: 46, y: 46, width: 108, height: 108, transform: "rotate(45 100 100)" })],
  "dashed-ring": () => [dot(100, 100, 66, "hole"), ring(66, 14, "26 25.8")],
  "octagon": () => [octagon(), path("cut", "M100 54V108", 21), dot(100, 142, 13, "hole")],
  "here": () => [disc(64)],
};

const line = (d) => () => [path("line", d, 2)];

/** Icons, in a box of 24 units. */
const ICONS = {
  "forward": line("M5 12H19M13 6L19 12L13 18"),
  "back": line("M19 12H5M11 6L5 12L11 18"),
  "speak": line("M4 10V14H7L12 18V6L7 10ZM15.5 9.2A4 4 0 0 1 15.5 14.8M18 6.6A7.6 7.6 0 0 1 18 17.4"),
  "keys": line("M3 7H21V17H3ZM7 10.5V10.6M10.4 10.5V10.6M13.7 10.5V10.6M17 10.5V10.6M8 14H16"),
  "scanner": line("M4 6H17L20 9L17 12H12L10 19H6L7.6 12H4Z"),
  "scan": line("M4 9V5H8M16 5H20V9M20 15V19H16M8 19H4V15M8 12H16"),
  "again": line("M19 12A7 7 0 1 1 16.6 6.7M17 3V7H13"),
  "send": line("M4 11L20 4L13 20L11 13Z"),
  "call": line("M6 16V11A6 6 0 0 1 18 11V16L20 18H4ZM10 21H14"),
  "tilt": line("M5 17L16 6L19 9L8 20ZM4 10A7 7 0 0 1 8 5M4 10L3.4 6.6M4 10L7.4 9.4"),
  "aside": line("M4 6H20V18H4ZM9 12H15"),
  "list": line("M9 6H20M9 12H20M9 18H20M4.5 6V6.1M4.5 12V12.1M4.5 18V18.1"),
  "offline": line("M3 9A13 13 0 0 1 21 9M6.5 13A8 8 0 0 1 17.5 13M12 18V18.1M4 21L20 3"),
  "clock": line("M12 3.5A8.5 8.5 0 1 1 11.9 3.5M12 7.5V12.2L15 14"),
};

const drawn = (parts, name, box, kind) =>
  svg("svg", { class: `${kind} ${name}`, viewBox: `0 0 ${box} ${box}`, "aria-hidden": "true" }, ...(parts[name]?.() ?? []));

export const shape = (name) => drawn(SHAPES, name, 200, "shape");
export const mark = (name) => drawn(MARKS, name, 200, "mark");
export const icon = (name) =>
  drawn(ICONS, name, 24, name === "forward" || name === "back" ? "icon flip" : "icon");

/** The product's own mark: a disc of two halves. */
export const wordmark = () =>
  svg("svg", { viewBox: "0 0 200 200", "aria-hidden": "true" },
    path("fill", "M92 12A88 88 0 0 0 92 188Z"), path("line", "M115 20V180A81 81 0 0 0 115 20Z", 16));

/** The two halves over a split field. */
export const tally = () =>
  svg("svg", { class: "tally", viewBox: "0 0 200 200", "aria-hidden": "true" },
    path("fill left", "M93 16.3A84 84 0 0 0 93 183.7Z"),
    path("dash right", "M107 17A84 84 0 0 1 107 183", 8, { "stroke-dasharray": "17 12.3", "stroke-linecap": "round" }));

/** The outline of a package, where no picture is proven. */
export const parcel = () =>
  svg("svg", { class: "picture", viewBox: "0 0 220 252", "aria-hidden": "true" },
    path("line", "M40 52L92 30L184 40V204L132 226L40 212ZM40 52L132 64L184 40M132 64V226", 5),
    path("line", "M64 55V116L98 120V60", 5, { "stroke-dasharray": "10 9" }));

/** Corners that say where to hold a code. */
export const guide = () =>
  svg("svg", { class: "guide", viewBox: "0 0 440 440", "aria-hidden": "true" },
    path("line", "M6 96V36A30 30 0 0 1 36 6H96M344 6H404A30 30 0 0 1 434 36V96M434 344V404A30 30 0 0 1 404 434H344M96 434H36A30 30 0 0 1 6 404V344", 12));
