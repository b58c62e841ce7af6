function posteriors(part) {
  const some = part.posteriors.filter((x) => x.parameters.length);
  if (!some.length)
    return part.posteriors.length ?
        el("p", {class: "quiet"},
           "Parameters are not shown: of no account do enough trials fit the record to say anything of them. More trials may help: qantar adjudicate --trials.") :
        null;
  const short = (name) => words(name.split(".").slice(-2).join(" ").replace(/^parameters /, ""));
  const most_moved = (x) => x.parameters.slice(0, 9);
  const account = {label: "account", options: index_options(some, (x) => capital(words(x.account)))};
  const caution = (x) => part.kind === "calibration" ?
      "" :
      `${count(x.trials, "trial")} ${x.trials === 1 ? "is" : "are"} worth ${number(x.effective_size)} equal ones${
          x.refusals.length ? `, so take it with care: ${x.refusals.join("; ")}` : ""}.`;
  return [
    figure({
      title: (s) => `What the record says of parameters under ${words(some[s.account].account)}`,
      note: (s) => `The nine that move most. At the dashed line the record says nothing. ${caution(some[s.account])}`,
      controls: {account},
      columns: [
        ["panel", "parameter"], ["unit", "unit"], ["prior", "prior: median [5 %, 95 %]"],
        ["posterior", "given the record"], ["from", "from quantile"], ["to", "to quantile"],
        ["density", "density relative to the prior"]
      ],
      rows: (s) =>
          most_moved(some[s.account])
              .flatMap((x) => x.shares.map((density, i) => ({
                                             panel: short(x.name),
                                             unit: x.unit,
                                             prior: interval([x.prior[1], x.prior[0], x.prior[2]]),
                                             posterior: interval([x.posterior[1], x.posterior[0], x.posterior[2]]),
                                             from: i / x.shares.length,
                                             to: (i + 1) / x.shares.length,
                                             density
                                           }))),
      alt: (_, s) =>
          most_moved(some[s.account])
              .map((x) => `${short(x.name)}${x.unit && x.unit !== "1" ? ` (${x.unit})` : ""}: from ${interval([
                     x.prior[1], x.prior[0], x.prior[2]
                   ])} to ${interval([x.posterior[1], x.posterior[0], x.posterior[2]])}`)
              .join(". "),
      spec: (rows, width) => marginals(rows, width),
    }),
    some.some((x) => x.pairs.length) ? figure({
      title: (s) => `Two parameters at a time under ${words(some[s.account].account)}`,
      note: (s) => `Darker: denser than the prior. ${caution(some[s.account])}`,
      controls: {account},
      columns: [
        ["panel", "parameters"], ["a", "first: from quantile"], ["a2", "to"], ["b", "second: from quantile"],
        ["b2", "to"], ["density", "density relative to the prior"]
      ],
      rows: (s) => some[s.account].pairs.flatMap((x) => {
        const n = Math.round(Math.sqrt(x.cells.length));
        return x.cells.map((density, i) => ({
                             panel: `${short(x.a)} × ${short(x.b)}`,
                             a: Math.floor(i / n) / n,
                             a2: (Math.floor(i / n) + 1) / n,
                             b: (i % n) / n,
                             b2: ((i % n) + 1) / n,
                             density
                           }));
      }),
      spec: (rows, width) => pairs(rows, width),
    }) :
                                       null
  ];
}
