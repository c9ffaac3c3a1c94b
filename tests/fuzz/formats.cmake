pii_add_fuzzer(token SOURCES "${CMAKE_CURRENT_LIST_DIR}/token_fuzz.cpp" ROOMS formats)
pii_add_fuzzer(ciphertext SOURCES "${CMAKE_CURRENT_LIST_DIR}/ciphertext_fuzz.cpp" ROOMS formats)
