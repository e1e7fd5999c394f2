/** The small map on a pocket's own page: the outline among its neighbours, and the suggested places. */

import * as api from "./api.js";
import { byId, element } from "./dom.js";
import { speak } from "./format.js";
import { makeMap } from "./map.js";
import { Overlays } from "./overlays.js";

const L = window.L;

async function draw(node) {
  const manifest = await api.json(node.dataset.manifest);
  speak(manifest.lang);
  const map = makeMap(node, manifest);
  // The panel grows with the one beside it; Leaflet draws only the size that it knows.
  new ResizeObserver(() => map.invalidateSize()).observe(node);
  const level = manifest.levels[0].name;
  const [shapes, values, classes, outlines] = await Promise.all([
    api.areaShapes(level), api.areaValues(level), api.legend(level, manifest.indicators[0].name, manifest.methods[0].name, manifest.default_classes, manifest.lang), api.pocketShapes(),
  ]);
  const colour = new Map(values.code.map((code, row) => [code, classes.classes[classes.class_of[row]]?.color ?? "#ffffff"]));
  L.geoJSON(shapes, {
    style: (feature) => ({ color: "#ffffff", weight: 0.7, fillOpacity: 0.94, fillColor: colour.get(feature.id) }),
    onEachFeature: (feature, path) => path.bindTooltip(() => element("span", {}, feature.properties.name), { sticky: true }),
  }).addTo(map);
  for (const path of node.querySelectorAll("path")) path.setAttribute("tabindex", "-1");
  const overlays = new Overlays(map, manifest);
  await overlays.show(["pockets", "interventions", "kecamatan", "jalan", "sungai"]);
  const mine = outlines.features.find((feature) => feature.id === node.dataset.pocketId);
  if (node.dataset.line) showLink(map, JSON.parse(node.dataset.line));
  else if (mine?.geometry) map.fitBounds(L.geoJSON(mine).getBounds().pad(0.35), { animate: false });
  if (node.dataset.interventionId) overlays.choose(node.dataset.interventionId);
  node.dataset.ready = "true";
}

/** A missing road or bridge, and enough around it to see which roads it joins. */
function showLink(map, line) {
  const ends = line.map(([longitude, latitude]) => [latitude, longitude]);
  L.polyline(ends, { color: "#ffffff", weight: 9, interactive: false }).addTo(map);
  const drawn = L.polyline(ends, { color: "#1b1b1b", weight: 4, dashArray: "8 6", interactive: false, className: "link-line" }).addTo(map);
  map.fitBounds(drawn.getBounds().pad(1.5), { animate: false, maxZoom: 14 });
}

const node = byId("map");
draw(node).catch((error) => { node.textContent = error.message; });
