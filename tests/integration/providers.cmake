pii_add_test(hot_reload_test LIBS pii_providers SOURCES hot_reload_test.cpp LABELS integration TIMEOUT 300)
pii_add_test(memory_scan_test LIBS pii_providers pii::sodium SOURCES memory_scan_test.cpp LABELS integration)
# As a stranger's program is linked: then the linker saves registers, on the stack, when a function is first called. Among the
# libraries, since the last of the line's -z options counts.
target_link_libraries(memory_scan_test PRIVATE -Wl,-z,lazy)
