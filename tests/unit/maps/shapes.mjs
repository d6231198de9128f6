// Reads a topology and points from standard input and answers what atlas-shapes.js makes of them.
import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";

globalThis.Path2D = class {
  text = "";

  moveTo(x, y) {
    this.text += `M${x} ${y}`;
  }

  lineTo(x, y) {
    this.text += `L${x} ${y}`;
  }

  closePath() {
    this.text += "Z";
  }
};
for (const script of process.argv.slice(2)) runInThisContext(readFileSync(script, "utf8"));
const { topology, points, groups } = JSON.parse(readFileSync(0, "utf8"));
const shapes = new atlas.Shapes(new TextEncoder().encode(topology));
const number = Math.max(...groups) + 1;
console.log(
  JSON.stringify({
    names: groups.map((_, area) => shapes.name(area)),
    boroughs: [...shapes.boroughOf],
    found: points.map(([longitude, latitude]) => shapes.areaAt(...shapes.place(longitude, latitude))),
    fills: shapes.fills(groups, number).map(({ text }) => text),
    borders: shapes.borders(groups).text,
    between: shapes.borders(groups, (one, other) => one >= 0 && other >= 0).text,
    drawn: [shapes.drawn("boroughs", "edge").text, shapes.drawn("boroughs").text],
    outline: shapes.outline(0).text,
    bounds: shapes.bounds((area) => groups[area] === 0),
    nothing: shapes.bounds(() => false),
    positions: [...shapes.positions([[0, 2], [1]])],
    unit: [atlas.UNIT_ZOOM, ...shapes.origin],
  }),
);
