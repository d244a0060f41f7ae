-- The arithmetic of the intervals, kept in the file so that an analyst can repeat it.

-- Student's quantile for a given number of authors, from the normal one (Cornish-Fisher, two terms).
create macro core.t_quantile(z, authors) as
    z
    + (z ^ 3 + z) / (4 * greatest(authors - 1, 1))
    + (5 * z ^ 5 + 16 * z ^ 3 + 3 * z) / (96 * greatest(authors - 1, 1) ^ 2);

-- The variance of a share, posts clustered by author (linearised ratio): from sums over the clusters of their n posts, of
-- which y have the label.
create macro core.share_variance(share, n, clusters, sum_yy, sum_yn, sum_nn) as
    clusters / greatest(clusters - 1, 1)
    * greatest(sum_yy - 2 * share * sum_yn + share ^ 2 * sum_nn, 0) / n ^ 2;

-- Where fewer than five posts differ from the others, the spread seen says little: then the number of posts that follows
-- from it is mixed with that of posts fully alike within an author. Else a label's first post would make it surer than none.
create macro core.mixed_posts(spread, alike, differing) as
    least(spread, alike + (spread - alike) * least(1, differing / 5));

-- The number of independent posts that would be as uncertain. Where every post agrees, the spread says nothing: then that
-- of posts fully alike within an author (Kish).
create macro core.effective_posts(share, n, variance, sum_nn) as
    greatest(1, least(
        n,
        case
            when variance > 0 and share > 0 and share < 1
                then core.mixed_posts(share * (1 - share) / variance, n ^ 2 / sum_nn, n * least(share, 1 - share))
            else n ^ 2 / sum_nn
        end
    ));

-- The ends of Wilson's interval for a share of n (effective) observations.
create macro core.wilson_low(share, n, z) as
    case
        when share is not null
            then greatest(0, (
                share + z ^ 2 / (2 * n) - z * sqrt(share * (1 - share) / n + z ^ 2 / (4 * n ^ 2))
            ) / (1 + z ^ 2 / n))
    end;

create macro core.wilson_high(share, n, z) as
    case
        when share is not null
            then least(1, (
                share + z ^ 2 / (2 * n) + z * sqrt(share * (1 - share) / n + z ^ 2 / (4 * n ^ 2))
            ) / (1 + z ^ 2 / n))
    end;

-- The ends of the interval for a difference of two shares, from their own intervals (Newcombe).
create macro core.difference_low(one, one_low, other, other_high) as
    (one - other) - sqrt((one - one_low) ^ 2 + (other_high - other) ^ 2);

create macro core.difference_high(one, one_high, other, other_low) as
    (one - other) + sqrt((one_high - one) ^ 2 + (other - other_low) ^ 2);

create macro core.setting(asked) as (
    select settings.value from ops.settings as settings where settings.name = asked
);

-- A probability as it is published. The exact figure is a fingerprint: who has a text or a bio can have the model read it
-- again and look the figure up, or try names in the gaps of a masked text until it fits.
create macro core.coarse(p) as
    round(round(p / core.setting('probability_step')) * core.setting('probability_step'), 4);
