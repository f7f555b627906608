import { ptr } from 'bun:ffi';
import { AppError, type ErrorCode } from '../../../lib/errors.ts';
import { wide } from '../words.ts';
import { openServiceCalls, type ServiceCalls } from './calls.ts';

/** A service as the service control manager is told of it. */
export interface ServiceSetup {
  name: string;
  title: string;
  description: string;
  /** Its whole command line. */
  command: string;
  /** "LocalSystem", "NT AUTHORITY\\LocalService", "NT SERVICE\\mantou-shop": those that need no password. */
  account: string;
  boot: boolean;
  /** ms before it is started again when it ends by a failure; null: it stays ended. */
  again: number | null;
}

export interface ServiceControl {
  /** Makes it, or changes the one that is there. @throws AppError conflict where `fresh` and it exists, denied, unavailable */
  put(setup: ServiceSetup, fresh: boolean): void;
  /** 1 stopped, 2 starting, 3 stopping, 4 running (dwCurrentState); null: there is no such service. */
  state(name: string): number | null;
  /** @throws AppError denied, unavailable */
  remove(name: string): void;
}

// winerror.h
const ERROR_INVALID_LEVEL = 124;
const ERROR_SERVICE_EXISTS = 1073;
const ERROR_SERVICE_DOES_NOT_EXIST = 1060;
const ERROR_SERVICE_MARKED_FOR_DELETE = 1072;
const CODES: Record<number, ErrorCode> = { 5: 'denied', [ERROR_SERVICE_EXISTS]: 'conflict', [ERROR_SERVICE_MARKED_FOR_DELETE]: 'conflict' };

// winsvc.h, winnt.h
const SC_MANAGER_CONNECT = 1;
const SC_MANAGER_CREATE_SERVICE = 2;
const SERVICE_QUERY_STATUS = 4;
const DELETE = 0x1_0000;
/** To change it, and to let it be started again, which takes the right to start it. */
const CHANGES = 0x2 | 0x1 | 0x10;
const OWN_PROCESS = 0x10;
const AUTO_START = 2;
const DEMAND_START = 3;
const ERROR_NORMAL = 1;
const NO_CHANGE = 0xffff_ffff;
const CONFIG = { description: 1, failureActions: 2, failureFlag: 4, sid: 5 } as const;
const RESTART = 1;
/** Nothing about a time without failures: each is followed by the same. */
const RESET_SECONDS = 86_400;

/** Services by the calls of Windows themselves: no text of a tool to read, and nothing to quote but the one command line. */
export function createServiceControl(open: () => ServiceCalls = openServiceCalls): ServiceControl {
  const api = () => open();

  function failure(name: string): AppError {
    const code = api().GetLastError();
    const kind = CODES[code] ?? 'unavailable';
    if (kind === 'conflict') return new AppError('conflict', (t) => (code === ERROR_SERVICE_EXISTS ? t.programs.serviceTaken({ name }) : t.programs.goesAway({ name })), { field: 'name' });
    return new AppError(kind, (t) => (kind === 'denied' ? t.programs.scmDenied : t.programs.scmFailed({ name, code })), { detail: `Windows error ${code}` });
  }

  function withManager<T>(name: string, access: number, work: (manager: bigint) => T): T {
    const manager = api().OpenSCManagerW(null, null, access);
    if (!manager) throw failure(name);
    try {
      return work(manager);
    } finally {
      api().CloseServiceHandle(manager);
    }
  }

  /** @returns null where there is no such service */
  function withService<T>(manager: bigint, name: string, access: number, work: (service: bigint) => T): T | null {
    const service = api().OpenServiceW(manager, wide(name), access);
    if (!service) {
      if (api().GetLastError() === ERROR_SERVICE_DOES_NOT_EXIST) return null;
      throw failure(name);
    }
    try {
      return work(service);
    } finally {
      api().CloseServiceHandle(service);
    }
  }

  return {
    put(setup, fresh) {
      const start = setup.boot ? AUTO_START : DEMAND_START;
      const [title, command, account] = [wide(setup.title), wide(setup.command), wide(setup.account)];
      // Accounts that Windows keeps the passwords of are given none, not an empty one (ChangeServiceConfigW, lpPassword).
      const virtual = setup.account.startsWith('NT SERVICE\\');
      const must = (ok: number) => {
        if (!ok) throw failure(setup.name);
      };
      // Wine has no more than the first two of these; every Windows that is still looked after has all.
      const may = (ok: number) => {
        if (!ok && api().GetLastError() !== ERROR_INVALID_LEVEL) throw failure(setup.name);
      };
      const furnish = (service: bigint) => {
        const description = wide(setup.description);
        must(api().ChangeServiceConfig2W(service, CONFIG.description, new BigUint64Array([BigInt(ptr(description))])));
        const action = new Uint32Array([RESTART, setup.again ?? 0]);
        // SERVICE_FAILURE_ACTIONSW: reset period, reboot message, command, count, actions. A pointer with a count of 0 clears them.
        const actions = new BigUint64Array([BigInt(RESET_SECONDS), 0n, 0n, setup.again === null ? 0n : 1n, BigInt(ptr(action))]);
        must(api().ChangeServiceConfig2W(service, CONFIG.failureActions, actions));
        // Also when it ends in order and says that it failed, as a program's host does.
        may(api().ChangeServiceConfig2W(service, CONFIG.failureFlag, new Uint32Array([1])));
        // A name of its own in lists of access, whatever account it runs as.
        may(api().ChangeServiceConfig2W(service, CONFIG.sid, new Uint32Array([1])));
      };
      withManager(setup.name, SC_MANAGER_CONNECT | SC_MANAGER_CREATE_SERVICE, (manager) => {
        const changed = fresh ? null : withService(manager, setup.name, CHANGES, (service) => {
          must(api().ChangeServiceConfigW(service, NO_CHANGE, start, NO_CHANGE, command, null, null, null, account, virtual ? null : wide(''), title));
          furnish(service);
          return true;
        });
        if (changed) return;
        const made = api().CreateServiceW(manager, wide(setup.name), title, CHANGES | DELETE, OWN_PROCESS, start, ERROR_NORMAL, command, null, null, null, account, null);
        if (!made) throw failure(setup.name);
        try {
          furnish(made);
        } catch (error) {
          api().DeleteService(made);
          throw error;
        } finally {
          api().CloseServiceHandle(made);
        }
      });
    },
    state: (name) => withManager(name, SC_MANAGER_CONNECT, (manager) => withService(manager, name, SERVICE_QUERY_STATUS, (service) => {
      const status = new Uint32Array(7);
      if (!api().QueryServiceStatus(service, status)) throw failure(name);
      return status[1]!;
    })),
    remove(name) {
      withManager(name, SC_MANAGER_CONNECT, (manager) => withService(manager, name, DELETE, (service) => {
        if (!api().DeleteService(service) && api().GetLastError() !== ERROR_SERVICE_MARKED_FOR_DELETE) throw failure(name);
      }));
    },
  };
}
