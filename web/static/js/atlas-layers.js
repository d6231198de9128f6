// The layers of the map: each adds painters to a map's view.
"use strict";

(() => {
  const atlas = globalThis.atlas;
  const { element } = atlas;
  const INK = "#0b0c0c";
  const PAPER = "#ffffff";
  const SELECTED = "#ffdd00";

  /** Draw a path as a line over a lighter casing, so that it stands out from dark and light alike. */
  function cased(context, frame, path, width, colour = INK, casing = PAPER, margin = 1.25) {
    context.lineJoin = context.lineCap = "round";
    context.lineWidth = (width + 2 * margin) * frame.pixel;
    context.strokeStyle = casing;
    context.stroke(path);
    context.lineWidth = width * frame.pixel;
    context.strokeStyle = colour;
    context.stroke(path);
  }

  /** A pattern of slanting lines, whatever the zoom. */
  function hatch(context, frame, colour) {
    const size = 7 * frame.ratio;
    const tile = element("canvas", { width: String(size), height: String(size) });
    const pen = tile.getContext("2d");
    pen.strokeStyle = colour;
    pen.lineWidth = 1.2 * frame.ratio;
    for (const shift of [-size, 0, size]) {
      pen.moveTo(shift - 1, size + 1);
      pen.lineTo(shift + size + 1, -1);
    }
    pen.stroke();
    const pattern = context.createPattern(tile, "repeat");
    pattern.setTransform(new DOMMatrix().scale(frame.pixel / frame.ratio));
    return pattern;
  }

  /** Text with a light edge, in pixels. */
  function label(context, words, x, y, font) {
    context.font = font;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 3.5;
    context.strokeStyle = "rgba(255, 255, 255, 0.85)";
    context.strokeText(words, x, y);
    context.fillStyle = INK;
    context.fillText(words, x, y);
  }

  /** Half the width of a gap area's number. */
  const HALF = 12.5;

  const overlap = (one, other) =>
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

  const digits = (text) => Int8Array.from(text, Number);

  /** The class of every area, by what areas are coloured by. */
  const CLASSES = {
    need: ({ classes }) => digits(classes),
    sure: ({ p_gap: shares, p_gap_from: bounds }) => shares.map((share) => bounds.filter((bound) => share >= bound).length),
    verdict: ({ verdicts }) => digits(verdicts),
    change: ({ change }) => digits(change.classes),
  };

  /** Areas coloured by one of several facts; the paths of each are made when it is first drawn. */
  atlas.areaColours = (map, { title, colourings, unknown }) => {
    const view = map.atlas;
    const fills = colourings.map(({ id, words, palette }, index) => ({
      id,
      label: words,
      choice: title,
      key: "colours",
      none: "Not coloured",
      pane: "overlayPane",
      shown: index === 0,
      build() {
        this.fills = null;
      },
      draw(context) {
        this.fills ??= view.shapes.fills(CLASSES[id](view.values), palette.length);
        this.fills.forEach((path, group) => {
          context.fillStyle = palette[group];
          context.fill(path);
        });
      },
    }));
    for (const painter of [...fills, linesAndHatching(view, unknown)]) view.add(painter);
    const follow = () => {
      view.colouring = fills.find(({ shown }) => shown)?.id ?? "none";
      // The style sheet shows what the legend says of this choice, in whichever legend stands in the frame by then.
      map.getContainer().closest(".atlas-frame").dataset.colours = view.colouring;
    };
    map.on("atlas:shown", follow);
    follow();
  };

  /** Over any colours: white lines between areas when near, hatching where anchors are not surveyed. */
  function linesAndHatching(view, unknown) {
    return {
      pane: "overlayPane",
      shown: true,
      build() {
        this.unknown = null;
      },
      draw(context, frame) {
        if (view.colouring === "none") return;
        if (frame.zoom >= 11) {
          this.lines ??= view.shapes.lines();
          context.lineWidth = Math.min(1, (frame.zoom - 10.5) / 2) * frame.pixel;
          context.strokeStyle = PAPER;
          context.stroke(this.lines);
        }
        if (view.colouring === "change") return;
        const isUnknown = (verdict) => (verdict === unknown.digit ? 0 : -1);
        this.unknown ??= view.shapes.fills(digits(view.values.verdicts).map(isUnknown), 1)[0];
        context.fillStyle = hatch(context, frame, unknown.colour);
        context.fill(this.unknown);
      },
    };
  }

  /** Borough lines and names, and the lines of integrated care boards. */
  atlas.boundaries = (map, { colour, boards }) => {
    const view = map.atlas;
    view.add({
      label: "Boroughs",
      pane: "overlayPane",
      shown: true,
      build({ shapes }) {
        this.lines ??= shapes.drawn("boroughs", "edge");
        this.edge ??= shapes.drawn("edge");
      },
      draw(context, frame) {
        context.lineJoin = context.lineCap = "round";
        context.lineWidth = Math.min(2.2, 1.1 + (frame.zoom - 9) / 4) * frame.pixel;
        context.strokeStyle = PAPER;
        context.stroke(this.lines);
        context.lineWidth = 0.9 * frame.pixel;
        context.strokeStyle = colour;
        context.stroke(this.edge);
      },
    });
    for (const { column, words } of boards) {
      view.add({
        label: words,
        choice: "Integrated care boards",
        key: "boards",
        pane: "overlayPane",
        shown: false,
        build() {},
        draw(context, frame) {
          const { about, boroughOf } = view.shapes;
          this.lines ??= view.shapes.borders(boroughOf.map((borough) => about.boroughs[borough][column]));
          cased(context, frame, this.lines, 3, colour, PAPER, 1.5);
        },
      });
    }
  };

  /** Names of boroughs, and nearer those of the places in them; each where it finds room. */
  atlas.placeNames = (map) => {
    const view = map.atlas;
    view.add({
      label: "Place names",
      pane: "atlas-top",
      shown: true,
      build({ shapes }) {
        this.boroughs ??= shapes.about.boroughs.map(({ name, label: [x, y] }) => ({ name, at: shapes.place(x, y) }));
      },
      draw(context, frame) {
        if (frame.zoom < 9.8) return;
        frame.inPixels();
        const taken = view.covered?.(frame) ?? [];
        write(context, frame, this.boroughs, taken, frame.zoom < 11 ? 11 : 13, taken.length ? [0, -18, 18, -32, 32] : [0]);
        if (frame.zoom < 12.25) return;
        const { shapes } = view;
        this.places ??= shapes.middles().map((at, stem) => ({ name: shapes.about.stems.place[stem], at }));
        write(context, frame, this.places, taken, 11);
      },
    });
  };

  /** @param {number[]} steps pixels up or down that a name may give way to what is there already */
  function write(context, frame, names, taken, size, steps = [0]) {
    const font = `${size > 11 ? 700 : 500} ${size}px ${getComputedStyle(context.canvas).fontFamily}`;
    for (const { name, at } of names) {
      const [x, y] = frame.at(at);
      const half = name.length * size * 0.3;
      const isFree = (step) =>
        taken.every((box) => Math.abs(box.x - x) > box.half + half || Math.abs(box.y - y - step) > (box.tall ?? 0.8 * size) + 0.6 * size);
      const step = name ? steps.find(isFree) : undefined;
      if (step === undefined) continue;
      taken.push({ x, y: y + step, half });
      label(context, name, x, y + step, font);
    }
  }

  /** Outlines and numbers of gap areas: thick and solid where robust, thin and open where fragile. */
  atlas.gapAreas = (map, { robust, shownAtOnce }) => {
    const view = map.atlas;
    const badges = L.layerGroup().addTo(map);
    const isRobust = (group) => group >= 0 && view.values.gap_areas[group].verdict === robust;
    const painter = {
      label: "Gap areas",
      pane: "overlayPane",
      shown: true,
      build({ shapes }) {
        this.firm = shapes.borders(view.gaps, (one, other) => isRobust(one) || isRobust(other));
        this.loose = shapes.borders(view.gaps, (one, other) => !isRobust(one) && !isRobust(other));
        [this.solid] = shapes.fills(view.gaps.map((gap) => (isRobust(gap) ? 0 : -1)), 1);
      },
      draw(context, frame) {
        // From afar a robust gap is a black spot, which no colour of the map can be mistaken for; nearer, an outline.
        const near = Math.max(0, Math.min(1, (frame.zoom - 10.5) / 1.5));
        // Other colours than those of need already say what is a gap: from afar nothing may cover them.
        const isBare = ["sure", "verdict", "change"].includes(view.colouring);
        const margin = (0.9 + 0.4 * near) * (isBare ? near : 1);
        cased(context, frame, this.loose, (isBare ? 0.5 : 1) + 0.8 * near, INK, PAPER, margin);
        cased(context, frame, this.firm, 1 + 2.2 * near, INK, PAPER, margin);
        if (isBare) return;
        context.globalAlpha = 1 - near;
        context.fillStyle = INK;
        context.fill(this.solid);
        context.globalAlpha = 1;
      },
    };
    view.add(painter);
    view.add({
      pane: "atlas-top",
      shown: true,
      build() {
        this.drawn = null;
      },
      draw(context, frame) {
        const { selected } = view;
        if (selected === null) return;
        if (this.drawn !== selected) {
          this.lines = view.shapes.borders(view.gaps, (one, other) => one === selected || other === selected);
          this.drawn = selected;
        }
        cased(context, frame, this.lines, 2.5, INK, SELECTED, 3);
      },
    });

    /** As many numbers as find room, the first ranks first. */
    function place() {
      const focused = badges.getLayers().find((marker) => marker.getElement() === document.activeElement)?.options.gap;
      badges.clearLayers();
      if (!view.values || !painter.shown) return;
      const taken = controls();
      const most = Math.min(shownAtOnce, Math.floor(map.getSize().x / 45)) + taken.length;
      const screen = map.getBounds();
      for (const [gap, area] of view.values.gap_areas.entries()) {
        if (taken.length >= most) break;
        const { x, y } = map.latLngToContainerPoint(area.centre);
        const box = { left: x - HALF, right: x + HALF, top: y - HALF, bottom: y + HALF };
        if (!screen.contains(area.centre) || taken.some((other) => overlap(box, other))) continue;
        taken.push(box);
        // Who has the focus was panned to when it came: panning again would fire "moveend" again, and so on.
        const marker = badge(gap, area, { autoPanOnFocus: gap !== focused }).addTo(badges);
        if (gap === focused) marker.getElement().focus({ preventScroll: true });
      }
    }

    /** Where buttons and the legend lie over the map, in its pixels: a number under them could not be pressed. */
    function controls() {
      const container = map.getContainer();
      const { left, top } = container.getBoundingClientRect();
      return [...container.closest(".atlas-stage").querySelectorAll(".leaflet-control, .atlas-legend")].map((over) => {
        const box = over.getBoundingClientRect();
        return { left: box.left - left, right: box.right - left, top: box.top - top, bottom: box.bottom - top };
      });
    }

    function badge(gap, area, options) {
      const words = atlas.words.gap(view, area);
      const icon = L.divIcon({
        html: element("span", {}, String(area.rank)),
        className: `atlas-badge ${area.verdict === robust ? "is-robust" : ""}`,
        iconSize: [24, 24],
      });
      const marker = L.marker(area.centre, { icon, gap, title: words, riseOnHover: true, ...options });
      marker.on("add", () => marker.getElement().setAttribute("aria-label", words));
      const go = () => {
        view.choose(gap);
        view.focus(area.id);
      };
      atlas.pressed(marker, go);
      marker.on("mouseover", () => view.select(gap));
      return marker;
    }

    map.on("zoomend moveend atlas:data atlas:shown", place);
    map.getContainer().closest(".atlas-stage").addEventListener("toggle", place, true);
  };

  /** Sites of anchors, one shape for each sector. */
  atlas.anchorSites = (map, { marks }) => {
    const view = map.atlas;
    const shapes = Object.fromEntries(Object.entries(marks).map(([sector, mark]) => [sector, new Path2D(mark.path)]));
    view.hiddenSectors = null;
    view.marks = marks;
    view.siteSize = () => Math.max(0.15, Math.min(0.8, 0.27 + (map.getZoom() - 9.75) * 0.13));
    view.add({
      label: "Anchor sites",
      pane: "atlas-top",
      shown: true,
      build({ shapes: land, values }) {
        const { lon, lat } = values.sites;
        view.siteAt = lon.map((longitude, index) => land.place(longitude, lat[index]));
        view.hiddenSectors ??= new Set(Object.keys(marks).filter((sector) => !values.sectors.includes(sector)));
      },
      draw(context, frame) {
        const size = view.siteSize();
        const { london, institution } = view.values.sites;
        const isMarked = (index) => institution[index] === view.marked;
        // Sites of several institutions may share one place: the marked ones are drawn last.
        const order = [...view.siteAt.keys()].sort((one, other) => isMarked(one) - isMarked(other));
        context.lineJoin = "round";
        context.lineWidth = Math.min(1.7, 1 + 2 * size) / size;
        context.strokeStyle = INK;
        const scale = size * frame.ratio;
        for (const index of order) {
          const sector = view.values.sites.sector[index];
          if (view.hiddenSectors.has(sector) || !shapes[sector]) continue;
          const [x, y] = frame.at(view.siteAt[index]);
          context.setTransform(scale, 0, 0, scale, x * frame.ratio, y * frame.ratio);
          context.globalAlpha = london[index] === "1" ? 1 : 0.45;
          context.fillStyle = isMarked(index) ? SELECTED : PAPER;
          context.stroke(shapes[sector]);
          context.fill(shapes[sector]);
        }
        context.globalAlpha = 1;
      },
    });
  };

  /** One borough, or the footprint of one network or programme: everything else fades. */
  atlas.footprints = (map, { colour }) => {
    const view = map.atlas;
    const painter = {
      pane: "overlayPane",
      shown: false,
      build() {
        this.show(view.footprint);
      },
      show(id) {
        const boroughs = view.shapes.boroughsIn(id);
        const footprint = boroughs.length ? { boroughs } : view.values.footprints.find((one) => one.id === id);
        this.shown = Boolean(footprint);
        if (footprint) (footprint.circle ? drawCircle : drawAreas)(this, footprint);
      },
      draw(context, frame) {
        context.fillStyle = "rgba(255, 255, 255, 0.7)";
        context.fill(this.outside, "evenodd");
        cased(context, frame, this.outline, 3, colour, PAPER, 1.5);
      },
    };

    function drawCircle(target, { circle: [longitude, latitude, radius] }) {
      const [x, y] = view.shapes.place(longitude, latitude);
      // Mercator stretches a metre by 1 / cos(latitude).
      const metre = atlas.WORLD / (2 * Math.PI * 6378137 * Math.cos((latitude * Math.PI) / 180));
      target.outline = new Path2D();
      target.outline.arc(x, y, radius * metre, 0, 2 * Math.PI);
      target.outside = new Path2D(target.outline);
      target.outside.rect(-1e6, -1e6, 3e6, 3e6);
    }

    function drawAreas(target, { boroughs, areas }) {
      const { shapes } = view;
      const chosen = areas ? shapes.positions([areas]) : shapes.boroughOf.map((borough) => boroughs.indexOf(borough));
      const inside = chosen.map((group) => (group < 0 ? 1 : 0));
      target.outline = shapes.borders(inside, (one, other) => one === 0 || other === 0);
      [target.outside] = shapes.fills(inside.map((group) => group - 1), 1);
    }

    view.add(painter);
    map.on("atlas:footprint", ({ id }) => {
      view.footprint = id;
      painter.show(id);
      view.redraw(["overlayPane"]);
    });
  };

  Object.assign(atlas, { cased });
})();
