// What was run for an account, in an HDF5 file: so that an adjudication goes on after it was killed, and others can
// look at its trials.
#pragma once
#include <string>

#include "analysis/inference/adjudication.hpp"
#include "sim/results/digest.hpp"
#include "sim/results/hdf5.hpp"

namespace qantar::analysis {

/// Writes an account as the groups `population`, `prior` and `evidence` of `parent`, as far as each has come. Numbers
/// are stored as they are, so that what is read again goes on with the same bits.
void write_account(hid_t parent, const AccountTrials& account);
/// Throws sim::h5::Error.
AccountTrials read_account(hid_t parent);

/// The same of trials alone, as a group of this name.
void write_trials(hid_t parent, const std::string& name, const Trials& trials);
Trials read_trials(hid_t parent, const std::string& name);
void digest_trials(sim::Sha256& sum, const Trials& trials);

/// Adds every number of an account to a digest.
void digest_account(sim::Sha256& sum, const AccountTrials& account);

}  // namespace qantar::analysis
