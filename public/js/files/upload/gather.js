// What a person chose or dropped, as a flat list: files with their way below the folder, and the folders themselves,
// so that empty ones arrive too.

/**
 * @typedef {{ file: File, way: string, handle: FileSystemFileHandle | null }} Found
 * @returns {{ files: Found[], folders: string[] }}
 */
export function ofInput(input) {
  const files = [...input.files].map((file) => ({ file, way: file.webkitRelativePath || file.name, handle: null }));
  return { files, folders: [] };
}

/** Everything of a drop. What the browser hands out must be taken before the event is over; the rest is read after it. */
export function ofDrop(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === 'file');
  const taken = items.map((item) => ({
    entry: item.webkitGetAsEntry?.() ?? null,
    file: item.getAsFile(),
    // Secure pages of Chromium only: what may be opened again after a reload.
    handle: item.getAsFileSystemHandle?.().catch(() => null) ?? null,
  }));
  return read(taken);
}

async function read(taken) {
  const found = { files: [], folders: [] };
  for (const { entry, file, handle } of taken) {
    if (entry?.isDirectory) await walk(entry, entry.name, found);
    else if (file) found.files.push({ file, way: file.name, handle: await handle });
  }
  return found;
}

async function walk(folder, way, found) {
  found.folders.push(way);
  const reader = folder.createReader();
  // At most a hundred at a time: asked until none is left.
  for (let entries = await some(reader); entries.length; entries = await some(reader)) {
    for (const entry of entries) {
      const below = `${way}/${entry.name}`;
      if (entry.isDirectory) await walk(entry, below, found);
      else found.files.push({ file: await fileOf(entry), way: below, handle: null });
    }
  }
}

const some = (reader) => new Promise((resolve, reject) => reader.readEntries(resolve, reject));
const fileOf = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));
