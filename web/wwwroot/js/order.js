// From the click on a merchant's button to a placed call: login, the number to be rung, the order itself.

import * as api from './api.js';
import * as words from './words.js';
import * as session from './session.js';
import * as call from './call.js';
import { fail, clear, closable } from './dialogs.js';

const unanswered = 'callback.order'; // an order whose answer a reload would lose
const stillMeantMs = 30000;
const element = id => document.getElementById(id);
const dialog = element('number-dialog');
let merchant = null;
let order = null; // the last order that was sent: the same order sent again has the same key and cannot ring twice

export async function begin(chosen) {
  const member = await session.ask(`To call ${chosen.name} we need to know whom to ring.`);
  if (!member) return;
  merchant = chosen;
  order = null;
  element('number-title').textContent = `Call ${chosen.name}`;
  element('number-payer').textContent = words.whoPays(chosen);
  element('number').value = member.number;
  element('number-phone-label').hidden = member.rings !== 'terminal';
  element('number-phone').checked = member.rings === 'terminal';
  element('number').disabled = element('number-phone').checked;
  clear(element('number-error'));
  dialog.showModal();
  element('number').focus();
  element('number').select();
}

export function start() {
  closable(dialog);
  element('number-form').addEventListener('submit', submit);
  element('number-phone').addEventListener('change', event => { element('number').disabled = event.target.checked; });
  element('number').addEventListener('input', () => clear(element('number-error')));
}

async function submit(event) {
  event.preventDefault();
  const button = element('number-confirm');
  if (button.disabled) return;
  button.disabled = true;
  clear(element('number-error'));
  try {
    const number = element('number-phone').checked ? 'terminal' : element('number').value.trim();
    if (order?.number !== number) order = { key: newKey(), number };
    const placed = await place({ ...order, merchant: merchant.id, name: merchant.name, at: Date.now() });
    dialog.close();
    call.follow(placed, merchant.name);
  } catch (error) {
    await refused(error);
  } finally {
    button.disabled = false;
  }
}

// The page was reloaded before the answer came: the same order with the same key finds the call that was placed.
export async function restore() {
  const sent = JSON.parse(localStorage.getItem(unanswered) ?? 'null');
  if (!sent) return;
  localStorage.removeItem(unanswered);
  if (Date.now() - sent.at > stillMeantMs) return;
  const placed = await place(sent).catch(() => null);
  if (placed) call.follow(placed, sent.name);
}

async function place(sent) {
  localStorage.setItem(unanswered, JSON.stringify(sent));
  try {
    return await api.placeCallback(sent.key, sent.merchant, sent.number);
  } finally {
    localStorage.removeItem(unanswered);
  }
}

async function refused(error) {
  if (error.code === 'not_logged_in') {
    session.forget();
    dialog.close();
    return begin(merchant);
  }

  const wrongNumber = error.code === 'invalid_number';
  if (!['offline', 'unavailable', 'undecided'].includes(error.code)) order = null;
  fail(element('number-error'), words.refusal(error), wrongNumber ? element('number') : null);
}

function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');
}
