// Two parameters at a time: where trials that fit the record are denser (darker) than the priors.

/** rows: {panel, a, a2, b, b2, density}: quantiles of the priors. */
function pairs(rows, width) {
  const panels = [...new Set(rows.map((r) => r.panel))];
  const columns = Math.max(1, Math.min(panels.length, width > 560 ? 3 : width > 330 ? 2 : 1));
  const each = Math.min(220, Math.floor((width - 64 - 40 * (columns - 1)) / columns));
  const axis = (field, title) => ({
    field,
    type: "quantitative",
    title,
    scale: {domain: [0, 1]},
    axis: {values: [0, 0.5, 1], format: ".0%", grid: false}
  });
  return {
    facet: {field: "panel", type: "nominal", sort: panels, title: null, header: {labelLimit: each}},
    columns,
    spacing: {row: 20, column: 18},
    spec: {
      width: each,
      height: each,
      mark: {type: "rect", color: blue, tooltip: true},
      encoding: {
        x: axis("a", "quantile of the first (%)"),
        x2: {field: "a2"},
        y: axis("b", "of the second (%)"),
        y2: {field: "b2"},
        opacity: {
          field: "density",
          type: "quantitative",
          scale: {domain: [0, 4], range: [0.02, 1], clamp: true},
          legend: null
        }
      }
    },
    resolve: {axis: {x: "independent", y: "independent"}},
  };
}
