find_package(OpenSSL 3.0 REQUIRED COMPONENTS SSL Crypto)
add_library(pii_kit_scripted_server STATIC "${PROJECT_SOURCE_DIR}/tests/kit/scripted_server.cpp")
target_link_libraries(pii_kit_scripted_server PRIVATE pii_compile PUBLIC OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
target_include_directories(pii_kit_scripted_server PUBLIC "${PROJECT_SOURCE_DIR}/tests")
set_target_properties(pii_kit_scripted_server PROPERTIES CXX_EXTENSIONS OFF)
target_compile_features(pii_kit_scripted_server PUBLIC cxx_std_20)
pii_add_test(vault_test LIBS pii_providers pii_kit_scripted_server
  SOURCES vault_faults_test.cpp vault_provider_test.cpp LABELS integration TIMEOUT 120)
