-- Who answers for which idempotency keys, if there are several routers. A hold on a lane has a range: the fence says which hold. Without a
-- cluster nobody reads or writes these.
create table resend_range (
    range smallint primary key check (range between 0 and 1023),
    lane  bigint,
    fence bigint not null default 0
) with (fillfactor = 50);

insert into resend_range (range) select generate_series(0, 1023);

comment on column resend_range.lane is 'whose holder answers for it; null if it was given back';
comment on column resend_range.fence is 'of that hold; if the lane has a higher one, nobody answers';

-- One row: every change of any range counts it up, and is made only by who has seen the change before it.
create table resend_map (
    one     boolean primary key default true check (one),
    version bigint not null
);

insert into resend_map (version) values (1);

-- In which lanes a range was, so that whoever takes it reads what was begun there.
create table resend_range_past (
    range   smallint    not null,
    lane    bigint      not null,
    left_at timestamptz not null,
    primary key (range, lane)
);
