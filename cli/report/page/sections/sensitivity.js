function sensitivity(part) {
  const children = [], best = (x) => [x?.value, ...(missing(x?.bca?.[0]) ? x?.percentile ?? [] : x.bca)];
  const row_of = (name, estimate) => {
    const [value, low, high] = best(estimate);
    return {label: words(name), value, low, high, told: interval([value, low, high]), aside: number(value)};
  };
  const answers = (part.hypotheses ?? []).flatMap((h) => (h.outcomes ?? []).map((o) => ({...o, account: h.name})));
  const named = (a) => `${capital(outcome_text(a.outcome))}, ${words(a.account)}`;
  const of_kind = (test) => answers.filter(test);
  const sobol = of_kind((a) => a.factors?.[0]?.total), morris = of_kind((a) => a.factors?.[0]?.mu_star),
        grid = of_kind((a) => a.cells?.length);
  if (sobol.length)
    children.push(keyed(
        figure({
          title: (s) => `What it depends on: ${outcome_text(sobol[s.of].outcome)}, under ${words(sobol[s.of].account)}`,
          note: (s) => {
            const luck = sobol[s.of].luck_share;
            return `Shares of the variance of outcomes (Sobol' indices), 95 % intervals. ${
                luck ?
                    `Luck makes ${interval(best(luck), percent)} of the variance of a single trial and is taken out.` :
                    "Luck is in all indices."}`;
          },
          controls: {of: {label: "outcome", options: index_options(sobol, named)}},
          columns: [
            ["label", "factor"], ["value", "total index"], ["low", "low (95 %)"], ["high", "high (95 %)"],
            ["other", "first-order index"]
          ],
          rows: (s) => sobol[s.of].factors.map((f) => ({...row_of(f.name, f.total), other: f.first?.value})),
          alt: (rows) => rows.map((x) => `${x.label}: ${x.told}`).join(". "),
          spec: (rows, width) => dots(rows, width, {x: {type: "quantitative", title: "share of variance"}, zero: 0}),
        }),
        [["dot", blue, "total: alone and together with others"], ["diamond", orange, "first-order: alone"]]));
  if (morris.length)
    children.push(figure({
      title: (s) => `What it depends on: ${outcome_text(morris[s.of].outcome)}, under ${words(morris[s.of].account)}`,
      note: (s) =>
          `Elementary effects (Morris): mean absolute effect of moving a factor over its range, 95 % intervals.${
              missing(morris[s.of].mu_star_of_luck) ?
                  "" :
                  ` A factor that does nothing would have ${number(morris[s.of].mu_star_of_luck)} (dashed line).`}`,
      controls: {of: {label: "outcome", options: index_options(morris, named)}},
      columns: [
        ["label", "factor"], ["value", "mu*"], ["low", "low (95 %)"], ["high", "high (95 %)"], ["mu", "mu"],
        ["sigma", "sigma"]
      ],
      rows: (s) => morris[s.of].factors.slice(0, 25).map(
          (f) => ({...row_of(f.name, f.mu_star), mu: f.mu?.value, sigma: f.sigma?.value})),
      alt: (rows) => rows.map((x) => `${x.label}: ${x.told}`).join(". "),
      spec: (rows, width, s) => dots(rows, width, {
        x: {
          type: "quantitative",
          title: `mu* (${
              morris[s.of].units && morris[s.of].units !== "1" ? morris[s.of].units : "in the outcome's unit"})`,
          scale: {zero: true}
        },
        zero: morris[s.of].mu_star_of_luck ?? null
      }),
    }));
  if (grid.length) {
    const factors = Object.keys(grid[0].cells[0].values ?? {});
    const levels = (a, f) => [...new Set(a.cells.map((c) => c.values?.[f]))].sort((x, y) => x - y);
    const names = (a) => {
      const all = Object.keys(a.cells[0].values ?? {});
      return all;
    };
    const rest = (c, all) => all.slice(2).map((f) => `${words(f)} ${number(c.values[f])}`).join(", ");
    const slices = [...new Set(grid.flatMap((a) => a.cells.map((c) => rest(c, factors))))];
    children.push(figure({
      title: (s) => `${capital(outcome_text(grid[s.of].outcome))} over ${
          listed(factors.slice(0, 2).map(words))}, under ${words(grid[s.of].account)}`,
      note: `Means over the trials of each combination of values. Down: ${words(factors[0] ?? "")}; across: ${
          words(factors[1] ?? "")}.`,
      controls: {
        of: {label: "outcome", options: index_options(grid, named)},
        slice: {label: "where", options: slices.map((x) => [x, x])}
      },
      columns: [
        ["row", words(factors[0] ?? "factor")], ["column", words(factors[1] ?? "")], ["value", "mean"],
        ["error", "standard error"]
      ],
      rows: (s) => {
        const a = grid[s.of], all = names(a);
        return a.cells.filter((c) => rest(c, factors) === s.slice || slices.length < 2)
            .sort((x, y) => y.values[all[0]] - x.values[all[0]] || (x.values[all[1]] ?? 0) - (y.values[all[1]] ?? 0))
            .map((c) => ({
                   row: number(c.values[all[0]]),
                   column: all.length > 1 ? number(c.values[all[1]]) : "mean",
                   value: c.mean,
                   error: c.standard_error,
                   shown: number(c.mean)
                 }));
      },
      spec: (rows, width) => heat(rows, width, {
        row: words(factors[0] ?? ""),
        column: words(factors[1] ?? ""),
        most: Math.max(1e-9, ...rows.map((r) => r.value))
      }),
    }));
  }
  if (children.length)
    section(
        id_of(part, "sensitivity"), `Sensitivity${suffix(part)}`,
        p(part.title ?? "", " ", el("span", {class: "quiet"}, `(${base(part.file ?? part.source ?? "")})`)), children);
}
