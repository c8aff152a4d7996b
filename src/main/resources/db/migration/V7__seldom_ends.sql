-- A tenant asks for its requests that did not go well; nearly all did. Without these, a page of them is found by reading all others.
create index decision_by_seldom_status on decision (tenant, status, arrival desc, lane desc, counter desc) where status <> 1;
create index decision_by_trigger on decision (tenant, last_trigger, arrival desc, lane desc, counter desc) where last_trigger <> 0;

-- A route's versions in all lanes, by its name.
create index catalog_entry_route_name on catalog_entry (split_part(body, E'\n', 1)) where kind = 'R';

-- A policy by its hash, whichever lane it was in force in.
create index policy_version_hash on policy_version (hash);
