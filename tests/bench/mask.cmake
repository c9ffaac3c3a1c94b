pii_add_benchmark(mask SOURCES mask_bench.cpp mask_hostile_bench.cpp)
target_include_directories(bench_mask PRIVATE "${PROJECT_SOURCE_DIR}/tests")
# The yardstick of docs/performance.md; without it the goals that name it are left out.
find_package(simdjson QUIET)
if(simdjson_FOUND)
  target_link_libraries(bench_mask PRIVATE simdjson::simdjson)
  target_compile_definitions(bench_mask PRIVATE PII_BENCH_SIMDJSON=1)
endif()
