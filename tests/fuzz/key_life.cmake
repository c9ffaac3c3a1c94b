# The files that piictl's key life reads back: each parser by itself.
if(NOT TARGET piictl_stream)
  add_subdirectory("${PROJECT_SOURCE_DIR}/piictl/src/stream" "${PROJECT_BINARY_DIR}/piictl/stream")
endif()
set(piictl_source "${PROJECT_SOURCE_DIR}/piictl/src")
pii_add_fuzzer(key_life SOURCES "${CMAKE_CURRENT_LIST_DIR}/key_life_fuzz.cpp" "${piictl_source}/audit_chain.cpp"
    "${piictl_source}/clock.cpp" "${piictl_source}/json.cpp" "${piictl_source}/recorded.cpp"
    "${piictl_source}/commands/checkpoint_file.cpp" "${piictl_source}/commands/subject_rows.cpp"
    "${piictl_source}/scan/kid_count_json.cpp"
  LIBS piictl_stream)
target_include_directories(fuzz_key_life PRIVATE "${piictl_source}")
