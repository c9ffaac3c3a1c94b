# The engine's parts, the engine beside a slow and obvious reference, and what must hold of anything it masks.
set(kit "${PROJECT_SOURCE_DIR}/tests/kit")

pii_add_test(mask_parts_test ROOMS mask LIBS pii_mask_race LABELS unit
  SOURCES event_shapes_test.cpp headers_test.cpp hex_shape_test.cpp json_index_test.cpp key_form_test.cpp key_split_test.cpp layer_test.cpp mask_policy_test.cpp masked_keys_test.cpp
          names_test.cpp output_writer_test.cpp pairs_test.cpp path_pattern_test.cpp place_table_test.cpp value_masker_test.cpp)
pii_add_test(mask_properties_test ROOMS mask LIBS pii_mask_race LABELS unit SOURCES extremes_test.cpp properties_test.cpp)
pii_add_test(mask_race_test ROOMS mask LIBS pii_mask_race nlohmann_json::nlohmann_json LABELS unit SOURCES race_test.cpp)
pii_add_test(detectors_race_test ROOMS detect LABELS unit SOURCES detectors_race_test.cpp "${kit}/random_candidates.cpp"
  "${kit}/reference_address.cpp" "${kit}/reference_detectors.cpp" "${kit}/reference_email.cpp" "${kit}/reference_number.cpp"
  "${kit}/reference_phone.cpp" "${kit}/reference_secret.cpp" "${kit}/reference_text.cpp")
pii_add_test(mask_memory_test ROOMS mask LIBS pii_mask_race LABELS unit SOURCES memory_test.cpp "${kit}/failing_new.cpp")
