-- What routers have to know of each other. A lane is served by its own router, finished by another that has adopted it, or free: all of
-- it is derived and final on chain, and the next router that starts may have it.
alter table lane_lease
    add column address     text     not null default '',
    add column build       text     not null default '',
    add column policy_hash bytea,
    add column state       smallint not null default 1 check (state between 1 and 3);

comment on column lane_lease.address is 'host:port at which its holder takes requests of other routers, empty if it takes none';
comment on column lane_lease.state is '1 serves, 2 finishes, 3 free';

-- Each write to a lane asks for this row.
alter table lane_lease set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
