if(TARGET pii_policy)
  pii_add_fuzzer(policy SOURCES "${CMAKE_CURRENT_LIST_DIR}/policy_fuzz.cpp" LIBS pii_policy)
endif()
