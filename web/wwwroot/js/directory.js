// The merchants and their buttons.

import * as api from './api.js';
import * as words from './words.js';
import { begin } from './order.js';

const element = id => document.getElementById(id);

export async function load() {
  const list = element('merchants');
  try {
    const merchants = await api.merchants();
    list.replaceChildren(...merchants.map(card));
    element('notice').hidden = merchants.length > 0;
    element('notice').textContent = 'No merchant is listed yet.';
  } catch (error) {
    element('notice').hidden = false;
    element('notice').textContent = words.refusal(error);
  } finally {
    list.setAttribute('aria-busy', 'false');
  }
}

function card(merchant) {
  const item = element('merchant-card').content.cloneNode(true).firstElementChild;
  const find = selector => item.querySelector(selector);
  find('h3').textContent = merchant.name;
  find('.description').textContent = merchant.description;
  find('.number').textContent = merchant.number;
  find('.tag').textContent = words.payer(merchant);
  find('.tag').classList.toggle('paid', !merchant.free_for_member);
  const button = find('button');
  button.textContent = `Call ${merchant.name}`;
  button.dataset.merchant = merchant.id;
  button.addEventListener('click', () => begin(merchant));
  return item;
}
