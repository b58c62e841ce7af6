// qantar-mpi: the ranks of one MPI job as workers of one sweep. They share nothing but a counter, from which each takes
// the next stretch of trials by a one-sided fetch-and-add, so nobody is busy serving others; each writes its own parts.
#include <iostream>
#include <string>
#include <vector>

#include <mpi.h>

#include "cli/commands.hpp"
#include "cli/sweep/sweep.hpp"

namespace {

/// A whole number that lives on rank 0 and that every rank can add to.
class SharedCounter {
 public:
  SharedCounter() {
    int rank = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    const MPI_Aint bytes = rank == 0 ? sizeof(long) : 0;
    MPI_Win_allocate(bytes, sizeof(long), MPI_INFO_NULL, MPI_COMM_WORLD, &memory_, &window_);
    MPI_Win_lock_all(0, window_);
    if (rank == 0) *memory_ = 0;
    MPI_Win_sync(window_);
    MPI_Barrier(MPI_COMM_WORLD);
  }
  ~SharedCounter() {
    MPI_Win_unlock_all(window_);
    MPI_Win_free(&window_);
  }
  SharedCounter(const SharedCounter&) = delete;
  SharedCounter& operator=(const SharedCounter&) = delete;

  long take() {
    const long one = 1;
    long number = 0;
    MPI_Fetch_and_op(&one, &number, MPI_LONG, 0, 0, MPI_SUM, window_);
    MPI_Win_flush(0, window_);
    return number;
  }

 private:
  long* memory_ = nullptr;
  MPI_Win window_ = MPI_WIN_NULL;
};

}  // namespace

int main(int argc, char** argv) {
  int provided = 0, rank = 0, ranks = 1;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_SERIALIZED, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  int code = qantar::cli::internal_error;
  if (provided < MPI_THREAD_SERIALIZED) {
    if (rank == 0)
      std::cerr << "qantar-mpi: this MPI lets only one thread call it; use the shards of qantar sweep run\n";
  } else {
    SharedCounter counter;
    const qantar::cli::WorkerGroup workers{rank, ranks, [&] { return counter.take(); },
                                           [] {
                                             // Some networks let others at rank 0's counter only while rank 0 is inside
                                             // MPI.
                                             int waiting = 0;
                                             MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &waiting,
                                                        MPI_STATUS_IGNORE);
                                           },
                                           [](bool mine) {
                                             int all = mine;
                                             MPI_Allreduce(MPI_IN_PLACE, &all, 1, MPI_INT, MPI_LAND, MPI_COMM_WORLD);
                                             return all != 0;
                                           }};
    code = qantar::cli::mpi_program(std::vector<std::string>(argv, argv + argc), workers, std::cout, std::cerr);
  }
  // Scripts look at the exit code of the job: every rank ends with that of the rank that fared worst.
  MPI_Allreduce(MPI_IN_PLACE, &code, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  MPI_Finalize();
  return code;
}
