// What both dialogs do alike.

export function fail(message, text, field) {
  message.textContent = text;
  message.hidden = false;
  field?.setAttribute('aria-invalid', 'true');
  field?.focus();
}

export function clear(message, field) {
  message.hidden = true;
  message.textContent = '';
  message.closest('form')?.querySelectorAll('[aria-invalid]').forEach(input => input.removeAttribute('aria-invalid'));
}

export function closable(dialog) {
  dialog.querySelectorAll('[data-close]').forEach(button => button.addEventListener('click', () => dialog.close()));
}
