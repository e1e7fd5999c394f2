/** Our own small symbols: shapes for facilities, pins for suggestions. */

import { drawing } from "./dom.js";

/** A facility's mark around (x, y) with radius r; shapes differ so that a print without colour still tells them apart. */
export function mark(shape, x, y, r, color) {
  const look = { fill: color, stroke: "#ffffff", "stroke-width": 1.2 };
  if (shape === "square") return drawing("rect", { x: x - r, y: y - r, width: 2 * r, height: 2 * r, ...look });
  if (shape === "triangle") return drawing("path", { d: `M${x} ${y - r} L${x + r} ${y + r} L${x - r} ${y + r}Z`, ...look });
  if (shape === "diamond") return drawing("path", { d: `M${x} ${y - r} L${x + r} ${y} L${x} ${y + r} L${x - r} ${y}Z`, ...look });
  if (shape === "cross") {
    const t = r / 2.6;
    return drawing("path", { d: `M${x - t} ${y - r}h${2 * t}v${r - t}h${r - t}v${2 * t}h${t - r}v${r - t}h${-2 * t}v${t - r}h${t - r}v${-2 * t}h${r - t}Z`, ...look });
  }
  return drawing("circle", { cx: x, cy: y, r, ...look });
}

/** Strokes in a 24 x 24 box, drawn white on the pin. */
const PICTURES = {
  school: "M4 10 L12 6 L20 10 L12 14Z M7 12v4c3 2 7 2 10 0v-4",
  health: "M12 6v12 M6 12h12",
  market: "M5 10h14l-1.5 8h-11Z M8 10l2-4 M16 10l-2-4",
  water: "M12 5c3 4 5 6.4 5 9a5 5 0 0 1-10 0c0-2.6 2-5 5-9Z",
  sanitation: "M7 6v6h10a5 5 0 0 1-5 5h-1v2 M7 12a5 5 0 0 0 4 5",
  house: "M5 12l7-6 7 6 M7 11v7h10v-7",
  electricity: "M13 5l-5 8h4l-1 6 5-8h-4Z",
  cooking: "M12 5c4 4 5 6 5 8a5 5 0 0 1-10 0c0-2 1-3 2-4 1 2 2 2 2 2 0-2 0-4 1-6Z",
  work: "M5 9h14v9H5Z M9 9V7h6v2 M5 13h14",
  road: "M9 5L6 19 M15 5l3 14 M12 6v3 M12 11v3 M12 16v3",
  people: "M9 9a2.5 2.5 0 1 0 .1 0 M15.5 9a2 2 0 1 0 .1 0 M5 18c0-3 2-4.5 4-4.5s4 1.5 4 4.5 M14 14c2 0 4.5 1 4.5 4",
  list: "M7 8h10 M7 12h10 M7 16h6",
};

const BY_SERVICE = {
  early_childhood: "school", primary_school: "school", junior_school: "school", senior_school: "school",
  health_centre: "health", posyandu: "health", market: "market", road: "road",
};
const BY_WORD = [
  ["water", /water|air|sumur|spam/], ["sanitation", /sanit|jamban|latrine|toilet/], ["house", /hous|rumah|rtlh|bsps/],
  ["electricity", /electric|listrik/], ["cooking", /cook|fuel|lpg|kompor/], ["road", /road|jalan|bridge|jembatan/],
  ["school", /school|sekolah|paud|education|pkbm|kejar|paket/], ["health", /health|puskes|posyandu|clinic/],
  ["market", /market|pasar/], ["work", /work|job|kerja|business|usaha|training|pelatihan|economy|padat/], ["list", /data|regist|survey|verif|pendata|enumer/],
];
const BY_STRATEGY = { 1: "list", 3: "work", 4: "people", 5: "road", 6: "people", 7: "list" };

/** Which picture stands for a suggestion. */
export function pictureOf({ service, kind, strategy }) {
  if (service && BY_SERVICE[service]) return BY_SERVICE[service];
  const word = BY_WORD.find(([, pattern]) => pattern.test(kind ?? ""));
  return word?.[0] ?? BY_STRATEGY[strategy] ?? "list";
}

/** A pin with a picture, 26 x 34, its tip at the bottom. */
export function pin(picture) {
  return drawing("svg", { viewBox: "0 0 26 34", width: 26, height: 34, "aria-hidden": "true" },
    drawing("path", { d: "M13 33C6 23 1.5 19 1.5 13a11.5 11.5 0 0 1 23 0c0 6-4.5 10-11.5 20Z", fill: "#c2410c", stroke: "#fff", "stroke-width": 1.6 }),
    drawing("path", { d: PICTURES[picture], transform: "translate(3.400 3.400) scale(.8)", fill: "none", stroke: "#fff", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round" }));
}

/** The letter of a pocket in a white disc. */
export function letter(text, dashed) {
  return drawing("svg", { viewBox: "0 0 34 34", width: 34, height: 34, "aria-hidden": "true" },
    drawing("circle", { cx: 17, cy: 17, r: 14, fill: "#fff", stroke: "#2b2e6b", "stroke-width": 2.6, "stroke-dasharray": dashed ? "5 3" : "none" }),
    drawing("text", { x: 17, y: 22, "text-anchor": "middle", class: "letter" }, text));
}
