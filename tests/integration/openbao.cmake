# A real OpenBao or Vault. Exit code 77: there is none here (openbao/build.sh), and the test says so.
if(TARGET piictl AND NOT PII_SANITIZE)
  find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
  add_executable(vault_application openbao/application.cpp)
  target_link_libraries(vault_application PRIVATE pii_compile pii_providers Threads::Threads)
  foreach(case end_to_end transit namespace_and_wrapping outages race memory walkthrough)
    add_test(NAME integration.openbao.${case} COMMAND ${CMAKE_COMMAND} -E env PYTHONDONTWRITEBYTECODE=1
      ${Python3_EXECUTABLE} "${CMAKE_CURRENT_SOURCE_DIR}/openbao/openbao_test.py" "$<TARGET_FILE:piictl>"
      "$<TARGET_FILE:vault_application>" ${case})
    set_tests_properties(integration.openbao.${case} PROPERTIES LABELS integration SKIP_RETURN_CODE 77 TIMEOUT 300)
  endforeach()
endif()
