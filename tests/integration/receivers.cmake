# Receivers that others wrote. Exit code 77: there is none here, and the test says so.
if(TARGET pii_example_payment_service AND NOT PII_SANITIZE)
  find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
  foreach(receiver otlp rsyslog)
    add_test(NAME integration.receiver.${receiver} COMMAND ${CMAKE_COMMAND} -E env PYTHONDONTWRITEBYTECODE=1
      ${Python3_EXECUTABLE} "${CMAKE_CURRENT_SOURCE_DIR}/${receiver}/${receiver}_test.py"
      "${PROJECT_SOURCE_DIR}/tests/unit/logging/payment_service_test.py" $<TARGET_FILE:pii_example_payment_service>)
    set_tests_properties(integration.receiver.${receiver} PROPERTIES LABELS integration SKIP_RETURN_CODE 77 TIMEOUT 120)
  endforeach()
endif()

# A program that ships whatever there is to ship, to receivers that fail.
if(TARGET pii_logging AND TARGET piictl AND NOT PII_SANITIZE)
  find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
  add_executable(ship_application ship/application.cpp)
  target_link_libraries(ship_application PRIVATE pii_compile pii_logging Threads::Threads)
  target_include_directories(ship_application PRIVATE "${PROJECT_SOURCE_DIR}/tests")
  add_test(NAME integration.receiver.opensearch COMMAND ${CMAKE_COMMAND} -E env PYTHONDONTWRITEBYTECODE=1
    ${Python3_EXECUTABLE} "${CMAKE_CURRENT_SOURCE_DIR}/opensearch/opensearch_test.py" $<TARGET_FILE:ship_application> $<TARGET_FILE:piictl>)
  add_test(NAME integration.receiver.rsyslog_tls COMMAND ${CMAKE_COMMAND} -E env PYTHONDONTWRITEBYTECODE=1
    ${Python3_EXECUTABLE} "${CMAKE_CURRENT_SOURCE_DIR}/rsyslog/rsyslog_tls_test.py" $<TARGET_FILE:ship_application>)
  set_tests_properties(integration.receiver.rsyslog_tls integration.receiver.opensearch PROPERTIES LABELS integration SKIP_RETURN_CODE 77 TIMEOUT 300)
endif()
