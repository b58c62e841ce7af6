// One panel for each of several, side by side as far as there is room.

/** At most `most` in a row with `gap` pixels between; `spec` makes a panel of so many pixels. */
function panels(rows, width, spec, {most = 4, gap = 18} = {}) {
  const names = [...new Set(rows.map((r) => r.panel))];
  const columns = Math.max(1, Math.min(names.length, most, width > 820 ? 4 : width > 560 ? 3 : width > 330 ? 2 : 1));
  const each = Math.floor((width - 64 - gap * (columns - 1)) / columns);
  return {
    facet: {field: "panel", type: "nominal", sort: names, title: null, header: {labelLimit: each}},
    columns,
    spacing: {row: 20, column: 18},
    spec: spec(each),
  };
}
