function courses(part) {
  const clock = part.time, quantiles = ["q05", "q25", "q50", "q75", "q95"];
  const rows_of = (band, panel) =>
      part.hours
          .map((hour, t) => ({
                 panel,
                 hour,
                 t: clock.value(hour),
                 ...Object.fromEntries(quantiles.map((name, q) => [name, band?.[q]?.[t] ?? null]))
               }))
          .filter((x) => !missing(x.q50));
  const columns = [
    ["panel", "panel"], ["time", "time"], ["q05", "5 %"], ["q25", "25 %"], ["q50", "median"], ["q75", "75 %"],
    ["q95", "95 %"]
  ];
  const with_time = (rows) => rows.map((x) => ({...x, time: clock.text(x.hour)}));
  const peaks =
      (rows) => [...new Set(rows.map((x) => x.panel))]
                    .map((panel) => {
                      const best = rows.filter((x) => x.panel === panel).reduce((a, b) => (b.q50 > a.q50 ? b : a));
                      return `${panel}: the median is highest at ${clock.text(best.hour)} with ${number(best.q50)}`;
                    })
                    .join(". ");
  const of_axes = (n) => part.bands.filter((v) => v.axes.length === n);
  const unit_of = (v) => (v.unit && v.unit !== "1" ? v.unit : "");
  const text_of = (v) => capital(v.text || words(v.name));
  const bounded = (v) =>
      (v.unit === "1" && v.bands.flat(2).flat().every((x) => missing(x) || (x >= 0 && x <= 1)) ? [0, 1] : undefined);
  const children = [];
  const placed = of_axes(1);
  const by_name = (name) => part.bands.find((v) => v.name === name);
  if (placed.length) {
    const biggest = (v) => {
      let best = 0, most = -1;
      v.bands[0]?.forEach((cell, i) => {
        const top = Math.max(...cell[2].map((x) => x ?? 0));
        if (top > most) {
          most = top;
          best = i;
        }
      });
      return best;
    };
    const options = placed.flatMap(
        (v) => v.labels[0].map((label, i) => [`${v.name}/${i}`, `${text_of(v)}: ${label_of(part, label)}`]));
    const start = by_name("violent") ?? placed[0];
    const chosen = (s) => {
      const [name, i] = s.what.split("/");
      return [by_name(name), Number(i)];
    };
    children.push(figure({
      title: (s) => {
        const [v, i] = chosen(s);
        return `${text_of(v)}, ${label_of(part, v.labels[0][i])}: the course under each account`;
      },
      controls: {what: {label: "course", options, value: `${start.name}/${biggest(start)}`}},
      columns,
      rows: (s) => {
        const [v, i] = chosen(s);
        return with_time(part.accounts.flatMap((a, h) => rows_of(v.bands[h][i], account_label(a))));
      },
      alt: peaks,
      spec: (rows, width, s) => bands(rows, width, {clock, unit: unit_of(chosen(s)[0]), domain: bounded(chosen(s)[0])}),
    }));
  }
  const scalars = of_axes(0);
  if (scalars.length)
    children.push(figure({
      title: (s) =>
          `${text_of(by_name(s.what))}${part.classic ? "" : " in the whole country"}: the course under each account`,
      controls: {
        what: {
          label: "course",
          options: scalars.map((v) => [v.name, text_of(v)]),
          value: (by_name("dead_so_far") ?? scalars[0]).name
        }
      },
      columns,
      rows: (s) => with_time(part.accounts.flatMap((a, h) => rows_of(by_name(s.what).bands[h][0], account_label(a)))),
      alt: peaks,
      spec: (rows, width, s) =>
          bands(rows, width, {clock, unit: unit_of(by_name(s.what)), domain: bounded(by_name(s.what))}),
    }));
  for (const v of of_axes(2)) {
    const [first, second] = v.labels, cell = (i, j) => i * second.length + j;
    // A panel for each entry of the longer axis of the two.
    const across = second.length >= first.length, panels = across ? second : first, choices = across ? first : second;
    children.push(figure({
      title: (s) => `${text_of(v)}: ${label_of(part, choices[s.of])}, under ${account_label(part.accounts[s.account])}`,
      controls: {
        account: {label: "account", options: index_options(part.accounts, (a) => capital(account_label(a)))},
        of: {label: words(v.axes[across ? 0 : 1]), options: choices.map((label, i) => [i, label_of(part, label)])}
      },
      columns,
      rows: (s) => with_time(panels.flatMap(
          (label, k) => rows_of(
              v.bands[s.account][across ? cell(Number(s.of), k) : cell(k, Number(s.of))], label_of(part, label)))),
      alt: peaks,
      spec: (rows, width) => bands(rows, width, {clock, unit: unit_of(v), domain: bounded(v)}),
    }));
    if (v.name === "loyalty")
      children.push(figure({
        title: (s) => `Where organisations lean at ${clock.text(part.hours[s.when])}, under ${
            account_label(part.accounts[s.account])}`,
        note: "Medians, from 0 (not at all) to 1.",
        controls: {
          account: {label: "account", options: index_options(part.accounts, (a) => capital(account_label(a)))},
          when: {
            label: "time",
            options: part.hours.map((h, t) => [t, clock.text(h)])
                         .filter((_, t) => t % 8 === 0 || t === part.hours.length - 1),
            value: part.hours.length - 1
          }
        },
        columns: [["row", "organisation"], ["column", "faction"], ["value", "median leaning"]],
        rows: (s) => second.flatMap((organisation, j) => first.map((faction, i) => {
          const x = v.bands[s.account][cell(i, j)][2][s.when];
          return {
            row: label_of(part, organisation),
            column: label_of(part, faction),
            value: x,
            shown: missing(x) ? "–" : x.toFixed(2)
          };
        })),
        spec: (rows, width) => heat(rows, width, {column: "faction"}),
      }));
  }
  if (children.length)
    section(
        id_of(part, "courses"), `Courses${suffix(part)}`,
        p("Hour by hour over all trials that did not fail: the line is the median, the bands hold half and nine tenths of the trials at each hour. No single trial follows the median."),
        children);
}
