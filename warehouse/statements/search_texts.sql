-- Grain: one row per post with a text, Dutch or not yet read; whose publishing it was made from stands in `made_from`.
create table texts as
select
    row_number() over (order by created_at, post_key)::integer as number,
    post_key,
    text
from published.core.posts
where text is not null and (is_dutch or not is_annotated)
order by created_at, post_key;

create table made_from as
select value as published_at, (select count(*) from texts) as count_posts
from published.ops.about
where name = 'published_at';

create table stopwords as
select unnest(string_split(
    'aan al alles als altijd andere ben bij daar dan dat de der deze die dit doch doen door dus een en er ge geen haar '
    || 'had heb hebben heeft hem het hier hij hoe hun iemand iets ik in is ja je kan kon kunnen maar me meer men met mij '
    || 'mijn moet na naar niet niets nog nu of om omdat ons ook op over reeds te tegen toch toen tot u uit uw van veel '
    || 'voor want waren was wat we wel werd wezen wie wij wil worden zal ze zei zelf zich zij zijn zo zonder zou',
    ' '
)) as sw;
