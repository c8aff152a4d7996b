-- Which router may write a lane's journal. Every write asks for the fence, which grows each time the lane changes hands: who has lost it
-- writes nothing more. The holder renews the lease; nobody else takes it before it has expired.
create table lane_lease (
    lane    bigint primary key,
    holder  uuid        not null,
    fence   bigint      not null,
    expires timestamptz not null
) with (fillfactor = 50);

-- Lanes of the time before, so that one nobody comes back for is seen.
insert into lane_lease (lane, holder, fence, expires)
select lane, '00000000-0000-0000-0000-000000000000', 0, now() from projection;
