// The drawing of the graph by sigma (WebGL) from a graphology graph: pan, zoom, shapes, ties and what is pointed at.
"use strict";

(() => {
  const atlas = globalThis.atlas;
  const { under, names } = atlas.graphPaint;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const DURATION_MS = 250;

  /** Circle, square and diamond, filled or hollow, with a white edge; sigma's own program knows circles alone. */
  function shapes() {
    const { FLOAT, UNSIGNED_BYTE, TRIANGLES } = WebGLRenderingContext;
    const attribute = (name, size, type = FLOAT, normalized = false) => ({ name, size, type, normalized });
    const VARYING = "varying vec4 v_color; varying vec2 v_at; varying float v_radius; varying float v_shape;";
    const definition = {
      VERTICES: 3,
      VERTEX_SHADER_SOURCE: `
        attribute vec4 a_id; attribute vec4 a_color; attribute vec2 a_position;
        attribute float a_size; attribute float a_shape; attribute float a_angle;
        uniform mat3 u_matrix; uniform float u_sizeRatio; uniform float u_correctionRatio;
        ${VARYING}
        void main() {
          v_radius = a_size / u_sizeRatio;
          v_at = (v_radius * 2.7 + 16.0) * vec2(cos(a_angle), sin(a_angle));
          v_shape = a_shape;
          gl_Position = vec4((u_matrix * vec3(a_position + v_at * u_correctionRatio * 2.0, 1)).xy, 0, 1);
          #ifdef PICKING_MODE
          v_color = a_id;
          #else
          v_color = a_color;
          #endif
          v_color.a *= 255.0 / 254.0;
        }`,
      FRAGMENT_SHADER_SOURCE: `
        precision highp float;
        ${VARYING}
        void main() {
          vec2 at = abs(v_at);
          float kind = mod(v_shape, 4.0);
          float away = kind < 0.5 ? length(at) - v_radius
            : kind < 1.5 ? max(at.x, at.y) - 0.92 * v_radius
            : (at.x + at.y - 1.22 * v_radius) * 0.7071;
          #ifdef PICKING_MODE
          gl_FragColor = away > 5.0 ? vec4(0) : v_color;
          #else
          vec4 inside = v_shape > 3.5 ? mix(vec4(1), v_color, clamp(away + 2.2, 0.0, 1.0)) : v_color;
          gl_FragColor = mix(inside, vec4(1), clamp(away + 0.5, 0.0, 1.0)) * (1.0 - clamp(away - 0.9, 0.0, 1.0));
          #endif
        }`,
      METHOD: TRIANGLES,
      UNIFORMS: ["u_sizeRatio", "u_correctionRatio", "u_matrix"],
      ATTRIBUTES: [
        attribute("a_position", 2),
        attribute("a_size", 1),
        attribute("a_shape", 1),
        attribute("a_color", 4, UNSIGNED_BYTE, true),
        attribute("a_id", 4, UNSIGNED_BYTE, true),
      ],
      CONSTANT_ATTRIBUTES: [attribute("a_angle", 1)],
      CONSTANT_DATA: [[0], [(2 * Math.PI) / 3], [(4 * Math.PI) / 3]],
    };
    return class extends Sigma.rendering.NodeProgram {
      getDefinition() {
        return definition;
      }

      processVisibleItem(id, start, { x, y, size, shape, color }) {
        this.array.set([x, y, size, shape, Sigma.utils.floatColor(color), id], start);
      }

      setUniforms({ correctionRatio, sizeRatio, matrix }, { gl, uniformLocations: at }) {
        gl.uniform1f(at.u_correctionRatio, correctionRatio);
        gl.uniform1f(at.u_sizeRatio, sizeRatio);
        gl.uniformMatrix3fv(at.u_matrix, false, matrix);
      }
    };
  }

  /** Stands in for programs that sigma would compile and nothing here uses. */
  class Unused {
    reallocate() {}
    process() {}
    render() {}
    kill() {}
  }

  class SigmaDrawing extends atlas.Drawing {
    constructor(...args) {
      super(...args);
      this.whole = this.fitting(this.extent, 2 * atlas.graphPad);
      try {
        this.sigma = this.#sigma(this.#graph());
      } catch (error) {
        this.kill();
        throw error;
      }
      this.camera = this.sigma.getCamera();
      const { edgeLabels, labels } = this.sigma.getCanvases();
      [this.below, this.above] = [edgeLabels, labels].map((canvas) => canvas.getContext("2d"));
      this.#listen();
      this.#measure();
      this.#paint();
    }

    #graph() {
      const { nodes, ties } = this.data;
      const graph = new graphology.MultiDirectedGraph();
      nodes.id.forEach((_, node) => graph.addNode(node, { x: nodes.x[node], y: this.y[node], size: nodes.radius[node] }));
      ties.from.forEach((from, tie) => graph.addDirectedEdgeWithKey(tie, from, ties.to[tie]));
      return graph;
    }

    #sigma(graph) {
      return new Sigma(graph, this.stage, {
        nodeProgramClasses: { circle: shapes() },
        nodeHoverProgramClasses: { circle: Unused },
        edgeProgramClasses: { arrow: Unused },
        nodeReducer: (node, place) => this.#node(Number(node), place),
        edgeReducer: (tie) => ({ hidden: !this.scene.ties[tie], color: this.tieColour(tie), size: 1.5 }),
        defaultDrawNodeHover: () => {},
        allowInvalidContainer: true,
        renderLabels: false,
        zIndex: true,
        minEdgeThickness: 1.5,
        stagePadding: atlas.graphPad,
        zoomToSizeRatioFunction: (ratio) => 1 / this.sized(this.whole / ratio),
        enableCameraRotation: false,
        zoomingRatio: 1.4,
        inertiaDuration: calm.matches ? 0 : 200,
        zoomDuration: calm.matches ? 1 : DURATION_MS,
      });
    }

    #node(node, place) {
      if (!this.scene.nodes[node]) return { ...place, hidden: true };
      const { kind, colour, isHollow } = this.lookOf(node);
      return { ...place, color: colour, shape: kind + (isHollow ? 4 : 0), zIndex: this.focus?.has(node) ? 1 : 0 };
    }

    #listen() {
      const { sigma } = this;
      const pointed = (node, { event }) => this.look(node, event);
      sigma.on("afterRender", () => this.#paint());
      sigma.on("enterNode", (payload) => pointed(Number(payload.node), payload));
      sigma.on("leaveNode", () => this.look(-1));
      sigma.on("clickNode", ({ node }) => this.choose(Number(node)));
      sigma.on("clickStage", () => this.choose(-1));
      // The wheel is the page's until the reader has taken up the drawing.
      const isTaken = () => this.box.contains(document.activeElement);
      this.on("wheel", (event) => isTaken() || event.stopPropagation(), { capture: true });
      this.on("pointerdown", () => this.box.focus({ preventScroll: true }), { capture: true });
      for (const type of ["pointerdown", "wheel", "keydown"]) this.on(type, () => (this.isMoved = isTaken()), { passive: true });
      this.watcher = new ResizeObserver(() => this.#resize());
      this.watcher.observe(this.stage);
    }

    #measure() {
      const [from, to] = [0, 1].map((x) => this.#inView({ x, y: 0 }));
      this.whole = Math.hypot(to.x - from.x, to.y - from.y) * this.camera.getState().ratio;
    }

    /** Where a point is in the view that the camera has now, drawn or not. */
    #inView(point) {
      return this.sigma.graphToViewport(point, { cameraState: this.camera.getState() });
    }

    #resize() {
      const { x, y } = this.size;
      const { width, height } = this.sigma.getDimensions();
      if (x === width && y === height) return;
      this.sigma.refresh();
      this.#measure();
      if (!this.isMoved && !this.isNear) this.fit();
    }

    get scale() {
      return this.whole / this.camera.getState().ratio;
    }

    get centre() {
      const { x, y } = this.size;
      return this.sigma.viewportToGraph({ x: x / 2, y: y / 2 }, { cameraState: this.camera.getState() });
    }

    at(node) {
      const { x, y } = this.sigma.graphToViewport({ x: this.data.nodes.x[node], y: this.y[node] });
      return [x, y];
    }

    goto(centre, scale) {
      const { x, y } = this.sigma.viewportToFramedGraph(this.#inView(centre), { cameraState: this.camera.getState() });
      this.#turn({ x, y, ratio: this.whole / scale });
    }

    /** Everything, which is where sigma's camera starts. */
    fit() {
      this.#turn({ x: 0.5, y: 0.5, ratio: 1 });
    }

    #turn(state) {
      if (calm.matches) this.camera.setState(state);
      else this.camera.animate(state, { duration: DURATION_MS });
    }

    redraw() {
      this.sigma.refresh({ schedule: true });
    }

    #paint() {
      under(this.below, this);
      this.named = names(this.above, this);
    }

    kill() {
      super.kill();
      this.watcher?.disconnect();
      this.sigma?.kill();
    }
  }

  /** The drawing by sigma; a plain one where there is no WebGL, or where it is lost. */
  atlas.drawingIn = (box, data, choose, scene, replaced) => {
    const plain = () => {
      box.dataset.drawnBy = "canvas";
      return new atlas.PlainDrawing(box, data, choose, scene());
    };
    try {
      const drawing = new SigmaDrawing(box, data, choose, scene());
      box.dataset.drawnBy = "webgl";
      const lost = () => {
        drawing.kill();
        replaced(plain());
      };
      drawing.on("webglcontextlost", lost, { capture: true, once: true });
      return drawing;
    } catch {
      return plain();
    }
  };
})();
