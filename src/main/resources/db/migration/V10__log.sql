-- Batches of version 2 are stretches of one log a lane. Those of version 1 can neither be read nor continued, and nothing has relied on
-- them: the log begins anew with what the journal still has.
truncate batch, batch_transaction, batch_level, snapshot;

alter table batch
    drop constraint batch_header_check,
    add constraint batch_header_check check (octet_length(header) = 640),
    -- Entries of the lane's log after this batch.
    add column log_size bigint not null,
    -- Which requests had ended then, and which between had not.
    add column ended bytea not null;

-- The hashes of a lane's log (C2SP tlog-tiles), 32 bytes each: a full tile never changes, one that is not full only grows.
create table log_tile (
    lane   bigint   not null,
    level  smallint not null,
    index  bigint   not null,
    hashes bytea    not null check (octet_length(hashes) between 32 and 8192 and octet_length(hashes) % 32 = 0),
    primary key (lane, level, index)
);
alter table log_tile alter column hashes set storage external;
