// Of simulated records that were given an account with some probability, how often it was the right one.

/** rows: {predicted, observed, low, high}. */
function reliability(rows, width) {
  const size = Math.min(width - 60, 380);
  const share = (field, title) =>
      ({field, type: "quantitative", title, scale: {domain: [0, 1]}, axis: {format: ".0%", tickCount: 5}});
  return {
    width: size,
    height: size,
    layer: [
      {
        data: {values: [{a: 0, b: 0}, {a: 1, b: 1}]},
        mark: {type: "line", color: quiet, strokeDash: [4, 4]},
        encoding: {x: share("a", "probability given (%)"), y: share("b", "share that was so (%)")}
      },
      {
        mark: {type: "rule", color: blue, strokeWidth: 2},
        encoding: {
          x: share("predicted", "probability given (%)"),
          y: share("low", "share that was so (%)"),
          y2: {field: "high"}
        }
      },
      {
        mark: {type: "point", filled: true, color: blue, size: 80, opacity: 1, tooltip: true},
        encoding: {x: share("predicted", "probability given (%)"), y: share("observed", "share that was so (%)")}
      }
    ],
  };
}
