pii_add_fuzzer(base64 SOURCES "${CMAKE_CURRENT_LIST_DIR}/base64_fuzz.cpp" ROOMS base)
