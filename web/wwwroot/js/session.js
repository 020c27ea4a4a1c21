// Who is logged in, and the dialog that asks for it.

import * as api from './api.js';
import * as words from './words.js';
import { fail, clear, closable } from './dialogs.js';

const hint = 'callback.logged-in'; // spares visitors who never logged in a question that is answered 401
const element = id => document.getElementById(id);
const dialog = element('login-dialog');
let member = null;
let waiting = null;

export const current = () => member;

export async function restore() {
  if (!localStorage.getItem(hint)) return;
  try {
    show(await api.profile());
  } catch (error) {
    if (error.code === 'not_logged_in') show(null);
  }
}

// Resolves with the member, or with null if the visitor would rather not.
export function ask(why) {
  if (member) return Promise.resolve(member);
  element('login-why').textContent = why;
  element('password').value = '';
  clear(element('login-error'));
  dialog.showModal();
  element(element('account').value ? 'password' : 'account').focus();
  return new Promise(resolve => { waiting = resolve; });
}

export function forget() {
  show(null);
}

export function start() {
  closable(dialog);
  element('login-form').addEventListener('submit', submit);
  dialog.addEventListener('close', () => { waiting?.(member); waiting = null; });
  element('log-in').addEventListener('click', () => ask('Use the account that you have with this site.'));
  element('log-out').addEventListener('click', async () => {
    await api.logOut().catch(() => {});
    show(null);
    element('log-in').focus();
  });
}

async function submit(event) {
  event.preventDefault();
  const [account, password] = [element('account'), element('password')];
  if (!account.value.trim() || !password.value)
    return fail(element('login-error'), 'Enter your account and your password.', account.value.trim() ? password : account);
  const button = event.submitter ?? dialog.querySelector('[type=submit]');
  button.disabled = true;
  try {
    show((await api.logIn(account.value.trim(), password.value)).member);
    dialog.close();
  } catch (error) {
    fail(element('login-error'), words.refusal(error), password);
    password.select();
  } finally {
    button.disabled = false;
  }
}

function show(profile) {
  member = profile;
  if (profile) localStorage.setItem(hint, '1');
  else localStorage.removeItem(hint);
  element('who').textContent = profile?.name ?? '';
  element('who').hidden = !profile;
  element('phones').hidden = !profile;
  element('log-in').hidden = Boolean(profile);
  element('log-out').hidden = !profile;
}
