// The group `provenance`: what made the file, with what, where and when.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/results/hdf5.hpp"
#include "sim/results/result_file.hpp"

namespace qantar::sim {

/// "qantar 0.1.0 (revision)", without the brackets when it was built outside a checkout.
std::string program_name();
/// The name of this machine; empty when it has none.
std::string host_name();
/// UTC, "2022-01-05T09:10:00Z".
std::string time_now();
/// The widest vector instructions that this machine offers.
std::string instruction_set();

void write_provenance(hid_t group, const RunDescription& run, const std::string& started);
/// What is known only at the end: number of trials by TrialStatus, the parts that rows came from, and the time.
void finish_provenance(hid_t group, const std::array<std::int64_t, 2>& by_status,
                       const std::vector<PartOrigin>& origins);
RunDescription read_run(hid_t group);
/// Every attribute of the group as text; lists joined by spaces.
std::map<std::string, std::string> read_provenance(hid_t group);

}  // namespace qantar::sim
