#include "tutti/array/redistribution.hpp"

#include "tutti/array/movement.hpp"
#include "tutti/core/error.hpp"

namespace tutti {

namespace {

constexpr comm::Operation redistribute_operation{"redistribute"};

void check_distribution(const char* role, const array::VectorPart& x, const Distribution& planned) {
  if (x.distribution == planned) return;
  throw DistributionError(text("redistribute: ", x.name, " is distributed ", x.distribution.layout().name(),
                               " with ", x.distribution.size(), " elements on ", x.distribution.ranks(),
                               " ranks, the plan is ", role, ' ', planned.layout().name(), " with ",
                               planned.size(), " on ", planned.ranks(), "; make a plan for this vector"));
}

void check_vectors(const RedistributionPlan& plan, const array::VectorPart& x,
                   const array::VectorPart& result) {
  if (&x.world.context() != &result.world.context())
    throw DistributionError(
        text("redistribute: ", x.name, " and ", result.name, " live in different Worlds"));
  check_distribution("from", x, plan.from());
  check_distribution("to", result, plan.to());
  if (x.local == result.local && x.local != nullptr)
    throw DistributionError(text("redistribute: ", x.name, " to itself; give another vector for the result"));
}

}  // namespace

RedistributionPlan::RedistributionPlan(const Distribution& from, const Distribution& to, Workspace workspace)
    : from_(from), to_(to), workspace_(workspace) {
  distribution::Transition(from, to, 1, 1);  // checks
}

std::size_t RedistributionPlan::temporary_bytes(std::size_t element_bytes) const {
  return array::workspace_needed({from_, &to_, workspace_}, element_bytes);
}

void array::redistribute(const RedistributionPlan& plan, const comm::ElementName& element,
                         const VectorPart& x, const VectorPart& result, Site site) {
  const Move move{plan.from(), &plan.to(), plan.workspace()};
  const std::string note = text(x.name, ", ", plan.from().layout().name(), " to ", plan.to().layout().name());
  comm::Call call{redistribute_operation, site, element, plan.from().size()};
  call.note = note;
  call.detail = move.hash();
  move_elements(x.world, call, move, text("redistribution of ", x.name), [&] {
    check_vectors(plan, x, result);
    return Ends{x.local, result.local};
  });
}

}  // namespace tutti
