import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fse from 'fs-extra';
import { containerIoContract, fakeId } from '../../src/testing/index.js';
import { runContract } from '../testing/run-contract.js';
import { hold, nginx, openFiles, place } from './fifos.js';

runContract(
  'stdio container io',
  containerIoContract(async () => {
    const { folder, log, stdio, io } = await place();
    hold(stdio.stdout);
    hold(stdio.stderr);
    const path = (name: string) => join(folder, name);
    await fse.writeFile(path('file'), 'x');
    await fse.symlink(stdio.stdout, path('link'));
    const to = (stdout: string, stderr = '') => ({ ...stdio, stdout, stderr });
    const bare = fakeId('bare');
    const sets = path(`state/containers/${bare}/io`);
    return {
      port: io,
      running: nginx,
      stdio,
      logPath: log,
      // What holds the FIFOs has both ends open once.
      isRead: async () => openFiles().filter((open) => open === stdio.stdout).length > 1,
      broken: [
        { stdio: to(path('gone')), tag: 'NotFound' },
        { stdio: to(stdio.stdout, path('gone')), tag: 'NotFound' },
        { stdio: to(path('file')), tag: 'Corrupt' },
        { stdio: to(path('link')), tag: 'Corrupt' },
        { stdio: to(folder), tag: 'Corrupt' },
        { stdio: to('/dev/null'), tag: 'Corrupt' },
        { stdio: to(path('file/below')), tag: 'Corrupt' },
        { stdio: to(stdio.stdout, `file://${path('file')}`), tag: 'Corrupt' },
        { stdio: to('binary:///bin/true?id=1'), tag: 'Corrupt' },
      ],
      created: bare,
      fifos: async () =>
        (await fse.pathExists(sets))
          ? execFileSync('find', [sets, '-type', 'p'], { encoding: 'utf8' }).split('\n').filter(Boolean)
          : [],
    };
  }),
);
