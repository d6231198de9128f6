// Marks of land and property: a disc with a letter for a place, a ring with a number for several.
"use strict";

(() => {
  const INK = "#0b0c0c";
  const PAPER = "#ffffff";
  const MARKED = "#ffdd00";
  const TURN = 2 * Math.PI;

  /** Pixels, of a place. */
  const RADIUS = 9.5;

  const thousands = (count) => count.toLocaleString("en-GB");
  const shortened = (count) => (count < 10_000 ? thousands(count) : `${Math.round(count / 1000)}k`);
  const fontOf = (context, size) => `700 ${size}px ${getComputedStyle(context.canvas).fontFamily}`;
  const radiusOf = ({ count }) => 14.5 + Math.min(13, 3.6 * Math.log10(count));

  /** How large places are, of their radius. */
  const sizeAt = (zoom) => Math.max(0.72, Math.min(1.05, 0.72 + (zoom - 11) * 0.08));

  function disc(context, x, y, radius) {
    context.beginPath();
    context.arc(x, y, radius, 0, TURN);
  }

  function filled(context, x, y, radius, colour) {
    context.fillStyle = colour;
    disc(context, x, y, radius);
    context.fill();
  }

  function ring(context, x, y, radius, share, colour) {
    context.beginPath();
    context.lineWidth = 5;
    context.strokeStyle = colour;
    context.arc(x, y, radius - 2.5, -TURN / 4, share * TURN - TURN / 4);
    context.stroke();
  }

  /** A place: bold where several interests are in it, dashed where a postcode alone says where it is. */
  function drawMark(context, [x, y], mark, { fill, ink, letter }, size, isMarked) {
    const radius = RADIUS * size;
    if (isMarked) filled(context, x, y, radius + 4.5, MARKED);
    filled(context, x, y, radius + 1.4, PAPER);
    filled(context, x, y, radius, fill);
    context.lineWidth = mark.interests > 1 ? 2.6 : 1.4;
    context.strokeStyle = INK;
    if (mark.isApproximate) context.setLineDash([3, 2.4]);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = ink;
    context.font = fontOf(context, Math.round(11 * size));
    context.fillText(letter, x, y + 0.5);
  }

  /** Several: how many, and the share of the kind that most are of, as a ring and its letter. */
  function drawCluster(context, [x, y], cluster, { fill, letter }, isMarked) {
    const radius = radiusOf(cluster);
    if (isMarked) filled(context, x, y, radius + 4.5, MARKED);
    filled(context, x, y, radius + 1.2, PAPER);
    ring(context, x, y, radius, 1, "#d8dadb");
    ring(context, x, y, radius, cluster.share / 100, fill);
    context.lineWidth = 1.1;
    context.strokeStyle = INK;
    disc(context, x, y, radius);
    context.stroke();
    disc(context, x, y, radius - 5);
    context.stroke();
    context.fillStyle = INK;
    context.font = fontOf(context, cluster.count > 9999 ? 10 : 12);
    context.fillText(shortened(cluster.count), x, y - 3.5);
    context.font = fontOf(context, 9);
    context.fillText(letter, x, y + 7);
  }

  globalThis.atlas.estateMarks = { INK, RADIUS, thousands, radiusOf, sizeAt, drawMark, drawCluster };
})();
