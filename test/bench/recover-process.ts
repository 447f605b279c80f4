/** The program that is measured: recovers a node once, with the real adapters, and says how long that took. */
import { givenInput, tellResult } from './measure/child.js';
import type { RecoverInput } from './recover/messages.js';

const input = givenInput<RecoverInput>();
const began = performance.now();
// The gRPC client too, which the adapter would load with its first call.
const [{ recoverOnce }] = await Promise.all([
  import('./recover/recover-once.js'),
  import('@connectrpc/connect-node'),
  import('@bufbuild/protobuf/wkt'),
]);
const importMs = performance.now() - began;
tellResult({ ...(await recoverOnce(input)), importMs });
