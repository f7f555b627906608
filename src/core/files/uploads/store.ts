import { constants } from 'node:fs';
import { statfs, unlink } from 'node:fs/promises';
import { DataStore, Upload } from '@tus/server';
import type { ConflictPolicy } from '../../../db/schema/files.ts';
import type { PinnedFolder } from '../../../platform/files.ts';
import { ownId } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { partName, reopenPart } from '../beside.ts';
import { openFolder } from '../entry.ts';
import { errnoOf, fileFault } from '../faults.ts';
import { openHeld, type HeldFile } from '../held-file.ts';
import { lstatOf } from '../operations/names.ts';
import { joinPath } from '../paths.ts';
import { readAnnounced } from './announced.ts';
import { sayChanged } from './changed.ts';
import { checksumOf } from './checksum.ts';
import { descend } from './folders.ts';
import { place } from './place.ts';
import { receive } from './receive.ts';
import { folderThere, full, over, stopped, taken, tooLong, unknown, UploadRefusal, wrongChecksum } from './refusal.ts';
import { addUpload, changeUpload, dropUpload, endUpload, lifeMs, ownUpload, touchUpload, type UploadRow } from './rows.ts';
import { sweepSometimes } from './sweep.ts';
import { watchActor } from './watch.ts';

/** What the library does not hand on of a request. */
export interface Asked {
  verb: string;
  /** `Upload-Checksum`. */
  checksum: string | null;
}

/** So little is not asked about beforehand: the disk itself says soon enough that it is full. */
const LITTLE = 1 << 20;

const WRITE = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0);

/**
 * One request about one upload, for @tus/server: bytes go into a hidden file beside the target, which gets its name when
 * it is whole. Rights are asked for at each request, and while bytes come. `close` when it is answered.
 */
export class UploadStore extends DataStore {
  override extensions = ['creation', 'creation-with-upload', 'creation-defer-length', 'termination', 'expiration', 'checksum'];
  #row: UploadRow | null = null;
  #folder: PinnedFolder | null = null;
  #part: HeldFile | null = null;
  /** All bytes are there, and it is not written down yet when they came. */
  #fresh = false;

  constructor(
    private readonly app: App,
    private readonly actor: Actor,
    private readonly asked: Asked,
  ) {
    super();
  }

  /** The upload that this request was about, as far as it came. */
  get row(): UploadRow | null {
    return this.#row;
  }

  /** When it is given up unless more comes, ms since the epoch; null: it is done, or there is none. */
  get expiresAt(): number | null {
    return this.#row && this.#row.endedAt === null ? this.#row.touchedAt + lifeMs(this.app) : null;
  }

