// Areas as vector tiles: read, coloured by one number for each area, and asked what lies at a point.
"use strict";

(() => {
  const atlas = (globalThis.atlas ??= {});

  /** What a tile draws beyond its edges, in pixels, so that no line is seen between tiles at any zoom. */
  const OVERLAP = 1;

  /** Reads protocol buffers: only what vector tiles are made of. */
  class Buffer {
    constructor(bytes, at = 0, end = bytes.length) {
      this.bytes = bytes;
      this.at = at;
      this.end = end;
    }

    number() {
      const { bytes } = this;
      let value = 0;
      let scale = 1;
      let byte;
      do {
        byte = bytes[this.at++];
        value += (byte & 0x7f) * scale;
        scale *= 128;
      } while (byte & 0x80);
      return value;
    }

    /** Calls `take(field, buffer)` for each field; what it does not read is passed over. */
    fields(take) {
      while (this.at < this.end) {
        const tag = this.number();
        const wire = tag & 7;
        if (wire === 0) {
          take(tag >> 3, this);
        } else {
          const length = wire === 2 ? this.number() : { 1: 8, 5: 4 }[wire];
          if (length === undefined) throw new Error("a tile cannot be read");
          const end = this.at + length;
          take(tag >> 3, new Buffer(this.bytes, this.at, end));
          this.at = end;
        }
      }
    }
  }

  /** The areas of one tile: an SVG path and a box for each, in the steps of its grid. */
  class Areas {
    constructor(bytes, name) {
      this.extent = 4096;
      this.ids = [];
      this.paths = [];
      this.boxes = [];
      new Buffer(bytes).fields((field, layer) => field === 3 && this.#readLayer(layer, name));
    }

    #readLayer(buffer, wanted) {
      const features = [];
      const numbers = [];
      let name = "";
      buffer.fields((field, part) => {
        if (field === 1) name = new TextDecoder().decode(part.bytes.subarray(part.at, part.end));
        else if (field === 2) features.push(part);
        else if (field === 4) numbers.push(this.#readValue(part));
        else if (field === 5 || field === 15) {
          const number = part.number();
          if (field === 5) this.extent = number;
        }
      });
      if (name === wanted) for (const feature of features) this.#readFeature(feature, numbers);
    }

    #readValue(buffer) {
      let value = null;
      buffer.fields((field, part) => {
        // whole numbers; those with a sign are zigzag where the field says so
        if (field === 4 || field === 5) value = part.number();
        else if (field === 6) value = ((number) => (number % 2 ? -(number + 1) / 2 : number / 2))(part.number());
      });
      return value;
    }

    #readFeature(buffer, numbers) {
      let id = null;
      buffer.fields((field, part) => {
        // the one attribute is the id
        if (field === 2) {
          part.number();
          id = numbers[part.number()];
        } else if (field === 4 && id !== null) this.#readShape(part, id);
        else if (field === 1 || field === 3) part.number();
      });
    }

    #readShape(buffer, id) {
      const { bytes, end } = buffer;
      let { at } = buffer;
      let [x, y, west, north, east, south] = [0, 0, Infinity, Infinity, -Infinity, -Infinity];
      let path = "";
      while (at < end) {
        let command = 0;
        let shift = 0;
        let byte;
        do {
          byte = bytes[at++];
          command |= (byte & 0x7f) << shift;
          shift += 7;
        } while (byte & 0x80);
        const kind = command & 7;
        if (kind === 7) {
          path += "Z";
          continue;
        }
        for (let left = command >> 3; left > 0; left--) {
          let right = 0;
          shift = 0;
          do {
            byte = bytes[at++];
            right |= (byte & 0x7f) << shift;
            shift += 7;
          } while (byte & 0x80);
          let down = 0;
          shift = 0;
          do {
            byte = bytes[at++];
            down |= (byte & 0x7f) << shift;
            shift += 7;
          } while (byte & 0x80);
          right = (right >> 1) ^ -(right & 1);
          down = (down >> 1) ^ -(down & 1);
          x += right;
          y += down;
          if (x < west) west = x;
          if (x > east) east = x;
          if (y < north) north = y;
          if (y > south) south = y;
          if (kind === 1) path += `M${x} ${y}l`;
          else path += down < 0 ? `${right}${down} ` : `${right} ${down} `;
        }
      }
      this.ids.push(id);
      this.paths.push(path);
      this.boxes.push(west, north, east, south);
    }

    /** Make it small for as long as it is kept. */
    settled() {
      this.ids = Int32Array.from(this.ids);
      this.boxes = Int16Array.from(this.boxes);
      return this;
    }

    /** Position of the area at a point of the grid; -1 where none is. */
    at(context, x, y) {
      const { boxes, paths } = this;
      for (let index = 0, box = 0; index < paths.length; index++, box += 4) {
        if (x < boxes[box] || y < boxes[box + 1] || x > boxes[box + 2] || y > boxes[box + 3]) continue;
        if (context.isPointInPath(new Path2D(paths[index]), x, y, "evenodd")) return index;
      }
      return -1;
    }
  }

  /** A grid of tiles whose areas have the colours of their classes; takes the place of Leaflet.VectorGrid's. */
  const Grid = L.GridLayer.extend({
    options: { layer: "areas", palette: [], lines: "#ffffff", linesFrom: 10, keepBuffer: 1, updateWhenZooming: false },

    initialize(address, options) {
      this._address = address;
      L.setOptions(this, options);
      this._drawn = new Map();
      this.classes = null;
      this.on("tileunload", ({ coords }) => {
        this._drawn.get(this._tileCoordsToKey(coords))?.abort.abort();
        this._drawn.delete(this._tileCoordsToKey(coords));
      });
    },

    /** Tiles of the zoom below serve until those of the next are nearly as large as they are meant to be. */
    _setView(center, zoom, ...rest) {
      this._wanted = zoom;
      L.GridLayer.prototype._setView.call(this, center, zoom, ...rest);
    },

    _clampZoom(zoom) {
      return L.GridLayer.prototype._clampZoom.call(this, Math.floor((this._wanted ?? zoom) + 0.2));
    },

    createTile(coords, done) {
      const canvas = atlas.element("canvas", { class: "atlas-tile", "aria-hidden": "true" });
      const tile = { canvas, coords, areas: null, abort: new AbortController() };
      this._drawn.set(this._tileCoordsToKey(coords), tile);
      this._fetch(tile)
        .then((areas) => {
          tile.areas = areas;
          this._draw(tile);
          done(null, canvas);
        })
        .catch((error) => error.name !== "AbortError" && done(error, canvas));
      return canvas;
    },

    async _fetch({ coords, abort }) {
      const answer = await fetch(L.Util.template(this._address, coords), { signal: abort.signal });
      if (answer.status === 204) return null;
      if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`.trim());
      return new Areas(new Uint8Array(await answer.arrayBuffer()), this.options.layer).settled();
    },

    _draw({ canvas, coords, areas }) {
      if (!areas || !this.classes || !this._map) return;
      const size = this.getTileSize().x + 2 * OVERLAP;
      // tiles are drawn as large as they are shown, since a canvas that is stretched is blurred
      const stretch = Math.min(4, Math.max(1, this._map.getZoomScale(this._map.getZoom(), coords.z)));
      const ratio = (globalThis.devicePixelRatio || 1) * (stretch > 2 ? 2 : stretch);
      canvas.width = canvas.height = Math.ceil(size * ratio);
      canvas.style.width = canvas.style.height = `${size}px`;
      const context = canvas.getContext("2d");
      const scale = (this.getTileSize().x / areas.extent) * ratio;
      context.setTransform(scale, 0, 0, scale, OVERLAP * ratio, OVERLAP * ratio);
      this._fill(context, areas);
      this._line(context, areas, coords.z, ratio / scale);
    },

    _fill(context, areas) {
      const texts = this.options.palette.map(() => []);
      const { ids, paths } = areas;
      for (let index = 0; index < ids.length; index++) texts[this.classes[ids[index]]].push(paths[index]);
      texts.forEach((parts, group) => {
        if (!parts.length) return;
        context.fillStyle = this.options.palette[group];
        context.fill(new Path2D(parts.join("")));
      });
      // neighbours let the ground show between them: the picture itself, moved by a pixel, is laid under them
      context.save();
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.globalCompositeOperation = "destination-over";
      context.drawImage(context.canvas, 1, 0);
      context.drawImage(context.canvas, 0, 1);
      context.restore();
    },

    _line(context, { paths }, zoom, pixel) {
      if (zoom < this.options.linesFrom) return;
      context.lineWidth = 0.6 * pixel;
      context.strokeStyle = this.options.lines;
      context.stroke(new Path2D(paths.join("")));
    },

    /** Give every area its class; what is shown is coloured at once. @param {ArrayLike<number>} classes by id */
    colour(classes) {
      this.classes = classes;
      for (const tile of this._drawn.values()) this._draw(tile);
    },

    /** The tile, and the point of its grid, at a place on the earth; null where no tile is shown. */
    _tileAt(place) {
      if (this._tileZoom === undefined) return null;
      const size = this.getTileSize().x;
      const point = this._map.project(place, this._tileZoom).divideBy(size);
      const key = this._tileCoordsToKey({ x: Math.floor(point.x), y: Math.floor(point.y), z: this._tileZoom });
      const tile = this._drawn.get(key);
      if (!tile?.areas) return null;
      const { extent } = tile.areas;
      return { tile, x: (point.x - Math.floor(point.x)) * extent, y: (point.y - Math.floor(point.y)) * extent };
    },

    /** Id of the area at a place; -1 where none is. @param {L.LatLng} place */
    idAt(place) {
      const found = this._tileAt(place);
      if (!found) return -1;
      this._probe ??= document.createElement("canvas").getContext("2d");
      const index = found.tile.areas.at(this._probe, found.x, found.y);
      return index < 0 ? -1 : found.tile.areas.ids[index];
    },

    /** Calls `take(path, tile)` with the outline of an area in each tile that shows it. */
    outlines(id, take) {
      for (const { coords, areas } of this._drawn.values()) {
        if (!areas || coords.z !== this._tileZoom) continue;
        const index = areas.ids.indexOf(id);
        if (index >= 0) take(areas.paths[index], { coords, step: this.getTileSize().x / areas.extent });
      }
    },
  });

  Object.assign(atlas, { Areas });
  // what folium.plugins.VectorGridProtobuf calls
  L.vectorGrid = { protobuf: (address, options) => new Grid(address, options) };
})();
