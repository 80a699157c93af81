#include "tutti/comm/guarded.hpp"

#include "tutti/comm/context.hpp"
#include "tutti/comm/mpi_error.hpp"
#include "tutti/core/hash.hpp"

namespace tutti::comm {

namespace {

constexpr Operation guarded_operation{"guarded"};

// @param communicator  whether the section wants one, which is collective to make
Call guarded_call(std::string_view what, bool communicator, Site site) {
  Call call{guarded_operation, site};
  call.note = what;
  call.detail = core::mix(core::hash(what), communicator ? 1 : 0);
  return call;
}

}  // namespace

MPI_Comm TUTTI_FOR_MPI::begin_guarded(const World& world, std::string_view what, bool communicator,
                                      Site site) {
  return world.context().begin_guarded(guarded_call(what, communicator, site), communicator);
}

void TUTTI_FOR_MPI::end_guarded(const World& world, std::string_view what, bool communicator,
                                const std::exception_ptr& failure, Site site) {
  world.context().end_guarded(guarded_call(what, communicator, site), failure);
}

void TUTTI_FOR_MPI::check_guarded(int code, std::string_view what) {
  check_mpi(code, std::string(what).c_str());
}

}  // namespace tutti::comm
