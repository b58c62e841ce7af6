// A layout and a clock, written so that the file alone is enough to find them again.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "sim/results/schema.hpp"

namespace qantar::sim {

void write_layout(hid_t file, const ResultLayout& layout) {
  std::vector<std::string> names;
  for (const auto& a : layout.axes) {
    if (a.labels.empty())
      write_scale(file, a.name, a.coordinates, a.units, a.long_name);
    else
      write_labels(file, a.name, a.labels, a.long_name);
    names.push_back(a.name);
  }
  h5::put(file, "axes", names);
}

ResultLayout read_layout(hid_t file) {
  ResultLayout layout;
  for (const auto& name : h5::texts(file, "axes")) {
    const h5::Handle dataset = h5::open_dataset(file, name);
    Axis axis{name, {}, {}, h5::text(dataset, "units"), h5::text(dataset, "long_name")};
    if (h5::is_text(dataset))
      axis.labels = h5::read_texts(file, name);
    else
      axis.coordinates = h5::read_all<double>(file, name, H5T_NATIVE_DOUBLE);
    layout.axes.push_back(std::move(axis));
  }
  for (const auto& name : h5::links(file)) {
    H5O_info_t info;
    h5::check(H5Oget_info_by_name(file, name.c_str(), &info, H5P_DEFAULT), "cannot look at '" + name + "'");
    if (info.type != H5O_TYPE_DATASET) continue;
    const h5::Handle dataset = h5::open_dataset(file, name);
    if (!h5::has_attribute(dataset, "role")) continue;
    const std::string role = h5::text(dataset, "role");
    if (role == "outcome") layout.outcomes.push_back(described(dataset, name, 1));
    if (role == "parameter") {
      layout.parameters.push_back(described(dataset, name, 1));
      layout.parameters.back().name.erase(0, std::string("parameter_").size());
    }
  }
  const h5::Handle series = h5::open_group(file, "series");
  for (const auto& name : h5::texts(series, "variables"))
    layout.series.push_back(described(h5::open_dataset(series, name), name, 2));
  const h5::Handle events = h5::open_group(file, "events");
  layout.event_kinds = h5::texts(h5::open_dataset(events, "kind"), "meanings");
  layout.event_refs = h5::texts(events, "refs");
  return layout;
}

void write_clock(hid_t group, const Clock& clock) {
  h5::put_int(group, "clock_epoch_seconds", clock.epoch().seconds);
  h5::put_int(group, "clock_offset_minutes", clock.epoch().offset_minutes);
  h5::put_real(group, "clock_start_h", clock.start());
  h5::put_real(group, "clock_end_h", clock.end());
  h5::put_real(group, "clock_step_h", clock.step_hours());
}

Clock read_clock(hid_t group) {
  const Instant epoch{h5::integer(group, "clock_epoch_seconds"),
                      static_cast<int>(h5::integer(group, "clock_offset_minutes"))};
  constexpr double most_hours = 1e7, most_steps = 1e6;  // a thousand years; far above what a case may ask for
  const double step = h5::real(group, "clock_step_h"), start = h5::real(group, "clock_start_h"),
               end = h5::real(group, "clock_end_h");
  if (!(step > 0 && std::fabs(start) <= most_hours && std::fabs(end) <= most_hours && end >= start &&
        (end - start) / step <= most_steps))
    throw h5::Error(fmt::format("a clock from hour {} to {} in steps of {} cannot be", start, end, step));
  const Clock base(epoch, epoch, epoch, step);
  return {epoch, base.instant(start), base.instant(end), step};
}

}  // namespace qantar::sim
