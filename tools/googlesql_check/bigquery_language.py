"""Which part of GoogleSQL is BigQuery: features, reserved words, functions that are missing."""

from tools.googlesql_check.protocol import Message, language_options

# Everything that is not listed stays off, so that syntax BigQuery lacks is an error. Left out on
# purpose: enforce_conditional_evaluation, which refuses window functions inside `case` and `if`.
_FEATURE_NAMES = """
additional_string_functions allow_consecutive_on allow_dashes_in_table_name
allow_regexp_extract_optionals alter_column_set_data_type
alter_materialized_view_alter_column_set_options alter_table_rename_column
alter_views_alter_column_set_options analytic_functions annotation_framework
array_aggregation_functions bare_array_access bignumeric_type bitwise_aggregate_bytes_signatures
by_name case_stmt cast_different_array_types cbrt_functions chained_function_calls civil_time
collation_support column_default_value concat_mixed_types correlated_refs_in_nested_dml
corresponding corresponding_full create_aggregate_function
create_external_table_with_connection create_materialized_view_cluster_by
create_materialized_view_partition_by create_snapshot_table create_table_as_select_column_list
create_table_clone create_table_cluster_by create_table_copy create_table_field_annotations
create_table_function create_table_like create_table_not_null create_table_partition_by
create_view_with_column_list create_views_with_column_options date_arithmetics
date_time_constructors decimal_alias disable_float32 disallow_null_primary_keys
dml_update_with_join enable_edit_distance_bytes enable_float_distance_functions encryption
extended_date_time_signatures extended_geography_parsers
external_security_procedure for_in for_system_time_as_of foreign_keys format_in_cast geography
group_by_all group_by_array group_by_rollup group_by_struct grouping_builtin grouping_sets
having_in_aggregate implicit_coercion_string_literal_to_bytes interval_type is_distinct
json_array_functions json_array_value_extraction_functions json_constructor_functions
json_keys_function json_lax_value_extraction_functions json_more_value_extraction_functions
json_mutator_functions json_query_lax json_type json_value_extraction_functions kll_weights
like_any_some_all like_any_some_all_array limit_in_aggregate literal_concatenation
load_data_partitions load_data_temp_table match_recognize named_arguments
nested_update_delete_with_offset non_sql_procedure null_handling_modifier_in_aggregate
null_handling_modifier_in_analytic nulls_first_last_in_order_by numeric_type
omit_insert_column_list order_by_collate order_by_in_aggregate parameterized_types
parameters_in_grantee_list pipes pivot qualify range_type remote_function repeat
round_with_rounding_mode safe_function_call script_label select_star_except_replace
table_valued_functions tablesample template_functions time_bucket_functions typeof_function
unenforced_primary_keys unpivot week_with_weekday with_expression with_on_subquery with_recursive
"""

_RESERVED_WORDS = ("QUALIFY",)

# The analyzer ships these functions with the features above; BigQuery's reference has none of them.
_MISSING_NAMES = """
apply approx_cosine_distance approx_dot_product approx_euclidean_distance array_avg array_filter
array_first_n array_includes array_includes_all array_includes_any array_is_distinct array_last_n
array_max array_min array_remove_first_n array_remove_last_n array_sum array_transform
elementwise_avg elementwise_sum flatten iferror iserror l1_norm l2_norm manhattan_distance
nulliferror regexp_extract_groups safe_to_json string_array timestamp_from_unix_micros
timestamp_from_unix_millis timestamp_from_unix_seconds to_seconds_interval zstd_compress
zstd_decompress_to_bytes zstd_decompress_to_string
"""

NOT_IN_BIGQUERY = frozenset(_MISSING_NAMES.split())


def restrict_to_bigquery(options: Message) -> Message:
    """Turn the analyzer's language options into BigQuery's."""
    known = dict(language_options.LanguageFeature.items())
    prefixes = ("FEATURE_", *(f"FEATURE_V_1_{minor}_" for minor in (1, 2, 3, 4)))
    numbers: set[int] = set()
    for feature in _FEATURE_NAMES.split():
        names = [prefix + feature.upper() for prefix in prefixes]
        numbers.update(known[name] for name in names if name in known)
    del options.enabled_language_features[:]
    options.enabled_language_features.extend(sorted(numbers))
    options.product_mode = language_options.PRODUCT_EXTERNAL
    options.name_resolution_mode = language_options.NAME_RESOLUTION_DEFAULT
    # An empty list means every kind of statement.
    del options.supported_statement_kinds[:]
    del options.reserved_keywords[:]
    options.reserved_keywords.extend(_RESERVED_WORDS)
    return options
