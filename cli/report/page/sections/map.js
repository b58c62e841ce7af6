function place_map(part) {
  const clock = part.time, c = part.clock, places = part.map.places;
  const sources = [
    ...part.map.by_account.map(
        (m, h) => ({text: `All trials of ${account_label(part.accounts[h])}: medians`, m, all: true})),
    ...(part.trials ?? [])
        .map((t) => ({
               text: `Trial ${t.trial}, ${account_label(part.accounts[t.account])}${t.typical ? " (typical)" : ""}`,
               m: t,
               all: false
             }))
  ];
  if (sources.length === 0 || places.length === 0) return;
  const steps = c.steps, hour_of = (step) => c.start + (Number(step) + 1) * c.step;
  const peak = (m, name) => Math.max(1, ...m[name].flat().filter((x) => !missing(x)));
  const crowd_at = (m, i, t) => (m.peaceful[i][t] ?? 0) + (m.violent[i][t] ?? 0);
  const state = {step: 0};
  const largest = (m) => {
    let most = 0;
    for (let i = 0; i < places.length; ++i)
      for (let t = 0; t < steps; ++t) most = Math.max(most, crowd_at(m, i, t));
    return most;
  };
  for (const s of sources) {
    s.most = largest(s.m);
    s.police = peak(s.m, "police_present");
  }
  const busiest = (m) => {
    let best = 0, most = -1;
    for (let t = 0; t < steps; ++t) {
      let sum = 0;
      for (let i = 0; i < places.length; ++i) sum += crowd_at(m, i, t);
      if (sum > most) {
        most = sum;
        best = t;
      }
    }
    return best;
  };
  state.step = busiest(sources[0].m);
  const majors =
      new Set(places.map((x, i) => [x.population, i]).sort((a, b) => b[0] - a[0]).slice(0, 9).map(([, i]) => i));
  const lost_text = (lost, sites, all) =>
      (lost > 0 ? `${all ? lost.toFixed(1) : Math.round(lost)} of ${sites} lost` : `${sites} held`);
  const rows_at = (source, t) => places.map((x, i) => {
    const m = source.m, lost = m.lost[i]?.[t] ?? 0;
    return {
      name: x.name,
      longitude: x.longitude,
      latitude: x.latitude,
      major: majors.has(i),
      crowd: crowd_at(m, i, t),
      violent: m.violent[i][t] ?? 0,
      police: m.police_present[i][t] ?? 0,
      lost,
      sites: x.sites,
      lost_text: lost_text(lost, x.sites, source.all),
      lost_short: `${source.all ? lost.toFixed(1) : Math.round(lost)}/${x.sites}`
    };
  });
  let slider, output, sentence, timer = 0, play;
  const source_of = (s) => sources[s.source] ?? sources[0];
  const say = (s) => {
    const rows = rows_at(source_of(s), state.step), sum = (name) => rows.reduce((total, x) => total + x[name], 0),
          lost = rows.filter((x) => x.lost > 0.05).sort((a, b) => b.lost - a.lost);
    const network = source_of(s).m.network_level?.[state.step];
    output.textContent = clock.text(hour_of(state.step));
    slider.setAttribute("aria-valuetext", output.textContent);
    sentence.textContent = `${clock.text(hour_of(state.step))}: ${whole.format(sum("crowd"))} on the street, ${
                               whole.format(sum("violent"))} of them violent; ${
                               whole.format(sum("police"))} of the forces present; network at ${percent(network)}. ` +
        (lost.length ? `State sites lost: ${
                           listed(lost.slice(0, 6).map((x) => `${x.name} ${x.lost_text.replace(" lost", "")}`))}${
                           lost.length > 6 ? " and elsewhere" : ""}.` :
                       "All state sites are held.");
  };
  const step_to = (f, t) => {
    state.step = Math.max(0, Math.min(steps - 1, t));
    slider.value = state.step;
    say(f.state);
    f.update();
    if (f.view) f.view.data("now", rows_at(source_of(f.state), state.step)).runAsync();
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
  };
  const node = keyed(
      figure({
        title: (s) => `The crisis hour by hour, as simulated: ${source_of(s).text.charAt(0).toLowerCase()}${
            source_of(s).text.slice(1)}`,
        note: (s) => (
            source_of(s).all ?
                "Medians of each place and hour, and mean numbers of sites lost; no single trial looks like this. Choose a trial to see one." :
                "One trial of many."),
        controls: {source: {label: "show", options: index_options(sources, (x) => x.text), value: 0}},
        change: (s, name, f) => {
          state.step = busiest(source_of(s).m);
          slider.value = state.step;
          say(s);
        },
        before: (f) => {
          slider = el("input", {
            type: "range",
            min: 0,
            max: steps - 1,
            step: 1,
            value: state.step,
            "aria-label": "hour",
            oninput: (event) => {
              step_to(f, Number(event.target.value));
            }
          });
          output = el("output", {});
          play =
              el("button", {
                type: "button",
                onclick: () => {
                  if (timer) return stop();
                  if (state.step >= steps - 1) step_to(f, 0);
                  play.textContent = "Stop";
                  timer = setInterval(() => (state.step >= steps - 1 ? stop() : step_to(f, state.step + 1)), 120);
                }
              },
                 "Play");
          sentence = el("p", {class: "state"});
          queueMicrotask(() => say(f.state));
          return [el("div", {class: "hour"}, play, slider, output), sentence];
        },
        columns: [
          ["name", "place"], ["crowd", "on the street"], ["violent", "of them violent"], ["police", "forces present"],
          ["lost", "state sites lost"], ["sites", "state sites"]
        ],
        rows: (s) => rows_at(source_of(s), state.step),
        alt: (rows) => `At ${clock.text(hour_of(state.step))}: ${
            rows.filter((x) => x.crowd > 0).map((x) => `${x.name} ${whole.format(x.crowd)}`).join(", ") ||
            "nobody on the street"}`,
        spec: (rows, width, s) => map(rows, width, {places, most: source_of(s).most, most_police: source_of(s).police}),
      }),
      [
        ["disc", yellow, "people on the street"], ["disc", orange, "of them violent"],
        ["square", blue, "forces on duty"], ["text", orange, "state sites lost"]
      ]);
  section(
      id_of(part, "map"), `Map${suffix(part)}`, p("Areas are in proportion to numbers. The arrow keys move the hour."),
      node);
}
