/** What this process may do, so that a test that needs more says so instead of failing, and one that needs less can have it. */
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import fse from 'fs-extra';

/** True for root, who may read anything. */
export const isRoot = process.getuid?.() === 0;

/** Why nothing can be mounted here, or undefined where it can. */
export const whyNoMounts = (() => {
  if (!isRoot) return 'mounting needs root';
  return spawnSync('unshare', ['--mount', 'true']).status === 0 ? undefined : 'mounting is refused here even to root';
})();

const nobody = 65534;

/** Runs as a user without rights: as root by putting them down meanwhile, otherwise as it is. */
export const withoutPrivileges = async <A>(run: () => Promise<A>): Promise<A> => {
  if (!isRoot) return run();
  process.seteuid?.(nobody);
  try {
    return await run();
  } finally {
    process.seteuid?.(0);
  }
};

/** Lets everybody into a temporary node's root and what is below it, files excepted. */
export const openToAll = async (root: string): Promise<void> => {
  for (const folder of [dirname(root), root, `${root}/containers`, `${root}/containers/nginx`])
    await fse.chmod(folder, 0o755);
};
