"use strict";
// Map: unpacks the film inside the page and paints one frame of one layer.

const loopsim = {};

loopsim.read = (id) => {
  const held = document.getElementById(id);
  return held ? JSON.parse(held.textContent) : null;
};

// base64 of deflated bytes -> Uint8Array
loopsim.inflate = async (text) => {
  const raw = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([raw]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};

// Frames are packed as differences: add them up again, byte by byte.
loopsim.unpack = async (text, size) => {
  const bytes = await loopsim.inflate(text);
  for (let i = size; i < bytes.length; i++) bytes[i] += bytes[i - size];
  return bytes;
};

loopsim.palette = (colours, steps = 256) => {
  const stops = colours.map((c) => [1, 3, 5].map((i) => parseInt(c.slice(i, i + 2), 16)));
  return Array.from({ length: steps }, (_, k) => {
    const at = (k / (steps - 1)) * (stops.length - 1);
    const low = Math.min(Math.floor(at), stops.length - 2);
    return stops[low].map((v, i) => Math.round(v + (at - low) * (stops[low + 1][i] - v)));
  });
};

loopsim.OUTSIDE = [233, 231, 226];

loopsim.Map = class {
  constructor(canvas, film) {
    this.canvas = canvas;
    this.film = film;
    this.size = film.rows * film.cols;
    canvas.width = film.cols;
    canvas.height = film.rows;
    this.counts = loopsim.palette(film.colours);
    this.shares = loopsim.palette(film.shares);
    this.stacks = {};
  }

  async load() {
    const { film, size } = this;
    this.inside = await loopsim.unpack(film.inside, size);
    this.people = await loopsim.unpack(film.people, size);
    for (const [name, text] of Object.entries(film.stacks)) {
      this.stacks[name] = await loopsim.unpack(text, size);
    }
  }

  // Multiples of the mean block. Counts pile up from the first frame to this one.
  values(arm, layer, frame) {
    const { film, size } = this;
    const bytes = this.stacks[film.arms[arm].layers[layer]];
    const out = new Float64Array(size);
    if (!film.counted.includes(layer)) {
      for (let c = 0; c < size; c++) out[c] = bytes[frame * size + c] / film.step;
      return out;
    }
    let sum = 0;
    let cells = 0;
    for (let f = 0; f <= frame; f++) {
      for (let c = 0; c < size; c++) out[c] += bytes[f * size + c];
    }
    for (let c = 0; c < size; c++) {
      if (this.inside[c]) { sum += out[c]; cells += 1; }
    }
    const mean = sum / Math.max(cells, 1);
    for (let c = 0; c < size; c++) out[c] = mean > 0 ? out[c] / mean : 0;
    return out;
  }

  paint(arm, layer, frame) {
    const { film, size } = this;
    const pen = this.canvas.getContext("2d");
    const image = pen.createImageData(film.cols, film.rows);
    const shares = layer === "people";
    const values = shares ? null : this.values(arm, layer, frame);
    for (let c = 0; c < size; c++) {
      let ink = loopsim.OUTSIDE;
      if (this.inside[c] && shares && this.people[c] !== 255) {
        ink = this.shares[Math.round(this.people[c] * 2.55)];
      } else if (this.inside[c] && !shares) {
        ink = this.counts[Math.round((Math.min(values[c], film.top) / film.top) * 255)];
      }
      image.data.set([ink[0], ink[1], ink[2], 255], 4 * c);
    }
    pen.putImageData(image, 0, 0);
    return values;
  }

  // Share of a layer in the busiest hundredth of the city, in per cent.
  busiest(values) {
    const inside = Array.from(values).filter((_, c) => this.inside[c]).sort((a, b) => b - a);
    const total = inside.reduce((a, b) => a + b, 0);
    const top = inside.slice(0, Math.max(1, Math.round(inside.length / 100)));
    return total > 0 ? (100 * top.reduce((a, b) => a + b, 0)) / total : 0;
  }
};
