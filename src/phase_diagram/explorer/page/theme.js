// Light and dark: the page by variables of CSS, the plots by what is set here.
const LOOK = {
  // By the name of a renderer: which property has which of the colours.
  no_slope: { hatch_color: "ink" },
  not_converged: { hatch_color: "ink" },
  kinks: { line_color: "ink" },
  theory_halo: { line_color: "halo" },
  theory: { line_color: "ink" },
  crossing_errors: { line_color: "ink" },
  crossings: { fill_color: "star", line_color: "edge" },
  named: { fill_color: "halo", line_color: "ink" },
  names_halo: { text_color: "halo", text_outline_color: "halo" },
  names: { text_color: "ink" },
  regimes_halo: { text_color: "halo", text_outline_color: "halo" },
  regimes: { text_color: "ink" },
  chosen_halo: { line_color: "halo" },
  chosen: { line_color: "ink" },
  closed_form: { line_color: "ink" },
  fit: { line_color: "fit" },
  rd_errors: { line_color: "ink" },
  rd: { fill_color: "ground", line_color: "ink" },
  identity: { line_color: "muted" },
  f_before: { line_color: "start" },
  f_after: { line_color: "after" },
  data: { fill_color: "ground", line_color: "ink" },
  predicted_before: { fill_color: "ground", line_color: "start" },
  predicted_after: { fill_color: "after" },
  kinks_at_data: { line_color: "kink" },
  neurons_before: { fill_color: "before" },
  neurons_after: { fill_color: "after" },
  goal: { line_color: "muted" },
  loss: { line_color: "fit" },
  loss_points: { fill_color: "fit" },
};
const THEME_KEY = "phase-diagram-theme";
const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");

function storedTheme() {
  try { return localStorage.getItem(THEME_KEY); } catch { return null; }
}

function currentTheme() {
  return storedTheme() || (prefersDark.matches ? "dark" : "light");
}

function applyTheme(plots) {
  const theme = currentTheme();
  const look = { ...KNOWN.looks[theme], edge: KNOWN.looks.light.ink };
  const root = document.documentElement;
  root.dataset.theme = theme;
  for (const [token, colour] of Object.entries(look)) root.style.setProperty("--" + token, colour);
  const button = document.getElementById("theme");
  button.setAttribute("aria-pressed", String(theme === "dark"));
  document.getElementById("theme-name").textContent = theme === "dark" ? "Light" : "Dark";
  button.setAttribute("aria-label", theme === "dark" ? "Use light colours" : "Use dark colours");
  for (const plot of Object.values(plots)) {
    plot.setv({ border_fill_color: look.ground, outline_line_color: look.line });
    for (const axis of [...plot.below, ...plot.left])
      axis.setv({ axis_label_text_color: look.ink, major_label_text_color: look.muted,
        axis_line_color: look.line, major_tick_line_color: look.line });
    for (const grid of plot.center) if ("grid_line_color" in grid) grid.grid_line_color = look.line;
    for (const renderer of plot.renderers) {
      for (const [property, token] of Object.entries(LOOK[renderer.name] || {}))
        renderer.glyph[property] = { value: look[token] };
    }
  }
}

function toggleTheme() {
  const theme = currentTheme() === "dark" ? "light" : "dark";
  try { localStorage.setItem(THEME_KEY, theme); } catch { /* a page from a file may not store */ }
  return theme;
}
