// The form of a stack's files: Tab indents by two spaces, and the line that Compose did not take is selected.
for (const area of document.querySelectorAll('.stack-text textarea')) {
  area.parentElement.querySelector('[data-keys]').hidden = false;
  // After Escape, Tab leaves the field as it does everywhere else.
  let leaves = false;
  area.addEventListener('focus', () => (leaves = false));
  area.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') leaves = true;
    if (event.key !== 'Tab' || event.shiftKey || leaves) return;
    event.preventDefault();
    area.setRangeText('  ', area.selectionStart, area.selectionEnd, 'end');
    area.dispatchEvent(new Event('input', { bubbles: true }));
  });
  const line = Number(area.dataset.line);
  if (line) choose(area, line);
}

function choose(area, line) {
  const lines = area.value.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  area.focus({ preventScroll: true });
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  area.scrollTop = Math.max(0, (line - 6) * Number.parseFloat(getComputedStyle(area).lineHeight));
}
