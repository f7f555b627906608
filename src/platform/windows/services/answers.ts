import { z } from 'zod';

const Service = z.object({
  name: z.string(), title: z.string(),
  /** "Running", "Stopped", "Start Pending" …: values of Win32_Service, not words of the system's language. */
  state: z.string(),
  /** "Auto", "Manual", "Disabled"; "Boot" and "System" are of drivers. */
  mode: z.string(),
  /** 0: none. */
  pid: z.number().int(),
  /** Of Win32 (winerror.h), and the service's own where that is 1066. */
  code: z.number().int(), specific: z.number().int(),
  memory: z.number().nullable(), startedAt: z.number().nullable(),
});

/**
 * `services.ps1 list`:
 *
 *     {"services":[{"name":"W32Time","title":"Windows Time","state":"Stopped","mode":"Manual","pid":0,"code":1077,"specific":0,
 *       "memory":null,"startedAt":null}]}
 */
export const ServicesAnswer = z.object({ services: z.array(Service) });

/** `services.ps1 one`: the same of one, and `"description":"…","command":"C:\\Windows\\system32\\svchost.exe -k …","account":"NT AUTHORITY\\LocalService","stops":false` */
export const ServiceAnswer = z.object({
  services: z.array(Service.extend({ description: z.string(), command: z.string(), account: z.string(), /** It takes it when it is told to stop. */ stops: z.boolean() })).length(1),
});

/**
 * `services.ps1 log`, the newest first; level as in winmeta.xml: 1 critical, 2 error, 3 warning, 4 information, 5 verbose, 0 always:
 *
 *     {"lines":[{"at":1790000000000,"level":2,"from":"Service Control Manager","text":"The Fax service terminated unexpectedly.  …"}]}
 */
export const ServiceLog = z.object({ lines: z.array(z.object({ at: z.number().nullable(), level: z.number().int(), from: z.string(), text: z.string() })) });

export type ServiceSaid = z.output<typeof Service>;
export type OneServiceSaid = z.output<typeof ServiceAnswer>['services'][number];
