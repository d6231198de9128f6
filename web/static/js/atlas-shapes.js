// Shapes of areas: paths and answers made of a topology's flat arrays.
"use strict";

(() => {
  const { east, south, topology, unproject } = globalThis.atlas;

  /** Areas of one topology, in its order; every coordinate is relative to `origin`, so that it fits a float32. */
  class Shapes {
    /** @param {Uint8Array} bytes of a topology, as `atlas.topology` reads it */
    constructor(bytes) {
      Object.assign(this, topology(bytes));
      this.count = this.first.length - 1;
      const { areas, stems } = this.about;
      this.boroughOf = Int16Array.from(areas.stem, (stem) => stems.borough[stem]);
    }

    /** West, north, east and south edge of every area. */
    get boxes() {
      this.foundBoxes ??= this.#findBoxes();
      return this.foundBoxes;
    }

    #findBoxes() {
      const { xy } = this;
      const boxes = new Int32Array(4 * this.count);
      for (let area = 0; area < this.count; area++) {
        let [west, north, eastern, southern] = [Infinity, Infinity, -Infinity, -Infinity];
        for (let side = this.first[area]; side < this.first[area + 1]; side++) {
          const [start, end] = this.#ends(side);
          for (let at = start; at < end; at += 2) {
            west = Math.min(west, xy[at]);
            eastern = Math.max(eastern, xy[at]);
            north = Math.min(north, xy[at + 1]);
            southern = Math.max(southern, xy[at + 1]);
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

    /** Where the points of a side's arc begin and end among the coordinates. */
    #ends(side) {
      const arc = this.arcs[side] < 0 ? ~this.arcs[side] : this.arcs[side];
      return [2 * this.starts[arc], 2 * this.starts[arc + 1]];
    }

    /** Draw an arc from its start, or against it from its end; the pen is there already unless it is moved. */
    #draw(path, arc, isMoved) {
      const { starts, xy } = this;
      const number = arc < 0 ? ~arc : arc;
      const low = 2 * starts[number];
      const high = 2 * starts[number + 1] - 2;
      const step = arc < 0 ? -2 : 2;
      let at = arc < 0 ? high : low;
      if (isMoved) path.moveTo(xy[at], xy[at + 1]);
      for (let left = (high - low) / 2; left > 0; left--) {
        at += step;
        path.lineTo(xy[at], xy[at + 1]);
      }
    }

    /**
     * Areas to fill, one path for each group.
     * @param {ArrayLike<number>} groupOf group of every area; below 0 is none
     * @param {number} groups how many
     * @returns {Path2D[]}
     */
    fills(groupOf, groups) {
      const paths = Array.from({ length: groups }, () => new Path2D());
      this.#around(groupOf, (side, _beyond, isFirst, isLast) => {
        const path = paths[groupOf[this.owner[side]]];
        this.#draw(path, this.arcs[side], isFirst);
        if (isLast) path.closePath();
      });
      return paths;
    }

    /**
     * Go around all areas of a group that touch, as around one: along every line that another group or none is beyond.
     * @param {(side: number, beyond: number, isFirst: boolean, isLast: boolean) => void} visit `beyond`: the group there, -1 for none
     */
    #around(groupOf, visit) {
      const { first, next, owner, twin } = this;
      const beyond = new Int32Array(owner.length);
      const isWalked = new Uint8Array(owner.length);
      for (let area = 0; area < this.count; area++) {
        if (groupOf[area] < 0) continue;
        for (let side = first[area]; side < first[area + 1]; side++) beyond[side] = twin[side] < 0 ? -1 : groupOf[owner[twin[side]]];
      }
      for (let area = 0; area < this.count; area++) {
        const group = groupOf[area];
        if (group < 0) continue;
        for (let start = first[area]; start < first[area + 1]; start++) {
          let side = start;
          while (!isWalked[side] && beyond[side] !== group) {
            isWalked[side] = 1;
            let ahead = next[side];
            // Across a line between two of the group the way goes on along the neighbour's ring.
            while (beyond[ahead] === group) ahead = next[twin[ahead]];
            visit(side, beyond[side], side === start, ahead === start);
            side = ahead;
          }
        }
      }
    }

    /**
     * Lines between areas of different groups, each drawn once; where areas overlap, once for each.
     * @param {ArrayLike<number>} groupOf group of every area; outside is -1
     * @param {(one: number, other: number) => boolean} [wanted] keeps the lines between some groups only
     * @returns {Path2D}
     */
    borders(groupOf, wanted = () => true) {
      const { arcs, owner, twin } = this;
      const path = new Path2D();
      let isDrawing = false;
      this.#around(groupOf, (side, beyond, isFirst) => {
        // A line between two groups is met twice.
        const isHere = (beyond < 0 || twin[side] > side) && wanted(groupOf[owner[side]], beyond);
        if (isHere) this.#draw(path, arcs[side], isFirst || !isDrawing);
        isDrawing = isHere;
      });
      return path;
    }

    /**
     * Lines that the topology has told apart.
     * @param {...string} names of its objects
     * @returns {Path2D}
     */
    drawn(...names) {
      const path = new Path2D();
      for (const name of names) {
        for (const [arc] of this.objects[name].arcs) this.#draw(path, arc, true);
      }
      return path;
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
      return this.fills(this.positions([[area]]), 1)[0];
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
      for (let side = this.first[area]; side < this.first[area + 1]; side++) {
        const [start, end] = this.#ends(side);
        for (let at = start; at < end - 2; at += 2) {
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

  Object.assign(globalThis.atlas, { Shapes });
})();
