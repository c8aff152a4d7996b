-- Cosignatures of a lane's log by its witnesses (C2SP tlog-cosignature), verified before they are kept. Of each hour the last checkpoint
-- with a quorum stays, and of each witness its newest one: so every leaf has a checkpoint not much older than itself, and the table grows
-- by a row an hour for each witness, however many batches there are.
create table cosignature (
    lane    bigint      not null,
    -- The log's name, which is signed: after it was changed, those under the old one are of no use.
    origin  text        not null,
    size    bigint      not null check (size > 0),
    -- The verifier key: a name may get another key.
    witness text        not null,
    root    bytea       not null check (octet_length(root) = 32),
    line    text        not null,
    at      timestamptz not null,
    primary key (lane, origin, size, witness)
);
create index cosignature_by_time on cosignature (lane, at);
-- The newest of a witness is looked for whenever one is kept.
create index cosignature_by_witness on cosignature (lane, origin, witness, size);
