// What is looked at, and the address that says so: everything after the # of a link.
const LAYERS = ["slope", "theory", "difference", "order"];
const OVERLAYS = ["boundary", "theory", "initialisations"];
// A condensed point, where there is most to see.
const FIRST = { gamma: 1.75, gamma_prime: 0 };

function parseFragment(fragment) {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  const number = (key) => {
    const value = given.has(key) && given.get(key) !== "" ? Number(given.get(key)) : NaN;
    return Number.isFinite(value) ? value : FIRST[key];
  };
  const one = (key, accepted) => (accepted.includes(given.get(key)) ? given.get(key) : accepted[0]);
  const shown = given.has("show") ? given.get("show").split(",") : OVERLAYS;
  return {
    experiment: one("experiment", KNOWN.experiments),
    gamma: number("gamma"),
    gamma_prime: number("gamma_prime"),
    layer: one("layer", LAYERS),
    show: OVERLAYS.filter((overlay) => shown.includes(overlay)),
  };
}

function writeFragment(state) {
  const decimal = (value) => String(Number(value.toPrecision(12)));
  const parts = [
    ["experiment", state.experiment],
    ["gamma", decimal(state.gamma)],
    ["gamma_prime", decimal(state.gamma_prime)],
    ["layer", state.layer],
  ];
  if (state.show.length < OVERLAYS.length) parts.push(["show", state.show.join(",")]);
  return "#" + parts.map(([key, value]) => key + "=" + value).join("&");
}
