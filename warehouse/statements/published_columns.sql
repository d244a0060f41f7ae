-- The text columns of the published file that may hold words of people: all but keys and closed lists of our own.
-- has_key: a post's text beside the key of that post.
select
    schema_name,
    table_name,
    column_name,
    data_type,
    column_name = 'text' and exists (
        select * from duckdb_columns() as beside
        where
            beside.database_name = 'pub'
            and beside.schema_name = columns.schema_name
            and beside.table_name = columns.table_name
            and beside.column_name = 'post_key'
    ) as has_key
from duckdb_columns() as columns
where
    database_name = 'pub'
    and data_type in ('VARCHAR', 'VARCHAR[]')
    and not ends_with(column_name, '_key')
    and column_name not in (
        'platform', 'source', 'resource', 'kind', 'role', 'purpose', 'goal', 'model_goal', 'main_goal', 'goals',
        'theme', 'label', 'dimension', 'period_kind', 'class', 'state', 'withheld', 'outcome', 'counts',
        'model_version', 'codebook_version', 'language', 'run_id', 'draw_id', 'annotator_keys', 'question_hash', 'themes',
        'corrected_withheld'
    )
    and not (schema_name = 'core' and table_name = 'labels')
    and not (schema_name = 'ops' and table_name in ('about', 'settings'))
    and not (schema_name = 'mart' and table_name = 'survey_2013')
    and not (getvariable('shown_text') = 'full' and column_name = 'text')
