/** The program that is measured: recovers a make-believe node of some size, whose ports have no memory of their own. */
import { leanPorts } from './growth/lean-ports.js';
import type { FakePortsInput } from './growth/messages.js';
import { givenInput, tellResult } from './measure/child.js';
import { measureRecovery } from './recover/measure-recovery.js';

const { containers } = givenInput<FakePortsInput>();
const ports = leanPorts(containers);
tellResult(
  await measureRecovery({ policy: 'careful', closely: true }, async () => ({ ports, close: () => undefined })),
);
