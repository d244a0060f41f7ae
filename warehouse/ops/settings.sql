-- Grain: one row per threshold. Every number that a figure depends on stands here and nowhere else.
create table ops.settings (
    name varchar not null,
    value double not null,
    meaning varchar not null
);

insert into ops.settings values
    ('language_minimum_p', 0.6, 'a post counts as Dutch when the language is nl with at least this probability'),
    ('probability_step', 0.05, 'probabilities of a post or author are published rounded to this step'),
    ('minimum_posts', 20, 'a share is withheld when its cell holds fewer posts'),
    ('minimum_authors', 5, 'a figure is withheld when its cell holds fewer different authors'),
    ('organisation_minimum_authors', 5, 'an organisation is named, and its class told, from this many HR people who could have posted'),
    ('organisation_posts_step', 10, 'an organisation''s posts are published rounded to this many'),
    ('organisation_share_step', 0.1, 'and the share of them that serves it to this'),
    ('erased_posts_step', 10, 'posts erased of a month are published rounded to this many'),
    ('erased_days', 3, 'and only when they were erased on this many days: several people''s, as far as is known'),
    ('agenda_posts', 3, 'on_agenda: at least this many posts by HR people in a quarter serve the organisation'),
    ('agenda_share', 0.25, 'on_agenda: and at least this share of their posts does'),
    ('talked_posts', 1, 'talked_about: at least this many of their posts in a quarter do'),
    ('agenda_quarters', 2, 'an organisation is on_agenda over a year when it was in at least this many quarters, or in all where there are fewer'),
    ('minimum_organisations', 5, 'shares of organisations are withheld when there are fewer of them'),
    ('minimum_audited', 30, 'a corrected share is withheld when its cell holds fewer audited posts'),
    ('minimum_audited_authors', 10, 'a corrected share is withheld when those are of fewer different authors'),
    ('confidence_z', 1.959964, 'the normal quantile of all intervals: 95 percent');

comment on table ops.settings is 'One row per threshold that figures depend on.';
comment on column ops.settings.name is 'Name of the threshold.';
comment on column ops.settings.value is 'Its value in this file.';
comment on column ops.settings.meaning is 'What it decides.';
