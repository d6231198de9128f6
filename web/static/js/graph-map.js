// The map beside the graph: how many networks work in each borough on a day, and where the chosen one does.
"use strict";

(() => {
  const atlas = globalThis.atlas;
  const INK = "#0b0c0c";
  const PAPER = "#ffffff";

  /** Whether a board of the shapes stood on a day. */
  const held = ({ start, end }, day) => (!start || start <= day) && (!end || day <= end);

  /**
   * Add the layers; `map.atlas.inTime(scene)` shows a scene of `graph.js`.
   * @param {L.Map} map
   * @param {{palette: string[], bounds: number[], colour: string}} settings
   */
  atlas.networksInTime = (map, { palette, bounds, colour }) => {
    const view = map.atlas;
    const outlines = new Map();
    let scene = null;
    let boards = null;

    function outline(footprint) {
      if (!outlines.has(footprint)) outlines.set(footprint, (footprint.circle ? circle : areas)(footprint));
      return outlines.get(footprint);
    }

    function circle({ circle: [longitude, latitude, radius] }) {
      const [x, y] = view.shapes.place(longitude, latitude);
      const metre = atlas.WORLD / (2 * Math.PI * 6378137 * Math.cos((latitude * Math.PI) / 180));
      const path = new Path2D();
      path.arc(x, y, radius * metre, 0, 2 * Math.PI);
      const outside = new Path2D(path);
      outside.rect(-1e6, -1e6, 3e6, 3e6);
      return { path, outside };
    }

    function areas({ boroughs, areas: steps }) {
      const { shapes } = view;
      const chosen = steps ? shapes.positions([steps]) : shapes.boroughOf.map((borough) => boroughs.indexOf(borough));
      const inside = chosen.map((group) => (group < 0 ? 1 : 0));
      const path = shapes.borders(inside, (one, other) => one === 0 || other === 0);
      return { path, outside: shapes.fills(inside.map((group) => group - 1), 1)[0] };
    }

    const alone = [];
    const boroughOutline = (borough) => (alone[borough] ??= { boroughs: [borough] });

    const colourOf = (count) => palette[bounds.filter((bound) => count >= bound).length];

    view.add({
      pane: "overlayPane",
      shown: true,
      build({ shapes }) {
        this.count = shapes.about.boroughs.length;
        this.fills = shapes.fills(shapes.boroughOf, this.count);
        this.lines = shapes.drawn("boroughs", "edge");
        this.edge = shapes.drawn("edge");
      },
      draw(context, frame) {
        if (!scene) return;
        this.fills.forEach((path, borough) => {
          context.fillStyle = scene.footprint ? palette[2] : colourOf(scene.covered[borough] ?? 0);
          context.fill(path);
        });
        context.lineJoin = context.lineCap = "round";
        context.lineWidth = 1 * frame.pixel;
        context.strokeStyle = PAPER;
        context.stroke(this.lines);
        context.lineWidth = 0.9 * frame.pixel;
        context.strokeStyle = colour;
        context.stroke(this.edge);
      },
    });

    view.add({
      pane: "overlayPane",
      shown: true,
      build() {},
      draw(context, frame) {
        if (!scene) return;
        if (scene.borough >= 0 && !scene.footprint) {
          context.lineJoin = "round";
          atlas.cased(context, frame, outline(boroughOutline(scene.borough)).path, 3.4, INK, "#ffdd00", 3);
        }
        if (boards && !scene.footprint) atlas.cased(context, frame, boards.lines, 2.2, colour, PAPER, 1.2);
        if (scene.footprint) {
          context.fillStyle = "rgba(247, 247, 246, 0.88)";
          context.fill(outline(scene.footprint).outside, "evenodd");
          atlas.cased(context, frame, outline(scene.footprint).path, 3, colour, PAPER, 1.5);
          return;
        }
        for (const footprint of scene.circles) atlas.cased(context, frame, outline(footprint).path, 1.4, INK, PAPER, 1);
      },
    });

    view.add({
      pane: "atlas-top",
      shown: true,
      build({ shapes }) {
        this.at = shapes.about.boroughs.map(({ label: [x, y] }) => shapes.place(x, y));
      },
      draw(context, frame) {
        if (!scene) return;
        frame.inPixels();
        if (!scene.sites.length && !scene.footprint) numbers(context, frame, this.at);
        sites(context, frame);
      },
    });

    function numbers(context, frame, places) {
      const size = frame.zoom < 9.2 ? 10 : 12;
      context.font = `600 ${size}px Arial, sans-serif`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      scene.covered.forEach((count, borough) => {
        if (!count) return;
        const [x, y] = frame.at(places[borough]);
        // Names take the middle of a borough when the map is near: the number stands over them.
        context.fillStyle = count >= bounds[2] && frame.zoom < 9.8 ? PAPER : INK;
        context.fillText(String(count), x, frame.zoom < 9.8 ? y : y - 14);
      });
    }

    function sites(context, frame) {
      for (const { lon, lat } of scene.sites) {
        const [x, y] = frame.at(view.shapes.place(lon, lat));
        context.beginPath();
        context.arc(x, y, scene.sites.length > 60 ? 3 : 4.2, 0, 2 * Math.PI);
        context.lineWidth = 1.6;
        context.strokeStyle = PAPER;
        context.fillStyle = INK;
        context.fill();
        context.stroke();
      }
    }

    /** The boards of the day: those of the newest map whose every board stood. */
    function boardsOn(day) {
      const { about, boroughOf } = view.shapes;
      for (const column of ["icb26", "icb22"]) {
        const used = [...new Set(about.boroughs.map((borough) => borough[column]))].filter((board) => board >= 0);
        if (!used.length || !used.every((board) => held(about.icbs[board], day))) continue;
        const lines = outlines.get(column) ?? view.shapes.borders(boroughOf.map((borough) => about.boroughs[borough][column]));
        outlines.set(column, lines);
        return { number: used.length, lines };
      }
      return null;
    }

    /** Show a scene. @returns {number} how many boards of the NHS stood */
    view.inTime = (next) => {
      scene = next;
      boards = boardsOn(next.date);
      view.redraw();
      return boards?.number ?? 0;
    };

    view.dismiss = tips(map, () => scene);
  };

  /**
   * What works in the borough under the pointer, or the site there.
   * @returns {() => boolean} hides the tip until something else is pointed at; whether there was one
   */
  function tips(map, sceneNow) {
    const view = map.atlas;
    let told = null;
    let dismissed = null;
    const tip = L.tooltip({ className: "atlas-tip", direction: "auto", offset: [14, 0], opacity: 1 });
    const leave = () => tip.remove();
    const under = ({ latlng, containerPoint }) => {
      const near = sceneNow()?.sites.find(({ lon, lat }) => map.latLngToContainerPoint([lat, lon]).distanceTo(containerPoint) < 7);
      const area = view.areaAt(latlng);
      return { near, area, borough: area < 0 ? -1 : view.shapes.boroughOf[area] };
    };
    map.on("click", (event) => {
      const { near, borough } = under(event);
      if (near) view.chosen?.({ node: near.node });
      else if (borough >= 0) view.chosen?.({ borough });
    });
    map.on("mousemove", (event) => {
      const scene = sceneNow();
      if (!scene) return leave();
      const { latlng } = event;
      const { near, area, borough } = under(event);
      if (!near && area < 0) return leave();
      told = near ? `${near.lon} ${near.lat}` : borough;
      if (told === dismissed) return leave();
      dismissed = null;
      const lines = near ? [near.name, near.owner] : [view.shapes.about.boroughs[borough].name, ...scene.inBorough(borough)];
      const [first, ...rest] = lines;
      const words = atlas.element("div", {}, atlas.element("strong", {}, first), ...rest.map((line) => atlas.element("span", {}, line)));
      tip.setLatLng(latlng).setContent(words);
      return map.hasLayer(tip) ? undefined : tip.addTo(map);
    });
    map.on("mouseout movestart", leave);
    return () => {
      if (!map.hasLayer(tip)) return false;
      dismissed = told;
      leave();
      return true;
    };
  }
})();
