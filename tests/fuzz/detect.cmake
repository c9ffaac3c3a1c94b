pii_add_fuzzer(detectors SOURCES "${CMAKE_CURRENT_LIST_DIR}/detectors_fuzz.cpp" ROOMS detect)
