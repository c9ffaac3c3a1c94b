find_package(nlohmann_json REQUIRED)
pii_add_fuzzer(normalize
  SOURCES "${CMAKE_CURRENT_LIST_DIR}/normalize_fuzz.cpp" "${PROJECT_SOURCE_DIR}/tests/unit/normalize/reference.cpp"
  ROOMS normalize LIBS nlohmann_json::nlohmann_json)
target_compile_definitions(fuzz_normalize PRIVATE PII_TEST_VECTORS="${PROJECT_SOURCE_DIR}/tests/vectors")
