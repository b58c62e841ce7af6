function event_by_event(part) {
  const {predictors, events} = part.record, clock = part.time;
  const real = predictors.map((x, i) => [i, capital(words(x.name)), x]).filter(([, , x]) => !x.baseline);
  const account = {label: "account", options: real.map(([i, name]) => [i, name])};
  const which = {
    label: "rows",
    options: [["all", "all"], ["key", "key rows, by which accounts are weighed"], ["held", "held out of every fit"]]
  };
  const kept = (rows, s) => rows.filter((e) => (s.which === "key" ? e.key : s.which === "held" ? e.held_out : true));
  const group = (e) => (e.held_out ? "held out" : e.input_driven ? "input driven" : "");
  const groups = {"held out": pink, "input driven": quiet};
  const mark = (e) => (e.held_out ? "◆ " : "") + e.title + (e.input_driven ? " (input driven)" : "");
  const row = (e, s) => {
    const [happened, q05, q25, q50, q75, q95, hit, low, high, score] = e.predicted[s.account] ?? [];
    return {
      id: e.id,
      label: mark(e),
      title: e.title,
      group: group(e),
      grade: e.grade,
      documented: e.documented,
      low: e.low,
      high: e.high,
      happened,
      q05,
      q25,
      q50,
      q75,
      q95,
      hit,
      hit_low: low,
      hit_high: high,
      score,
      held_out: e.held_out ? "yes" : "no"
    };
  };
  const columns = (unit) => [
      ["id", "row"], ["title", "event"], ["documented", "documented"], ["held_out", "held out"], ["grade", "grade"],
      ["shown", `predicted: median [5 %, 95 %]${unit}`], ["happened", "share of trials in which there is a value"],
      ["hit", "hit rate"], ["hit_low", "low (95 %)"], ["hit_high", "high (95 %)"], ["score", "score (0 is best)"]];
  const of_account = (s) => capital(words(predictors[s.account]?.name ?? ""));
  const times = events.filter((e) => e.measure === "time" && e.kind === "time")
                    .sort((a, b) => (a.low ?? a.high ?? 0) - (b.low ?? b.high ?? 0));
  const amounts = events.filter((e) => e.measure === "number");
  const asked = events.filter((e) => !["time", "number"].includes(e.measure));
  const hits = (rows) => `${rows.filter((x) => !missing(x.q05) && x.q05 <= x.high && x.q95 >= x.low).length} of ${
      rows.length} documented intervals meet the range of 90 % of trials`;
  return [
    times.length ?
        keyed(
            figure({
              title: (s) => `When it happened, and when it does under ${of_account(s).toLowerCase()}`,
              note:
                  "Event by event, in the order of the record. The percentage is the share of trials that agree with it.",
              controls: {account, which},
              columns: columns(""),
              rows: (s) => kept(times, s).map((e) => {
                const x = row(e, s);
                return {
                  ...x,
                  shown: missing(x.q50) ? "never" : `${clock.text(x.q50)} [${clock.text(x.q05)}, ${clock.text(x.q95)}]`
                };
              }),
              alt: (rows) => hits(rows),
              spec: (rows, width) => ranges(
                  rows.map((x) => ({
                             ...x,
                             aside: percent(x.hit),
                             told: x.shown,
                             ...Object.fromEntries(
                                 ["low", "high", "q05", "q25", "q50", "q75", "q95"].map((n) => [n, clock.value(x[n])]))
                           })),
                  width, {x: clock.x(undefined, {ticks: width < 500 ? 4 : 9, axis: {orient: "top"}}), groups}),
            }),
            [
              ["bar", yellow, "documented, with its tolerance"],
              ["range", blue, "predicted: 90 and 50 % of trials, median"], ["text", pink, "◆ held out of every fit"]
            ]) :
        null,
    amounts.length ?
        keyed(
            figure({
              title: (s) => `How many were documented, and how many there are under ${of_account(s).toLowerCase()}`,
              note: "The scale is logarithmic beyond 1.",
              controls: {account, which},
              columns: columns(""),
              rows: (s) => kept(amounts, s).map((e) => {
                const x = row(e, s);
                return {...x, shown: `${number(x.q50)} [${number(x.q05)}, ${number(x.q95)}]`};
              }),
              alt: (rows) => hits(rows),
              spec: (rows, width) => ranges(rows.map((x) => ({...x, aside: percent(x.hit), told: x.shown})), width, {
                x: {
                  type: "quantitative",
                  title: "number (in the unit of the row)",
                  scale: {type: "symlog", nice: false},
                  axis: {
                    values: [0, 1, 10, 100, 1000, 10000, 100000, 1000000],
                    labelExpr: "datum.value < 1000 ? datum.value : datum.value / 1000 + 'k'",
                    orient: "top"
                  }
                },
                groups
              }),
            }),
            [
              ["bar", yellow, "documented, with its tolerance"],
              ["range", blue, "predicted: 90 and 50 % of trials, median"], ["text", pink, "◆ held out of every fit"]
            ]) :
        null,
    asked.length ? keyed(
                       figure({
                         title: (s) => `What did or did not happen, and in what order: share of trials of ${
                             of_account(s).toLowerCase()} that agree`,
                         controls: {account, which},
                         columns: columns(""),
                         rows: (s) => kept(asked, s).map((e) => {
                           const x = row(e, s);
                           return {...x, shown: "", value: x.hit};
                         }),
                         alt: (rows) => rows.map((x) => `${x.title}: ${percent(x.hit)}`).join(". "),
                         spec: (rows, width) => dots(
                             rows.map((x) => ({
                                        ...x,
                                        low: x.hit_low,
                                        high: x.hit_high,
                                        aside: percent(x.hit),
                                        told: interval([x.hit, x.hit_low, x.hit_high], percent)
                                      })),
                             width, {
                               x: {
                                 ...share_axis("share of trials that agree with the record (%)"),
                                 axis: {format: ".0%", tickCount: 5, orient: "top"}
                               },
                               groups
                             }),
                       }),
                       [["dot", blue, "share with its 95 % interval"], ["text", pink, "◆ held out of every fit"]]) :
                   null,
  ];
}
