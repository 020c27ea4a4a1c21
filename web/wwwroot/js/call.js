// One call on the page: its steps live, the button that ends it, what it cost. A reload finds it again.

import * as api from './api.js';
import * as words from './words.js';

const stored = 'callback.call';
const order = ['authorizing', 'calling_member', 'member_answered', 'calling_merchant', 'bridged', 'ended'];
const final = ['completed', 'failed', 'canceled'];
const retryAfterMs = 2000;
const element = id => document.getElementById(id);

let call = null;
let source = null;
let clock = null;

export function start() {
  element('call-cancel').addEventListener('click', cancel);
  element('call-close').addEventListener('click', close);
}

export function follow(placed, merchantName) {
  stopListening();
  call = { id: placed.id, name: merchantName, payer: placed.payer, last: 0, reached: -1 };
  localStorage.setItem(stored, JSON.stringify({ id: call.id, name: call.name }));
  element('call-title').textContent = `Call to ${call.name}`;
  element('call-numbers').textContent = placed.number === 'terminal' ? 'We ring you on your VoIP phone.' : `We ring you on ${placed.number}.`;
  clearInterval(clock);
  element('call-clock').hidden = true;
  element('call-price').hidden = true;
  element('call-close').hidden = true;
  element('call-cancel').hidden = false;
  element('call-cancel').disabled = false;
  element('call').hidden = false;
  element('call').focus();
  element('call').scrollIntoView({ block: 'nearest' });
  oneAtATime(true);
  show(placed);
  if (!call.over) listen();
}

export async function restore() {
  const known = JSON.parse(localStorage.getItem(stored) ?? 'null');
  if (!known) return;
  try {
    follow(await api.callback(known.id), known.name);
  } catch (error) {
    if (['unknown_callback', 'not_logged_in'].includes(error.code)) localStorage.removeItem(stored);
    else setTimeout(restore, retryAfterMs);
  }
}

function listen() {
  const mine = call;
  source = new EventSource(`/v1/callbacks/${call.id}/events?after=${call.last}`);
  source.onopen = () => { element('call-link').hidden = true; };
  source.onmessage = message => {
    if (mine !== call) return;
    const step = JSON.parse(message.data);
    call.last = step.number;
    show(step);
  };
  source.onerror = () => {
    if (mine !== call || call.over) return;
    element('call-link').hidden = false;
    if (source.readyState !== EventSource.CLOSED) return; // the browser tries again by itself, with Last-Event-ID
    setTimeout(() => { if (mine === call && !call.over) recover(); }, retryAfterMs);
  };
}

// The server would not go on with the stream: ask how the call stands before asking for the stream again.
async function recover() {
  const mine = call;
  const now = await api.callback(call.id).catch(error => error);
  if (mine !== call) return;
  if (now.code === 'unknown_callback' || now.code === 'not_logged_in') return close();
  if (now.status) show(now);
  if (!call.over) listen();
}

function show(step) {
  if (call.over) return;
  if (final.includes(step.status)) return end(step);
  call.reached = Math.max(call.reached, order.indexOf(step.status));
  mark(call.reached, 'now');
  element('call-sentence').textContent = words.sentence(step, call.name);
  element('call-cancel').textContent = step.status === 'bridged' || step.status === 'member_answered' || step.status === 'calling_merchant'
    ? 'Hang up' : 'Cancel the call';
  if (step.status === 'bridged') startClock(step.at ?? new Date().toISOString());
}

function end(step) {
  call.over = true;
  oneAtATime(false);
  stopListening();
  clearInterval(clock);
  localStorage.removeItem(stored);
  const good = step.outcome === 'bridged' || step.outcome === 'canceled_by_member';
  if (step.outcome === 'bridged') call.reached = order.indexOf('bridged');
  mark(order.indexOf('ended'), good ? 'done' : 'failed');
  element('call-sentence').textContent = words.sentence(step, call.name);
  element('call-price').hidden = !step.charge;
  element('call-price').textContent = step.charge ? words.price(step.charge, call.payer) : '';
  const hadFocus = document.activeElement === element('call-cancel');
  element('call-cancel').hidden = true;
  element('call-close').hidden = false;
  element('call-link').hidden = true;
  if (hadFocus) element('call-close').focus();
}

// Marks the steps that were reached; those that were passed over stay open.
function mark(step, how) {
  element('call-steps').querySelectorAll('li').forEach((item, at) => {
    item.classList.toggle('done', at !== step && at <= call.reached || at === step && how === 'done');
    item.classList.toggle('now', at === step && how === 'now');
    item.classList.toggle('failed', at === step && how === 'failed');
    if (at === step) item.setAttribute('aria-current', 'step');
    else item.removeAttribute('aria-current');
  });
}

function startClock(since) {
  const began = Math.min(Date.parse(since), Date.now());
  const tick = () => { element('call-clock').textContent = words.duration((Date.now() - began) / 1000); };
  clearInterval(clock);
  clock = setInterval(tick, 1000);
  tick();
  element('call-clock').hidden = false;
}

async function cancel() {
  const mine = call;
  element('call-cancel').disabled = true;
  try {
    const now = await api.cancelCallback(call.id);
    if (mine === call && final.includes(now.status)) show(now);
  } catch {
    if (mine !== call) return;
    element('call-cancel').disabled = false;
    element('call-sentence').textContent = 'The call could not be ended just now. Please try again, or hang up your phone.';
  }
}

// While a call is live no other can be ordered from this page.
function oneAtATime(live) {
  document.querySelectorAll('#merchants button').forEach(button => { button.disabled = live; });
}

function stopListening() {
  source?.close();
  source = null;
}

function close() {
  oneAtATime(false);
  stopListening();
  clearInterval(clock);
  localStorage.removeItem(stored);
  call = null;
  element('call-clock').hidden = true;
  element('call').hidden = true;
  element('merchants').focus();
}
