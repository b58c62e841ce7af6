// Two parameters at a time: where trials that fit the record are denser (darker) than the priors.

/** rows: {panel, a, a2, b, b2, density}: quantiles of the priors. */
function pairs(rows, width) {
  const axis = (field, title) => ({
    field,
    type: "quantitative",
    title,
    scale: {domain: [0, 1]},
    axis: {values: [0, 0.5, 1], format: ".0%", grid: false}
  });
  const panel = (each) => ({
    width: Math.min(220, each),
    height: Math.min(220, each),
    mark: {type: "rect", color: blue, tooltip: true},
    encoding: {
      x: axis("a", "quantile of the first (%)"),
      x2: {field: "a2"},
      y: axis("b", "of the second (%)"),
      y2: {field: "b2"},
      opacity:
          {field: "density", type: "quantitative", scale: {domain: [0, 4], range: [0.02, 1], clamp: true}, legend: null}
    }
  });
  return {
    ...panels(rows, width, panel, {most: 3, gap: 40}),
    resolve: {axis: {x: "independent", y: "independent"}},
  };
}
