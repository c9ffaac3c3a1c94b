if(NOT TARGET piictl_stream)
  add_subdirectory("${PROJECT_SOURCE_DIR}/piictl/src/stream" "${PROJECT_BINARY_DIR}/piictl/stream")
endif()
pii_add_benchmark(stream SOURCES "${CMAKE_CURRENT_LIST_DIR}/stream_bench.cpp" LIBS piictl_stream)
