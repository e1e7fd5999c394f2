/** What lies over the areas: outlines and letters of pockets, pins of suggestions, facilities, lines, pictures. */

import * as api from "./api.js";
import { element } from "./dom.js";
import { set } from "./state.js";
import { letter, mark, pictureOf, pin } from "./symbols.js";

const L = window.L;
const POCKET = "#2b2e6b";

const icon = (html, size, anchor, className) => L.divIcon({ html, className, iconSize: size, iconAnchor: anchor });
const label = (text) => element("span", {}, text);

/** Where a letter stands: well inside the largest part of the outline. */
function seat(feature) {
  const parts = feature.geometry.type === "MultiPolygon" ? feature.geometry.coordinates : [feature.geometry.coordinates];
  const boxes = parts.map(([ring]) => L.latLngBounds(ring.map(([lon, lat]) => [lat, lon])));
  const size = (box) => (box.getEast() - box.getWest()) * (box.getNorth() - box.getSouth());
  return boxes.reduce((best, box) => (size(box) > size(best) ? box : best)).getCenter();
}

async function pockets({ pockets: cards }) {
  const shapes = await api.pocketShapes();
  const group = L.layerGroup();
  for (const feature of shapes.features) {
    const card = cards.find((one) => one.id === feature.id);
    if (!card || !feature.geometry) continue;
    const line = { pane: "pockets", fill: false, interactive: false, lineJoin: "round" };
    group.addLayer(L.geoJSON(feature, { style: { ...line, color: "#ffffff", weight: 6 } }));
    group.addLayer(L.geoJSON(feature, { style: { ...line, color: POCKET, weight: 2.6, dashArray: card.edge ? "7 5" : null, className: `pocket pocket-${card.label}` } }));
    const marker = L.marker(seat(feature), { pane: "pins", icon: icon(letter(card.label, card.edge), [34, 34], [17, 17], "pocket-letter"), alt: card.name, keyboard: true, riseOnHover: true });
    marker.bindTooltip(label(`${card.label} · ${card.name}`), { direction: "top", offset: [0, -14] });
    marker.on("click", () => set({ pocket: card.id, area: null, suggestion: null }));
    group.addLayer(marker);
  }
  return group;
}

async function interventions({ lang, pins }) {
  const places = await api.suggestionPlaces(lang);
  const group = L.layerGroup();
  for (const feature of places.features) {
    if (!feature.geometry) continue;
    const { pocket_id: pocket, title } = feature.properties;
    const at = L.geoJSON(feature).getBounds().getCenter();
    const marker = L.marker(at, { pane: "pins", icon: icon(pin(pictureOf(feature.properties)), [26, 34], [13, 33], "suggestion-pin"), alt: title, keyboard: true, riseOnHover: true });
    marker.bindTooltip(label(title), { direction: "top", offset: [0, -30] });
    marker.on("click", () => set({ suggestion: feature.id, pocket, area: null }));
    group.addLayer(marker);
    pins.set(feature.id, marker);
  }
  return group;
}

async function points(layer) {
  const places = await api.context(layer.id);
  const renderer = L.canvas({ pane: "points", padding: 0.3 });
  return L.geoJSON(places, {
    pane: "points",
    pointToLayer: (feature, at) => (places.features.length > 700
      ? L.circleMarker(at, { renderer, radius: 3, weight: 1, color: "#fff", fillColor: layer.color, fillOpacity: 1 })
      : L.marker(at, { pane: "points", keyboard: false, icon: icon(shape(layer), [10, 10], [5, 5], "facility") })),
    onEachFeature: (feature, one) => one.bindTooltip(label(feature.properties.name || layer.title), { direction: "top" }),
  });
}

function shape(layer) {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", "0 0 12 12");
  picture.append(mark(layer.shape, 6, 6, 4.6, layer.color));
  return picture;
}

async function lines(layer) {
  return L.geoJSON(await api.context(layer.id), { pane: "lines", interactive: false, renderer: L.canvas({ pane: "lines", padding: 0.3 }), style: { color: layer.color, weight: layer.id === "jalan" ? 1.3 : 1.2, opacity: 0.85 } });
}

async function polygons(layer) {
  return L.geoJSON(await api.context(layer.id), { pane: "polygons", interactive: false, style: { color: layer.color, weight: 1, fillColor: layer.color, fillOpacity: 0.4 } });
}

async function boundary(layer) {
  return L.geoJSON(await api.areaShapes(layer.id), { pane: "borders", interactive: false, style: { fill: false, color: "#7d898f", weight: 1.1 } });
}

async function raster(layer) {
  return L.imageOverlay(api.rasterUrl(layer.id), layer.bounds, { pane: "raster", opacity: 0.65, className: "raster" });
}

const MAKERS = { pockets, interventions, points, lines, polygons, boundary, raster };

/** Adds and removes layers as the state says, fetching each when it is first wanted. */
export class Overlays {
  constructor(map, manifest) {
    this.map = map;
    this.manifest = manifest;
    this.made = new Map();
    this.pins = new Map();
  }

  make(layer) {
    if (!this.made.has(layer.id)) {
      const subject = ["pockets", "interventions"].includes(layer.type) ? { ...this.manifest, pins: this.pins } : layer;
      this.made.set(layer.id, MAKERS[layer.type](subject));
    }
    return this.made.get(layer.id);
  }

  async show(wanted) {
    for (const layer of this.manifest.layers) {
      if (wanted.includes(layer.id) && layer.count) (await this.make(layer)).addTo(this.map);
      else if (this.made.has(layer.id)) (await this.made.get(layer.id)).remove();
    }
  }

  /** Mark the pin of the chosen suggestion and bring it into view; one without a place has no pin. */
  choose(id) {
    for (const [name, pin] of this.pins) {
      pin.getElement()?.classList.toggle("chosen", name === id);
      pin.setZIndexOffset(name === id ? 1000 : 0);
    }
    const at = this.pins.get(id)?.getLatLng();
    if (at && !this.map.getBounds().pad(-0.1).contains(at)) this.map.panTo(at);
  }

  async opacity(id, value) {
    (await this.made.get(id))?.setOpacity(value);
  }
}
