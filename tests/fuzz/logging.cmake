pii_add_fuzzer(traceparent SOURCES "${CMAKE_CURRENT_LIST_DIR}/traceparent_fuzz.cpp" LIBS pii_logging)
# A field's text and key, and what comes back from a queue.
pii_add_fuzzer(log_line SOURCES "${CMAKE_CURRENT_LIST_DIR}/log_line_fuzz.cpp" LIBS pii_logging)
target_include_directories(fuzz_log_line PRIVATE "${PROJECT_SOURCE_DIR}/logging/src")
# What comes back to a shipper, or lies on its disk.
pii_add_fuzzer(shipping SOURCES "${CMAKE_CURRENT_LIST_DIR}/shipping_fuzz.cpp" LIBS pii_logging)
target_include_directories(fuzz_shipping PRIVATE "${PROJECT_SOURCE_DIR}/logging/src")
