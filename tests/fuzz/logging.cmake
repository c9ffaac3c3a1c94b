pii_add_fuzzer(traceparent SOURCES "${CMAKE_CURRENT_LIST_DIR}/traceparent_fuzz.cpp" LIBS pii_logging)
