-- What makes a lane's leaves unreadable to who should not read them. Made once; losing it makes old receipts unprovable.
create table lane_secret (
    lane   bigint primary key,
    secret bytea not null check (octet_length(secret) = 32)
);

-- Who may write a lane's batches. The fence grows each time the lane changes hands, so a writer that was away finds out.
create table sequencer_lease (
    lane    bigint primary key,
    holder  uuid        not null,
    fence   bigint      not null,
    expires timestamptz not null
);

-- One row a batch; a row for each leaf would cost thousands a second. All but the last lines is never changed.
create table batch (
    lane            bigint      not null,
    sequence        bigint      not null,
    head            bytea       not null check (octet_length(head) = 32),
    header          bytea       not null check (octet_length(header) = 608),
    last_snapshot   bigint      not null,
    -- Request counter of each leaf in order, 8 bytes each; and, to find the batch of a request, the counters without
    -- their last 8 bits, each once. A range of counters would not do: every batch has a few that are minutes old.
    counters        bytea       not null,
    counter_groups  bigint[]    not null,
    leaves          bytea       not null,
    records         bytea       not null,
    -- Hashes of the policies that must be on chain before it, 32 bytes each.
    policies        bytea       not null,
    end_chunk       bigint      not null,
    end_record      int         not null,
    cut_at          timestamptz not null,
    level           smallint    not null,
    level_at        timestamptz not null,
    included_hash   bytea,
    block_number    bigint,
    block_hash      bytea,
    committed_at    bigint,
    gas_used        bigint,
    fee             numeric(78),
    primary key (lane, sequence)
);
alter table batch alter column counters set storage external;
alter table batch alter column leaves set storage external;
alter table batch alter column records set storage external;
create index batch_by_counter on batch using gin (counter_groups);
-- Levels: 2 and up are on chain, 5 is FINALIZED, 6 is SETTLED.
create index batch_unfinished on batch (lane, sequence) where level < 5;
create index batch_unsettled on batch (lane, level_at) where level = 5;

-- Each transaction that was signed for a batch, kept before it was sent; any of them may be the one that gets in.
create table batch_transaction (
    lane         bigint      not null,
    sequence     bigint      not null,
    ordinal      int         not null,
    hash         bytea       not null check (octet_length(hash) = 32),
    raw          bytea       not null,
    nonce        bigint      not null,
    max_fee      numeric(78) not null,
    priority_fee numeric(78) not null,
    primary key (lane, sequence, ordinal),
    foreign key (lane, sequence) references batch
);
alter table batch_transaction alter column raw set storage external;

-- Every change of a batch's level with its evidence; never changed.
create table batch_level (
    lane         bigint      not null,
    sequence     bigint      not null,
    ordinal      bigint      generated always as identity,
    level        smallint    not null,
    at           timestamptz not null,
    block_number bigint,
    block_hash   bytea,
    primary key (lane, sequence, ordinal),
    foreign key (lane, sequence) references batch
);
