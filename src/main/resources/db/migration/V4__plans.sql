-- How many of a chunk's records are snapshots and plans of confirmed requests, so that these are found at once among any
-- number of others. Partitions have the column and the index from their parent, those to come as well.
alter table journal_chunk add column planned int not null default 0;
create index journal_chunk_planned on journal_chunk (lane, seq) where planned > 0;

-- The last snapshot among what has been derived: its number goes on when its chunk is gone.
alter table projection add column last_snapshot bigint not null default 0;
