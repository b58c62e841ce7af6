#include "analysis/inference/storage.hpp"

#include <cstdint>
#include <type_traits>
#include <vector>

namespace qantar::analysis {
namespace {

namespace h5 = sim::h5;

template <class T>
hid_t memory_type() {
  if constexpr (std::is_same_v<T, double>) return H5T_NATIVE_DOUBLE;
  if constexpr (std::is_same_v<T, std::int64_t>) return H5T_NATIVE_INT64;
  if constexpr (std::is_same_v<T, char>) return H5T_NATIVE_CHAR;
}
template <class T>
hid_t stored_type() {
  if constexpr (std::is_same_v<T, double>) return H5T_IEEE_F64LE;
  if constexpr (std::is_same_v<T, std::int64_t>) return H5T_STD_I64LE;
  if constexpr (std::is_same_v<T, char>) return H5T_STD_I8LE;
}

/// Each of the three below is told the name and the place of every number of an account.
struct Written {
  h5::Handle group;
  template <class T>
  void operator()(const char* name, const std::vector<T>& values) {
    h5::write(h5::create_dataset(group, name, {stored_type<T>()}, {values.size()}), memory_type<T>(), values.data());
  }
  void operator()(const char* name, std::int64_t value) { h5::put_int(group, name, value); }
  void operator()(const char* name, const std::string& text) { h5::put(group, name, text); }
};

struct ReadAgain {
  h5::Handle group;
  template <class T>
  void operator()(const char* name, std::vector<T>& values) {
    values = h5::read_all<T>(group, name, memory_type<T>());
  }
  void operator()(const char* name, std::int64_t& value) { value = h5::integer(group, name); }
  void operator()(const char* name, std::string& text) { text = h5::text(group, name); }
};

struct Digested {
  sim::Sha256& sum;
  template <class T>
  void operator()(const char* name, const std::vector<T>& values) {
    sum.add_text(name);
    const std::uint64_t n = values.size();
    sum.add(&n, sizeof n);
    sum.add(values.data(), values.size() * sizeof(T));
  }
  void operator()(const char* name, std::int64_t value) {
    sum.add_text(name);
    sum.add(&value, sizeof value);
  }
  void operator()(const char* name, const std::string& text) {
    sum.add_text(name);
    sum.add_text(text);
  }
};

/// A number that is not an int64 where it lives.
template <class Visitor, class T>
void whole(Visitor& visit, const char* name, T& number) {
  std::int64_t as_stored = number;
  visit(name, as_stored);
  if constexpr (!std::is_const_v<T>) number = static_cast<T>(as_stored);
}

template <class Visitor, class Generations, class T>
void column(Visitor& visit, const char* name, Generations& generations, T AbcGeneration::*member) {
  std::vector<T> values;
  for (const auto& generation : generations) values.push_back(generation.*member);
  visit(name, values);
  if constexpr (!std::is_const_v<Generations>) {
    generations.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) generations[i].*member = values[i];
  }
}

template <class Visitor, class Abc>
void population(Visitor& visit, Abc& abc) {
  visit("next_candidate", abc.next);
  whole(visit, "dimension", abc.population.dimension);
  visit("z", abc.population.z);
  visit("weight", abc.population.weight);
  visit("entered_z", abc.z);
  visit("entered_log_ratio", abc.log_ratio);
  visit("entered_score", abc.score);
  visit("failed", abc.failed);
  column(visit, "generation_level", abc.history, &AbcGeneration::level);
  column(visit, "generation_candidates", abc.history, &AbcGeneration::candidates);
  column(visit, "generation_failed", abc.history, &AbcGeneration::failed);
  column(visit, "generation_acceptance", abc.history, &AbcGeneration::acceptance);
  column(visit, "generation_effective_size", abc.history, &AbcGeneration::effective_size);
  whole(visit, "finished", abc.finished);
  visit("stopped_because", abc.stopped_because);
}

template <class Visitor, class Some>
void trials(Visitor& visit, Some& some) {
  whole(visit, "dimension", some.dimension);
  whole(visit, "width", some.width);
  visit("z", some.z);
  visit("log_proposal", some.log_proposal);
  visit("outcomes", some.outcomes);
  visit("failed", some.failed);
  visit("first_failure", some.first_failure);
}

template <class Account, class Open>
void each_part(Account& account, const Open& open) {
  auto first = open("population");
  population(first, account.population);
  auto second = open("prior");
  trials(second, account.prior);
  auto third = open("evidence");
  trials(third, account.evidence);
  auto fourth = open("narrow");
  trials(fourth, account.narrow);
  auto fifth = open("wide");
  trials(fifth, account.wide);
}

}  // namespace

void write_account(hid_t parent, const AccountTrials& account) {
  h5::put(parent, "account", account.name);
  h5::put(parent, "luck", account.luck);
  each_part(account, [&](const char* name) { return Written{h5::create_group(parent, name)}; });
}

AccountTrials read_account(hid_t parent) {
  AccountTrials account;
  account.name = h5::text(parent, "account");
  // Files before version 0.2 had the name for it.
  account.luck = h5::has_attribute(parent, "luck") ? h5::text(parent, "luck") : account.name;
  each_part(account, [&](const char* name) { return ReadAgain{h5::open_group(parent, name)}; });
  return account;
}

void write_trials(hid_t parent, const std::string& name, const Trials& some) {
  Written visit{h5::create_group(parent, name)};
  trials(visit, some);
}

Trials read_trials(hid_t parent, const std::string& name) {
  Trials some;
  ReadAgain visit{h5::open_group(parent, name)};
  trials(visit, some);
  return some;
}

void digest_trials(sim::Sha256& sum, const Trials& some) {
  Digested visit{sum};
  trials(visit, some);
}

void digest_account(sim::Sha256& sum, const AccountTrials& account) {
  sum.add_text(account.name);
  sum.add_text(account.luck);
  each_part(account, [&](const char*) { return Digested{sum}; });
}

}  // namespace qantar::analysis
