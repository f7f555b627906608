// “What ran then”: the page of that minute, in a drawer beside the charts.
import { openDialog } from '../dialog.js';
import { fmt } from './numbers.js';
import { words } from './state.js';

const drawer = document.getElementById('minute');
let asked = 0;

export async function openMinute(at) {
  if (!drawer) return;
  const mine = ++asked;
  const body = drawer.querySelector('#minute-body');
  drawer.querySelector('#minute-h').textContent = words.minuteAt.replace('{time}', fmt.dayTime(at));
  say(body, words.minuteLoading);
  openDialog('minute');
  try {
    const answer = await fetch(`/dashboard/processes?at=${at}`);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (mine !== asked) return;
    const lists = page.getElementById('minute-lists');
    if (answer.ok && lists) body.replaceChildren(document.adoptNode(lists));
    else say(body, words.minuteFailed);
  } catch {
    if (mine === asked) say(body, words.minuteFailed);
  }
}

function say(body, text) {
  const line = document.createElement('p');
  line.className = 'small muted gutter';
  line.textContent = text;
  body.replaceChildren(line);
}

// The peak below a chart is a link to the same page; with the drawer there is no need to leave.
document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a[data-minute]') : null;
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  void openMinute(Number(new URL(link.href).searchParams.get('at')));
});
