-- How many slots each target has for all routers of a cluster, and who has which part, if PostgreSQL keeps that (openledger.cluster).
-- Unlogged: a crash of the database empties them all, and then routers say first what they have, before anybody gets more. Times are
-- nanoseconds, by the time that the limits of keys have (V19), which no change of the database's clock moves back or far ahead. Without a cluster nobody reads or writes these.
create unlogged table slot_epoch (
    one  boolean primary key default true check (one),
    born bigint not null
);
comment on column slot_epoch.born is 'nobody was known to have a slot then';

create unlogged table target_total (
    target bytea  primary key check (octet_length(target) = 16),
    slots  int    not null check (slots > 0),
    grown  bigint not null default 0,
    cut    bigint not null default 0,
    told   bigint not null default 0,
    seen   bigint not null
) with (fillfactor = 50);
comment on column target_total.slots is 'of all routers together, learnt from answers and refusals at all of them';
comment on column target_total.grown is 'when it grew last';
comment on column target_total.cut is 'when it was cut last, because calls were refused';
comment on column target_total.told is 'when routers were told last that one of them lacks slots';

create unlogged table target_lease (
    target  bytea  not null check (octet_length(target) = 16),
    router  uuid   not null,
    number  bigint not null,
    slots   int    not null check (slots >= 0),
    need    int    not null,
    used    int    not null,
    expires bigint not null,
    primary key (target, router)
) with (fillfactor = 50);
comment on column target_lease.number is 'of the question that it is the answer to: one that comes later and was asked before is not heard';
comment on column target_lease.slots is 'what the router may have in flight until it says less or the lease expires';

alter table target_total set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
alter table target_lease set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

create function slot_time() returns bigint language sql volatile as $$ select share_time(share_noted()) $$;

-- Nobody has any slots before this.
insert into slot_epoch (born) values (slot_time() - 3600000000000);

create function slots_born() returns bigint language plpgsql volatile as $$
declare
    known bigint;
begin
    select born into known from slot_epoch;
    if not found then
        insert into slot_epoch (born) values (slot_time()) on conflict do nothing;
        select born into strict known from slot_epoch;
    end if;
    return known;
end
$$;

-- Learns from what a router says of its targets, and grants it its part of each, a row for each target. What each argument means is said by
-- the records Question and Wish of SlotEngine. Targets are given in order, so that two routers that lock the same rows lock them in the same
-- order. In sum a grant never makes more than the total: a part grows only by what nobody has, or who had it has said to have no more, or
-- what has expired.
create function take_target_slots(
    of_router uuid, of_number bigint, term bigint, targets bytea[], mins int[], initials int[], maxs int[], kepts int[], needs int[],
    useds int[], answereds int[], refuseds int[])
returns table (granted int, share int) language plpgsql volatile as $$
declare
    pause constant bigint := 200000000;
    w record;
    m record;
    t target_total;
    clock bigint;
    born bigint;
    total int;
    of_others int;
    in_use int;
    members int;
    waiting int;
    rest int;
    part int;
    place int;
begin
    born := slots_born();
    for w in
        select * from unnest(targets, mins, initials, maxs, kepts, needs, useds, answereds, refuseds)
            as wish (target, fewest, first_slots, most, kept, need, used, answered, refused)
    loop
        insert into target_total (target, slots, seen) values (w.target, w.first_slots, slot_time()) on conflict do nothing;
        select * into t from target_total a where a.target = w.target for update;
        if exists (
            select from target_lease l where l.target = w.target and l.router = of_router and l.number >= of_number)
        then
            granted := w.kept;
            share := w.kept;
            return next;
            continue;
        end if;
        clock := slot_time();
        delete from target_lease l where l.target = w.target and l.router <> of_router and l.expires <= clock;
        select coalesce(sum(l.slots), 0), coalesce(sum(l.used), 0) + w.used, count(*) + 1 into of_others, in_use, members
            from target_lease l where l.target = w.target and l.router <> of_router;

        -- As a router that is alone learns it (AimdLimit), but once for all and in steps: refusals within a fifth of a second are of one
        -- congestion. Shallower than there, because it takes some questions until a larger total is shared out.
        total := greatest(w.fewest, least(w.most, coalesce(t.slots, w.first_slots)));
        if w.refused > 0 then
            if clock >= t.cut + pause then
                total := greatest(w.fewest, least(total - 3, total * 85 / 100));
                t.cut := clock;
            end if;
        elsif w.answered > 0 and 2 * in_use >= total and clock >= greatest(t.grown, t.cut) + pause then
            total := least(w.most, total + least(2 * w.answered, greatest(2, total / 12)));
            t.grown := clock;
        end if;

        -- Everybody gets what it needs, who needs little first; what is left goes to all alike. If there is not one for each, who needs none
        -- gets none, and the others take turns.
        rest := total;
        waiting := members;
        for m in
            select them.router, them.need,
                   case when total >= members then them.router::text
                        else md5(them.router::text || (clock / 2000000000)::text) end as turn
            from (
                select l.router, case when total >= members then greatest(1, l.need) else l.need end as need
                    from target_lease l where l.target = w.target and l.router <> of_router
                union all
                select of_router, case when total >= members then greatest(1, w.need) else w.need end) them
            order by 2, 3
        loop
            part := least(m.need, rest / waiting);
            if m.router = of_router then
                share := part;
                place := members - waiting;
            end if;
            rest := rest - part;
            waiting := waiting - 1;
        end loop;
        share := share + rest / members + case when place < rest % members then 1 else 0 end;

        granted := w.kept;
        if clock >= born + term then
            granted := greatest(w.kept, least(share, total - of_others));
        end if;
        insert into target_lease (target, router, number, slots, need, used, expires)
            values (w.target, of_router, of_number, granted, w.need, w.used, clock + term)
            on conflict (target, router) do update set number = excluded.number, slots = excluded.slots, need = excluded.need,
                used = excluded.used, expires = excluded.expires;
        if granted < least(share, greatest(1, w.need)) and members > 1 and clock >= t.told + pause / 4 then
            perform pg_notify('openledger_slots', encode(w.target, 'hex') || ' ' || of_router);
            t.told := clock;
        end if;
        update target_total a set slots = total, grown = t.grown, cut = t.cut, told = t.told, seen = clock where a.target = w.target;
        return next;
    end loop;
end
$$;
