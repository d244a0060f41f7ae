-- Grain: one row per column of the published tables, with its comment and its table's; marts first.
select
    columns.schema_name,
    columns.table_name,
    tables.comment as table_comment,
    columns.column_name,
    columns.data_type,
    columns.comment
from duckdb_columns() as columns
join duckdb_tables() as tables
    on tables.schema_name = columns.schema_name
    and tables.table_name = columns.table_name
    and tables.database_name = columns.database_name
where columns.schema_name in ('core', 'ops', 'mart')
order by
    columns.schema_name = 'mart' desc,
    columns.schema_name,
    columns.table_name,
    columns.column_index
