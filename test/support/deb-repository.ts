import type { SystemdHost } from './systemd-host.ts';

/**
 * A package source in the machine itself, served by busybox over HTTP: packages of two versions, one of them from a suite
 * that says it is for security, one that is held, one that brings another, one that somebody else brought, one that asks for a restart,
 * one that takes until it is told to end, and an engine that takes as long.
 */
const SCRIPT = `
set -eu
mkdir -p /srv/repo/pool
make() {
  work=/srv/work/$1-$2
  mkdir -p "$work/DEBIAN" "$work/usr/share/$1"
  echo "$2" > "$work/usr/share/$1/version"
  printf 'Package: %s\\nVersion: %s\\nArchitecture: all\\nMaintainer: Lin <lin@example.org>\\nDescription: %s\\n' "$1" "$2" "$1" > "$work/DEBIAN/control"
  [ -z "$3" ] || echo "Depends: $3" >> "$work/DEBIAN/control"
  case "$4" in
    conf) mkdir -p "$work/etc"; echo "setting=$2" > "$work/etc/$1.conf"; echo "/etc/$1.conf" > "$work/DEBIAN/conffiles" ;;
    reboot) printf '#!/bin/sh\\nset -e\\ntouch /run/reboot-required\\necho %s >> /run/reboot-required.pkgs\\n' "$1" > "$work/DEBIAN/postinst"; chmod 755 "$work/DEBIAN/postinst" ;;
    tool) mkdir -p "$work/usr/bin"; printf '#!/bin/sh\\n' > "$work/usr/bin/unattended-upgrade"; chmod 755 "$work/usr/bin/unattended-upgrade" ;;
    slow) printf '#!/bin/sh\\ntouch /run/slow-began\\nfor i in $(seq 6000); do [ -e /run/slow-ends ] && exit 0; sleep 0.1; done\\nexit 1\\n' > "$work/DEBIAN/postinst"; chmod 755 "$work/DEBIAN/postinst" ;;
    engine) mkdir -p "$work/lib/systemd/system"; printf '[Service]\\nType=oneshot\\nRemainAfterExit=yes\\nExecStart=/bin/true\\n[Install]\\nWantedBy=multi-user.target\\n' > "$work/lib/systemd/system/docker.service"; cp /srv/work/bun-slow-2.0/DEBIAN/postinst "$work/DEBIAN/postinst" ;;
    hang) printf '#!/bin/sh\\n[ -e /run/no-hang ] || sleep 4321\\n' > "$work/DEBIAN/postinst"; chmod 755 "$work/DEBIAN/postinst" ;;
  esac
  dpkg-deb -b "$work" "/srv/repo/pool/$1_$2_all.deb" >/dev/null
}
index() {
  suite=$1; label=$2; shift 2
  lists=/srv/repo/dists/$suite/main/binary-amd64
  mkdir -p "$lists"; : > "$lists/Packages"
  for name in "$@"; do
    file=/srv/repo/pool/\${name}_all.deb
    dpkg-deb -f "$file" >> "$lists/Packages"
    printf 'Filename: pool/%s_all.deb\\nSize: %s\\nSHA256: %s\\n\\n' "$name" "$(stat -c %s "$file")" "$(sha256sum "$file" | cut -d' ' -f1)" >> "$lists/Packages"
  done
  printf 'Origin: Debian\\nLabel: %s\\nSuite: %s\\nCodename: %s\\nArchitectures: amd64 all\\nComponents: main\\nSHA256:\\n %s %s main/binary-amd64/Packages\\n' "$label" "$suite" "$suite" "$(sha256sum "$lists/Packages" | cut -d' ' -f1)" "$(stat -c %s "$lists/Packages")" > "/srv/repo/dists/$suite/Release"
}
make bun-plain 1.0 '' conf; make bun-plain 2.0 '' conf
make bun-kernel 1.0 '' ''; make bun-kernel 1.1 '' reboot
make bun-held 1.0 '' ''; make bun-held 2.0 '' ''
make bun-new 1.0 '' ''
make bun-dep 1.0 '' ''; make bun-dep 2.0 bun-new ''
make bun-auto 1.0 '' ''; make bun-auto 2.0 '' ''
make unattended-upgrades 1.0 '' tool
make bun-hang 1.0 '' ''; make bun-hang 2.0 '' hang
make bun-slow 1.0 '' ''; make bun-slow 2.0 '' slow
make docker.io 1.0 '' engine; make docker-compose 1.0 '' ''
index stable Debian bun-plain_1.0 bun-kernel_1.0 bun-held_1.0 bun-dep_1.0 bun-auto_1.0 bun-hang_1.0 unattended-upgrades_1.0
index stable-security Debian-Security
systemd-run --quiet --unit=repository busybox httpd -f -p 127.0.0.1:8099 -h /srv/repo
printf 'deb [trusted=yes] http://127.0.0.1:8099 stable main\\ndeb [trusted=yes] http://127.0.0.1:8099 stable-security main\\n' > /etc/apt/sources.list
until curl -sf -o /dev/null http://127.0.0.1:8099/dists/stable/Release; do sleep 0.1; done
apt-get -qq update
DEBIAN_FRONTEND=noninteractive apt-get -qq -y install bun-plain bun-kernel bun-held bun-dep bun-auto >/dev/null
apt-mark auto bun-auto >/dev/null; apt-mark hold bun-held >/dev/null
index stable Debian bun-plain_2.0 bun-held_2.0 bun-dep_2.0 bun-new_1.0 bun-auto_2.0 bun-hang_2.0 bun-slow_2.0 unattended-upgrades_1.0 docker.io_1.0 docker-compose_1.0
index stable-security Debian-Security bun-kernel_1.1
`;

export async function debRepository(host: SystemdHost): Promise<void> {
  const ran = await host.run('sh', '-c', SCRIPT);
  if (ran.code !== 0) throw new Error(`the package source was not made: ${ran.out}${ran.err}`);
}
