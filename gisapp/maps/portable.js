/* Draws the portable map from the manifest and the shapes inside the page. Every text is set as text, never as markup. */
"use strict";

function gisappPortable(map) {
  const data = JSON.parse(document.getElementById("gisapp-data").textContent);
  const manifest = data.manifest, shapes = data.layers, words = manifest.words;
  const SVG = "http://www.w3.org/2000/svg";
  const state = { indicator: 0, method: manifest.methods[0].name, pocket: null, area: null };
  const drawn = {};

  function make(tag, className, text) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined && text !== null) element.textContent = text;
    return element;
  }

  function put(id, ...children) {
    const place = document.getElementById(id);
    place.replaceChildren(...children);
    return place;
  }

  function patterns(svg) {
    const defs = document.createElementNS(SVG, "defs");
    const mark = (id, tag, attributes) => {
      const pattern = document.createElementNS(SVG, "pattern");
      const all = { id: id, width: 6, height: 6, patternUnits: "userSpaceOnUse" };
      Object.keys(all).forEach((key) => pattern.setAttribute(key, all[key]));
      const ground = document.createElementNS(SVG, "rect");
      const shape = document.createElementNS(SVG, tag);
      [["width", 6], ["height", 6], ["fill", "#ffffff"]].forEach(([key, value]) => ground.setAttribute(key, value));
      Object.keys(attributes).forEach((key) => shape.setAttribute(key, attributes[key]));
      pattern.append(ground, shape);
      defs.append(pattern);
    };
    mark("hatch", "path", { d: "M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2", stroke: "#5d6b72", "stroke-width": 1 });
    mark("dots", "circle", { cx: 3, cy: 3, r: 0.9, fill: "#5d6b72" });
    svg.prepend(defs);
  }

  const indicator = () => manifest.indicators[state.indicator];
  const classed = () => indicator().classes[state.method];
  const rowOf = new Map(manifest.areas.code.map((code, row) => [code, row]));

  function fillOf(code) {
    const classes = classed();
    const number = classes.class_of[rowOf.get(code)];
    const row = classes.rows.find((item) => item.class === number);
    if (!row) return "#ffffff";
    return row.pattern ? "url(#" + row.pattern + ")" : row.color;
  }

  const areaStyle = (feature) => ({
    color: state.area === feature.id ? "#1f2a30" : "#ffffff", weight: state.area === feature.id ? 2 : 0.7,
    fillColor: fillOf(feature.id), fillOpacity: 1,
  });

  function addAreas() {
    drawn.areas = L.geoJSON(shapes.areas, {
      style: areaStyle,
      onEachFeature: (feature, layer) => layer.on("click", () => pickArea(feature.id)),
    }).addTo(map);
    patterns(map.getPane("overlayPane").querySelector("svg"));
  }

  function addLines(name, style) {
    if (shapes[name]) drawn[name] = L.geoJSON(shapes[name], { style: style, interactive: false });
  }

  function pocketStyle(card) {
    return { color: "#2b2e6b", weight: state.pocket === card.id ? 4.2 : 2.6, fill: true, fillOpacity: 0,
      dashArray: card.core ? null : "7 5", lineJoin: "round" };
  }

  function nameShape(layer, card) {
    const path = layer.getElement();
    path.setAttribute("data-pocket-id", card.id);
    path.setAttribute("tabindex", "0");
    path.setAttribute("role", "button");
    path.setAttribute("aria-label", words.pocket + " " + card.letter + " " + card.name);
    path.onkeydown = (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); pickPocket(card.id, true); }
    };
  }

  function addPockets() {
    const cards = new Map(manifest.pockets.map((card) => [card.id, card]));
    const outlines = new Map();
    const group = L.layerGroup();
    L.geoJSON(shapes.pockets, { style: { color: "#ffffff", weight: 6, fill: false }, interactive: false }).addTo(group);
    L.geoJSON(shapes.pockets, {
      style: (feature) => pocketStyle(cards.get(feature.id)),
      onEachFeature: (feature, layer) => {
        const card = cards.get(feature.id);
        outlines.set(card.id, layer);
        layer.on("add", () => nameShape(layer, card));
        layer.on("click", (event) => { pickPocket(card.id, true); areaAt(event.latlng); });
        group.addLayer(letter(card.position || layer.getBounds().getCenter(), card));
      },
    }).addTo(group);
    drawn.pockets = group;
    drawn.outlines = outlines;
  }

  function letter(place, card) {
    const icon = L.divIcon({ className: "letter", html: make("span", "", card.letter), iconSize: [30, 30], iconAnchor: [aside(place), 15] });
    const marker = L.marker(place, { icon: icon, keyboard: false, alt: card.name, zIndexOffset: 200 });
    return marker.on("click", () => pickPocket(card.id, true));
  }

  function pin(mark) {
    const drop = make("span");
    drop.append(make("b", "", mark));
    return drop;
  }

  /** A letter steps aside where a pin would hide it: the pin is a place, the letter is not. */
  function aside(place) {
    const at = map.project(L.latLng(place), 9);
    const hidden = manifest.interventions.some((item) => {
      const pin = item.position && map.project(L.latLng(item.position), 9);
      return pin && Math.abs(pin.x - at.x) < 32 && Math.abs(pin.y - 20 - at.y) < 36;
    });
    return hidden ? -14 : 15;
  }

  function addSuggestions() {
    drawn.interventions = L.layerGroup(manifest.interventions.filter((item) => item.position).map((item) => {
      const icon = L.divIcon({ className: "pin", html: pin(item.mark), iconSize: [34, 34], iconAnchor: [17, 40] });
      const marker = L.marker(item.position, { icon: icon, alt: item.title, title: item.title, zIndexOffset: 400 });
      return marker.on("click", () => pickPocket(item.pocket, true));
    }));
  }

  function facility(layer) {
    return (feature, place) => {
      const icon = L.divIcon({ className: "place " + layer.shape, iconSize: [10, 10], html: make("span", "", "") });
      return L.marker(place, { icon: icon, title: feature.properties.name, alt: feature.properties.name, keyboard: false });
    };
  }

  function addFacilities() {
    manifest.layers.filter((layer) => layer.service && shapes[layer.name]).forEach((layer) => {
      drawn[layer.name] = L.geoJSON(shapes[layer.name], { pointToLayer: facility(layer) });
    });
  }

  function areaAt(place) {
    let found = null;
    drawn.areas.eachLayer((layer) => {
      if (!found && layer.getBounds().contains(place) && inside(layer, place)) found = layer.feature.id;
    });
    if (found) pickArea(found);
  }

  function inside(layer, place) {
    let odd = false;
    const walk = (part) => {
      if (Array.isArray(part[0])) { part.forEach(walk); return; }
      for (let i = 0, j = part.length - 1; i < part.length; j = i++) {
        const a = part[i], b = part[j];
        if (a.lat > place.lat !== b.lat > place.lat &&
            place.lng < ((b.lng - a.lng) * (place.lat - a.lat)) / (b.lat - a.lat) + a.lng) odd = !odd;
      }
    };
    layer.getLatLngs().forEach(walk);
    return odd;
  }

  function pickArea(code) {
    state.area = code;
    drawn.areas.setStyle(areaStyle);
    const row = rowOf.get(code), item = indicator(), areas = manifest.areas;
    const status = areas.status[row] === "suppressed" ? words.withheld_row
      : areas.status[row] === "no_data" ? words.no_data : "";
    const text = item.texts[row] + (item.ranges[row] ? " (" + item.ranges[row] + ")" : "");
    const box = put("picked", make("strong", "", areas.name[row]), make("span", "muted", areas.parent[row]),
      make("span", "", item.title + ": " + (status || text)));
    box.hidden = false;
  }

  function pickPocket(id, fromMap) {
    state.pocket = state.pocket === id && !fromMap ? null : id;
    manifest.pockets.forEach((card) => {
      const outline = drawn.outlines.get(card.id);
      if (outline) outline.setStyle(pocketStyle(card));
    });
    document.querySelectorAll("#cards article").forEach((element) => {
      const open = element.dataset.card === state.pocket;
      element.classList.toggle("open", open);
      element.querySelector("button").setAttribute("aria-expanded", String(open));
      if (open && fromMap) element.scrollIntoView({ block: "nearest" });
    });
    const outline = drawn.outlines.get(state.pocket);
    if (outline && !fromMap) map.fitBounds(outline.getBounds(), { padding: [40, 40], maxZoom: 13 });
  }

  function bar(item) {
    const line = make("div", "bar"), track = make("i"), fill = make("b");
    fill.style.width = Math.round(100 * item.ratio) + "%";
    track.append(fill);
    if (item.district !== null) {
      const mark = make("em");
      mark.style.left = Math.min(99, Math.round(100 * item.district)) + "%";
      track.append(mark);
    }
    line.append(make("span", "", item.label), track, make("span", "amount", item.text));
    return line;
  }

  function list(texts) {
    const found = make("ul");
    found.append(...texts.filter(Boolean).map((text) => make("li", "", text)));
    return found;
  }

  function suggestion(item) {
    const box = make("div", "suggestion");
    box.append(make("strong", "", item.title));
    box.append(list([item.why, item.reaches, [item.volume, item.cost].filter(Boolean).join(" · "),
      [item.strategy, item.executor].filter(Boolean).join(" · "), item.location, item.land_note, item.not_checked, item.funded]));
    return box;
  }

  function card(item) {
    const box = make("article"), head = make("button", "head");
    box.dataset.card = item.id;
    head.type = "button";
    head.setAttribute("aria-expanded", "false");
    head.append(make("strong", "", item.letter + " · " + item.name), make("span", "badge", item.badge));
    head.append(make("span", "muted", item.withheld || item.figures[0].value + " " + item.figures[0].label + " · " + item.figures[1].value + " " + item.of));
    head.addEventListener("click", () => pickPocket(item.id, false));
    const body = make("div", "body"), figures = make("div", "figures");
    item.figures.forEach((figure) => {
      const pair = make("div");
      pair.append(make("b", "", figure.value), make("span", "muted", figure.label));
      figures.append(pair);
    });
    body.append(figures, make("p", "muted", item.rank), make("h3", "", words.why_here),
      make("p", "muted", item.nothing || words.why_note), ...item.why.map(bar), make("p", "", item.causes), list(item.far));
    body.append(make("p", "muted", words.members + ": " + item.members));
    const ours = manifest.interventions.filter((one) => item.suggestions.includes(one.id));
    if (ours.length) body.append(make("h3", "", words.suggestions), ...ours.map(suggestion));
    box.append(head, body);
    return box;
  }

  function legend() {
    const rows = classed().rows.map((row) => {
      const line = make("div", "key"), swatch = make("i", row.pattern || "");
      if (row.color) swatch.style.backgroundColor = row.color;
      line.append(swatch, make("span", "", row.label), make("span", "amount", row.count));
      return line;
    });
    const outlines = [["solid", words.pocket], ["dashed", words.pocket_edge]].map(([kind, text]) => {
      const line = make("div", "key");
      line.append(make("i", "outline " + kind), make("span", "", text));
      return line;
    });
    const item = indicator();
    put("legend", make("strong", "", item.title), make("span", "muted", [item.note, manifest.source, words.period.replace("{period}", manifest.period)].filter(Boolean).join(" · ")),
      ...rows, ...(manifest.pockets.length ? outlines : []),
      ...(manifest.interventions.some((one) => one.position) ? [make("span", "muted", words.pins)] : []));
  }

  function table() {
    const item = indicator(), areas = manifest.areas, body = make("tbody");
    const order = areas.code.map((code, row) => row).sort((a, b) => (item.values[b] === null ? -Infinity : item.values[b]) - (item.values[a] === null ? -Infinity : item.values[a]));
    order.forEach((row) => {
      const line = make("tr"), name = make("td"), choose = make("button", "link", areas.name[row]);
      choose.type = "button";
      choose.addEventListener("click", () => pickArea(areas.code[row]));
      name.append(choose);
      line.append(name, make("td", "", areas.parent[row]), make("td", "amount", item.texts[row]), make("td", "amount", item.ranges[row]));
      body.append(line);
    });
    const head = make("tr");
    [words.village, words.subdistrict, words.value, words.range].forEach((text) => head.append(make("th", "", text)));
    const top = make("thead");
    top.append(head);
    put("table", top, body);
  }

  function refresh() {
    drawn.areas.setStyle(areaStyle);
    legend();
    table();
    if (state.area) pickArea(state.area);
  }

  function choices(id, items, chosen, change) {
    const select = document.getElementById(id);
    items.forEach((item, position) => select.append(new Option(item.title, String(position), false, position === chosen)));
    select.addEventListener("change", () => { change(Number(select.value)); refresh(); });
  }

  function toggles() {
    put("layers", ...manifest.layers.filter((layer) => layer.name !== "areas" && layer.geometry !== "raster").map((layer) => {
      const line = make("label", "layer"), box = make("input"), there = drawn[layer.name];
      box.type = "checkbox";
      box.disabled = !there;
      box.checked = Boolean(there && layer.on);
      if (box.checked) there.addTo(map);
      box.addEventListener("change", () => (box.checked ? there.addTo(map) : there.remove()));
      const count = layer.count === 0 ? words.none : there ? layer.amount : words.too_big;
      line.append(box, make("span", "", layer.title), make("span", "amount", count));
      return line;
    }));
  }

  function cards() {
    if (!manifest.pockets.length) {
      put("cards", make("strong", "", manifest.empty.title), make("p", "muted", manifest.empty.meaning));
      return;
    }
    put("cards", ...manifest.pockets.map(card));
    put("standing", ...manifest.standing.map((text) => make("p", "muted", text)));
  }

  addAreas();
  addLines("kecamatan", { color: "#5d6b72", weight: 1.1, fill: false });
  manifest.layers.filter((layer) => layer.geometry === "line").forEach((layer) => addLines(layer.name, { color: layer.color, weight: 1.4 }));
  addPockets();
  addSuggestions();
  addFacilities();
  state.indicator = Math.max(0, manifest.indicators.findIndex((item) => item.name === manifest.default_indicator));
  choices("indicator", manifest.indicators, state.indicator, (position) => { state.indicator = position; });
  choices("method", manifest.methods, 0, (position) => { state.method = manifest.methods[position].name; });
  cards();
  toggles();
  refresh();
  const focus = manifest.pockets.find((item) => item.id === data.focus);
  if (manifest.bounds) map.fitBounds(manifest.bounds, { padding: [8, 8] });
  if (focus) pickPocket(focus.id, false);
}
