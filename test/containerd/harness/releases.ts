/**
 * The containerd releases that are unpacked on this machine, and test suites that run once for each of them.
 * `.ci/install-containerd` puts them there.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, test } from 'vitest';

export type ReleaseName = '1.6' | '1.7' | '2.x';

export interface Release {
  readonly name: ReleaseName;
  /** The folder of `containerd`, its shim and `ctr`. */
  readonly bin: string;
}

const names: ReadonlyArray<ReleaseName> = ['1.6', '1.7', '2.x'];
const programs = ['containerd', 'containerd-shim-runc-v2', 'ctr'];
const folder = process.env.CRI_RECOVERY_RELEASES ?? '/opt/cri-recovery-releases';
const required = process.env.CRI_RECOVERY_REQUIRE_CONTAINERD === '1';

/** The PATH a daemon is started with: its own release first, then the machine's runc and network tools. */
export const searchPath = (release: Release): string =>
  [release.bin, process.env.PATH ?? '', '/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(delimiter);

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const releaseOf = (name: ReleaseName): Release => ({ name, bin: join(folder, name, 'usr', 'bin') });

const missing = (release: Release): string | undefined => {
  if (process.getuid?.() !== 0) return 'needs root';
  if (!programs.every((program) => isExecutable(join(release.bin, program))))
    return `not unpacked in ${join(folder, release.name)}`;
  const path = searchPath(release).split(delimiter);
  for (const tool of ['runc', 'ip', 'busybox']) {
    if (!path.some((directory) => isExecutable(join(directory, tool)))) return `needs ${tool}`;
  }
  return undefined;
};

/** The releases that can run here. */
export const releases: ReadonlyArray<Release> = names
  .map(releaseOf)
  .filter((release) => missing(release) === undefined);

/**
 * Defines one suite per release, or per release named. Where a release cannot run, its suite is skipped with the reason
 * in its title, or fails when `CRI_RECOVERY_REQUIRE_CONTAINERD=1`.
 */
export const describeReleases = (
  title: string,
  suite: (release: Release) => void,
  only: ReadonlyArray<ReleaseName> = names,
): void => {
  for (const release of only.map(releaseOf)) {
    const name = `${title} [containerd ${release.name}]`;
    const reason = missing(release);
    if (reason === undefined) {
      describe(name, () => suite(release));
    } else if (required) {
      test(name, () => {
        throw new Error(`containerd ${release.name} is required here: ${reason}`);
      });
    } else {
      describe.skip(`${name} (skipped: ${reason})`, () => suite(release));
    }
  }
};
