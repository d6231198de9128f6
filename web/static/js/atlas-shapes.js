// Shapes of areas: a TopoJSON topology decoded once into flat arrays, from which paths and answers are made.
"use strict";

(() => {
  const atlas = (globalThis.atlas ??= {});

  /** Zoom level whose pixels are the unit of every coordinate here, 1.5 m in London; whole units are exact enough. */
  const UNIT_ZOOM = 16;
  const WORLD = 256 * 2 ** UNIT_ZOOM;

  /** Web Mercator in pixels of `UNIT_ZOOM`, rightwards and downwards, of degrees. */
  const east = (longitude) => (longitude / 360 + 0.5) * WORLD;
  const south = (latitude) => {
    const sine = Math.sin((latitude * Math.PI) / 180);
    return (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * WORLD;
  };

  /** The latitude and longitude of a point. */
  function unproject(x, y) {
    const angle = 2 * Math.atan(Math.exp((0.5 - y / WORLD) * 2 * Math.PI)) - Math.PI / 2;
    return [(angle * 180) / Math.PI, (x / WORLD - 0.5) * 360];
  }

  async function request(address) {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`.trim());
    return response.json();
  }

  // What the page has begun to load is taken up before the map library runs.
  const begun = new Map();
  for (const link of globalThis.document?.querySelectorAll('link[rel="preload"][as="fetch"]') ?? []) {
    const address = link.getAttribute("href");
    begun.set(address, request(address));
    begun.get(address).catch(() => {});
  }

  /**
   * JSON from an address, or from the element that "#…" names.
   * @param {string} source
   * @returns {Promise<object>}
   */
  async function read(source) {
    if (source.startsWith("#")) return JSON.parse(document.getElementById(source.slice(1)).textContent);
    const answer = begun.get(source) ?? request(source);
    begun.delete(source);
    return answer;
  }

  const arcOf = (reference) => (reference < 0 ? ~reference : reference);

  /** Areas of one topology, in its order; every coordinate is relative to `origin`, so that it fits a float32. */
  class Shapes {
    /** @param {object} topology TopoJSON, quantised, with an object `areas` and our member `atlas` */
    constructor({ arcs, objects, transform, atlas: about }) {
      this.about = about;
      this.objects = objects;
      this.count = objects.areas.geometries.length;
      this.rings = objects.areas.geometries.map(({ type, arcs: parts }) => (type === "Polygon" ? parts : parts.flat()));
      this.origin = [east(transform.translate[0]), south(transform.translate[1])];
      this.starts = new Int32Array(arcs.length + 1);
      this.xy = new Int32Array(2 * arcs.reduce((points, arc) => points + arc.length, 0));
      // A browser reads a path from text ten times as fast as it takes point after point from a script.
      this.forward = new Array(arcs.length);
      this.backward = new Array(arcs.length);
      this.#decode(arcs, transform);
      this.boroughOf = Int16Array.from(about.areas.stem, (stem) => about.stems.borough[stem]);
    }

    #decode(arcs, { scale, translate }) {
      const [left, top] = this.origin;
      const { starts, xy } = this;
      let at = 0;
      for (let index = 0; index < arcs.length; index++) {
        const arc = arcs[index];
        let column = 0;
        let row = 0;
        let forward = "";
        let backward = "";
        starts[index] = at / 2;
        for (let point = 0; point < arc.length; point++, at += 2) {
          column += arc[point][0];
          row += arc[point][1];
          xy[at] = Math.round(east(column * scale[0] + translate[0]) - left);
          xy[at + 1] = Math.round(south(row * scale[1] + translate[1]) - top);
          if (point === 0) continue;
          const right = xy[at] - xy[at - 2];
          const down = xy[at + 1] - xy[at - 1];
          forward += `l${right} ${down}`;
          backward = `l${-right} ${-down}${backward}`;
        }
        this.forward[index] = forward;
        this.backward[index] = backward;
      }
      starts[arcs.length] = at / 2;
    }

    /** The groups of the areas on both sides of every arc; -1 is outside, or none. */
    #groupsBeside(groupOf) {
      const beside = new Int32Array(2 * this.forward.length).fill(-1);
      for (let area = 0; area < this.count; area++) {
        const group = groupOf[area];
        if (group < 0) continue;
        for (const ring of this.rings[area]) {
          for (const reference of ring) {
            const side = 2 * arcOf(reference);
            beside[beside[side] < 0 ? side : side + 1] = group;
          }
        }
      }
      return beside;
    }

    /** West, north, east and south edge of every area. */
    get boxes() {
      this.foundBoxes ??= this.#findBoxes();
      return this.foundBoxes;
    }

    #findBoxes() {
      const { starts, xy } = this;
      const boxes = new Int32Array(4 * this.count);
      for (let area = 0; area < this.count; area++) {
        let [west, north, eastern, southern] = [Infinity, Infinity, -Infinity, -Infinity];
        for (const ring of this.rings[area]) {
          for (const reference of ring) {
            const arc = arcOf(reference);
            for (let at = 2 * starts[arc]; at < 2 * starts[arc + 1]; at += 2) {
              west = Math.min(west, xy[at]);
              eastern = Math.max(eastern, xy[at]);
              north = Math.min(north, xy[at + 1]);
              southern = Math.max(southern, xy[at + 1]);
            }
          }
        }
        boxes.set([west, north, eastern, southern], 4 * area);
      }
      return boxes;
    }

    /** Code, name, and name of the place of one area. */
    name(area) {
      const { areas, stems } = this.about;
      this.codes ??= areas.code.map(((number) => (step) => (number += step))(0));
      const stem = areas.stem[area];
      const code = `E${String(this.codes[area]).padStart(8, "0")}`;
      return { code, name: stems.name[stem] + areas.letter[area], place: stems.place[stem] };
    }

    /**
     * Which of several lists every area is in; -1 where in none.
     * @param {number[][]} lists positions of areas, as steps from one to the next
     * @returns {Int16Array}
     */
    positions(lists) {
      const found = new Int16Array(this.count).fill(-1);
      lists.forEach((steps, list) => {
        let area = 0;
        for (const step of steps) found[(area += step)] = list;
      });
      return found;
    }

    /** Coordinates of a place, in our units. */
    place(longitude, latitude) {
      return [east(longitude) - this.origin[0], south(latitude) - this.origin[1]];
    }

    /** The middle of the areas that share each stem. */
    middles() {
      const sums = this.about.stems.name.map(() => [0, 0, 0]);
      this.about.areas.stem.forEach((stem, area) => {
        const [left, top, right, bottom] = this.boxes.subarray(4 * area, 4 * area + 4);
        sums[stem][0] += (left + right) / 2;
        sums[stem][1] += (top + bottom) / 2;
        sums[stem][2] += 1;
      });
      return sums.map(([x, y, count]) => [x / count, y / count]);
    }

    #start(reference) {
      const at = 2 * (reference < 0 ? this.starts[~reference + 1] - 1 : this.starts[reference]);
      return `M${this.xy[at]} ${this.xy[at + 1]}`;
    }

    #trace(area) {
      let text = "";
      for (const ring of this.rings[area]) {
        text += this.#start(ring[0]);
        for (const reference of ring) text += reference < 0 ? this.backward[~reference] : this.forward[reference];
        text += "Z";
      }
      return text;
    }

    /**
     * Areas to fill, one path for each group.
     * @param {ArrayLike<number>} groupOf group of every area; below 0 is none
     * @param {number} groups how many
     * @returns {Path2D[]}
     */
    fills(groupOf, groups) {
      const texts = Array.from({ length: groups }, () => "");
      for (let area = 0; area < this.count; area++) {
        if (groupOf[area] >= 0) texts[groupOf[area]] += this.#trace(area);
      }
      return texts.map((text) => new Path2D(text));
    }

    /**
     * Lines between areas of different groups, each drawn once.
     * @param {ArrayLike<number>} groupOf group of every area; outside is -1
     * @param {(one: number, other: number) => boolean} [wanted] keeps the lines between some groups only
     * @returns {Path2D}
     */
    borders(groupOf, wanted = () => true) {
      const beside = this.#groupsBeside(groupOf);
      let text = "";
      for (let arc = 0; arc < this.forward.length; arc++) {
        const one = beside[2 * arc];
        const other = beside[2 * arc + 1];
        if (one !== other && wanted(one, other)) text += this.#start(arc) + this.forward[arc];
      }
      return new Path2D(text);
    }

    /**
     * Lines that the topology has told apart.
     * @param {...string} names of its objects
     * @returns {Path2D}
     */
    drawn(...names) {
      let text = "";
      for (const name of names) {
        for (const [arc] of this.objects[name].arcs) text += this.#start(arc) + this.forward[arc];
      }
      return new Path2D(text);
    }

    /** Every line once. */
    lines() {
      return this.borders(Int32Array.from({ length: this.count }, (_, area) => area));
    }

    /** Positions of the boroughs that a GSS code stands for: of one, or of all that an integrated care board had. */
    boroughsIn(code) {
      const { boroughs, icbs } = this.about;
      const board = icbs.findIndex((one) => one.code === code);
      const isIn = (one) => one.code === code || (board >= 0 && [one.icb22, one.icb26].includes(board));
      return boroughs.flatMap((one, position) => (isIn(one) ? [position] : []));
    }

    /** Position of the area of a code; -1 where there is none. */
    areaOf(code) {
      let number = 0;
      const wanted = Number(String(code).slice(1));
      return this.about.areas.code.findIndex((step) => (number += step) === wanted);
    }

    /** The middle of the box around an area: latitude and longitude. */
    middle(area) {
      const [left, top, right, bottom] = this.boxes.slice(4 * area, 4 * area + 4);
      const [x, y] = this.origin;
      return unproject(x + (left + right) / 2, y + (top + bottom) / 2);
    }

    /** The outline of one area. */
    outline(area) {
      return new Path2D(this.#trace(area));
    }

    /**
     * The area at a point: the ray to the right crosses its lines an odd number of times.
     * @returns {number} index, or -1
     */
    areaAt(x, y) {
      const { boxes } = this;
      for (let area = 0, box = 0; area < this.count; area++, box += 4) {
        if (x < boxes[box] || y < boxes[box + 1] || x > boxes[box + 2] || y > boxes[box + 3]) continue;
        if (this.#holds(area, x, y)) return area;
      }
      return -1;
    }

    #holds(area, x, y) {
      let inside = false;
      for (const reference of this.rings[area].flat()) {
        const arc = arcOf(reference);
        for (let at = 2 * this.starts[arc]; at < 2 * this.starts[arc + 1] - 2; at += 2) {
          const [x0, y0, x1, y1] = [this.xy[at], this.xy[at + 1], this.xy[at + 2], this.xy[at + 3]];
          if (y0 > y !== y1 > y && x < ((x1 - x0) * (y - y0)) / (y1 - y0) + x0) inside = !inside;
        }
      }
      return inside;
    }

    /**
     * South-west and north-east corners of areas.
     * @param {(area: number) => boolean} wanted
     * @returns {[number, number][] | null} latitude and longitude of each; null where no area is wanted
     */
    bounds(wanted) {
      const { boxes } = this;
      const box = [Infinity, Infinity, -Infinity, -Infinity];
      for (let area = 0; area < this.count; area++) {
        if (!wanted(area)) continue;
        const at = 4 * area;
        box[0] = Math.min(box[0], boxes[at]);
        box[1] = Math.min(box[1], boxes[at + 1]);
        box[2] = Math.max(box[2], boxes[at + 2]);
        box[3] = Math.max(box[3], boxes[at + 3]);
      }
      const [x, y] = this.origin;
      return box[0] > box[2] ? null : [unproject(x + box[0], y + box[3]), unproject(x + box[2], y + box[1])];
    }
  }

  Object.assign(atlas, { Shapes, UNIT_ZOOM, WORLD, read });
})();
