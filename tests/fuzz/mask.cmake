set(pii_mask_reference "${PROJECT_SOURCE_DIR}/tests/kit")
pii_add_fuzzer(json_index ROOMS mask SOURCES "${CMAKE_CURRENT_LIST_DIR}/json_index_fuzz.cpp")
pii_add_fuzzer(mask_lines ROOMS mask SOURCES "${CMAKE_CURRENT_LIST_DIR}/mask_lines_fuzz.cpp" "${pii_mask_reference}/mask_race.cpp"
  "${pii_mask_reference}/reference_json.cpp" "${pii_mask_reference}/reference_masker.cpp"
  "${pii_mask_reference}/reference_pairs.cpp" "${pii_mask_reference}/reference_place.cpp"
  "${pii_mask_reference}/reference_scan.cpp" "${pii_mask_reference}/reference_text.cpp"
  "${pii_mask_reference}/reference_values.cpp")
