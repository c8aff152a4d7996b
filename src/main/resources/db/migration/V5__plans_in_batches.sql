-- Where the next batch begins to read plans; before there were any, at the beginning.
alter table batch
    add column plan_chunk  bigint not null default 0,
    add column plan_record int    not null default 0;

-- The views that plans were made from, each with the batch under whose snapshot root it is; never changed.
create table snapshot (
    lane     bigint not null,
    number   bigint not null,
    sequence bigint not null,
    data     bytea  not null,
    primary key (lane, number),
    foreign key (lane, sequence) references batch
);
alter table snapshot alter column data set storage external;
create index snapshot_by_batch on snapshot (lane, sequence);
