// The diagram: cells in the colours of a layer, what is laid over them, and the chosen cell.
const TITLES = {
  slope: "S<sub>w</sub>, slope of log RD against log m, measured",
  theory: "S<sub>w</sub> in theory",
  difference: "S<sub>w</sub>, measured − theory",
  order: "C, the chance that two neurons point the same way, at the largest width",
};
const LEAST_ORDER = -3; // log10; below, C is noise of the neurons it is taken over

function fill(plot, name, data) {
  const source = plot.renderers.find((renderer) => renderer.name === name).data_source;
  const isEmpty = (lists) => Object.values(lists).every((list) => list.length === 0);
  if (!(isEmpty(data) && isEmpty(source.data))) source.data = data;
}

function setRange(range, low, high) {
  if (range.start === low && range.end === high) return;
  range.setv({ start: low, end: high });
}

function valueOf(pack, layer, place) {
  if (layer === "slope") return pack.slope[place];
  if (layer === "theory") return pack.theory[place];
  if (layer === "difference") return pack.slope[place] - pack.theory[place];
  return pack.order[(place + 1) * pack.order.row - 1]; // at the largest width
}

function valuesOf(pack, layer) {
  return pack.gamma.map((_, place) => valueOf(pack, layer, place));
}

// From values to shares of the colour map, and the ticks that say which.
function scaleOf(pack, layer) {
  if (layer === "order") {
    const ticks = [-3, -2, -1, 0].map((power) => ({ share: 1 + power / 3, text: power ? powerOfTen(power + 1e-12) : "1" }));
    ticks[0].text = "≤ " + ticks[0].text;
    return { share: (value) => 1 - Math.max(Math.log10(value), LEAST_ORDER) / LEAST_ORDER, ticks, palette: "order" };
  }
  const sizes = Array.from(valuesOf(pack, layer), Math.abs).filter(Number.isFinite).sort((one, other) => one - other);
  let limit = layer === "difference" ? sizes[Math.floor(0.98 * (sizes.length - 1))] : KNOWN.colour_limit;
  limit = roundUp(limit || sizes[sizes.length - 1] || 1);
  const beyond = sizes.length > 0 && sizes[sizes.length - 1] > limit;
  const ticks = [-1, -0.5, 0, 0.5, 1].map((side) => ({
    share: (side + 1) / 2,
    text: (beyond && side === -1 ? "≤ " : beyond && side === 1 ? "≥ " : "") + minus(String(Number((side * limit).toPrecision(3)))),
  }));
  return { share: (value) => (value / limit + 1) / 2, ticks, palette: layer === "difference" ? "difference" : "slope" };
}

function roundUp(value) {
  const unit = 10 ** Math.floor(Math.log10(value));
  return unit * [1, 1.5, 2, 3, 5, 7.5, 10].find((step) => step * unit >= value * (1 - 1e-9));
}

function boxes(pack, places) {
  const { gamma, gamma_prime } = pack.plane;
  const box = { left: [], right: [], bottom: [], top: [] };
  for (const place of places) {
    const { row, column } = pack.cells[place];
    box.left.push(gamma.edges[column]);
    box.right.push(gamma.edges[column + 1]);
    box.bottom.push(gamma_prime.edges[row]);
    box.top.push(gamma_prime.edges[row + 1]);
  }
  return box;
}

function drawCells(plot, pack, layer) {
  const palette = KNOWN.palettes[currentTheme()];
  const missing = KNOWN.looks[currentTheme()].missing;
  const scale = scaleOf(pack, layer);
  const colours = palette[scale.palette];
  const colour = Array.from(valuesOf(pack, layer), (value) => {
    if (!Number.isFinite(value)) return missing;
    const share = Math.min(1, Math.max(0, scale.share(value)));
    return colours[Math.round(share * (colours.length - 1))];
  });
  const all = pack.cells.map((_, place) => place);
  fill(plot, "cells", { ...boxes(pack, all), colour });
  const none = all.filter((place) => !Number.isFinite(pack.slope[place]));
  const some = all.filter((place) => Number.isFinite(pack.slope[place]) && pack.converged[place] < pack.networks[place]);
  fill(plot, "no_slope", boxes(pack, none));
  fill(plot, "not_converged", boxes(pack, some));
  document.getElementById("bar-colours").style.background = "linear-gradient(to right, " + colours.join(", ") + ")";
  document.getElementById("bar-ticks").innerHTML = scale.ticks
    .map(({ share, text }) => '<span style="left: ' + 100 * share + '%">' + text + "</span>").join("");
  document.getElementById("bar-title").innerHTML = TITLES[layer];
  describeGaps(none.length, some.length);
}

