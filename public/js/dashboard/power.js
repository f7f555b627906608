// After a restart or shutdown was asked for, its dialog has done its work; the stream's `bye` says the rest.

document.addEventListener('htmx:after:request', (event) => {
  const form = event.target instanceof Element ? event.target.closest('form[data-power]') : null;
  if (!form) return;
  const { response } = event.detail.ctx;
  if (response?.status === 204) form.closest('dialog')?.close();
});