  override async create(upload: Upload): Promise<Upload> {
    const { app, actor } = this;
    const metadata = upload.metadata ?? {};
    const { folder: path, below, name, conflict } = readAnnounced(app, metadata);
    sweepSometimes(app);
    const top = await openFolder(app, actor, path, 'write');
    await this.#told(async () => {
      this.#folder = await descend(app, actor, top, below);
      if (upload.size !== undefined && upload.size > LITTLE) await this.#checkRoom(upload.size);
      const there = await lstatOf(this.#folder, name);
      if (there && (conflict === 'ask' || conflict === 'skip')) throw taken();
      if (there?.isDirectory() && conflict === 'replace') throw folderThere();
      const part = partName(app.random, name);
      this.#row = addUpload(app, { id: upload.id, userId: ownId(actor), folder: this.#folder.real, name, part, size: upload.size ?? null, metadata, conflict });
      try {
        this.#part = await openHeld(this.#folder.at(part), WRITE | constants.O_CREAT | constants.O_EXCL, 0o600);
      } catch (error) {
        dropUpload(app, upload.id);
        this.#row = null;
        throw error;
      }
    });
    return upload;
  }

  override async getUpload(id: string): Promise<Upload> {
    const row = this.#row ?? (await this.#hold(id));
    const { size } = row;
    const offset = row.endedAt === null ? await this.#offset() : size ?? 0;
    // The panel, or the file system, gave up between the last byte and the name.
    if (this.asked.verb === 'HEAD' && size === offset && row.endedAt === null) await this.finish();
    return new Upload({ id, offset, metadata: row.metadata, ...(size === null ? {} : { size }) });
  }

  /** @throws UploadRefusal 507 */
  override async declareUploadLength(id: string, size: number): Promise<void> {
    const row = this.#row ?? (await this.#hold(id));
    await this.#told(async () => this.#checkRoom(size - (await this.#offset())));
    changeUpload(this.app, id, { size });
    this.#row = { ...row, size };
  }

  /** Takes a body in at the end of the part. @returns where it ends now */
  async take(body: ReadableStream<Uint8Array> | null, at: number, most: number, signal: AbortSignal): Promise<number> {
    const row = this.#row!;
    if (!body || row.endedAt !== null) return at;
    const part = this.#part!;
    const checksum = checksumOf(this.asked.checksum);
    if (checksum) changeUpload(this.app, row.id, { uncheckedFrom: at });
    const end = new AbortController();
    const because = (reason: UploadRefusal) => () => end.abort(reason);
    const leave = [
      watchActor(this.app, this.actor, because(over())),
      this.app.bus.on('panel.stopping', because(stopped())),
    ];
    signal.addEventListener('abort', because(stopped()), { once: true });
    try {
      const came = await receive(body, part.fd, { at, most, signal: end.signal, see: checksum ? (piece) => checksum.update(piece) : undefined });
      end.signal.throwIfAborted();
      if (checksum && !checksum.matches()) throw wrongChecksum();
      this.#fresh = at + came === row.size;
      return at + came;
    } catch (error) {
      // What was too much, or was never checked, does not count. What came before a broken line does.
      if (checksum || (error as UploadRefusal).answer === tooLong().answer) await part.truncate(at);
      throw this.#fault(error);
    } finally {
      for (const each of leave) each();
      if (!this.#fresh) this.#touch(row.id);
    }
  }

  /** Gives the file its name. @throws UploadRefusal 412: it waits for another policy */
  async finish(conflict?: ConflictPolicy): Promise<void> {
    const { app, actor } = this;
    if (conflict) {
      changeUpload(app, this.#row!.id, { conflict });
      this.#row = { ...this.#row!, conflict };
    }
    const row = this.#row!;
    if (row.endedAt !== null) return;
    const folder = this.#folder!;
    const as = await this.#told(async () => {
      const part = this.#part ?? (await reopenPart(folder, row.part));
      this.#part = null;
      return place(folder, row, part, readAnnounced(app, row.metadata).lastModified);
    }).catch((error: unknown) => {
      // It waits for another policy, as long as if nothing had gone wrong.
      if (this.#fresh) this.#touch(row.id);
      throw error;
    });
    const endedAt = endUpload(app, row.id, as, () => {
      if (as === '') return;
      record(app, actor, { action: 'files.upload', target: joinPath(app.host.files.kind, row.folder, as), params: { size: row.size ?? 0, conflict: row.conflict } });
    });
    this.#row = { ...row, endedAt, endedAs: as };
    if (as !== '') sayChanged(app, row.folder);
  }

  override async remove(id: string): Promise<void> {
    const row = this.#row ?? (await this.#hold(id));
    await this.#closePart();
    if (row.endedAt === null) await this.#told(() => unlink(this.#folder!.at(row.part)));
    dropUpload(this.app, id);
    this.#row = null;
  }

  async close(): Promise<void> {
    await this.#closePart();
    await this.#folder?.close();
    this.#folder = null;
  }

  /** Looks the upload up, and holds its folder and its part. @throws UploadRefusal 404, AppError */
  async #hold(id: string): Promise<UploadRow> {
    const row = ownUpload(this.app, this.actor, id);
    this.#row = row;
    if (row.endedAt !== null) return row;
    this.#folder = await openFolder(this.app, this.actor, row.folder, 'write');
    try {
      this.#part = await reopenPart(this.#folder, row.part);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw this.#fault(error);
      // Somebody removed it: there is nothing to go on with.
      dropUpload(this.app, id);
      throw unknown();
    }
    await this.#dropUnchecked(row);
    return this.#row;
  }

  /** The panel was killed while bytes came whose checksum it never saw. */
  async #dropUnchecked(row: UploadRow) {
    if (row.uncheckedFrom === null) return;
    if ((await this.#offset()) > row.uncheckedFrom) await this.#part!.truncate(row.uncheckedFrom);
    changeUpload(this.app, row.id, { uncheckedFrom: null });
    this.#row = { ...row, uncheckedFrom: null };
  }

  async #offset(): Promise<number> {
    return (await this.#part!.stat()).size;
  }

  /** Nothing is reserved, but what cannot fit is not begun. */
  async #checkRoom(bytes: number) {
    const room = await statfs(this.#folder!.at('')).catch(() => null);
    if (room && room.bavail * room.bsize < bytes) throw full();
  }

  #touch(id: string) {
    try {
      touchUpload(this.app, id);
    } catch (error) {
      // On a full disk the database cannot be written either: what came counts all the same.
      this.app.log.warn('time of an upload not written', { error: error as Error });
    }
  }

  async #closePart() {
    const part = this.#part;
    this.#part = null;
    await part?.close();
  }

  async #told<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      throw this.#fault(error);
    }
  }

  #fault(error: unknown): unknown {
    if (error instanceof UploadRefusal) return error;
    if ((error as Error | null)?.name === 'AbortError') return stopped();
    if (['ENOSPC', 'EDQUOT'].includes(errnoOf(error))) return full(error);
    return fileFault(error, this.#row?.name ?? '');
  }
}
