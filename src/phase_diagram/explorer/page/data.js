// The packs: opened when an experiment is first looked at, and kept.
const KNOWN = JSON.parse(document.getElementById("known").textContent);
const ARRAYS = { u1: Uint8Array, u2: Uint16Array, f4: Float32Array, f8: Float64Array };
const opened = new Map();

function openPack(name) {
  if (!opened.has(name)) opened.set(name, readPack(name));
  return opened.get(name);
}

async function readPack(name) {
  const element = document.getElementById("pack-" + name);
  const bytes = Uint8Array.from(atob(element.textContent), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const content = await new Response(stream).arrayBuffer();
  const length = new DataView(content).getUint32(0, true);
  const pack = JSON.parse(new TextDecoder().decode(new Uint8Array(content, 4, length)));
  for (const [array, kind, shape, offset] of pack.arrays) {
    const count = shape.reduce((product, one) => product * one, 1);
    pack[array] = new ARRAYS[kind](content, 4 + length + offset, count);
    pack[array].row = count / shape[0];
  }
  pack.columns = pack.plane.gamma.centres;
  pack.rows = pack.plane.gamma_prime.centres;
  // The place of each grid point in the arrays, by its row and column.
  pack.places = pack.rows.map(() => pack.columns.map(() => -1));
  pack.cells = [];
  for (let place = 0; place < pack.gamma.length; place++) {
    const cell = {
      column: pack.columns.indexOf(pack.gamma[place]),
      row: pack.rows.indexOf(pack.gamma_prime[place]),
    };
    pack.cells.push(cell);
    pack.places[cell.row][cell.column] = place;
  }
  return pack;
}

// Row `place` of an array, as it is.
function rowOf(array, place) {
  return array.subarray(place * array.row, (place + 1) * array.row);
}

// Values of integers between two bounds.
function between(integers, low, high) {
  const step = (high - low) / (integers.BYTES_PER_ELEMENT === 1 ? 255 : 65535);
  return Array.from(integers, (one) => low + one * step);
}

// One of the two moments, 0 before and 1 after training, of an array (points, 2, k).
function atMoment(array, place, moment) {
  const row = rowOf(array, place);
  return row.subarray((moment * row.length) / 2, ((moment + 1) * row.length) / 2);
}

function outputsAt(pack, place, moment) {
  const [low, high] = atMoment(pack.outputs_bounds, place, moment);
  return between(atMoment(pack.outputs, place, moment), low, high);
}

function lossesOf(pack, place) {
  const length = pack.lengths[place];
  const [low, high] = rowOf(pack.losses_bounds, place);
  return {
    x: between(rowOf(pack.times, place).subarray(0, length), 0, 1),
    y: between(rowOf(pack.losses, place).subarray(0, length), low, high),
  };
}

function nearest(values, wanted) {
  let best = 0;
  values.forEach((value, place) => {
    if (Math.abs(value - wanted) < Math.abs(values[best] - wanted)) best = place;
  });
  return best;
}
