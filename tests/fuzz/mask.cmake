pii_add_fuzzer(json_index ROOMS mask SOURCES "${CMAKE_CURRENT_LIST_DIR}/json_index_fuzz.cpp")
pii_add_fuzzer(mask_lines ROOMS mask LIBS pii_mask_race SOURCES "${CMAKE_CURRENT_LIST_DIR}/mask_lines_fuzz.cpp")
