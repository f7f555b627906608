// How full the disks are.
import { fmt } from './numbers.js';
import { words } from './state.js';

export function showMounts({ mounts }) {
  for (const mount of mounts) {
    // A file system that was mounted meanwhile is on the page after its next load.
    const place = document.querySelector(`[data-mount="${CSS.escape(mount.path)}"]`);
    if (!place) continue;
    const size = fmt.bytesPair(mount.used, mount.total);
    put(place, 'used', size.used);
    put(place, 'total', `/ ${size.total} ${size.unit}`);
    put(place, 'note', note(mount));
    const all = mount.used + mount.free;
    place.querySelector('meter').value = all > 0 ? (100 * mount.used) / all : 0;
  }
}

function put(place, name, text) {
  const element = place.querySelector(`[data-f=${name}]`);
  if (element && element.textContent !== text) element.textContent = text;
}

// The same as mountNote in src/views/dashboard/disks.tsx: change both.
function note(mount) {
  const parts = [mount.device.replace(/^\/dev\//, ''), mount.type];
  if (mount.readOnly) parts.push(words.readOnly);
  const days = mount.fullInDays;
  if (days !== null) parts.push(days < 1 ? words.fullToday : days === 1 ? words.fullOne : words.full.replace('{days}', days));
  if (mount.inodes && mount.inodesUsed !== null) parts.push(words.inodes.replace('{percent}', fmt.percent((100 * mount.inodesUsed) / mount.inodes)));
  return parts.filter(Boolean).join(' · ');
}
