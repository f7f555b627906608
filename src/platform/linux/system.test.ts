import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newerKernel, parseNeedsRestarting, parseRebootPackages } from './reboot.ts';
import { parseCpuModel, parseOsRelease } from './system.ts';
import { findVirtualization } from './virtualization.ts';

const fixture = (path: string) => readFileSync(join(import.meta.dir, '../../../test/fixtures/linux', path), 'utf8');
const files = (contents: Record<string, string>) => ({ read: (path: string) => contents[path] ?? null, exists: (path: string) => path in contents });

test('nothing known is null', () => {
  expect(parseOsRelease('')).toBeNull();
  expect(parseCpuModel('')).toBeNull();
  // ARM: cores without a name.
  expect(parseCpuModel('processor\t: 0\nBogoMIPS\t: 108.00\nCPU implementer\t: 0x41\n')).toBeNull();
  expect(findVirtualization(files({}))).toBeNull();
});

test('a real machine', () => {
  expect(parseOsRelease(fixture('machine/etc/os-release'))).toBe('Debian GNU/Linux 12 (bookworm)');
  expect(parseCpuModel(fixture('machine/proc/cpuinfo'))).toBe('AMD EPYC');
  // A virtual machine without a firmware that names its maker.
  expect(findVirtualization(files({ '/proc/cpuinfo': fixture('machine/proc/cpuinfo') }))).toBe('vm');
});

test('containers come before machines; quotes and escapes of os-release', () => {
  expect(findVirtualization(files({ '/.dockerenv': '', '/sys/class/dmi/id/sys_vendor': 'QEMU' }))).toBe('docker');
  expect(findVirtualization(files({ '/run/.containerenv': '' }))).toBe('podman');
  expect(findVirtualization(files({ '/proc/1/environ': 'PATH=/bin\0container=lxc\0' }))).toBe('lxc');
  expect(findVirtualization(files({ '/sys/class/dmi/id/sys_vendor': 'QEMU\n' }))).toBe('qemu');
  expect(findVirtualization(files({ '/sys/class/dmi/id/product_name': 'KVM\n', '/sys/class/dmi/id/sys_vendor': 'QEMU\n' }))).toBe('kvm');
  expect(parseOsRelease("NAME='A \\$ystem'\nVERSION=3\n")).toBe('A $ystem 3');
});

test('a newer kernel asks for a reboot only where it can be told', () => {
  // The kernel is not one of the installed ones: a container, or the provider's own.
  expect(newerKernel('6.18.44', ['6.1.0-25-amd64'])).toBeNull();
  expect(newerKernel('6.1.0-9-amd64', ['6.1.0-9-amd64'])).toBeNull();
  expect(newerKernel('6.1.0-26-amd64', ['6.1.0-9-amd64', '6.1.0-26-amd64'])).toBeNull();
  expect(newerKernel('6.1.0-9-amd64', ['6.1.0-10-amd64', '6.1.0-9-amd64'])).toBe('6.1.0-10-amd64');
  // Another flavour is installed, not booted.
  expect(newerKernel('6.1.0-9-amd64', ['6.1.0-9-amd64', '6.1.0-10-cloud-arm64'])).toBeNull();
  expect(newerKernel('5.14.0-427.el9.x86_64', ['5.14.0-427.el9.x86_64', '5.14.0-503.el9.x86_64'])).toBe('5.14.0-503.el9.x86_64');
});

test('packages that ask for a reboot are named once', () => {
  expect(parseRebootPackages('linux-image-6.1.0-26-amd64\nlibc6\nlibc6\n\n')).toEqual(['linux-image-6.1.0-26-amd64', 'libc6']);
  expect(parseNeedsRestarting('Core libraries or services have been updated since boot-up:\n  * kernel\n  * systemd\n\nReboot is required.\n')).toEqual(['kernel', 'systemd']);
});
