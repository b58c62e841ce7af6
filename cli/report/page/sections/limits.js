function limits() {
  const l = read("licences");
  const missing_list = data.left_out.length ?
      el("div", {class: "card"}, el("h3", {}, "What is not on this page"),
         el("ul", {}, data.left_out.map((x) => el("li", {}, capital(x.what), ": ", el("code", {}, x.how))))) :
      null;
  section(
      "limits", "Limits and sources",
      el("ul", {},
         [
           [
             "Who did what. ",
             "Agents are offices and organisations, never persons. A run may say that a configuration fits the sequence better or worse; it cannot say that there was such an order, or who gave it."
           ],
           [
             "Truth from fit. ",
             "That an account reproduces the sequence supports it only as far as the others fail to."
           ],
           [
             "Claims. ",
             "Official claims and allegations are data about what was said, and by whom. They are never evidence and never scored."
           ],
           [
             "Inputs. ",
             "What sets the crisis off, populations and forces are given. Rows marked input driven are shown and never counted."
           ],
           ["The future. ", "This is a tool for understanding past crises."]
         ].map(([a, b]) => el("li", {}, el("strong", {}, a), b))),
      missing_list,
      el("details", {class: "more card"}, el("summary", {}, "Map data, libraries and their licences"),
         p("Borders: Natural Earth (public domain), by way of world-atlas. They are shown for orientation and are no statement on any border. Charts: Vega, Vega-Lite and Vega-Embed of the University of Washington Interactive Data Lab, drawn in this page without a network."),
         table(
             [["name", "package"], ["version", "version"], ["licence", "licence"], ["copyright", "copyright"]], l.all),
         Object.entries(l.texts).map(
             ([name, text]) =>
                 el("details", {class: "more"}, el("summary", {}, `The text of ${name}`),
                    el("p", {style: "white-space: pre-wrap", class: "note"}, text)))));
  document.getElementById("foot").append(
      p(`Made by ${data.made_by}. One file; it needs no network and sends nothing.`));
}
