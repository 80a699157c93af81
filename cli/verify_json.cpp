// Apart from verify_text.cpp because of the JSON library, which takes 2 s to compile.
#include <nlohmann/json.hpp>

#include "cli/verify_report.hpp"

namespace tutti::cli {

namespace {

using namespace tutti::verify;
using Json = nlohmann::ordered_json;

template <class Value>
Json maybe(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json json_of(const Run& run) {
  Json object{{"mpi", short_name(run.mpi)}, {"ranks", run.ranks}};
  if (run.repetition > 0) object["run"] = run.repetition;
  return object;
}

Json json_of(const Distance& apart) {
  return {{"ulp", maybe(apart.ulp)}, {"relative", maybe(apart.relative)}};
}

Json json_of(const std::optional<PlacedLine>& line) {
  if (!line) return nullptr;
  return {{"line", line->number}, {"text", line->line}};
}

Json json_of(const TextDifference& found) {
  Json object{{"kind", "line"}, {"a", json_of(found.a)}, {"b", json_of(found.b)}};
  if (!found.a || !found.b) return object;
  object["a"]["column"] = found.where.column_a;
  object["b"]["column"] = found.where.column_b;
  if (found.where.ordinal == 0) return object;
  object["kind"] = "number";
  object["number"] = found.where.ordinal;
  object["a"]["value"] = found.where.number_a;
  object["b"]["value"] = found.where.number_b;
  object.update(json_of(found.where.apart));
  return object;
}

Json json_of(const ByteDifference& found) {
  Json object{{"kind", "byte"}, {"offset", found.offset}};
  if (found.element) object["element"] = *found.element;
  object["a"] = {{"byte", maybe(found.a)}, {"bytes", found.size_a}};
  object["b"] = {{"byte", maybe(found.b)}, {"bytes", found.size_b}};
  return object;
}

Json json_of(const ElementDifference& found) {
  Json object{{"kind", "element"}, {"element", found.element}};
  object["a"] = {{"value", hexfloat(found.a)}};
  object["b"] = {{"value", hexfloat(found.b)}};
  object.update(json_of(found.apart));
  return object;
}

Json json_of(const KindDifference& found) { return {{"kind", "form"}, {"a", found.a}, {"b", found.b}}; }

Json json_of(const std::optional<Reduction>& reduction) {
  if (!reduction) return nullptr;
  return {{"name", reduction->name}, {"sequence", reduction->sequence}, {"site", reduction->site}};
}

Json json_of(const TraceDifference& found) {
  Json object{{"a", json_of(found.a)}, {"b", json_of(found.b)}};
  if (!found.value) return object;
  object["result"] = *found.value;
  object["a"]["value"] = found.value_a;
  object["b"]["value"] = found.value_b;
  object.update(json_of(found.apart));
  return object;
}

Json json_of(const Difference& difference) {
  Json object{{"a", json_of(difference.a)}, {"b", json_of(difference.b)}};
  if (difference.found) {
    object["in"] = difference.what;
    object["first"] = std::visit([](const auto& found) { return json_of(found); }, *difference.found);
  }
  if (difference.reduction) object["reduction"] = json_of(*difference.reduction);
  if (difference.trace) object["trace"] = json_of(*difference.trace);
  return object;
}

Json json_of(const TextCount& count) { return {{"lines", count.lines}, {"numbers", count.numbers}}; }

Json json_of(const Compared& compared) {
  Json object{{"output", compared.output ? json_of(*compared.output) : Json(nullptr)},
              {"files", Json::array()}};
  for (const Compared::File& file : compared.files) {
    Json entry{
        {"path", file.path}, {"kind", file.count.is_text ? "text" : "binary"}, {"bytes", file.count.bytes}};
    if (file.count.is_text) entry.update(json_of(file.count.text));
    object["files"].push_back(entry);
  }
  object["reductions"] = maybe(compared.reductions);
  return object;
}

}  // namespace

std::string verify_json(const Verdict& verdict) {
  Json object{{"schema", "tutti-verify/1"},
              {"verdict", verdict.failure      ? "failed"
                          : verdict.difference ? "different"
                                               : "same"},
              {"runs", Json::array()},
              {"compared", json_of(verdict.compared)}};
  for (const Run& run : verdict.runs) object["runs"].push_back(json_of(run));
  if (const auto& failure = verdict.failure)
    object["failure"] = {{"run", json_of(failure->run)},
                         {"reason", failure->reason},
                         {"exit", failure->exit_code},
                         {"timed_out", failure->timed_out},
                         {"last_words", failure->last_words}};
  if (verdict.difference) object["difference"] = json_of(*verdict.difference);
  return object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace tutti::cli
