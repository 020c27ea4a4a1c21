// The member's own VoIP phones: which there are, what rings, and what a new one is set up with.

import * as api from './api.js';
import * as words from './words.js';
import * as session from './session.js';
import { fail, clear, closable } from './dialogs.js';

const element = id => document.getElementById(id);
const dialog = element('phones-dialog');

export function start() {
  closable(dialog);
  element('phones').addEventListener('click', open);
  element('phones-make').addEventListener('click', () => act(make));
  element('phones-ring').addEventListener('change', event => act(() => ring(event.target)));
  dialog.addEventListener('close', hideNew);
}

async function open() {
  hideNew();
  clear(element('phones-error'));
  await act(load);
  dialog.showModal();
}

async function load() {
  const known = await api.terminals();
  element('phones-ring').checked = known.rings === 'terminal';
  element('phones-make').disabled = !known.domain;
  element('phones-list').replaceChildren(...known.terminals.map(row));
  if (!known.domain) fail(element('phones-error'), 'This site offers no VoIP phones.');
}

function row(terminal) {
  const item = element('phone-row').content.cloneNode(true).firstElementChild;
  item.querySelector('.phone-name').textContent = terminal.account;
  item.querySelector('.tag').textContent = terminal.registered > 0 ? 'Connected' : 'Not connected';
  item.querySelector('.tag').classList.toggle('paid', terminal.registered === 0);
  const button = item.querySelector('button');
  button.setAttribute('aria-label', `Remove ${terminal.account}`);
  button.addEventListener('click', () => act(async () => {
    await api.removeTerminal(terminal.account);
    await load();
  }));
  return item;
}

async function make() {
  const made = await api.makeTerminal();
  for (const name of ['account', 'password', 'domain', 'transport']) element(`phone-${name}`).textContent = made[name];
  element('phone-server').textContent = made.server || made.domain;
  element('phone-qr').setAttribute('viewBox', `0 0 ${made.qr.size} ${made.qr.size}`);
  element('phone-qr').querySelector('path').setAttribute('d', made.qr.path);
  element('phone-new').hidden = false;
  await load();
  element('phone-new').focus();
}

async function ring(box) {
  const rings = box.checked ? 'terminal' : 'number';
  box.checked = !box.checked; // until it is so
  await api.chooseRings(rings);
  box.checked = rings === 'terminal';
  session.current().rings = rings;
}

function hideNew() {
  element('phone-new').hidden = true;
  for (const name of ['account', 'password', 'domain', 'server', 'transport']) element(`phone-${name}`).textContent = '';
  element('phone-qr').querySelector('path').removeAttribute('d');
}

async function act(what) {
  clear(element('phones-error'));
  try {
    await what();
  } catch (error) {
    fail(element('phones-error'), words.refusal(error));
  }
}
