-- Grain: one row per fact about this file.
create table ops.about as
with newest as (
    select
        max(model_version) as model_version,
        max(codebook_version) as codebook_version
    from annotated
    where annotated_at = (select max(annotated_at) from annotated)
)

select name, value, meaning
from (
    values
    ('published_at', strftime(now(), '%Y-%m-%dT%H:%M:%SZ'), 'when this file was made, UTC'),
    ('is_fiction', getvariable('fiction')::boolean::varchar, 'true: all posts are the fictional sample that ships with Etalage'),
    (
        'holds_fiction',
        (select exists (select 1 from vault.posts where source = 'sample'))::varchar,
        'true: some posts, or all, are the fictional sample'
    ),
    (
        'notice',
        case
            when getvariable('fiction')::boolean
                then 'VERZONNEN VOORBEELD: mensen, organisaties en berichten bestaan niet; de cijfers zeggen niets over de werkelijkheid.'
            when exists (select 1 from vault.posts where source = 'sample')
                then 'DEELS VERZONNEN: de berichten van bron sample bestaan niet en tellen wel mee; de andere zijn gepseudonimiseerde persoonsgegevens.'
            else 'Gepseudonimiseerde persoonsgegevens: alleen voor de analisten van dit onderzoek.'
        end,
        'to show beside every figure'
    ),
    ('shown_text', getvariable('shown_text')::varchar, 'full, masked or none'),
    ('model_version', (select model_version from newest), 'the model that last annotated'),
    ('codebook_version', (select codebook_version from newest), 'the codebook of that model'),
    ('schema', (select max(number)::varchar from vault.migrations), 'schema number of the vault'),
    ('count_posts', (select count(*)::varchar from vault.posts), 'posts in the vault'),
    ('count_pending', ((select count(*) from vault.posts) - (select count(*) from annotated))::varchar, 'posts not annotated yet'),
    ('count_rejects', (select count(*)::varchar from vault.rejects), 'items that could not be mapped, kept in the vault'),
    (
        'count_erased',
        (select count(*)::varchar from vault.tombstones where kind = 'post'),
        'posts erased for good: gone at their platform, past their retention, or asked for'
    ),
    (
        'newest_post_at',
        (select strftime(max(created_at), '%Y-%m-%dT%H:%M:00Z') from vault.posts),
        'when the newest post was made, UTC, to the minute'
    )
) as facts (name, value, meaning);

comment on table ops.about is 'One row per fact about this file.';
comment on column ops.about.name is 'Name of the fact.';
comment on column ops.about.value is 'The fact.';
comment on column ops.about.meaning is 'What it says.';
