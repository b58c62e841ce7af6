function outcomes(part) {
  const clock = part.time;
  const is_share = (o) => o.kind === "flag" || o.kind === "time";
  const name_of = (o, label) => capital(
                                    !label                  ? o.text || words(o.name) :
                                        o.axis === "action" ? label :
                                                              `${label}: ${o.text || words(o.name)}`) +
      (o.latent ? " (known only inside the model)" : "");
  const all = part.outcomes.flatMap(
      (o, i) => o.values.map(
          (by_account, k) =>
              ({o, by_account, key: `${i}.${k}`, label: o.axis ? label_of(part, part.labels[o.axis]?.[k] ?? k) : ""})));
  if (all.length === 0) return;
  const informative = (x) => x.by_account.some((a) => a[0] > 0.02 && a[0] < 0.98);
  const wanted = /^(site_fell|action_time|place_mass_crowd|office_dismissed)$/;
  const overview =
      all.filter((x) => is_share(x.o) && !x.o.latent && (!x.o.axis || wanted.test(x.o.name)) && informative(x))
          .slice(0, 400);
  // The first thing to look at: the outcome on which the accounts differ most.
  const spread = (x) => {
    const s = x.by_account.map((a) => a[0]).filter((v) => !missing(v));
    return s.length ? Math.max(...s) - Math.min(...s) : 0;
  };
  const top = overview.slice().sort((a, b) => spread(b) - spread(a)).slice(0, 24);
  const glance = overview.filter((x) => top.includes(x));
  const told =
      (a, o) => [is_share(o) ? `${percent(a[0])} [${percent(a[1])}, ${percent(a[2])}] of trials` : "",
                 missing(a[5]) ? "" :
                     o.kind === "time" ?
                                 `median ${clock.text(a[5])}, 90 % from ${clock.text(a[3])} to ${clock.text(a[7])}` :
                                 `median ${number(a[5])}, 90 % from ${number(a[3])} to ${number(a[7])}`]
                    .filter(Boolean)
                    .join("; ");
  const children = [];
  if (glance.length && part.accounts.length)
    children.push(figure({
      title: part.accounts.length > 1 ? "How often it happens: where the accounts differ most" : "How often it happens",
      note: "Share of trials, in percent. What happens in nearly all trials or in none of every account is left out.",
      columns: [
        ["row", "outcome"], ["column", "account"], ["value", "share of trials"], ["low", "low (95 %)"],
        ["high", "high (95 %)"]
      ],
      rows: () => glance.flatMap((x) => part.accounts.map((account, h) => {
        const a = x.by_account[h];
        return {
          row: name_of(x.o, x.label),
          column: account_label(account),
          value: a[0],
          low: a[1],
          high: a[2],
          shown: missing(a[0]) ? "–" : String(Math.round(100 * a[0]))
        };
      })),
      alt: (rows) => {
        const r = rows.filter((x) => !missing(x.value)).sort((a, b) => b.value - a.value)[0];
        return r ? `Most often: ${r.row} under ${r.column}, in ${percent(r.value)} of trials` : "no shares";
      },
      spec: (rows, width) => heat(rows, width, {column: "account"}),
    }));
  const chosen = (state) => all.find((x) => x.key === state.outcome) ?? all[0];
  const prefer = all.find((x) => x.o.name === "deaths") ?? all[0];
  const rows_of = (state) => {
    const x = chosen(state);
    return part.accounts.map((account, h) => {
      const a = x.by_account[h], time = x.o.kind === "time";
      return {
        label: capital(account_label(account)),
        aside: is_share(x.o) ? percent(a[0]) :
            missing(a[5])    ? "–" :
                               number(a[5]),
        value: a[0],
        low: a[1],
        high: a[2],
        q05: a[3],
        q25: a[4],
        q50: a[5],
        q75: a[6],
        q95: a[7],
        told: told(a, x.o),
        time
      };
    });
  };
  const q = ["q05", "q25", "q50", "q75", "q95"];
  children.push(keyed(
      figure({
        title: (s) => name_of(chosen(s).o, chosen(s).label),
        note: (s) => {
          const k = chosen(s).o.kind;
          return k === "flag" ? "Share of trials in which it is so, with 95 % intervals." :
              k === "time"    ? "When it happens, in trials in which it does; the percentage is the share of these." :
                                "Trials of each account; the number is the median.";
        },
        controls:
            {outcome: {label: "outcome", options: all.map((x) => [x.key, name_of(x.o, x.label)]), value: prefer.key}},
        columns: [
          ["label", "account"], ["value", "share of trials"], ["low", "low (95 %)"], ["high", "high (95 %)"],
          ...q.map((name, i) => [name, ["5 %", "25 %", "median", "75 %", "95 %"][i]])
        ],
        rows: (s) => rows_of(s).map(
            (r) =>
                (chosen(s).o.kind === "time" ?
                     {...r, ...Object.fromEntries(q.map((name) => [name, clock.text(r[name])]))} :
                     r)),
        alt: (_, s) => rows_of(s).map((r) => `${r.label}: ${r.told}`).join(". "),
        spec: (_, width, s) => {
          const o = chosen(s).o, rows = rows_of(s);
          if (o.kind === "flag") return dots(rows, width, {x: share_axis("share of trials (%)")});
          const shown_rows =
              rows.map((r) => ({
                         ...r,
                         low: null,
                         high: null,
                         ...(o.kind === "time" ? Object.fromEntries(q.map((name) => [name, clock.value(r[name])])) : {})
                       }));
          return ranges(shown_rows, width, {
            x: o.kind === "time" ? clock.x(undefined) : {
              type: "quantitative",
              title: o.unit && o.unit !== "1" ? `${o.text || words(o.name)} (${o.unit})` : o.text || words(o.name),
              axis: {tickCount: 6},
              scale: {zero: false}
            }
          });
        },
      }),
      [["range", blue, "90 and 50 % of trials, and the median"], ["dot", blue, "share with its 95 % interval"]]));
  section(
      id_of(part, "outcomes"), `Outcomes${suffix(part)}`, p("What each account leads to, over all its trials."),
      children);
}
