// A TopoJSON topology read into flat arrays of whole numbers: where its points are, and which areas are beside each arc.
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
    return response;
  }

  // What the page has begun to load is taken up before the map library runs.
  const begun = new Map();
  for (const link of globalThis.document?.querySelectorAll('link[rel="preload"][as="fetch"]') ?? []) {
    const address = link.getAttribute("href");
    begun.set(address, request(address));
    begun.get(address).catch(() => {});
  }

  /** What an address answers, or what is in the element that "#…" names. */
  async function answer(source) {
    if (source.startsWith("#")) return new Response(document.getElementById(source.slice(1)).textContent);
    const found = begun.get(source) ?? request(source);
    begun.delete(source);
    return found;
  }

  /** JSON from a source. @param {string} source @returns {Promise<object>} */
  const read = async (source) => (await answer(source)).json();

  /** The bytes of a topology, for `topology`. @param {string} source @returns {Promise<Uint8Array>} */
  const readShapes = async (source) => new Uint8Array(await (await answer(source)).arrayBuffer());

  const MINUS = 45;
  const OPEN_LIST = 91;
  const CLOSE_LIST = 93;
  const OPEN_OBJECT = 123;
  const CLOSE_OBJECT = 125;

  /**
   * The whole numbers of a list of lists, or of objects with lists, one after another. As lists they are sixty thousand objects,
   * which take a browser twice as long to make, to walk and to clear away.
   * @param {Uint8Array} bytes of JSON
   * @param {number} at where the outermost list opens
   * @returns {{numbers: Int32Array, lists: number[], members: number[], end: number}} `lists`: how many numbers there are at the end
   *   of each innermost list; `members`: how many such lists at the end of each member of the outermost; `end`: where that closes
   */
  function flat(bytes, at) {
    const numbers = new Int32Array((bytes.length - at) >> 1);
    const lists = [];
    const members = [];
    let count = 0;
    let depth = 0;
    let number = -1;
    let sign = 1;
    for (; at < bytes.length; at++) {
      const byte = bytes[at];
      // "0" to "9", as numbers here: a name would be looked up for each of half a million letters
      if (byte >= 48 && byte <= 57) {
        number = (number < 0 ? 0 : 10 * number) + byte - 48;
        continue;
      }
      if (number >= 0) {
        numbers[count++] = sign * number;
        number = -1;
        sign = 1;
        if (byte === CLOSE_LIST) lists.push(count);
      }
      if (byte === MINUS) sign = -1;
      else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
        depth++;
        // the words with which an object begins
        if (byte === OPEN_OBJECT) at = bytes.indexOf(OPEN_LIST, at) - 1;
      } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
        depth--;
        if (depth === 1) members.push(lists.length);
        if (depth === 0) return { numbers: numbers.slice(0, count), lists, members, end: at };
      }
    }
    throw new Error("its shapes are cut short");
  }

  /**
   * Where the points of every arc are.
   * @returns {{starts: Int32Array, xy: Int32Array}} those of arc n are `starts[n]` to `starts[n + 1]`; two numbers for each
   */
  function placed({ numbers, members }, { scale, translate }, [left, top]) {
    const starts = new Int32Array(members.length + 1);
    const xy = new Int32Array(numbers.length);
    starts.set(members, 1);
    // `east` and `south` with all that is the same for every point reckoned before: half the time
    const wide = (scale[0] / 360) * WORLD;
    const west = east(translate[0]) - left;
    const [angle, lowest] = [scale[1], translate[1]].map((degrees) => (degrees * Math.PI) / 180);
    const tall = WORLD / (4 * Math.PI);
    const middle = WORLD / 2 - top;
    for (let arc = 0, at = 0; arc < members.length; arc++) {
      let column = 0;
      let row = 0;
      for (const end = 2 * starts[arc + 1]; at < end; at += 2) {
        column += numbers[at];
        row += numbers[at + 1];
        const sine = Math.sin(row * angle + lowest);
        xy[at] = Math.round(column * wide + west);
        xy[at + 1] = Math.round(middle - Math.log((1 + sine) / (1 - sine)) * tall);
      }
    }
    return { starts, xy };
  }

  /**
   * Every ring of every area as sides of arcs.
   * @returns {object} of every side: `arcs`, as TopoJSON writes it (~n runs against arc n); `owner`, the area; `next`, the side that
   *   follows in its ring; `twin`, the side of the same arc in the other area's ring, or -1. Those of area n are from `first[n]` on.
   */
  function joined({ numbers: arcs, lists, members }, count) {
    const [owner, next, twin] = Array.from({ length: 3 }, () => new Int32Array(arcs.length));
    const first = new Int32Array(members.length + 1);
    const met = new Int32Array(count).fill(-1);
    for (let area = 0, ring = 0, side = 0; area < members.length; area++) {
      for (; ring < members[area]; ring++) {
        const start = side;
        for (const end = lists[ring]; side < end; side++) {
          const arc = arcs[side] < 0 ? ~arcs[side] : arcs[side];
          const other = met[arc];
          // Where areas overlap, an arc may be met more than twice, or twice the same way: such a side has no twin.
          const touches = other >= 0 && twin[other] < 0 && arcs[other] === ~arcs[side];
          owner[side] = area;
          next[side] = side + 1;
          twin[side] = touches ? other : -1;
          if (touches) twin[other] = side;
          met[arc] = side;
        }
        next[side - 1] = start;
      }
      first[area + 1] = side;
    }
    return { arcs, owner, next, twin, first };
  }

  /**
   * A topology of TopoJSON, quantised, as `atlas.maps.geometry.written` orders it: its arcs are the first list, its areas the next.
   * @param {Uint8Array} bytes
   * @returns {object} what `placed` and `joined` tell; `origin`, to which all coordinates are relative, so that they fit a float32;
   *   `about`, the member `atlas`; `objects`, of which `areas` is emptied
   */
  function topology(bytes) {
    const arcsAt = bytes.indexOf(OPEN_LIST);
    const lines = flat(bytes, arcsAt);
    const areasAt = bytes.indexOf(OPEN_LIST, lines.end);
    const areas = flat(bytes, areasAt);
    if (!lines.members.length || !areas.members.length) throw new Error("its shapes are written in another order");
    const words = new TextDecoder();
    const rest = [[0, arcsAt + 1], [lines.end, areasAt + 1], [areas.end]].map((part) => words.decode(bytes.subarray(...part)));
    const { atlas: about, objects, transform } = JSON.parse(rest.join(""));
    const origin = [east(transform.translate[0]), south(transform.translate[1])];
    return { about, objects, origin, ...placed(lines, transform, origin), ...joined(areas, lines.members.length) };
  }

  Object.assign(atlas, { UNIT_ZOOM, WORLD, east, read, readShapes, south, topology, unproject });
})();
