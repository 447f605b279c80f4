/** For each entry point a program that a user might begin with, and what it prints. */

interface Use {
  readonly program: string;
  readonly prints: string;
}

export const uses: Readonly<Record<string, Use>> = {
  'cri-recovery': {
    program: `
      import { createPlanner, plan, policies, RecoveryError } from 'cri-recovery';
      import { fakeContainer, fakeNode, fakePorts, fakeSandbox, withFaults } from 'cri-recovery/testing';
      const ports = fakePorts(fakeNode({
        sandboxes: [fakeSandbox({ id: 'pod' })],
        containers: [fakeContainer({ id: 'app', sandboxId: 'pod', task: 'absent' })],
      }));
      const { containers } = await createPlanner(ports, { policy: policies.containerd }).plan();
      const same = await plan({ policy: policies.containerd })(ports)();
      console.log(containers[0].status.exitCode, same._tag, same.right.containers[0].status.reason);
      const faulty = withFaults(ports, [{ port: 'daemon', effect: { error: 'Denied' } }]);
      await createPlanner(faulty).plan().catch((error) => console.log(error instanceof RecoveryError, error.failure._tag));
    `,
    prints: '255 Right Unknown\ntrue NodeUnreadable\n',
  },
  'cri-recovery/core': {
    program: `
      import { parseId, tableRowIds } from 'cri-recovery/core';
      console.log(parseId('../etc')._tag, tableRowIds.length);
    `,
    prints: 'Left 48\n',
  },
  'cri-recovery/ports': {
    program: `
      import { fromErrno, systemClock } from 'cri-recovery/ports';
      const call = { port: 'host', operation: 'read', subject: '' };
      console.log(typeof systemClock.now(), fromErrno(call, Object.assign(new Error('no'), { code: 'EACCES' }))._tag);
    `,
    prints: 'bigint Denied\n',
  },
  'cri-recovery/containerd': {
    program: `
      import { containerdPorts } from 'cri-recovery/containerd';
      const { daemon, close } = containerdPorts({ address: '/no/such.sock', namespace: 'k8s.io' });
      const version = await daemon.version()(AbortSignal.timeout(5000))();
      console.log(version.left._tag);
      close();
    `,
    prints: 'Unavailable\n',
  },
  'cri-recovery/disk': {
    program: `
      import { openDisk } from 'cri-recovery/disk';
      console.log((await openDisk({ root: '/no/such/root', state: '/no/such/state' })()).left._tag);
    `,
    prints: 'NotFound\n',
  },
  'cri-recovery/stdio': {
    program: `
      import { linesOf, noOutput, splitOutput } from 'cri-recovery/stdio';
      const { records } = splitOutput(noOutput, Buffer.from('hello\\n'));
      process.stdout.write(linesOf('stdout', 0n, records).bytes);
    `,
    prints: '1970-01-01T00:00:00Z stdout F hello\n',
  },
  'cri-recovery/testing': {
    program: `
      import { clockContract } from 'cri-recovery/testing';
      import { systemClock } from 'cri-recovery/ports';
      for (const { run } of clockContract(async () => systemClock)) await run();
      console.log('kept');
    `,
    prints: 'kept\n',
  },
};