function describeGaps(none, some) {
  const parts = [];
  if (none) parts.push("Grey cells with crosses (" + none + ") have no slope.");
  if (some) parts.push("In hatched cells (" + some + ") some networks did not converge; they are left out.");
  const element = document.getElementById("gaps");
  element.hidden = parts.length === 0;
  element.textContent = parts.join(" ");
}

function drawOverlays(plot, pack, show) {
  const { gamma, gamma_prime } = pack.plane;
  const [left, right] = [gamma.edges[0], gamma.edges[gamma.edges.length - 1]];
  const [low, high] = [gamma_prime.edges[0], gamma_prime.edges[gamma_prime.edges.length - 1]];
  setRange(plot.x_range, left, right);
  setRange(plot.y_range, low, high);
  const theory = show.includes("theory") && pack.has_theory;
  const line = { x: [], y: [] };
  if (theory) for (const [x, y] of pack.theory_boundary) { line.x.push(x); line.y.push(y); }
  fill(plot, "theory", line);
  fill(plot, "theory_halo", line);
  const kinks = theory ? pack.kinks : [];
  fill(plot, "kinks", { x: kinks.map((kink) => kink[0]), y: kinks.map((kink) => kink[1]) });
  const found = show.includes("boundary") ? pack.boundary : [];
  fill(plot, "crossings", { x: found.map((one) => one[0]), y: found.map((one) => one[1]) });
  const sure = found.filter((one) => one[2] !== null);
  fill(plot, "crossing_errors", {
    x0: sure.map((one) => Math.max(left, one[0] - one[2])),
    x1: sure.map((one) => Math.min(right, one[0] + one[2])),
    y: sure.map((one) => one[1]),
  });
  const inside = ({ gamma: x, gamma_prime: y }) => x >= left && x <= right && y >= low && y <= high;
  const named = show.includes("initialisations") && pack.has_theory ? KNOWN.initialisations.filter(inside) : [];
  const at = { x: named.map((one) => one.gamma), y: named.map((one) => one.gamma_prime) };
  fill(plot, "named", at);
  for (const name of ["names_halo", "names"]) fill(plot, name, { ...at, text: named.map((one) => one.text) });
  nameRegimes(plot, pack);
}

// Each name where there is most room: at the cell furthest from all others.
function nameRegimes(plot, pack) {
  const { gamma, gamma_prime } = pack.plane;
  const units = [gamma, gamma_prime].map(({ edges }) => edges[edges.length - 1] - edges[0]);
  const spots = { x: [], y: [], text: [] };
  const regimes = pack.cells.map((_, place) => regimeOf(pack, place));
  for (const [name, text] of [["linear", "linear"], ["condensed", "condensed"]]) {
    const avoid = [];
    pack.cells.forEach((_, place) => {
      if (regimes[place] !== name) avoid.push([pack.gamma[place], pack.gamma_prime[place]]);
    });
    // Their names stand to the right of them.
    for (const { gamma: x, gamma_prime: y } of KNOWN.initialisations)
      for (const share of [0, 0.08, 0.16, 0.24]) avoid.push([x + share * units[0], y]);
    let best = 0;
    let spot = null;
    pack.cells.forEach(({ row, column }, place) => {
      if (regimes[place] !== name) return;
      const [x, y] = [pack.gamma[place], pack.gamma_prime[place]];
      // A name is wide: it keeps clear of the sides more than of top and bottom.
      let room = Math.min(x - gamma.edges[0], gamma.edges[gamma.edges.length - 1] - x) / units[0] / 1.6;
      room = Math.min(room, Math.min(y - gamma_prime.edges[0], gamma_prime.edges[gamma_prime.edges.length - 1] - y) / units[1]);
      for (const [u, v] of avoid)
        room = Math.min(room, Math.hypot((x - u) / units[0] / 1.6, (y - v) / units[1]));
      if (room > best) [best, spot] = [room, [x, y]];
    });
    if (spot && best > 0.06) {
      spots.x.push(spot[0]);
      spots.y.push(spot[1]);
      spots.text.push(text);
    }
  }
  for (const name of ["regimes_halo", "regimes"]) fill(plot, name, spots);
}

function drawChosen(plot, pack, place) {
  const box = boxes(pack, [place]);
  fill(plot, "chosen_halo", box);
  fill(plot, "chosen", box);
}

function readoutOf(pack, place, layer) {
  const value = valueOf(pack, layer, place);
  const name = { slope: "S<sub>w</sub>", theory: "S<sub>w</sub> in theory", difference: "difference", order: "C" }[layer];
  return "γ = " + coordinate(pack.gamma[place]) + ", γ′ = " + coordinate(pack.gamma_prime[place]) + ": " +
    name + " " + (Number.isFinite(value) ? "= " + decimal(value, 3) : "not known");
}
