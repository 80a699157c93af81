// What a dot product sends beside one plain allreduce of 64 bytes: messages and bytes of all ranks together,
// and the simulated time from a common start until the last rank has its result, which is the critical path.
// What the ranks compute takes no simulated time.
#include <cstdint>
#include <simgrid/actor.h>

#include <tutti/tutti.hpp>

#include <mpi.h>

namespace {

using namespace tutti;

struct Traffic {
  long messages = 0;
  std::size_t bytes = 0;
} traffic;  // of all ranks: they are in this one process

double count_message(std::size_t size, sg_host_t /*from*/, sg_host_t /*to*/) {
  ++traffic.messages;
  traffic.bytes += size;
  return 0;  // s of overhead at the sender
}

// All ranks begin at the same simulated second.
template <class F>
void measure(World& world, const char* what, double start, const F& f) {
  sg_actor_sleep_until(start);
  if (world.rank() == 0) traffic = {};
  sg_actor_sleep_until(start + 1);
  f();
  const double taken = MPI_Wtime() - (start + 1);
  sg_actor_sleep_until(start + 2);  // before anything else is sent
  const Traffic found = traffic;
  sg_actor_sleep_until(start + 3);
  const double critical = max(world, taken);
  world.print(text(what, ": ", found.messages, " messages, ", found.bytes, " bytes, ",
                   static_cast<long>(critical * 1e12), " ps\n"));
}

struct Words {
  std::uint64_t word[8];
};

extern "C" void merge_words(void* in, void* inout, int* count, MPI_Datatype* /*type*/) {
  for (int i = 0; i < *count; ++i)
    for (int k = 0; k < 8; ++k) static_cast<Words*>(inout)[i].word[k] |= static_cast<Words*>(in)[i].word[k];
}

void work(World& world) {
  DistVector<double> x(world, 20011, cyclic, "x");
  x.fill([](Index i) { return 1 / (1 + static_cast<double>(i)); });
  MPI_Comm plain = MPI_COMM_NULL;
  MPI_Comm_dup(MPI_COMM_WORLD, &plain);
  MPI_Datatype type = MPI_DATATYPE_NULL;
  MPI_Op operation = MPI_OP_NULL;
  MPI_Type_contiguous(8, MPI_UINT64_T, &type);
  MPI_Type_commit(&type);
  MPI_Op_create(merge_words, 1, &operation);
  Words mine{}, all{};
  measure(world, "allreduce of 64 B", 1000, [&] { MPI_Allreduce(&mine, &all, 1, type, operation, plain); });
  measure(world, "dot", 1010, [&] { dot(x, x); });
  measure(world, "sum", 1020, [&] { sum(x); });
  measure(world, "two dots", 1030, [&] { dot(x, x), dot(x, x); });
  MPI_Op_free(&operation);
  MPI_Type_free(&type);
  MPI_Comm_free(&plain);
}

}  // namespace

int main(int argc, char** argv) {
  smpi_register_op_cost_callback(SmpiOperation::SEND, count_message);
  smpi_register_op_cost_callback(SmpiOperation::ISEND, count_message);
  return run(argc, argv, work);
}
