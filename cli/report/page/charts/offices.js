// One trial: which office showed which stance when.

function offices(rows, width, {clock}) {
  const names = [...new Set(rows.map((r) => r.office))];
  const left = Math.round(Math.min(12 + 6.6 * Math.max(...names.map((n) => n.length)), width * 0.45));
  return {
    width: Math.max(60, width - left - 16),
    height: names.length * 18,
    mark: {type: "bar", height: 12, tooltip: true},
    encoding: {
      y: {
        field: "office",
        type: "nominal",
        sort: names,
        title: null,
        axis: {labelLimit: left - 6, ticks: false, domain: false, labelColor: ink}
      },
      x: clock.x("from", {ticks: width < 500 ? 3 : 7}),
      x2: {field: "to"},
      color: stance_colour(width),
      tooltip: [
        {field: "office", title: ""}, {field: "stance", title: "stance"}, {field: "since", title: "from"},
        {field: "until", title: "to"}
      ]
    },
  };
}
