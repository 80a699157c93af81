// Apart from plan_text.cpp because of the JSON library, which takes 2 s to compile.
#include <nlohmann/json.hpp>

#include "cli/plan.hpp"

namespace tutti::cli {

namespace {

using Json = nlohmann::ordered_json;
using forecast::Amount;

Json json_of(const Amount& amount) {
  return {{"rank_bytes", amount.rank}, {"node_bytes", amount.node}, {"origin", name(amount.origin)}};
}

Json categories(const forecast::Forecast& forecast) {
  Json object;
  for (std::size_t i = 0; i < memory::categories; ++i)
    object[name(static_cast<memory::Category>(i))] = json_of(forecast.of[i]);
  object["page-tables"] = json_of(forecast.page_tables);
  return object;
}

}  // namespace

std::string plan_json(const Plan& plan) {
  const forecast::Forecast& forecast = plan.forecast;
  Json object{
      {"schema", "tutti-plan/1"},
      {"ranks", forecast.ranks},
      {"per_node", forecast.per_node},
      {"nodes", forecast.nodes},
      {"mpi", plan.library},
      {"program_origin", forecast.program_origin},
      {"categories", categories(forecast)},
      {"total", json_of(forecast.total)},
      {"verdict", name(plan.fit)},
      {"limit",
       {{"bytes", plan.room.limit.bytes},
        {"origin", plan.room.limit.origin},
        {"usable_bytes", plan.room.usable()},
        {"margin_bytes", plan.room.margin(forecast.total.node)}}},
      {"arrays", Json::array()},
      {"changes", Json::array()},
      {"past",
       {{"runs", plan.past.runs}, {"median_error", plan.past.median}, {"worst_error", plan.past.worst}}}};
  for (const forecast::Part& part : forecast.parts) {
    Json array{{"name", part.name}, {"category", name(part.category)}};
    array.update(json_of(part.bytes));
    object["arrays"].push_back(array);
  }
  for (const forecast::Remedy& remedy : plan.remedies)
    object["changes"].push_back(
        {{"change", remedy.change}, {"node_bytes", remedy.node_bytes}, {"verdict", name(remedy.fit)}});
  if (!plan.note.empty()) object["note"] = plan.note;
  return object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace tutti::cli
