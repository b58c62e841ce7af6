#include "cli/commands.hpp"
namespace qantar::cli {
int compare(const Call&) { return 0; }
}  // namespace qantar::cli
