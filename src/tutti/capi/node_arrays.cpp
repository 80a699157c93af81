// Node-shared arrays for C: filled by stripes, then read by all.
#include "tutti/capi/answer.hpp"
#include "tutti/capi/calls.hpp"
#include "tutti/capi/handles.hpp"

namespace tutti::capi {

namespace {

constexpr comm::Operation create_operation{"new node-shared array"};

comm::ElementName element_of(int type, std::string_view name) {
  switch (type) {
    case TUTTI_DOUBLE:
      return comm::element_name<double>();
    case TUTTI_FLOAT:
      return comm::element_name<float>();
    case TUTTI_INT32:
      return comm::element_name<std::int32_t>();
    case TUTTI_INT64:
      return comm::element_name<std::int64_t>();
    default:
      throw UsageError(
          text(name, ": type ", type, "; give one of TUTTI_DOUBLE, TUTTI_FLOAT, TUTTI_INT32, TUTTI_INT64"));
  }
}

void create(const tutti_world* world, const char* name, Index n, int type, tutti_node_array** array,
            Site site) {
  const auto open = worlds().at(world);
  comm::ElementName element = comm::no_elements;
  check_alone(open->world, named(create_operation, name, site), [&] {
    check_name(name);
    check_count(name, n, "n");
    check_result(name, array, "array");
    element = element_of(type, name);
  });
  *array = node_arrays().add(std::make_shared<array::NodeArray>(
      open->world, element, n, name, Placement::per_node, array::NodeArray::Filled::once, site));
}

void stripe(const tutti_node_array* handle, void** part, int64_t* first, int64_t* count) {
  const auto array = node_arrays().at(handle);
  check_result(array->name(), part, "part");
  check_result(array->name(), first, "first");
  check_result(array->name(), count, "count");
  const array::NodeArray::Stripe stripe = array->stripe();
  *part = stripe.data;
  *first = stripe.range.first;
  *count = static_cast<int64_t>(stripe.range.count);
}

void publish(const tutti_node_array* handle, int status, const char* text, Site site) {
  const auto array = node_arrays().at(handle);
  array->publish(
      [&](std::byte* /*part*/, Range /*range*/) {
        if (status != 0) raise_status(array->name(), status, text);
      },
      site);
}

void read(const tutti_node_array* handle, const void** data, int64_t* n) {
  const auto array = node_arrays().at(handle);
  check_result(array->name(), data, "data");
  *data = array->view().data();
  if (n != nullptr) *n = array->size();
}

}  // namespace

}  // namespace tutti::capi

using namespace tutti;
using capi::answer, capi::site_of;

int tutti_node_array_create_at(tutti_world* world, const char* name, int64_t n, int type,
                               tutti_node_array** array, const char* file, int line) {
  return answer([&] { capi::create(world, name, n, type, array, site_of(file, line)); });
}

int tutti_node_array_stripe(tutti_node_array* array, void** part, int64_t* first, int64_t* count) {
  return answer([&] { capi::stripe(array, part, first, count); });
}

int tutti_node_array_publish_at(tutti_node_array* array, int status, const char* text, const char* file,
                                int line) {
  return answer([&] { capi::publish(array, status, text, site_of(file, line)); });
}

int tutti_node_array_read(tutti_node_array* array, const void** data, int64_t* n) {
  return answer([&] { capi::read(array, data, n); });
}

int tutti_node_array_free(tutti_node_array** array) {
  return answer([&] {
    capi::check_result("tutti_node_array_free", array, "array");
    capi::node_arrays().remove(*array);
    *array = nullptr;
  });
}
