-- One row for each violation of the books; none when they balance. Reads alone; knows the tables and nothing of the program.
-- Columns: rule, site, what, found.
with
ended as (select site, id from callback where status in ('completed', 'failed', 'canceled')),
entries as (
    select site, account, sum(amount) as amount, max(sequence) as last
    from entry where account like 'wallet:%' group by site, account),
pending as (select site, wallet, sum(amount) as amount from hold where state = 'pending' group by site, wallet),
-- What the charge of a call moved, out of wallets and into revenue.
moved as (
    select site, callback, min(account) as account, count(distinct transaction_id) as transactions,
        -sum(case when account like 'wallet:%' then amount else 0 end) as paid,
        sum(case when account = 'revenue' then amount else 0 end) as earned
    from entry where kind = 'charge' group by site, callback),
posted_out as (select site, callback, count(*) as times from outbox where kind = 'callback_ended' group by site, callback),
told as (
    select site, callback, count(*) as events, max(number) as last,
        sum(case when status in ('completed', 'failed', 'canceled') then 1 else 0 end) as endings,
        max(case when status in ('completed', 'failed', 'canceled') then number else 0 end) as ending
    from call_event group by site, callback)
select 'transaction does not sum to zero' as rule, site, transaction_id as what, sum(amount) as found
from entry group by site, transaction_id having sum(amount) <> 0
union all
select 'entries of no wallet', e.site, e.account, e.amount
from entries e left join wallet w on w.site = e.site and 'wallet:' || w.id = e.account where w.id is null
union all
select 'wallet below its floor', site, id, posted + credit_limit - held from wallet where posted + credit_limit - held < 0
union all
select 'held is not the sum of pending holds', w.site, w.id, w.held - coalesce(p.amount, 0)
from wallet w left join pending p on p.site = w.site and p.wallet = w.id where w.held <> coalesce(p.amount, 0)
union all
select 'posted is not the sum of entries', w.site, w.id, w.posted - coalesce(e.amount, 0)
from wallet w left join entries e on e.site = w.site and e.account = 'wallet:' || w.id where w.posted <> coalesce(e.amount, 0)
union all
select 'entry beyond the sequence of its wallet', w.site, w.id, e.last
from wallet w join entries e on e.site = w.site and e.account = 'wallet:' || w.id where e.last > w.sequence
union all
select 'hold of no wallet', h.site, h.id, h.amount
from hold h left join wallet w on w.site = h.site and w.id = h.wallet where w.id is null
union all
select 'hold is not resolved to its amount', site, id, coalesce(captured, 0) + coalesce(released, 0)
from hold
where state not in ('pending', 'resolved')
    or state = 'resolved'
        and (captured is null or released is null or captured < 0 or released < 0 or captured + released <> amount)
    or state = 'pending' and (captured is not null or released is not null)
union all
select 'resolved hold has no CDR', h.site, h.id, h.captured
from hold h left join cdr d on d.site = h.site and d.callback = h.callback and d.hold = h.id
where h.state = 'resolved' and d.callback is null
union all
select 'CDR does not charge what its hold captured', d.site, d.callback, d.charge
from cdr d left join hold h on h.site = d.site and h.id = d.hold
where d.hold is not null
        and (h.id is null or h.callback <> d.callback or h.wallet <> d.wallet or h.captured is null or h.captured <> d.charge)
    or d.hold is null and d.charge <> 0
union all
select 'CDR does not charge the sum of its legs', d.site, d.callback, d.charge
from cdr d
where (d.leg_a is not null or d.leg_b is not null)
    and d.charge <> coalesce((d.leg_a ->> 'price'), 0) + coalesce((d.leg_b ->> 'price'), 0)
union all
select 'parts of a leg do not sum to its price', l.site, l.callback, (l.leg ->> 'price')
from (select site, callback, leg_a as leg from cdr union all select site, callback, leg_b from cdr) l
where l.leg is not null and l.leg -> 'price_parts' is not null
    and (l.leg ->> 'price') <> (l.leg -> 'price_parts' ->> 'connect_fee') + (l.leg -> 'price_parts' ->> 'time')
        + (l.leg -> 'price_parts' ->> 'to_minimum') + (l.leg -> 'price_parts' ->> 'attempt_fee')
union all
select 'CDR does not charge what its entries moved', d.site, d.callback, d.charge
from cdr d left join moved m on m.site = d.site and m.callback = d.callback
where d.charge <> coalesce(m.paid, 0) or d.charge <> coalesce(m.earned, 0)
    or m.transactions > 1 or m.paid <> 0 and not exists (
        select 1 from entry e
        where e.site = d.site and e.callback = d.callback and e.kind = 'charge' and e.account = 'wallet:' || d.wallet)
union all
select 'charge without a CDR', m.site, m.callback, m.paid
from moved m left join cdr d on d.site = m.site and d.callback = m.callback where d.callback is null
union all
select 'ended callback that held has no CDR', h.site, h.callback, h.amount
from hold h join ended c on c.site = h.site and c.id = h.callback
left join cdr d on d.site = h.site and d.callback = h.callback where d.callback is null
union all
select 'ended callback has a pending hold', h.site, h.id, h.amount
from hold h join ended c on c.site = h.site and c.id = h.callback where h.state = 'pending'
union all
select 'callback shows another charge than its CDR', c.site, c.id, c.charge
from callback c join cdr d on d.site = c.site and d.callback = c.id where c.charge <> d.charge
union all
select 'callback with a CDR has not ended', c.site, c.id, d.charge
from callback c join cdr d on d.site = c.site and d.callback = c.id where c.status not in ('completed', 'failed', 'canceled')
union all
select 'CDR has not exactly one outbox row', d.site, d.callback, coalesce(o.times, 0)
from cdr d left join posted_out o on o.site = d.site and o.callback = d.callback where coalesce(o.times, 0) <> 1
union all
select 'event numbers have a gap', site, callback, last from told where events <> last
union all
select 'callback has not the number of its last event', c.site, c.id, c.last_event
from callback c left join told t on t.site = c.site and t.callback = c.id where c.last_event <> coalesce(t.last, 0)
union all
select 'ended callback has not exactly one terminal event, the last', c.site, c.id, coalesce(t.endings, 0)
from ended c left join told t on t.site = c.site and t.callback = c.id
where coalesce(t.endings, 0) <> 1 or t.ending <> t.last
union all
select 'terminal event of a callback that has not ended', c.site, c.id, t.ending
from callback c join told t on t.site = c.site and t.callback = c.id
where t.endings > 0 and c.status not in ('completed', 'failed', 'canceled');
