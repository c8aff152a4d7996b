-- Which provider made what a later request may refer to: a response, a conversation, an item, encrypted reasoning. The name is half a
-- SHA-256 of the tenant and the provider's own name for it, so no tenant finds another's and neither is kept. Dropped with the decisions
-- of its day.
create table answer_origin (
    name     uuid not null,
    day      date not null,
    provider text not null,
    primary key (name, day)
) partition by range (day);
