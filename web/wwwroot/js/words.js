// Every sentence that the page says about a call, by status and outcome.

const merchantsName = name => name || 'the merchant';

const live = {
  scheduled: () => 'Your call is scheduled.',
  queued: () => 'Waiting for a free line.',
  authorizing: () => 'Checking payment…',
  calling_member: () => 'We are ringing you now. Please pick up.',
  member_answered: () => 'You are on the line. Please hold.',
  calling_merchant: name => `Please hold: we are ringing ${merchantsName(name)}.`,
  bridged: name => `You are connected with ${merchantsName(name)}.`,
};

const ended = {
  member_busy: () => 'Your phone was busy.',
  member_no_answer: () => 'You did not pick up.',
  member_declined: () => 'Your phone declined the call.',
  merchant_busy: name => `${merchantsName(name)} is on another call. Try again in a few minutes.`,
  merchant_no_answer: name => `${merchantsName(name)} did not pick up.`,
  merchant_declined: name => `${merchantsName(name)} declined the call.`,
  member_unreachable: () => 'Your number could not be reached. Check it and try again.',
  merchant_unreachable: name => `The number of ${merchantsName(name)} could not be reached.`,
  member_hung_up: () => 'You hung up before you were connected.',
  member_not_confirmed: () => 'The call was not confirmed on your phone.',
  merchant_not_confirmed: name => `${merchantsName(name)} did not take the call.`,
  insufficient_funds: () => 'There is not enough credit for this call. Nothing was rung.',
  credit_exhausted: () => 'The credit ran out before you were connected.',
  no_rate: () => 'One of the numbers cannot be called from here. Nothing was rung.',
  already_active: () => 'Another call of yours is still going on.',
  destination_blocked: () => 'This number may not be called. Nothing was rung.',
  outside_hours: name => `${merchantsName(name)} takes no calls at this hour.`,
  trunk_unavailable: () => 'The telephone network did not take the call. Please try again.',
  no_capacity: () => 'All lines are in use. Please try again in a moment.',
  silo_lost: () => 'The call was lost through a fault of ours. You were not charged.',
  canceled_by_member: () => 'You canceled the call.',
  internal: () => 'Something went wrong on our side. You were not connected.',
};

const afterBridge = {
  member: () => 'You hung up.',
  merchant: name => `${merchantsName(name)} hung up.`,
  payer: () => 'The credit for this call is used up.',
  carrier: () => 'The telephone network ended the call.',
  system: () => 'The call was ended by us.',
};

const refusals = {
  member_unreachable: 'None of your VoIP phones is connected. Nothing was rung.',
  merchant_unreachable: 'The phone of this merchant is not connected. Nothing was rung.',
  no_terminals: 'This site offers no VoIP phones.',
  too_many_terminals: 'You have as many phones as you may have. Remove one first.',
  insufficient_funds: 'There is not enough credit for this call. Nothing was rung.',
  already_active: ended.already_active(),
  no_rate: ended.no_rate(),
  destination_blocked: ended.destination_blocked(),
  no_capacity: ended.no_capacity(),
  trunk_unavailable: ended.trunk_unavailable(),
  unknown_merchant: 'This merchant is no longer listed.',
  undecided: 'The call could not be started in time. Nothing was rung; please try again.',
  unavailable: 'The service is not available right now. Please try again in a moment.',
  wrong_credentials: 'Account or password is wrong.',
};

const capital = text => text.charAt(0).toUpperCase() + text.slice(1);

export function sentence(step, name) {
  if (!step.outcome) return (live[step.status] ?? (() => 'Your call goes on.'))(name);
  if (step.outcome !== 'bridged') return capital((ended[step.outcome] ?? ended.internal)(name));
  const cause = afterBridge[step.end_reason?.party];
  return cause ? `The call has ended. ${capital(cause(name))}` : 'The call has ended.';
}

export function refusal(error) {
  if (error.retryAfter && (error.code === 'too_many_failures' || error.code === 'too_many_logins'))
    return `Too many failed tries. Try again in ${error.retryAfter} ${error.retryAfter === 1 ? 'second' : 'seconds'}.`;
  return refusals[error.code] ?? error.message;
}

export function payer(merchant) {
  return { member: 'You pay for this call', merchant: 'Free for you', sponsor: 'Free for you' }[merchant.payer];
}

export function whoPays(merchant) {
  return {
    member: 'The call is paid from your credit.',
    merchant: `Free for you: ${merchant.name} pays.`,
    sponsor: 'Free for you: a sponsor pays.',
  }[merchant.payer];
}

export function price(charge, payerOfCall) {
  const amount = new Intl.NumberFormat(undefined, { style: 'currency', currency: charge.currency, minimumFractionDigits: 2, maximumFractionDigits: 4 })
    .format(charge.micros / 1e6);
  if (charge.micros === 0) return 'Nothing was charged.';
  return payerOfCall === 'member' ? `Price of the call: ${amount}` : `Price of the call: ${amount}, free for you.`;
}

export function duration(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}
