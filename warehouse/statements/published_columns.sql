-- The text columns of the published file that may hold words of people: all but keys and closed lists of our own.
select schema_name, table_name, column_name, data_type
from duckdb_columns()
where
    database_name = 'pub'
    and data_type in ('VARCHAR', 'VARCHAR[]')
    and not ends_with(column_name, '_key')
    and column_name not in (
        'platform', 'source', 'resource', 'kind', 'role', 'role_field', 'purpose', 'goal', 'main_goal', 'goals',
        'theme', 'label', 'dimension', 'period_kind', 'class', 'state', 'withheld', 'outcome', 'counts',
        'model_version', 'codebook_version', 'language', 'run_id', 'draw_id', 'annotator_keys', 'question_hash', 'themes',
        'corrected_withheld'
    )
    and not (schema_name = 'core' and table_name = 'labels')
    and not (schema_name = 'ops' and table_name in ('about', 'settings'))
    and not (schema_name = 'mart' and table_name = 'survey_2013')
    and not (getvariable('shown_text') = 'full' and column_name = 'text')
