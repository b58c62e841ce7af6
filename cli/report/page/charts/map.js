// Places on a map at one hour: crowds as discs, their violent part inside, police as squares, lost sites in words.

const countries = (() => {
  const topology = read("countries");
  return topojson.feature(topology, topology.objects.countries).features;
})();

function inside([lon, lat], geometry) {
  let odd = false;
  for (const polygon of geometry.coordinates)
    for (const ring of polygon)
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [ax, ay] = ring[i], [bx, by] = ring[j];
        if (ay > lat !== by > lat && lon < ((bx - ax) * (lat - ay)) / (by - ay) + ax) odd = !odd;
      }
  return odd;
}

/** The countries that the places lie in. */
const home = (places) => countries.filter((c) => places.some((p) => inside([p.longitude, p.latitude], c.geometry)));

/** rows: {name, longitude, latitude, crowd, violent, police, lost_text}; most: the largest crowd of all hours. */
function map(rows, width, {places, most, most_police}) {
  const lon = places.map((p) => p.longitude), lat = places.map((p) => p.latitude);
  const centre = (Math.min(...lon) + Math.max(...lon)) / 2, middle = (Math.min(...lat) + Math.max(...lat)) / 2;
  const own = home(places);
  const wide = Math.max(...lon) - Math.min(...lon) || 4, high = Math.max(...lat) - Math.min(...lat) || 4;
  const height = Math.round(Math.max(240, Math.min(0.62 * width, 560)));
  const dot = (x, y) => ({type: "Feature", geometry: {type: "Point", coordinates: [x, y]}});
  const focus = {
    type: "FeatureCollection",
    features: [
      ...own, dot(Math.min(...lon) - 0.08 * wide, Math.min(...lat) - 0.08 * high),
      dot(Math.max(...lon) + 0.08 * wide, Math.max(...lat) + 0.04 * high)
    ]
  };
  const shape = vega.projection("conicEqualArea")()
                    .rotate([-centre, 0])
                    .center([0, middle])
                    .parallels([middle - 6, middle + 6])
                    .fitExtent([[12, 12], [width - 12, height - 12]], focus);
  const projection = {
    type: "conicEqualArea",
    rotate: [-centre, 0, 0],
    center: [0, middle],
    parallels: [middle - 6, middle + 6],
    scale: shape.scale(),
    translate: shape.translate(),
    clipExtent: [[0, 0], [width, height]]
  };
  const place = {
    longitude: {field: "longitude", type: "quantitative"},
    latitude: {field: "latitude", type: "quantitative"}
  };
  const biggest = Math.max(700, Math.min(5200, width * 5));
  const area = (field, top, range) => ({
    field,
    type: "quantitative",
    scale: {type: "linear", domain: [0, Math.max(1, top)], range: [0, range], clamp: true, zero: true},
    legend: null
  });
  const tooltip = [
    {field: "name", title: ""}, {field: "crowd", title: "on the street", format: ",.0f"},
    {field: "violent", title: "of them violent", format: ",.0f"},
    {field: "police", title: "forces present", format: ",.0f"}, {field: "lost_text", title: "state sites"}
  ];
  const outline = (features, mark) => ({data: {values: features}, mark: {type: "geoshape", ...mark}, projection});
  const names = (size, filter) => ({
    data: {name: "now"},
    transform: [{filter}],
    projection,
    mark: {type: "text", dy: 15, fontSize: size, color: ink},
    encoding: {...place, text: {field: "name"}}
  });
  return {
    width,
    height,
    padding: 0,
    view: {stroke: null},
    resolve: {scale: {size: "independent"}},
    data: {name: "now", values: rows},
    layer: [
      outline(countries, {fill: "var(--land)", stroke: paper, strokeWidth: 1}),
      outline(own, {fill: "var(--home)", stroke: quiet, strokeWidth: 1}),
      {
        projection,
        mark: {type: "point", shape: "square", filled: false, stroke: blue, strokeWidth: 1.6, opacity: 0.9},
        encoding: {...place, size: area("police", most_police, biggest / 3), tooltip}
      },
      {
        projection,
        mark: {type: "circle", fill: yellow, stroke: ink, strokeWidth: 0.6, opacity: 0.75},
        encoding: {...place, size: area("crowd", most, biggest), tooltip}
      },
      {
        projection,
        mark: {type: "circle", fill: orange, opacity: 0.9},
        encoding: {...place, size: area("violent", most, biggest), tooltip}
      },
      {projection, mark: {type: "circle", fill: ink, size: 9, opacity: 1}, encoding: {...place, tooltip}},
      names(width < 500 ? 9.5 : 11.5, width < 500 ? "datum.major" : "true"),
      {
        data: {name: "now"},
        transform: [{filter: "datum.lost > 0.2"}],
        projection,
        mark: {type: "text", dy: width < 500 ? 25 : 28, fontSize: width < 500 ? 9 : 11, fontWeight: 700, color: orange},
        encoding: {...place, text: {field: width < 500 ? "lost_short" : "lost_text"}}
      },
    ],
  };
}
