/** The Leaflet map: areas in the colours of the legend, and what is selected. */

import { element } from "./dom.js";
import { inUnit } from "./format.js";
import { fillOf } from "./legend.js";
import { set } from "./state.js";

const L = window.L;
const BORDER = { color: "#ffffff", weight: 0.7, fillOpacity: 0.94, opacity: 1 };

/** Make the map with its panes, from the lowest to the highest. */
export function makeMap(node, manifest) {
  const map = L.map(node, { zoomControl: false, attributionControl: false, zoomSnap: 0.25, zoomDelta: 0.5, minZoom: 6, maxZoom: 17, renderer: L.svg({ padding: 0.5 }) });
  ["polygons", "raster", "lines", "borders", "pockets", "chosen", "points", "pins"].forEach((name, place) => {
    map.createPane(name).style.zIndex = String(410 + place * 10);
  });
  for (const quiet of ["raster", "lines", "borders", "polygons"]) map.getPane(quiet).style.pointerEvents = "none";
  map.fitBounds(manifest.bounds, { padding: [12, 12], animate: false });
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  addZoom(map, manifest);
  return map;
}

function addZoom(map, { texts, bounds }) {
  const control = L.control({ position: "topright" });
  const button = (sign, title, onclick) => element("button", { type: "button", title, "aria-label": title, onclick }, sign);
  control.onAdd = () => {
    const box = element("div", { class: "zoom leaflet-bar" },
      button("+", texts.zoom_in, () => map.zoomIn()), button("−", texts.zoom_out, () => map.zoomOut()),
      button("⤢", texts.zoom_all, () => map.fitBounds(bounds, { padding: [12, 12] })));
    L.DomEvent.disableClickPropagation(box);
    return box;
  };
  control.addTo(map);
}

/** The areas of one level on the map. */
export class AreaLayer {
  constructor(map, shapes, areas) {
    this.map = map;
    this.areas = areas;
    this.paths = new Map();
    this.layer = L.geoJSON(shapes, { style: { ...BORDER, fillColor: "#eef1f2" }, onEachFeature: (feature, path) => this.attend(feature, path) });
    this.layer.addTo(map);
    for (const [code, path] of this.paths) {
      path.getElement()?.setAttribute("data-code", code);
      path.getElement()?.setAttribute("tabindex", "-1");
    }
  }

  attend(feature, path) {
    this.paths.set(feature.id, path);
    path.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      set({ area: feature.id, suggestion: null, pocket: this.areas.value(feature.id, "pocket_id") });
    });
    path.bindTooltip(() => this.tip(feature.id), { sticky: true, direction: "top", opacity: 1 });
  }

  tip(code) {
    const value = this.indicator ? this.areas.value(code, this.indicator.name) : null;
    const shown = this.areas.withheld(code) ? this.words?.withheld : `${inUnit(value, this.indicator?.unit)}${this.areas.mark(code, this.indicator?.name)}`;
    return element("span", {}, element("b", {}, this.areas.name(code)), ` ${shown ?? ""}`);
  }

  /** Colour every area by the class it is in. */
  colour(classes, indicator, words) {
    Object.assign(this, { classes, indicator, words });
    this.areas.codes.forEach((code, row) => {
      const path = this.paths.get(code);
      if (!path) return;
      path.setStyle({ fillColor: fillOf(classes, classes.class_of[row]) });
      path.getElement()?.setAttribute("data-class", classes.class_of[row]);
    });
  }

  /** Step back everything that is not highlighted. */
  highlight(codes) {
    for (const [code, path] of this.paths) path.setStyle({ fillOpacity: !codes || codes.has(code) ? BORDER.fillOpacity : 0.45 });
  }

  /** Ring the selected area. */
  choose(code) {
    this.ring?.remove();
    this.ring = null;
    const path = code ? this.paths.get(code) : null;
    if (path) this.ring = L.geoJSON(path.feature, { pane: "chosen", interactive: false, style: { fill: false, color: "#1f2a30", weight: 2.2, className: "ring" } }).addTo(this.map);
  }

  bounds(codes) {
    const box = L.latLngBounds([]);
    for (const code of codes) if (this.paths.has(code)) box.extend(this.paths.get(code).getBounds());
    return box;
  }

  remove() {
    this.choose(null);
    this.layer.remove();
  }
}
