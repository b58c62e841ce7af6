// A matrix: the darker, the more; the number stands in the cell. Where there is little room, the name of a row stands
// above it.

/**
 * rows: {row, column, value, shown, flag, shade}, in order. `flag` marks a cell in another colour; `shade` is shaded in
 * place of the value.
 */
function heat(rows, width, {row = null, column, most = 1, height = 26}) {
  const unique = (field) => [...new Set(rows.map((r) => r[field]))];
  const ys = unique("row"), xs = unique("column"), n = ys.length;
  const narrow = width < 560;
  const step = narrow ? 44 : height;
  const longest = Math.max(...ys.map((y) => String(y).length), 1);
  const left = narrow ? 0 : Math.round(Math.min(longest * 6.6 + 14, width * 0.45));
  // Room for the last name, which leans to the right.
  const right = Math.min(110, 12 + 4.6 * String(xs.at(-1) ?? "").length);
  const inner = Math.max(40, width - left - right), cell = inner / Math.max(1, xs.length);
  const characters = Math.floor(narrow ? (width - 4) / 6.6 : left / 6.4);
  const values = rows.map((r) => {
    const i = ys.indexOf(r.row);
    return {
      ...r,
      shade: r.shade ?? r.value,
      first: r.column === xs[0] ?
          lines_of(String(r.row), characters)[0] + (String(r.row).length > characters ? "…" : "") :
          "",
      top: narrow ? i + 18 / step : i,
      bottom: i + 1,
      middle: narrow ? i + (18 + step) / 2 / step : i + 0.5,
      name: narrow ? i + 3 / step : i + 0.5
    };
  });
  const y = (field) =>
      ({field, type: "quantitative", scale: {domain: [0, Math.max(1, n)], reverse: true, nice: false}, axis: null});
  const x = {
    field: "column",
    type: "nominal",
    sort: xs,
    title: column,
    axis: {
      orient: "top",
      labelAngle: -40,
      labelAlign: "left",
      labelLimit: narrow ? 150 : 190,
      ticks: false,
      domain: false,
      labelColor: ink,
      labelOverlap: false
    }
  };
  const tooltip = [
    {field: "row", title: row ?? "row"}, {field: "column", title: column ?? "column"}, {field: "shown", title: "value"}
  ];
  return {
    width: inner,
    height: n * step,
    data: {values},
    layer: [
      {
        mark: {type: "rect", cornerRadius: 2, stroke: paper, strokeWidth: 1.5},
        encoding: {
          x,
          y: y("top"),
          y2: {field: "bottom"},
          tooltip,
          opacity: {
            field: "shade",
            type: "quantitative",
            scale: {domain: [0, most], range: [0.06, 0.85], clamp: true},
            legend: null
          },
          color: {condition: {test: "datum.flag", value: orange}, value: blue}
        }
      },
      {
        transform: [{filter: "datum.first"}],
        mark: narrow ? {type: "text", align: "left", baseline: "top"} :
                       {type: "text", align: "right", baseline: "middle", dx: -6},
        encoding: {x: {value: 0}, y: y("name"), text: {field: "first"}}
      },
      cell < 20 ? [] : {
        mark: {type: "text", fontSize: cell < 34 ? 10 : 11.5, baseline: "middle"},
        encoding: {
          x,
          y: y("middle"),
          text: {field: "shown"},
          color: {condition: {test: `datum.shade > ${0.72 * most}`, value: paper}, value: ink}
        }
      },
    ].flat(),
  };
}
