// What the map says: the line under the pointer, the panel at a click, and the control of its layers.
"use strict";

(() => {
  const atlas = globalThis.atlas;
  const { element, thousands } = atlas;

  /** Per cent of the ways of measuring that a gap takes. */
  const HALF = 50;

  const share = (percentile, above, below) =>
    percentile >= 50 ? `${above} than for ${percentile}% of Londoners` : `${below} than for ${100 - percentile}% of Londoners`;

  const words = {
    people: (count) => `${thousands(count)} people`,
    distance: (metres) => (metres >= 950 ? `${(metres / 1000).toFixed(1)} km` : `${metres} m`),
    /** Percentiles of people in words; 100 is most need, and most anchors. */
    need: (percentile) => share(percentile, "higher", "lower"),
    anchors: (percentile) => share(percentile, "more", "fewer"),
    /** Per cent of the ways of measuring; 0 is in none, 100 in all. */
    sure: (percent) => `A gap in ${{ 0: "none of the", 100: "all" }[percent] ?? `${percent}% of`} ways`,
  };

  words.gap = ({ config }, { rank, name, borough, population, verdict }) =>
    `${rank}. ${name}, ${borough}: ${words.people(population)}, ${config.verdicts[verdict].toLowerCase()}`;

  /** Everything that the values say of one area. */
  function facts(view, area) {
    const { shapes, values } = view;
    const borough = shapes.about.boroughs[shapes.boroughOf[area]];
    const site = values.nearest[area];
    return {
      ...shapes.name(area),
      borough,
      people: values.population[area],
      need: values.need[area],
      anchors: values.access[area],
      nearest_m: values.nearest_100m[area] * 100,
      site: site < 0 ? null : siteFacts(view, site),
      verdict: view.config.verdicts[values.verdicts[area]],
      sure: values.p_gap[area],
      ranks: [values.rank[area], values.rank_low[area], values.rank_high[area]].map(thousands),
      gap: view.gapOf(area),
    };
  }

  function siteFacts({ values, marks }, site) {
    const { name, institution, sector } = values.sites;
    return {
      name: name[site],
      sector: marks[sector[site]].label,
      owner: values.institutions.id[institution[site]],
      institution: values.institutions.name[institution[site]],
    };
  }

  /** A link to a page of ours, or plain words where this map has no pages around it. */
  function link(view, page, id, text) {
    const pattern = view.config.pages?.[page];
    return pattern ? element("a", { href: pattern.replace("{id}", encodeURIComponent(id.split(":").pop())) }, text) : text;
  }

  function row(list, term, ...description) {
    const said = element("dd", {}, ...description);
    list.append(element("dt", {}, term), said);
    return said;
  }

  function verdictWords(view, { verdict, gap, sure }) {
    const isSeldom = sure > 0 && sure < HALF;
    if (gap < 0) return [isSeldom ? `${verdict}, which takes at least half of the ways of measuring` : verdict];
    const { id, name, rank } = view.values.gap_areas[gap];
    return [`${verdict}: part of ${rank}. `, link(view, "gap_area", id, name)];
  }

  /** Ranks of areas that are never a gap are sent to two figures. */
  function rankWords(view, { sure, ranks: [rank, low, high] }) {
    const about = sure === 0 ? "about " : "";
    return `${about}${rank} of ${thousands(view.shapes.count)} (1 is most of a gap); ${low} to ${high} in nine ways of ten`;
  }

  /** What this map alone says of an area: terms and words. */
  const more = (view, area) => view.more?.(area) ?? [];

  function areaPanel(view, area) {
    const about = facts(view, area);
    const list = element("dl", { class: "atlas-facts" });
    for (const [term, said] of more(view, area)) row(list, term, said);
    row(list, view.values.need_label, words.need(about.need));
    row(list, "Anchors in reach", words.anchors(about.anchors));
    if (about.site) {
      const nearest = link(view, "institution", about.site.owner, about.site.name);
      row(list, "Nearest anchor", nearest, ` (${words.distance(about.nearest_m)})`);
    }
    row(list, "Verdict", ...verdictWords(view, about)).classList.add("atlas-gist");
    row(list, "How sure", `${words.sure(about.sure)} (${thousands(view.values.ways)} tried)`);
    row(list, "Rank of the area", rankWords(view, about));
    row(list, "Home to", words.people(about.people));
    const borough = link(view, "borough", about.borough.code, about.borough.name);
    return element(
      "div",
      {},
      element("h3", {}, about.place || about.name),
      element("p", {}, about.place ? `${about.name} · ` : "", borough, ` · ${about.code}`),
      list,
    );
  }

  function sitePanel(view, site) {
    const about = siteFacts(view, site);
    const owner = link(view, "institution", about.owner, about.institution);
    return element("div", {}, element("h3", {}, about.name), element("p", { class: "atlas-gist" }, owner, ` · ${about.sector}`));
  }

  function areaLine(view, area) {
    const about = facts(view, area);
    const lines = [
      element("strong", {}, about.place ? `${about.place} (${about.name})` : about.name),
      ...more(view, area).map(([term, said]) => `${term}: ${said}`),
      `${view.values.need_label}: ${words.need(about.need)}`,
      about.site
        ? `Nearest anchor: ${about.site.name}, ${words.distance(about.nearest_m)}`
        : `Anchors in reach: ${words.anchors(about.anchors)}`,
      about.gap < 0 ? about.verdict : `${about.verdict}: ${view.values.gap_areas[about.gap].name}`,
      words.sure(about.sure),
    ];
    return element("div", {}, ...lines.map((line) => element("span", {}, line)));
  }

  /** The site within reach of a pixel of the map; -1 where none. */
  function siteAt(view, { x, y }) {
    const painter = view.painters.find(({ label }) => label === "Anchor sites");
    if (!painter?.shown) return -1;
    let [nearest, best] = [-1, Math.max(4, 12 * view.siteSize())];
    view.siteAt.forEach(([east, south], site) => {
      if (view.hiddenSectors.has(view.values.sites.sector[site])) return;
      const scale = 2 ** (view.map.getZoom() - atlas.UNIT_ZOOM);
      const { origin } = view.shapes;
      const distance = Math.hypot((east + origin[0]) * scale - x, (south + origin[1]) * scale - y);
      if (distance < best) [nearest, best] = [site, distance];
    });
    return nearest;
  }

  /** A panel at a place of the map; at the foot of a map too narrow to hold it. */
  function open(map, place, content, autoPan = true) {
    map.closePopup();
    map.getContainer().querySelector(".atlas-sheet")?.remove();
    map.atlas.tell([...content.querySelectorAll("h3, .atlas-gist")].map((part) => part.textContent).join(". "));
    // who closes it by keyboard goes on from the map
    const leave = () => map.getContainer().focus({ preventScroll: true });
    if (map.getSize().x >= 480) {
      const maxHeight = Math.max(160, map.getSize().y - 70);
      const panel = L.popup({ className: "atlas-panel", maxWidth: 300, maxHeight, autoPan, autoPanPadding: [56, 12] });
      panel.setLatLng(place).setContent(content).openOn(map);
      panel.getElement().querySelector(".leaflet-popup-close-button").addEventListener("click", leave);
      return;
    }
    const close = element("button", { type: "button", "aria-label": "Close" }, "×");
    const sheet = element("div", { class: "atlas-panel atlas-sheet" }, close, content);
    close.addEventListener("click", () => {
      sheet.remove();
      leave();
      map.fire("atlas:panel", { area: -1 });
    });
    L.DomEvent.disableClickPropagation(sheet).disableScrollPropagation(sheet);
    map.getContainer().append(sheet);
  }

  /** Words under the pointer and a panel at a click. */
  atlas.answers = (map) => {
    const view = map.atlas;
    const tip = L.tooltip({ className: "atlas-tip", direction: "auto", offset: [14, 0], opacity: 1 });
    view.add({
      pane: "atlas-top",
      shown: true,
      build() {},
      draw(context, frame) {
        if (view.hovered >= 0) atlas.cased(context, frame, view.shapes.outline(view.hovered), 1.6);
      },
    });

    const hover = (area) => {
      if (area === view.hovered) return;
      view.hovered = area;
      view.redraw(["atlas-top"]);
    };
    const leave = () => {
      tip.remove();
      hover(-1);
    };
    // What a reader has sent away comes back only where the pointer finds something else.
    let dismissed = null;
    const dismiss = ({ key }) => {
      if (key !== "Escape" || !map.hasLayer(tip)) return;
      dismissed = tip.atlasOf;
      leave();
    };
    document.addEventListener("keydown", dismiss, { capture: true });
    const pixel = (event) => map.project(event.latlng);
    map.on("mousemove", (event) => {
      if (!view.values || event.originalEvent.target.closest(".leaflet-control, .leaflet-popup, .leaflet-marker-icon")) return leave();
      const site = siteAt(view, pixel(event));
      const area = view.areaAt(event.latlng);
      if (site < 0 && area < 0) return leave();
      tip.atlasOf = `${site} ${site < 0 ? area : ""}`;
      if (tip.atlasOf === dismissed) return;
      dismissed = null;
      hover(site < 0 ? area : -1);
      tip.setLatLng(event.latlng).setContent(site < 0 ? areaLine(view, area) : sitePanel(view, site));
      if (!map.hasLayer(tip)) tip.addTo(map);
    });
    map.on("mouseout movestart", leave);
    map.on("click", (event) => {
      if (!view.values) return;
      const site = siteAt(view, pixel(event));
      const area = view.areaAt(event.latlng);
      tip.remove();
      if (site < 0 && area < 0) return;
      const content = site < 0 ? areaPanel(view, area) : sitePanel(view, site);
      open(map, event.latlng, content);
      map.fire("atlas:panel", { area: site < 0 ? area : -1 });
      if (site < 0 && view.gapOf(area) >= 0) view.choose(view.gapOf(area));
    });
    map.on("popupclose", () => map.fire("atlas:panel", { area: -1 }));
    map.on("atlas:open", ({ area, pans }) => open(map, view.shapes.middle(area), areaPanel(view, area), pans));
  };

  function checkbox(text, checked, changed, picture) {
    const box = element("input", { type: "checkbox" });
    box.checked = checked;
    box.addEventListener("change", () => changed(box.checked));
    return element("label", {}, box, ...(picture ? [picture] : []), element("span", {}, text));
  }

  function choice(title, options, changed) {
    const list = element("select", {}, ...options.map(([value, text]) => element("option", { value }, text)));
    list.addEventListener("change", () => changed(list.value));
    return element("label", { class: "atlas-choice" }, element("span", {}, title), list);
  }

  function picture(path) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "-13 -13 26 26");
    svg.setAttribute("aria-hidden", "true");
    shape.setAttribute("d", path);
    svg.append(shape);
    return svg;
  }

  /** Say which of some painters are shown. @param {(painter: object) => boolean} isShown */
  function show(view, painters, isShown) {
    for (const painter of painters) painter.shown = isShown(painter);
    view.map.fire("atlas:shown");
    view.redraw(painters.map(({ pane }) => pane));
  }

  /** Of the painters that share a title at most one is shown. */
  function painterChoices(view) {
    const titles = [...new Set(view.painters.flatMap(({ choice: title }) => title ?? []))];
    return titles.map((title) => {
      const group = view.painters.filter((painter) => painter.choice === title);
      const options = group.map(({ label }, index) => [String(index), label]);
      // Where one is shown at the start, none is the last that a reader wants.
      if (group[0].none) options.push(["", group[0].none]);
      else options.unshift(["", "Not shown"]);
      const chooser = choice(title, options, (value) => show(view, group, (painter) => painter === group[value]));
      const shown = group.findIndex((painter) => painter.shown);
      chooser.querySelector("select").value = shown < 0 ? "" : String(shown);
      return chooser;
    });
  }

  function footprintChoice(view) {
    const { footprints } = view.values;
    if (!footprints.length) return [];
    const options = [["", "Not shown"], ...footprints.map(({ id, name }) => [id, name])];
    const chooser = choice("Where a network or programme works", options, (id) => view.map.fire("atlas:footprint", { id }));
    const list = chooser.querySelector("select");
    list.value = footprints.some(({ id }) => id === view.footprint) ? view.footprint : "";
    return [chooser];
  }

  function sectorChoices(view) {
    const { sites, sectors } = view.values;
    const number = (sector) => sites.sector.filter((one) => one === sector).length;
    const toggle = (sector) => (shown) => {
      view.hiddenSectors[shown ? "delete" : "add"](sector);
      view.map.fire("atlas:shown");
      view.redraw(["atlas-top"]);
    };
    const box = ([sector, { label, path }]) =>
      checkbox(`${label} (${number(sector)})`, !view.hiddenSectors.has(sector), toggle(sector), picture(path));
    const present = Object.entries(view.marks).filter(([sector]) => sites.sector.includes(sector));
    const [counted, others] = [true, false].map((wanted) => present.filter(([sector]) => sectors.includes(sector) === wanted));
    return [["Sectors counted", counted], ["Sectors not counted", others]]
      .filter(([, members]) => members.length)
      .map(([title, members]) => element("fieldset", {}, element("legend", {}, title), ...members.map(box)));
  }

  /** Layers on and off: native controls in a disclosure, so that the keyboard works as everywhere. */
  atlas.layerControl = (map) => {
    const view = map.atlas;
    const holder = element("details", { class: "atlas-layers" }, element("summary", {}, "Layers"));
    const control = L.control({ position: "topright" });
    control.onAdd = () => holder;
    control.addTo(map);
    atlas.disclosed(holder);
    const fill = () => {
      if (!view.values || !holder.open) return;
      const boxes = view.painters
        .filter(({ label, choice: title }) => label && !title)
        .map((painter) => checkbox(painter.label, painter.shown, (shown) => show(view, [painter], () => shown)));
      const [colours, ...choices] = painterChoices(view);
      // Firefox lets the keyboard stop at whatever scrolls
      const body = element("div", { tabindex: "-1" }, colours, ...boxes, ...sectorChoices(view), ...choices, ...footprintChoice(view));
      const focused = nameOf(document.activeElement);
      // the summary stays where it is: taken out, even for a moment, it would lose the focus
      while (holder.children.length > 1) holder.lastChild.remove();
      holder.append(body);
      if (!focused) return;
      const same = [...body.querySelectorAll("input, select")].find((control) => nameOf(control) === focused);
      (same ?? holder.firstChild).focus({ preventScroll: true });
    };
    const nameOf = (control) => (holder.contains(control) ? control.closest("label")?.querySelector("span").textContent : null);
    holder.addEventListener("toggle", fill);
    map.on("atlas:data atlas:footprint", fill);
  };

  Object.assign(atlas, { open, words });
})();
