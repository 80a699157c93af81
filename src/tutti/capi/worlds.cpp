// tutti_world_from() and its like: the World of a C program.
#include "tutti/capi/answer.hpp"
#include "tutti/capi/calls.hpp"
#include "tutti/capi/handles.hpp"
#include "tutti/comm/mpi.hpp"

namespace tutti::capi {

namespace {

constexpr comm::Operation world_operation{"new world"};

void add(const World& world, tutti_world** handle) {
  comm::agree(world, named(world_operation, nullptr, site_of(nullptr, 0)),
              [&] { check_result("tutti_world_from", handle, "world"); });
  *handle = worlds().add(std::make_shared<OpenWorld>(OpenWorld{world, {}}));
}

}  // namespace

}  // namespace tutti::capi

using namespace tutti::capi;

int tutti_world_from(MPI_Comm communicator, tutti_world** world) {
  return answer([&] { add(tutti::world_from(communicator), world); });
}

int tutti_world_from_fortran(MPI_Fint communicator, tutti_world** world) {
  return answer([&] { add(tutti::world_from_fortran(communicator), world); });
}

int tutti_world_free(tutti_world** world) {
  return answer([&] {
    check_result("tutti_world_free", world, "world");
    const auto open = worlds().at(*world);
    if (!open->sections.empty())
      throw tutti::UsageError(tutti::text("the guarded section \"", open->sections.back(),
                                          "\" is open; call tutti_guard_end before tutti_world_free"));
    worlds().remove(*world);
    *world = nullptr;
  });
}
