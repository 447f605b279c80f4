/** The entry point `./opentelemetry`: traces and metrics. The only one that needs `@opentelemetry/api`. */
export { openTelemetryLog } from './open-telemetry-log.js';
