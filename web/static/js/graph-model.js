// The model behind the page of the graph: what was chosen, and what stands on a day.
"use strict";

(() => {
  const atlas = globalThis.atlas;
  const DAY_MS = 86_400_000;
  const [NOT, MAY, STANDS] = [0, 1, 2];
  const MONTHS = "January February March April May June July August September October November December".split(" ");

  const isoOf = (day) => new Date(day * DAY_MS).toISOString().slice(0, 10);
  const dayOf = (iso) => Math.round(Date.parse(`${iso}T00:00:00Z`) / DAY_MS);
  const plural = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

  /** Whether something stands on a day: see `atlas.graph.timeline`. */
  function standing([startFrom, startBy, endFrom, endBy], day) {
    if (day < startFrom || day > endBy) return NOT;
    return startBy <= day && day <= endFrom ? STANDS : MAY;
  }

  /** A doubtful day in words: a day, a month or a year where the bounds are one's; null where they are no date. */
  function written(from, by) {
    if (Math.abs(from) > 700_000 || Math.abs(by) > 700_000) return null;
    const [first, last] = [new Date(from * DAY_MS), new Date(by * DAY_MS)];
    const next = new Date((by + 1) * DAY_MS);
    const year = first.getUTCFullYear();
    const month = MONTHS[first.getUTCMonth()];
    if (from === by) return `${first.getUTCDate()} ${month} ${year}`;
    const isMonthly = first.getUTCDate() === 1 && next.getUTCDate() === 1 && year === last.getUTCFullYear();
    if (isMonthly && first.getUTCMonth() === last.getUTCMonth()) return `${month} ${year}`;
    if (isMonthly && first.getUTCMonth() === 0 && last.getUTCMonth() === 11) return String(year);
    return `between ${written(from, from)} and ${written(by, by)}`;
  }

  function period([startFrom, startBy, endFrom, endBy]) {
    const [start, end] = [written(startFrom, startBy), written(endFrom, endBy)];
    if (start && end) return `${start} to ${end}`;
    if (start) return `since ${start}`;
    return end ? `until ${end}, start not on record` : "start not on record";
  }

  /** The data that the page was sent, and what the reader chose of it. */
  class GraphModel {
    /** @param {object} data `atlas.maps.graph_values` @param {HTMLFormElement} form */
    constructor(data, form) {
      this.data = data;
      this.form = form;
      const { nodes, ties } = data;
      this.number = new Map(nodes.id.map((id, node) => [id, node]));
      this.byName = new Map(nodes.name.map((name, node) => [name.toLowerCase(), node]));
      this.tiesOf = nodes.id.map(() => []);
      ties.from.forEach((one, tie) => {
        this.tiesOf[one].push(tie);
        this.tiesOf[ties.to[tie]].push(tie);
      });
      this.codes = [...(form.querySelector("[name=place]")?.options ?? [])].slice(1).map(({ value }) => value);
      this.boroughs = this.codes.length;
      this.succeeds = data.relation_ids.indexOf("succeeds");
      this.before = null;
      this.state = this.read(new URL(location.href).searchParams);
    }

    /** What an address chooses. */
    read(fields) {
      const { data } = this;
      const at = dayOf(`${fields.get("at") ?? ""}-01-01`.slice(0, 10));
      const node = this.number.get(fields.get("node")) ?? this.byName.get((fields.get("node") ?? "").toLowerCase()) ?? -1;
      const kinds = fields.getAll("kind").flatMap((text) => text.split(",")).filter(Boolean);
      const place = (list, field) => list.findIndex((one) => (Array.isArray(one) ? one[0] : one) === fields.get(field));
      return {
        day: Number.isNaN(at) ? data.last : at,
        node,
        borough: node < 0 ? this.codes.indexOf(fields.get("place")) : -1,
        kinds: data.kinds.map((kind) => !kinds.length || kinds.includes(kind)),
        sector: place(data.sectors, "sector"),
        relation: place(data.relation_ids, "relation"),
        domain: place(data.domains, "works_on"),
      };
    }

    /** The address of what is chosen, or of another choice. */
    address(state = this.state) {
      const { data } = this;
      const fields = new URLSearchParams([...this.form.querySelectorAll("[type=hidden]")].map(({ name, value }) => [name, value]));
      if (state.day !== data.last) fields.set("at", isoOf(state.day));
      if (state.node >= 0) fields.set("node", data.nodes.id[state.node]);
      if (state.borough >= 0) fields.set("place", this.codes[state.borough]);
      if (!state.kinds.every(Boolean)) fields.set("kind", data.kinds.filter((_, kind) => state.kinds[kind]).join(","));
      if (state.sector >= 0) fields.set("sector", data.sectors[state.sector][0]);
      if (state.relation >= 0) fields.set("relation", data.relation_ids[state.relation]);
      if (state.domain >= 0) fields.set("works_on", data.domains[state.domain][0]);
      const query = fields.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
      return this.form.getAttribute("action") + (query ? `?${query}` : "");
    }

    /** What stands on a day under the choices; the same rules as those of `web.graph_view.view`. */
    standingOn(day) {
      const { nodes, ties } = this.data;
      const { kinds, sector, relation, domain } = this.state;
      const states = nodes.span.map((span, node) => {
        const isAllowed =
          kinds[nodes.kind[node]] &&
          (nodes.kind[node] === 0 ? sector < 0 || nodes.sector[node] === sector : domain < 0 || nodes.domains[node].includes(domain));
        return isAllowed ? standing(span, day) : NOT;
      });
      const joined = new Set();
      const found = ties.span.map((span, tie) => {
        if (relation >= 0 && ties.relation[tie] !== relation) return NOT;
        const [one, other] = [ties.from[tie], ties.to[tie]];
        if (!states[one] || !states[other]) return NOT;
        // Whoever was asked for must be one of its ends.
        if (sector >= 0 && nodes.kind[one] && nodes.kind[other]) return NOT;
        if (domain >= 0 && !nodes.kind[one] && !nodes.kind[other]) return NOT;
        const stands = standing(span, day);
        if (stands) joined.add(one).add(other);
        return stands;
      });
      const mustBeJoined = sector >= 0 || relation >= 0;
      const shown = states.map((stands, node) => (joined.has(node) || (nodes.kind[node] && !mustBeJoined) ? stands : NOT));
      return { nodes: shown, ties: found };
    }

    /** Everything that the drawing and the map show. */
    scene() {
      const { data, state } = this;
      const now = this.standingOn(state.day);
      const neighbours = (node) => {
        const near = this.tiesOf[node].filter((tie) => now.ties[tie]);
        return new Set([node, ...near.flatMap((tie) => [data.ties.from[tie], data.ties.to[tie]])]);
      };
      const { node: selected, borough } = state;
      const ego = selected >= 0 ? neighbours(selected) : borough >= 0 ? this.worksIn(borough, now) : null;
      const before = this.before;
      const fresh = new Set(before ? now.nodes.flatMap((stands, node) => (stands && !before[node] ? [node] : [])) : []);
      const successions = selected < 0 ? [] : this.successionsOf(selected);
      const ghosts = [...new Set([...successions.flat(), ...(selected >= 0 ? [selected] : [])])].filter((node) => !now.nodes[node]);
      const where = this.places(now, selected >= 0 ? ego : null);
      return { ...now, selected, borough, ego, neighbours, fresh, successions, ghosts, date: isoOf(state.day), ...where };
    }

    /** Networks and programmes whose footprint lies in a borough, wholly or in part, but not in all of them. */
    worksIn(borough, { nodes }) {
      return new Set([...nodes.keys()].filter((node) => nodes[node] && this.boroughsOf(node).includes(borough)));
    }

    /** Boroughs that a node's footprint lies in; none where it is not known or lies in all. */
    boroughsOf(node) {
      const footprint = this.data.nodes.footprint[node];
      const found = footprint?.in ?? footprint?.boroughs ?? [];
      return found.length < this.boroughs ? found : [];
    }

    /** Pairs of earlier and later nodes that a node has part in. */
    successionsOf(node) {
      const { from, to, relation } = this.data.ties;
      return this.tiesOf[node].filter((tie) => relation[tie] === this.succeeds).map((tie) => [to[tie], from[tie]]);
    }

    /** What the map shows: boroughs by how many work there, circles, the footprint and the sites of who was chosen. */
    places(now, ego) {
      const { nodes, sites } = this.data;
      const { node: selected, day } = this.state;
      const all = this.boroughs;
      const covered = new Array(all).fill(0);
      const here = Array.from({ length: all }, () => []);
      const circles = [];
      let whole = 0;
      nodes.footprint.forEach((footprint, node) => {
        if (!footprint || !now.nodes[node] || (ego && !ego.has(node))) return;
        if (footprint.circle) circles.push(footprint);
        if (!this.boroughsOf(node).length) whole += 1;
        for (const borough of this.boroughsOf(node)) {
          covered[borough] += 1;
          here[borough].push(node);
        }
      });
      const owners = ego ? new Set([...ego].filter((node) => nodes.kind[node] === 0)) : new Set();
      const shown = selected >= 0 && nodes.kind[selected] === 0 ? new Set([selected]) : owners;
      const found = sites.owner.flatMap((owner, site) =>
        shown.has(owner) && standing(sites.span[site], day)
          ? [{ node: owner, lon: sites.lon[site], lat: sites.lat[site], name: sites.name[site], owner: nodes.name[owner] }]
          : [],
      );
      const inBorough = (borough) => {
        const listed = here[borough].map((node) => nodes.name[node] + (now.nodes[node] === MAY ? " (may stand)" : ""));
        return listed.length > 9 ? [...listed.slice(0, 8), `and ${listed.length - 8} more`] : listed;
      };
      const footprint = selected >= 0 && now.nodes[selected] ? nodes.footprint[selected] : null;
      if (footprint) covered.fill(0);
      return { covered, circles, whole, sites: found, footprint, inBorough };
    }

    /** Days on which something in the drawing begins or ends. */
    changes() {
      if (this.days) return this.days;
      const { nodes, ties, first, last } = this.data;
      const found = new Set([last]);
      const joint = nodes.span.filter((_, node) => nodes.kind[node]);
      for (const [startFrom, startBy, endFrom, endBy] of [...joint, ...ties.span]) {
        for (const day of [startFrom, startBy, endFrom + 1, endBy + 1]) if (day > first && day < last) found.add(day);
      }
      this.days = [...found].sort((one, other) => one - other);
      return this.days;
    }

    /** How many others a node is tied to for certain, and how many more it may be. */
    partners(node) {
      const { from, to } = this.data.ties;
      const best = new Map();
      for (const tie of this.tiesOf[node]) {
        const other = from[tie] === node ? to[tie] : from[tie];
        if (this.current.ties[tie]) best.set(other, Math.max(best.get(other) ?? 0, this.current.ties[tie]));
      }
      const certain = [...best.values()].filter((state) => state === STANDS).length;
      return [certain, best.size - certain];
    }
  }

  Object.assign(atlas, { GraphModel, graphTime: { DAY_MS, MONTHS, MAY, STANDS, standing, isoOf, dayOf, plural, written, period } });
})();
