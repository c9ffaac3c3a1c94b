# Built from the sources, because the library exports none of this.
set(vault "${PROJECT_SOURCE_DIR}/providers/src/vault")
pii_add_fuzzer(vault_json SOURCES "${CMAKE_CURRENT_LIST_DIR}/vault_json_fuzz.cpp" "${vault}/answer.cpp" ROOMS json)
pii_add_fuzzer(vault_headers SOURCES "${CMAKE_CURRENT_LIST_DIR}/vault_headers_fuzz.cpp" "${vault}/http_headers.cpp"
  "${PROJECT_SOURCE_DIR}/libpii/http/src/http/header_values.cpp" ROOMS json)
foreach(target fuzz_vault_json fuzz_vault_headers)
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/providers/src" "${PROJECT_SOURCE_DIR}/providers/include"
    "${PROJECT_SOURCE_DIR}/libpii/http/src")
endforeach()
