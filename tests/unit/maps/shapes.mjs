// Reads a topology and points from standard input and answers what atlas-shapes.js makes of them.
import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";

globalThis.Path2D = class {
  constructor(text) {
    this.text = text;
  }
};
runInThisContext(readFileSync(process.argv[2], "utf8"));
const { topology, points, groups } = JSON.parse(readFileSync(0, "utf8"));
const shapes = new atlas.Shapes(topology);
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
