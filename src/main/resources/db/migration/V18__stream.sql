-- How far each lane has been streamed, as its router has seen it last. What counts is the cursor in the stream itself; this copy is never
-- ahead of it, and says which part of the journal has to stay. Without a stream nobody reads or writes it.
create table stream_cursor (
    lane  bigint primary key,
    chunk bigint not null
) with (fillfactor = 50);

-- One row. Lanes of two databases have the same numbers, so a cursor names the database it is of; the secret makes tags of tenants.
create table stream_source (
    one    boolean primary key default true check (one),
    id     uuid  not null default gen_random_uuid(),
    secret bytea not null default sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))
);

insert into stream_source default values;

-- Changes of levels are streamed in the order in which they were made.
create index batch_level_in_order on batch_level (lane, ordinal);
