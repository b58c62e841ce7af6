// Classifier two-sample test (Lopez-Paz and Oquab 2017) as the benchmark of Lueckmann et al. (2021) uses it: how often
// a network that has seen four fifths of two samples tells for the rest which of the two a point is from. 0.5: not at
// all.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include <Eigen/Dense>

#include "sim/draws.hpp"

namespace qantar::test {

/// One column per point.
using Points = Eigen::MatrixXf;

/// Two hidden layers of 10 rectified units per dimension, trained by Adam (Kingma and Ba 2015) with its usual constants
/// on the logistic loss, in batches.
class Network {
 public:
  Network(Eigen::Index inputs, const sim::Draws& draws) {
    const Eigen::Index hidden = 10 * inputs, sizes[] = {inputs, hidden, hidden, 1};
    for (std::uint32_t l = 0; l < 3; ++l) {
      Layer& layer = layers_[l];
      // Glorot and Bengio 2010; the column after the weights is the bias.
      const double bound = std::sqrt(6.0 / static_cast<double>(sizes[l] + sizes[l + 1]));
      layer.weight.resize(sizes[l + 1], sizes[l] + 1);
      std::uint32_t i = 0;
      for (float& w : layer.weight.reshaped()) w = static_cast<float>(bound * (2 * draws.uniform(1, l, i++) - 1));
      layer.mean = layer.square = Eigen::MatrixXf::Zero(sizes[l + 1], sizes[l] + 1);
    }
  }

  /// Log odds of the second sample.
  Eigen::RowVectorXf operator()(const Points& x) {
    Points a = x;
    for (int l = 0; l < 3; ++l) {
      layers_[l].input = std::move(a);
      const auto& w = layers_[l].weight;
      a = (w.leftCols(w.cols() - 1) * layers_[l].input).colwise() + w.rightCols<1>();
      if (l < 2) a = a.cwiseMax(0.0F);
    }
    return a;
  }

  /// One step; the mean loss before it.
  float train(const Points& x, const Eigen::RowVectorXf& second) {
    const Eigen::ArrayXXf odds = (*this)(x).array();
    const Eigen::ArrayXXf p = 1 / (1 + (-odds).exp());
    const auto n = static_cast<float>(x.cols());
    Points delta = (p - second.array()) / n;
    ++step_;
    for (int l = 2; l >= 0; --l) {
      Layer& layer = layers_[l];
      const Eigen::Index inputs = layer.weight.cols() - 1;
      Eigen::MatrixXf gradient(layer.weight.rows(), layer.weight.cols());
      gradient << delta * layer.input.transpose(), delta.rowwise().sum();
      if (l > 0)
        delta = ((layer.weight.leftCols(inputs).transpose() * delta).array() * (layer.input.array() > 0).cast<float>())
                    .matrix()
                    .eval();
      constexpr float rate = 1e-3F, b1 = 0.9F, b2 = 0.999F;
      layer.mean = b1 * layer.mean + (1 - b1) * gradient;
      layer.square = b2 * layer.square + (1 - b2) * gradient.cwiseAbs2();
      const float scale = rate * std::sqrt(1 - std::pow(b2, step_)) / (1 - std::pow(b1, step_));
      layer.weight.array() -= scale * layer.mean.array() / (layer.square.array().sqrt() + 1e-8F);
    }
    // log(1 + exp(-|odds|)) and what the wrong sign costs.
    return ((-odds.abs()).exp().log1p() + odds.cwiseMax(0.0F) - odds * second.array()).mean();
  }

 private:
  struct Layer {
    Eigen::MatrixXf weight, mean, square, input;
  };
  Layer layers_[3];
  float step_ = 0;
};

/// Share of points that are told rightly by networks that have not seen them, in five folds; both samples on the scale
/// of the first. Training ends when the loss has not fallen by 1e-4 for ten rounds, or after `rounds`.
inline double c2st(const Points& first, const Points& second, std::uint64_t seed = 1, int rounds = 20,
                   std::int64_t batch = 100) {
  const Eigen::Index n = first.cols() + second.cols();
  Points all(first.rows(), n);
  all << first, second;
  const Eigen::VectorXf mean = first.rowwise().mean();
  const Eigen::VectorXf sd = ((first.colwise() - mean).cwiseAbs2().rowwise().mean()).cwiseSqrt();
  all = (all.colwise() - mean).array().colwise() / sd.array();
  const auto shuffled = [&](std::vector<Eigen::Index> order, const sim::Draws& draws, std::uint32_t round) {
    for (std::size_t i = order.size(); i > 1; --i)
      std::swap(order[i - 1],
                order[static_cast<std::size_t>(draws.uniform(2, static_cast<std::uint32_t>(i), round) * double(i))]);
    return order;
  };
  std::vector<Eigen::Index> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  order = shuffled(order, sim::Draws({seed, 0, 0}), 0);
  const auto label = [&](Eigen::Index i) { return i < first.cols() ? 0.0F : 1.0F; };
  Eigen::Index right = 0;
  for (std::uint32_t fold = 0; fold < 5; ++fold) {
    const sim::Draws draws({seed, 1, fold});
    std::vector<Eigen::Index> seen, unseen;
    for (std::size_t i = 0; i < order.size(); ++i) (i % 5 == fold ? unseen : seen).push_back(order[i]);
    Network network(first.rows(), draws);
    float best = INFINITY;
    int idle = 0;
    for (int round = 0; round < rounds && idle < 10; ++round) {
      seen = shuffled(seen, draws, static_cast<std::uint32_t>(round));
      double loss = 0;
      for (std::size_t from = 0; from < seen.size(); from += static_cast<std::size_t>(batch)) {
        const std::vector<Eigen::Index> some(
            seen.begin() + static_cast<std::ptrdiff_t>(from),
            seen.begin() + std::min<std::ptrdiff_t>(std::ssize(seen), static_cast<std::ptrdiff_t>(from) + batch));
        Eigen::RowVectorXf y(std::ssize(some));
        for (Eigen::Index i = 0; i < y.size(); ++i) y[i] = label(some[static_cast<std::size_t>(i)]);
        loss += static_cast<double>(network.train(all(Eigen::all, some), y)) * static_cast<double>(some.size());
      }
      const auto now = static_cast<float>(loss / static_cast<double>(seen.size()));
      idle = now < best - 1e-4F ? 0 : idle + 1;
      best = std::min(best, now);
    }
    const Eigen::RowVectorXf odds = network(all(Eigen::all, unseen));
    for (Eigen::Index i = 0; i < odds.size(); ++i)
      right += (odds[i] > 0) == (label(unseen[static_cast<std::size_t>(i)]) > 0.5F);
  }
  return static_cast<double>(right) / static_cast<double>(n);
}

}  // namespace qantar::test
