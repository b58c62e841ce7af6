function elite(part) {
  const clock = part.time, st = part.stances, children = [];
  if (st && st.offices.length) {
    const present =
        st.organisations.map((name, i) => [name, i]).filter(([, i]) => st.offices.some((o) => o.organisation === i));
    children.push(figure({
      title: (s) => `Who stood where: stances of office-holders under ${account_label(part.accounts[s.account])}`,
      note: (s) => `Mean over ${count(st.trials[s.account], "kept trial")}.`,
      controls: {account: {label: "account", options: index_options(part.accounts, (a) => capital(account_label(a)))}},
      columns: [
        ["panel", "organisation"], ["time", "time"], ["stance", "stance"], ["number", "mean number of office-holders"]
      ],
      rows: (s) => present.flatMap(
          ([name, i]) => stance_names.flatMap((stance, k) => part.hours.map((hour, t) => ({
                                                                              panel: name,
                                                                              stance,
                                                                              order: k,
                                                                              hour,
                                                                              time: clock.text(hour),
                                                                              t: clock.value(hour),
                                                                              number: st.numbers[s.account][i][k][t]
                                                                            })))),
      alt: (rows) =>
          present
              .map(([name]) => {
                const end = stance_names.map(
                    (stance) => [stance, rows.filter((x) => x.panel === name && x.stance === stance).at(-1)?.number]);
                return `${name}, at the end: ${end.map(([a, n]) => `${number(n)} ${a}`).join(", ")}`;
              })
              .join(". "),
      spec: (rows, width) => stances(rows, width, {clock}),
    }));
  }
  if (part.trials?.length && st?.offices.length)
    children.push(figure({
      title: (s) => `Office by office in trial ${part.trials[s.trial].trial}, under ${
          account_label(part.accounts[part.trials[s.trial].account])}`,
      note: "Stances as the holder of each office shows them. Offices, not persons.",
      controls: {
        trial: {
          label: "trial",
          options: index_options(part.trials, (t) => `Trial ${t.trial}: ${account_label(part.accounts[t.account])}`)
        }
      },
      columns: [["office", "office"], ["stance", "stance"], ["since", "from"], ["until", "to"]],
      rows: (s) => st.offices.flatMap((office, i) => {
        const changes = part.trials[s.trial].stances[i];
        return changes.map(([time, stance], k) => {
          const to = changes[k + 1]?.[0] ?? part.clock.end;
          return {
            office: office.name,
            stance: stance_names[stance],
            from: clock.value(time),
            to: clock.value(to),
            since: clock.text(time),
            until: clock.text(to)
          };
        });
      }),
      alt: (rows) => `${new Set(rows.filter((x) => x.stance === stance_names[2]).map((x) => x.office)).size} of ${
          st.offices.length} office-holders oppose the president at some time`,
      spec: (rows, width) => offices(rows, width, {clock}),
    }));
  if (children.length) section(id_of(part, "elite"), `Who stood where${suffix(part)}`, children);
}
