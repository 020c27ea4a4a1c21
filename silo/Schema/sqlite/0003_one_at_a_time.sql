-- A member, and a number that is rung for a member, is in one live callback only. The keys stand on the callback while it lives; the terminal
-- write empties them.

alter table callback add column live_member text;
alter table callback add column live_number text;

create unique index callback_live_member on callback (site, live_member) where live_member is not null;
create unique index callback_live_number on callback (site, live_number) where live_number is not null;
