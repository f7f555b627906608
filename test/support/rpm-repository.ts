import type { SystemdHost } from './systemd-host.ts';

/**
 * A package source in the machine itself, as files: packages of RPM in two versions, one of them with an advisory for security,
 * one with an epoch and another that is no advisory, one that is held, one that brings another, one whose script refuses,
 * one that takes until it is told to end.
 */
const SCRIPT = `
set -eu
mkdir -p /srv/rpm/stable /srv/rpm/work /etc/yum.repos.d /etc/dnf/vars /etc/rpm
# As Fedora has it: Debian keeps a database of RPM for each home, knows no release of it, and turns on a plugin that keeps all that is fetched.
echo '%_dbpath /var/lib/rpm' > /etc/rpm/macros.dbpath
# Its database is exchanged as a folder, which the layers of an image do not take.
rm -rf /var/lib/rpm; mkdir /var/lib/rpm
echo 12 > /etc/dnf/vars/releasever
sed -i '/^\\[main\\]/,/^\\[/s/^enabled.*/enabled = 0/' /etc/dnf/plugins/local.conf
make() { # name version line script epoch
  cat > /srv/rpm/work/$1.spec <<SPEC
Name: $1
Epoch: \${5:-0}
Version: $2
Release: 1
Summary: $1
License: MIT
BuildArch: noarch
\${3:-}
%description
$1
%install
mkdir -p %{buildroot}/usr/share/$1
echo $2 > %{buildroot}/usr/share/$1/version
%files
/usr/share/$1
\${4:+%pre
$4}
%changelog
* Mon Nov 02 2026 Lin <lin@example.org> - $2-1
- What is new in $2 of $1.
SPEC
  rpmbuild -bb --quiet --define "_rpmdir /srv/rpm/work/out" --define "_topdir /srv/rpm/work/top" /srv/rpm/work/$1.spec 2>/dev/null
}
offer() { mv /srv/rpm/work/out/noarch/*.rpm /srv/rpm/stable/; createrepo_c -q /srv/rpm/stable; }
for name in plain safe held dep fail slow; do make bun-$name 1.0; done
make bun-epoch 1.0 '' '' 1
# What scripts of packages need; here it is Debian's.
make bun-shell 1.0 'Provides: /bin/sh'
offer
cat > /etc/yum.repos.d/stable.repo <<REPO
[stable]
name=Stable
baseurl=file:///srv/rpm/stable
gpgcheck=0
REPO
dnf -q -y install bun-shell bun-plain bun-safe bun-held bun-dep bun-fail bun-epoch bun-slow
make bun-plain 2.0; make bun-safe 2.0; make bun-held 2.0; make bun-new 1.0
make bun-dep 2.0 'Requires: bun-new'
make bun-fail 2.0 '' 'echo the script of bun-fail refuses >&2; test -e /run/no-fail'
make bun-epoch 1.5 '' '' 2
make bun-slow 2.0 '' 'touch /run/slow-began; for i in $(seq 6000); do [ -e /run/slow-ends ] && exit 0; sleep 0.1; done; exit 1'
offer
advisory() {
cat <<XML
  <update from="lin@example.org" status="final" type="$2" version="1">
    <id>MANTOU-2026-$1</id><title>$3 update</title><issued date="2026-11-02 00:00:00"/><updated date="2026-11-02 00:00:00"/><severity>Important</severity>
    <description>A hole in $3 is closed.</description>
    <pkglist><collection short="stable"><name>Stable</name><package name="$3" version="$4" release="1" epoch="$5" arch="noarch" src="$3-$4-1.src.rpm"><filename>$3-$4-1.noarch.rpm</filename></package></collection></pkglist>
  </update>
XML
}
{ echo '<?xml version="1.0" encoding="UTF-8"?><updates>'; advisory 0001 security bun-safe 2.0 0; advisory 0002 security bun-epoch 1.5 2; advisory 0003 bugfix bun-plain 2.0 0; echo '</updates>'; } > /srv/rpm/work/updateinfo.xml
modifyrepo_c /srv/rpm/work/updateinfo.xml /srv/rpm/stable/repodata >/dev/null
`;

export async function rpmRepository(host: SystemdHost): Promise<void> {
  const ran = await host.run('sh', '-c', SCRIPT);
  if (ran.code !== 0) throw new Error(`the package source was not made: ${ran.out}${ran.err}`);
}
