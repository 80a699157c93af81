// Exact sums for C: checked arguments, then what C++ programs call.
#include <algorithm>

#include "tutti/capi/answer.hpp"
#include "tutti/capi/calls.hpp"
#include "tutti/capi/handles.hpp"
#include "tutti/comm/reductions.hpp"
#include "tutti/exact/reduce.hpp"

namespace tutti::capi {

namespace {

using comm::element_name;

constexpr comm::Operation sum_operation{"sum"};
constexpr comm::Operation dot_operation{"dot"};
constexpr comm::Operation sums_operation{"sums"};
constexpr comm::Operation elements_operation{"sum_elements"};

template <class T>
void sum(const tutti_world* handle, const char* name, Index n, const T* x, double* result, Site site) {
  const auto open = worlds().at(handle);
  const comm::Call call = named(sum_operation, name, site, element_name<T>());
  const ExactSum total = comm::merge_sums(open->world, call, [&] {
    check_name(name);
    check_count(name, n, "n");
    check_array(name, x, n, "x");
    check_result(name, result, "sum");
    ExactSum part;
    exact::add_sum(part, elements(x, n));
    return part;
  });
  *result = total.round();
}

template <class T>
void dot(const tutti_world* handle, const char* name, Index n, const T* x, const T* y, double* result,
         Site site) {
  const auto open = worlds().at(handle);
  const comm::Call call = named(dot_operation, name, site, element_name<T>());
  const ExactSum total = comm::merge_sums(open->world, call, [&] {
    check_name(name);
    check_count(name, n, "n");
    check_array(name, x, n, "x");
    check_array(name, y, n, "y");
    check_result(name, result, "dot");
    ExactSum part;
    exact::add_dot(part, elements(x, n), elements(y, n));
    return part;
  });
  *result = total.round();
}

void sums(const tutti_world* handle, const char* name, Index count, Index n, const double* x, double* results,
          Site site) {
  const auto open = worlds().at(handle);
  const comm::Call call = named(sums_operation, name, site, element_name<double>(), count);
  check_alone(open->world, call, [&] {
    check_name(name);
    check_count(name, count, "count");
    check_count(name, n, "n");
    Index all = 0;
    if (!multiply_fits(count, n, all))
      throw UsageError(text(name, ": count = ", count, ", n = ", n, "; x cannot have so many elements"));
    check_array(name, x, all, "x");
    if (count > 0) check_result(name, results, "sums");
  });
  const auto totals =
      comm::merge_sums(open->world, call, static_cast<std::size_t>(count), [&](std::span<ExactSum> parts) {
        for (std::size_t k = 0; k < parts.size(); ++k)
          exact::add_sum(
              parts[k],
              elements(x, count * n).subspan(k * static_cast<std::size_t>(n), static_cast<std::size_t>(n)));
      });
  std::transform(totals.begin(), totals.end(), results, [](const ExactSum& total) { return total.round(); });
}

template <class T>
void sum_elements(const tutti_world* handle, const char* name, Index n, T* x, Site site) {
  const auto open = worlds().at(handle);
  const comm::Call call = named(elements_operation, name, site, element_name<T>(), n);
  check_alone(open->world, call, [&] {
    check_name(name);
    check_count(name, n, "n");
    check_array(name, x, n, "x");
  });
  comm::reduce_elements(open->world, comm::Elementwise::sum, elements(x, n), call);
}

}  // namespace

}  // namespace tutti::capi

using namespace tutti;
using capi::answer, capi::site_of;

int tutti_sum_at(tutti_world* world, const char* name, int64_t n, const double* x, double* sum,
                 const char* file, int line) {
  return answer([&] { capi::sum(world, name, n, x, sum, site_of(file, line)); });
}

int tutti_sum_float_at(tutti_world* world, const char* name, int64_t n, const float* x, double* sum,
                       const char* file, int line) {
  return answer([&] { capi::sum(world, name, n, x, sum, site_of(file, line)); });
}

int tutti_dot_at(tutti_world* world, const char* name, int64_t n, const double* x, const double* y,
                 double* dot, const char* file, int line) {
  return answer([&] { capi::dot(world, name, n, x, y, dot, site_of(file, line)); });
}

int tutti_dot_float_at(tutti_world* world, const char* name, int64_t n, const float* x, const float* y,
                       double* dot, const char* file, int line) {
  return answer([&] { capi::dot(world, name, n, x, y, dot, site_of(file, line)); });
}

int tutti_sums_at(tutti_world* world, const char* name, int64_t count, int64_t n, const double* x,
                  double* sums, const char* file, int line) {
  return answer([&] { capi::sums(world, name, count, n, x, sums, site_of(file, line)); });
}

int tutti_sum_elements_at(tutti_world* world, const char* name, int64_t n, double* x, const char* file,
                          int line) {
  return answer([&] { capi::sum_elements(world, name, n, x, site_of(file, line)); });
}

int tutti_sum_elements_float_at(tutti_world* world, const char* name, int64_t n, float* x, const char* file,
                                int line) {
  return answer([&] { capi::sum_elements(world, name, n, x, site_of(file, line)); });
}
