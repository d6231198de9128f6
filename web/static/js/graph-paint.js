// What is painted over the drawing of the graph, whoever draws it: chosen ties, what came before, and names.
"use strict";

(() => {
  const atlas = globalThis.atlas;
  const INK = "#0b0c0c";
  const PAPER = "#ffffff";
  const NEW = "#b58800";
  const FOCUS = "#ffdd00";
  /** By kind; another shape stands for each, so that nothing hangs on colour. */
  const COLOURS = ["#6f777b", "#12233d", "#1d70b8"];
  const [INSTITUTION, NETWORK, PROGRAMME] = [0, 1, 2];
  const STANDS = 2;
  /** Degree, and 6 more for a network, from which a name must be read. */
  const FORCED = 20;
  const FAMILY = 'Arial, "Liberation Sans", sans-serif';

  /** Trace a shape: a circle, a square or a diamond of about the same weight. */
  function trace(context, kind, x, y, radius) {
    context.beginPath();
    if (kind === INSTITUTION) context.arc(x, y, radius, 0, 2 * Math.PI);
    else if (kind === NETWORK) context.rect(x - 0.92 * radius, y - 0.92 * radius, 1.84 * radius, 1.84 * radius);
    else {
      const reach = 1.22 * radius;
      context.moveTo(x, y - reach);
      context.lineTo(x + reach, y);
      context.lineTo(x, y + reach);
      context.lineTo(x - reach, y);
      context.closePath();
    }
  }

  function strokeTies(context, view, ties) {
    const { from, to } = view.data.ties;
    context.beginPath();
    for (const tie of ties) {
      context.moveTo(...view.at(from[tie]));
      context.lineTo(...view.at(to[tie]));
    }
    context.stroke();
  }

  /** What lies under the shapes: ties of who is looked at, rings of what is new, who came before. */
  function under(context, view) {
    const near = view.nearTies();
    context.strokeStyle = INK;
    for (const isCertain of [false, true]) {
      context.lineWidth = 1.5;
      context.setLineDash(isCertain ? [] : [5, 4]);
      strokeTies(context, view, near.filter((tie) => (view.scene.ties[tie] === STANDS) === isCertain));
    }
    context.setLineDash([]);
    for (const node of view.scene.fresh) ring(context, view, node);
    if (view.scene.selected >= 0 && view.scene.nodes[view.scene.selected]) halo(context, view, view.scene.selected);
    for (const [older, newer] of view.scene.successions) arrow(context, view, older, newer);
    for (const node of view.scene.ghosts) ghost(context, view, node);
  }

  function ring(context, view, node) {
    context.beginPath();
    context.arc(...view.at(node), view.radius(node) * 1.25 + 4, 0, 2 * Math.PI);
    context.lineWidth = 3;
    context.strokeStyle = NEW;
    context.stroke();
  }

  function halo(context, view, node) {
    trace(context, view.data.nodes.kind[node], ...view.at(node), view.radius(node) + 6);
    context.fillStyle = FOCUS;
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = INK;
    context.stroke();
  }

  /** From who came before to who came after. */
  function arrow(context, view, older, newer) {
    const [[x0, y0], [x1, y1]] = [view.at(older), view.at(newer)];
    const angle = Math.atan2(y1 - y0, x1 - x0);
    const [start, end] = [view.radius(older) + 3, view.radius(newer) + 5];
    const tip = [x1 - end * Math.cos(angle), y1 - end * Math.sin(angle)];
    context.strokeStyle = context.fillStyle = NEW;
    context.lineWidth = 2.2;
    context.beginPath();
    context.moveTo(x0 + start * Math.cos(angle), y0 + start * Math.sin(angle));
    context.lineTo(...tip);
    context.stroke();
    context.beginPath();
    context.moveTo(...tip);
    for (const turn of [2.65, -2.65]) context.lineTo(tip[0] + 10 * Math.cos(angle + turn), tip[1] + 10 * Math.sin(angle + turn));
    context.fill();
  }

  /** Who came before or after and does not stand: hollow and dashed. */
  function ghost(context, view, node) {
    const kind = view.data.nodes.kind[node];
    trace(context, kind, ...view.at(node), view.radius(node));
    context.fillStyle = PAPER;
    context.fill();
    context.setLineDash([2, 2]);
    context.lineWidth = 1.5;
    context.strokeStyle = COLOURS[kind];
    context.stroke();
    context.setLineDash([]);
  }

  // Names: sigma thins them by a grid and lets them overlap; these take turns by weight, each where it finds room.

  /** A name on one line, or on two of about the same length. */
  function lines(name) {
    const short = name.length > 48 ? `${name.slice(0, 47).replace(/\s\S*$/, "")}…` : name;
    if (short.length < 21) return [short];
    const spaces = [...short.matchAll(/ /g)].map(({ index }) => index);
    if (!spaces.length) return [short];
    const half = short.length / 2;
    const cut = spaces.reduce((best, at) => (Math.abs(at - half) < Math.abs(best - half) ? at : best));
    return [short.slice(0, cut), short.slice(cut + 1)];
  }

  const overlap = (one, other) =>
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

  /** A free box below, above, right or left of a shape; null where there is none. */
  function room([x, y], away, wide, tall, taken, size) {
    const tries = [
      [x - wide / 2, y + away],
      [x - wide / 2, y - away - tall],
      [x + away + 2, y - tall / 2],
      [x - away - 2 - wide, y - tall / 2],
    ];
    for (const [left, top] of tries) {
      const box = { left: left - 2, right: left + wide + 2, top, bottom: top + tall };
      const isInside = box.left > 0 && box.top > 0 && box.right < size.x && box.bottom < size.y;
      if (isInside && !taken.some((other) => overlap(box, other))) return box;
    }
    return null;
  }

  const isFirst = (view, node) => node === view.scene.selected || node === view.hovered;

  /** Who is to be named, the weightiest first. */
  function wanted(view) {
    const { degree, kind } = view.data.nodes;
    const heavy = (node) => degree[node] + (kind[node] === NETWORK ? 6 : 0);
    const isNamed = (node) => {
      if (view.focus) return view.focus.has(node);
      if (kind[node] === NETWORK) return true;
      return degree[node] * view.scale ** 2 > (kind[node] === PROGRAMME ? 1.6 : 3.5);
    };
    const first = (node) => (isFirst(view, node) ? 1e4 : 0);
    const found = [...view.drawn.filter(isNamed), ...view.scene.ghosts];
    found.sort((one, other) => first(other) + heavy(other) - first(one) - heavy(one));
    return found.map((node) => ({ node, mustBeRead: heavy(node) >= FORCED }));
  }

  /** Write names, none over another. @returns {object[]} their boxes */
  function names(context, view) {
    const { name, kind } = view.data.nodes;
    const { size } = view;
    const taken = [{ left: 0, right: 46, top: 0, bottom: 118 }];
    const asked = wanted(view);
    const boxOf = ([x, y], radius) => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius });
    const shapes = asked.filter(({ node }) => kind[node]).map(({ node }) => boxOf(view.at(node), view.radius(node)));
    for (const { node, mustBeRead } of asked) {
      const [x, y] = view.at(node);
      if (x < -40 || y < -40 || x > size.x + 40 || y > size.y + 40) continue;
      const isLarge = kind[node] === NETWORK || node === view.scene.selected;
      const height = isLarge ? 13.5 : 12.5;
      context.font = `${isLarge ? 600 : 400} ${isLarge ? 12.5 : 11.5}px ${FAMILY}`;
      const said = lines(name[node]);
      const wide = Math.max(...said.map((line) => context.measureText(line).width));
      const free = (others) => room([x, y], view.radius(node) + 3, wide, said.length * height, others, size);
      // A name that must be read may lie over shapes, never over another name.
      const box = free([...taken, ...shapes]) ?? (mustBeRead || isFirst(view, node) ? free(taken) : null);
      if (!box) continue;
      taken.push(box);
      write(context, said, box, height, view.scene.nodes[node] ? INK : "#505a5f");
    }
    return taken.slice(1);
  }

  function write(context, said, box, height, colour) {
    context.textAlign = "center";
    context.textBaseline = "top";
    context.lineJoin = "round";
    context.lineWidth = 3.5;
    context.strokeStyle = "rgba(255, 255, 255, 0.92)";
    context.fillStyle = colour;
    said.forEach((line, row) => {
      const at = [(box.left + box.right) / 2, box.top + row * height];
      context.strokeText(line, ...at);
      context.fillText(line, ...at);
    });
  }

  const shapeOf = ["M5.5 0a5.5 5.5 0 1 1-11 0 5.5 5.5 0 1 1 11 0Z", "M-5.5-5.5h11v11h-11Z", "M0-7 7 0 0 7-7 0Z"];

  Object.assign(atlas, { shapeOf, graphPaint: { COLOURS, PAPER, trace, strokeTies, under, names } });
})();
