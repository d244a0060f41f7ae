-- Grain: one row per dimension, and per theme (filled by warehouse/agreement.py).
create table ops.agreement (
    dimension varchar not null,
    label varchar,
    count_posts bigint not null,
    alpha double,
    alpha_low double,
    alpha_high double
);

comment on table ops.agreement is 'One row per dimension, and per theme: how far annotators of the audit agree before adjudication.';
comment on column ops.agreement.dimension is 'purpose, goal or theme.';
comment on column ops.agreement.label is 'The theme; null for purpose and goal, where all labels are taken together.';
comment on column ops.agreement.count_posts is 'Posts labelled by two annotators or more.';
comment on column ops.agreement.alpha is 'Krippendorff''s alpha, nominal: 1 always agree, 0 no better than chance; null when there is nothing to compare.';
comment on column ops.agreement.alpha_low is 'Lower end of its 95% interval (bootstrap over posts).';
comment on column ops.agreement.alpha_high is 'Upper end of its 95% interval.';
