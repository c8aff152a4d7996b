-- What a lane's batches say together up to and including each: the highest request counter of any leaf, and how many leaves are
-- outcomes. Kept with the batch, because summing up would take longer with every day.
alter table batch
    add column highest_counter bigint not null default 0,
    add column outcomes_so_far bigint not null default 0;

-- The last bytes of words 11 and 13 of the header: its last counter and its outcomes.
update batch
set highest_counter = sums.highest, outcomes_so_far = sums.outcomes
from (
    select lane, sequence,
        max(('x' || encode(substring(header from 377 for 8), 'hex'))::bit(64)::bigint) over before as highest,
        sum(('x' || encode(substring(header from 445 for 4), 'hex'))::bit(32)::int) over before as outcomes
    from batch
    window before as (partition by lane order by sequence)
) as sums
where batch.lane = sums.lane and batch.sequence = sums.sequence;
