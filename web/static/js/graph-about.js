// The panel beside the drawing: who was chosen and its ties with their evidence, who works in a borough, who has most.
"use strict";

(() => {
  const atlas = globalThis.atlas;
  const { element } = atlas;
  const byId = (id) => document.getElementById(id);
  const { MAY, STANDS, standing, plural, written, period } = atlas.graphTime;
  const pages = JSON.parse(byId("graph-views").dataset.pages);
  /** Names listed before the reader asks for all. */
  const SHOWN = 12;

  class GraphTeller extends atlas.GraphModel {
    /** The words beside the drawing: who was chosen and its ties, who works in the borough, or who has most. */
    tell(scene) {
      const about = byId("about");
      const hadFocus = about.contains(document.activeElement);
      const { selected, borough } = scene;
      about.replaceChildren(...(selected >= 0 ? this.tellOne(selected, scene) : borough >= 0 ? this.tellBorough(borough, scene) : this.tellAll(scene)));
      if (hadFocus) about.focus({ preventScroll: true });
    }

    mark(node, state) {
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
      const kind = this.data.nodes.kind[node];
      svg.setAttribute("viewBox", "-9 -9 18 18");
      svg.setAttribute("aria-hidden", "true");
      shape.setAttribute("d", atlas.shapeOf[kind]);
      shape.setAttribute("class", `ego-shape ego-${this.data.kinds[kind]}${state === STANDS ? "" : " ego-may"}`);
      svg.append(shape);
      return svg;
    }

    button(node) {
      const button = element("button", { type: "button", class: "as-link", "data-choose": String(node) }, this.data.nodes.name[node]);
      return button;
    }

    /** Nodes with their partners, those with most first. */
    ranked(list) {
      const rows = list.map((node) => [node, ...this.partners(node)]);
      return rows.sort((one, other) => other[1] + other[2] - one[1] - one[2]);
    }

    list(rows, states) {
      const said = (certain, possible) => [certain && `${certain} certain`, possible && `${possible} possible`].filter(Boolean).join(", ");
      const row = ([node, ...numbers]) =>
        element("li", {}, this.mark(node, states[node]), this.button(node), element("small", {}, said(...numbers) || "none"));
      return element("ul", {}, ...rows.map(row));
    }

    tellAll({ nodes: states }) {
      const { kind } = this.data.nodes;
      const standing = [...states.keys()].filter((node) => states[node]);
      const rows = this.ranked(this.isWhole ? standing : standing.filter((node) => kind[node]));
      const hint = "Choose a shape, a borough, or a name here, to see who is tied to it and where. Arrow keys go through the names.";
      const list = this.list(this.isWhole ? rows : rows.slice(0, SHOWN), states);
      const more = element("button", { type: "button", class: "as-link", "aria-expanded": String(Boolean(this.isWhole)), "data-list": "" });
      more.textContent = this.isWhole ? "Show the first only" : `Show all ${standing.length} that are drawn`;
      const head = element("h2", {}, "Most partners on this day");
      return [head, element("p", { class: "small quiet" }, hint), list, ...(standing.length ? [element("p", {}, more)] : [])];
    }

    tellBorough(borough, { nodes: states, ego, whole }) {
      const name = byId("place").options[borough + 1].textContent;
      const close = element("button", { type: "button", class: "as-link", "data-borough": String(borough) }, "Show everyone");
      const page = element("a", { href: pages.borough.replace("{id}", encodeURIComponent(this.codes[borough])) }, "Its page");
      const number = plural(ego.size, "network or programme", "networks and programmes");
      const besides = whole ? ` ${whole} more work across all London.` : "";
      return [
        element("div", { class: "about-head" }, element("h2", {}, name), close),
        element("p", { class: "quiet" }, `${number} that stood, or may have, on this day work in ${name} and not in every borough.${besides}`),
        element("p", { class: "about-links" }, page),
        this.list(this.ranked([...ego]), states),
      ];
    }

    tellOne(node, scene) {
      const { nodes } = this.data;
      const kind = this.data.kinds[nodes.kind[node]];
      const close = element("button", { type: "button", class: "as-link", "data-choose": String(node) }, "Show everyone");
      const state = ["did not stand on this day", "may have stood on this day", "stood on this day"][standing(nodes.span[node], this.state.day)];
      const page = element("a", { href: pages[kind].replace("{id}", encodeURIComponent(nodes.id[node].split(":").pop())) }, "Its page");
      const head = [
        element("div", { class: "about-head" }, element("h2", {}, nodes.name[node]), close),
        element("p", { class: "quiet" }, `${nodes.what[node]}, ${period(nodes.span[node])}: ${state}.`),
        ...this.tellFacts(node),
        element("p", { class: "about-links" }, page),
      ];
      return [...head, ...this.tellSuccession(node), ...this.tellTies(node, scene)];
    }

    tellFacts(node) {
      const { nodes, sectors, domains } = this.data;
      const places = this.boroughsOf(node).map((borough) => byId("place").options[borough + 1].textContent);
      const named = (list) => (list.length > 4 ? `${list.slice(0, 3).join(", ")} and ${list.length - 3} more` : list.join(", "));
      const facts = [
        nodes.sector[node] >= 0 && `Sector: ${sectors[nodes.sector[node]][1]}.`,
        nodes.domains[node].length && `Works on: ${named(nodes.domains[node].map((domain) => domains[domain][1]))}.`,
        places.length ? `Works in: ${named(places)}.` : nodes.footprint[node] && "Works across all London.",
      ].filter(Boolean);
      return facts.length ? [element("p", {}, facts.join(" "))] : [];
    }

    tellSuccession(node) {
      const { nodes, ties } = this.data;
      return this.tiesOf[node].filter((tie) => ties.relation[tie] === this.succeeds).map((tie) => {
        const isLater = ties.from[tie] === node;
        const other = isLater ? ties.to[tie] : ties.from[tie];
        const when = written(ties.span[tie][0], ties.span[tie][1]);
        const words = isLater ? "Took the place of " : "Gave way to ";
        return element("p", {}, words, this.button(other), when ? ` (${when})` : "", ".");
      });
    }

    tellTies(node, { ties: states }) {
      const { ties, relations } = this.data;
      const groups = new Map();
      for (const tie of this.tiesOf[node]) {
        if (!states[tie] || ties.relation[tie] === this.succeeds) continue;
        const [phrase, inverse] = relations[ties.relation[tie]];
        const words = ties.from[tie] === node ? phrase : inverse;
        groups.set(words, [...(groups.get(words) ?? []), tie]);
      }
      if (!groups.size) return [element("p", {}, "No tie on record on this day.")];
      return [...groups].sort((one, other) => other[1].length - one[1].length).flatMap(([words, mine]) => [
        element("h3", {}, `${words[0].toUpperCase()}${words.slice(1)} `, element("span", { class: "of" }, String(mine.length))),
        element("ul", {}, ...mine.map((tie) => this.tieRow(node, tie, states[tie]))),
      ]);
    }

    tieRow(node, tie, state) {
      const { ties, sources } = this.data;
      const other = ties.from[tie] === node ? ties.to[tie] : ties.from[tie];
      const [title, url] = sources[ties.source[tie]];
      const source = url ? element("a", { href: url, rel: "noopener external" }, title) : title;
      const when = [period(ties.span[tie]) + (state === MAY ? ", may stand" : ""), ties.note[tie]].filter(Boolean).join(" · ");
      const words = element("span", {}, this.button(other), element("br"), element("small", {}, `${when} · `, source));
      return element("li", {}, this.mark(other, state), words);
    }
  }

  atlas.GraphTeller = GraphTeller;
})();
