/** The list of layers: on or off, how many, and how dense a picture is. */

import { byId, drawing, element, refill } from "./dom.js";
import { fill, number } from "./format.js";
import { get, set } from "./state.js";
import { mark } from "./symbols.js";

function toggle(id, on) {
  const layers = get().layers.filter((name) => name !== id);
  set({ layers: on ? [...layers, id] : layers });
}

function key(layer) {
  const picture = { class: "key", viewBox: "0 0 18 14", "aria-hidden": "true" };
  if (layer.type === "points") return drawing("svg", picture, mark(layer.shape, 9, 7, 4.5, layer.color));
  if (layer.type === "lines") return drawing("svg", picture, drawing("path", { d: "M1 11 Q6 2 10 8 T17 4", fill: "none", stroke: layer.color, "stroke-width": 2 }));
  if (layer.type === "polygons") return drawing("svg", picture, drawing("rect", { x: 2, y: 2, width: 14, height: 10, rx: 2, fill: layer.color, "fill-opacity": 0.35, stroke: layer.color }));
  if (layer.type === "pockets") return drawing("svg", picture, drawing("rect", { x: 2, y: 2, width: 14, height: 10, rx: 3, fill: "#fff", stroke: "#2b2e6b", "stroke-width": 2.4 }));
  if (layer.type === "interventions") return drawing("svg", picture, drawing("path", { d: "M9 13 C4 8 4 2 9 1 C14 2 14 8 9 13Z", fill: "#c2410c" }));
  if (layer.type === "boundary") return drawing("svg", picture, drawing("path", { d: "M1 7 H17", stroke: "#7d898f", "stroke-width": 1.4 }));
  return drawing("svg", picture, [0, 1, 2].map((row) => [0, 1, 2, 3].map((column) =>
    drawing("rect", { x: 1 + 4 * column, y: 1 + 4 * row, width: 4, height: 4, fill: (row + column) % 2 ? "#9fb58f" : "#d9e2cf" }))));
}

/** Colours of a picture and what they mean. */
function ramp({ legend, caption }) {
  return element("span", { class: "ramp" }, caption ? element("span", { class: "caption" }, caption) : null, legend.map(({ label, color }) =>
    element("span", {}, drawing("svg", { viewBox: "0 0 11 11", "aria-hidden": "true" }, drawing("rect", { width: 11, height: 11, rx: 2, fill: color })), label)));
}

function line(layer, chosen, words, onOpacity) {
  const missing = layer.count === null || layer.count === 0;
  const id = `layer-${layer.id}`;
  const box = element("input", { type: "checkbox", id, checked: !missing && chosen, disabled: missing,
    onchange: (event) => toggle(layer.id, event.target.checked) });
  const count = missing ? words.layer_none : layer.note || number(layer.count);
  const row = element("li", { class: missing ? "absent" : "", "data-layer": layer.id },
    box, element("label", { for: id }, key(layer), element("span", {}, layer.title)), element("span", { class: "count" }, count));
  if (layer.type === "raster" && !missing) {
    row.append(ramp(layer), element("input", { type: "range", min: 10, max: 100, step: 5, value: 65, class: "opacity",
      "aria-label": fill(words.opacity, { name: layer.title }), oninput: (event) => onOpacity(layer.id, event.target.value / 100) }));
  }
  return row;
}

/** Draw the list once; a later change of the state only sets the boxes. */
export function listLayers(manifest, state, onOpacity) {
  refill(byId("layers"), manifest.layers.map((layer) => line(layer, state.layers.includes(layer.id), manifest.texts, onOpacity)));
}

export function followLayers(state) {
  for (const row of byId("layers").children) {
    const box = row.querySelector("input[type=checkbox]");
    box.checked = !box.disabled && state.layers.includes(row.dataset.layer);
  }
}
