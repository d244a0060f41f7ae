-- When a platform was last asked whether a post is still there, and what it said: one row per post that was asked about.
create table looks (
    platform varchar not null,
    post_id varchar not null,
    looked_at timestamptz not null,
    outcome varchar not null,
    -- When it was first said to be gone; null while it is there.
    noticed_at timestamptz
);
